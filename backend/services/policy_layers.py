"""Templates of an MSP, and what groups and people have of their own: layers, in versions.

A new version of a layer and the new versions of every policy it is part of are one transaction.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from asyncpg import Record, UniqueViolationError

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Conflict, InvalidInput, NotFound
from backend.core.identifiers import uuid7
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.policy.layers import Kind, Layer, Origin, read_layer
from backend.policy.policy import document_etag, written
from backend.policy.validation import PolicyError
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.policy_announcements import Announcement, PolicyAnnouncements
from backend.services.policy_inheritors import Inheritor, PolicyInheritors
from backend.services.policy_lookup import AUTHOR, PolicyLookup
from backend.services.policy_refusals import (
    no_such_layer,
    refuse_stale,
    refused,
    unchanged,
)
from backend.services.policy_stops import refuse_lifting, signed
from backend.services.policy_versions import Signature
from backend.services.shared_data import template
from backend.services.wording import said_reason

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NewLayer:
    """A layer to be made: whose, its name, and its first document."""

    kind: str
    owner_id: UUID | None
    client_id: UUID | None
    name: str
    template: str
    document: Mapping[str, Any]
    reason: str


@dataclass(frozen=True, slots=True)
class LayerChange:
    """The next version of a layer: a merge patch, and the version it was decided on."""

    base_version: int
    reason: str
    patch: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LayerVersion:
    """A layer in the version that is in force, and how many policies changed with it."""

    id: UUID
    kind: str
    owner_id: UUID
    client_id: UUID | None
    name: str
    template: str
    version: int
    etag: str
    document: Mapping[str, Any]
    updated_at: datetime
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """Versions written and not yet committed, to be announced after the commit."""

    announcements: tuple[Announcement, ...]
    version: int
    inherited_from: UUID | None = None
    """The template they follow, where it is its change that was written."""


class PolicyLayers:
    """Makes, changes and hands down layers."""

    def __init__(
        self,
        database: Database,
        announcements: PolicyAnnouncements,
        lookup: PolicyLookup,
        clock: Clock,
    ) -> None:
        self._database = database
        self._announcements = announcements
        self._lookup = lookup
        self._inheritors = PolicyInheritors(lookup, clock)
        self._clock = clock

    async def create(self, principal: Principal, wanted: NewLayer) -> LayerVersion:
        """Make a layer. Raise NotFound, Conflict when its owner has one, InvalidInput.

        Raise NeedsApproval when it protects less: that takes a version, which can be proposed.
        """
        scope = self.scope_of(principal, wanted.kind, wanted.client_id)
        reason = said_reason(wanted.reason)
        layer_id = uuid7()
        owner = layer_id if wanted.kind == Kind.MSP_TEMPLATE else wanted.owner_id
        if owner is None:
            raise InvalidInput("Name the group or person (owner_id) that the layer is for.")
        base = template(wanted.template).id
        document = signed(principal, wanted.document)
        layer = _read(document, Origin(wanted.kind, str(layer_id), wanted.name, 1))
        text = written(layer.document())
        now = self._clock.now()
        try:
            async with self._database.scoped(scope) as connection:
                if wanted.kind != Kind.MSP_TEMPLATE:
                    await _require_owner(connection, wanted.kind, owner)
                await connection.execute(
                    _CREATE, scope.tenant_id, layer_id, scope.msp_id, wanted.kind, owner,
                    wanted.name, base, now, text, document_etag(text, 1), principal.user_id, reason,
                )  # fmt: skip
                await AdminTrail.record(
                    connection, principal, "policy_layer.create",
                    Subject("policy_layer", layer_id), reason, kind=wanted.kind,
                )  # fmt: skip
                told = await self._hand_down(
                    connection, scope, layer, None, Signature(principal.user_id, None, reason, now)
                )
        except UniqueViolationError:
            raise Conflict(
                "This group or person has a layer already. Publish its next version instead.",
                code="policy-layer-exists",
            ) from None
        await self._announcements.tell(*told)
        return replace(await self.get(principal, layer_id), changed=len(told))

    async def get(self, principal: Principal, layer_id: UUID) -> LayerVersion:
        """Return a layer in the version in force. Raise NotFound."""
        principal.require("policy:read")
        for scope in (principal.scope(), principal.own_scope()):
            async with self._database.scoped(scope) as connection:
                row = await connection.fetchrow(LAYER, layer_id)
            if row is not None:
                return _version(row)
        raise no_such_layer()

    async def list_of(
        self, principal: Principal, client_id: UUID | None
    ) -> tuple[LayerVersion, ...]:
        """Return the layers of a client's groups and people, or without one the MSP's templates."""
        principal.require("policy:read")
        scope = principal.scope_for(client_id) if client_id else principal.own_scope()
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(_LIST, scope.tenant_id)
        return tuple(_version(row) for row in rows)

    async def publish(
        self,
        principal: Principal,
        layer_id: UUID,
        base_version: int,
        reason: str,
        patch: Mapping[str, Any],
    ) -> LayerVersion:
        """Publish the next version of a layer, and of every policy that inherits from it.

        `null` takes a field of the layer back, so that it is inherited. Raise NotFound,
        StaleVersion, Conflict when nothing changes, InvalidInput, NeedsApproval.
        """
        held = await self.get(principal, layer_id)
        scope = self.scope_of(principal, held.kind, held.client_id)
        change = LayerChange(base_version, said_reason(reason), signed(principal, patch))
        async with self._database.scoped(scope) as connection:
            made = await self.write(connection, principal, held, change)
        await self.tell(principal, made)
        return replace(await self.get(principal, layer_id), changed=len(made.announcements))

    async def tell(self, principal: Principal, made: Written) -> None:
        """Announce what was committed; each follower's own trail says whose change it inherited.

        The trail is what webhooks hear of. Where a client is suspended nothing is written.
        """
        await self._announcements.tell(*made.announcements)
        if made.inherited_from is None:
            return
        subject = Subject("policy_layer", made.inherited_from)
        for one in made.announcements:
            try:
                async with self._database.scoped(
                    Scope.tenant(one.client_id, one.msp_id)
                ) as connection:
                    await AdminTrail.record(
                        connection, principal, "policy.inherit", subject, version=one.version
                    )
            except Exception as error:  # noqa: BLE001 -- the commit stands whatever fails afterwards
                _log.warning("policy.inheritance_unnoted", error=type(error).__name__)

    async def write(
        self,
        connection: Connection,
        principal: Principal,
        held: LayerVersion,
        change: LayerChange,
        author_id: UUID | None = None,
    ) -> Written:
        """Write a change in the caller's transaction; with `author_id` somebody else's proposal.

        Raise as `publish` does. Tell of it after the commit.
        """
        scope = self.scope_of(principal, held.kind, held.client_id)
        author = author_id or principal.user_id
        former, layer = await self._next(connection, principal, held, change, author)
        text, version = written(layer.document()), layer.origin.version
        by = Signature(
            author, principal.user_id if author_id else None, change.reason, self._clock.now()
        )
        await connection.execute(
            _WRITE, scope.tenant_id, held.id, version, scope.msp_id, text,
            document_etag(text, version), by.author_id, change.reason, by.moment,
        )  # fmt: skip
        await AdminTrail.record(
            connection, principal, "policy_layer.publish", Subject("policy_layer", held.id),
            change.reason, version=version,
        )  # fmt: skip
        told = await self._hand_down(connection, scope, layer, former, by)
        template = held.id if held.kind == Kind.MSP_TEMPLATE else None
        return Written(told, version, template)

    async def reach(
        self, principal: Principal, layer_id: UUID, change: LayerChange
    ) -> tuple[Inheritor, ...]:
        """Return what the next version of a layer would do, doing nothing. Raise as `publish`."""
        held = await self.get(principal, layer_id)
        scope = self.scope_of(principal, held.kind, held.client_id)
        async with self._database.scoped(scope) as connection:
            former, layer = await self._next(connection, principal, held, change, principal.user_id)
            return await self._inheritors.of(connection, scope, layer, former)

    def scope_of(self, principal: Principal, kind: str, client_id: UUID | None) -> Scope:
        """Return the scope that a layer of this kind is written in. Raise Forbidden."""
        if kind == Kind.MSP_TEMPLATE:
            principal.require("policy:publish", Reach.MSP)
            return principal.own_scope()
        principal.require("policy:publish")
        return principal.scope_for(client_id or principal.own_client())

    async def _next(
        self,
        connection: Connection,
        principal: Principal,
        held: LayerVersion,
        change: LayerChange,
        author_id: UUID,
    ) -> tuple[Layer, Layer]:
        """Return a layer as it is, locked, and as the change makes it."""
        scope = self.scope_of(principal, held.kind, held.client_id)
        locked = await connection.fetchrow(_LOCK, scope.tenant_id, held.id)
        if locked is None:
            raise no_such_layer()
        refuse_stale(change.base_version, locked["version"])
        author = await _author(connection, principal.tenant_id, author_id)
        origin = Origin(held.kind, str(held.id), held.name, change.base_version + 1, author)
        before = json.loads(locked["document"])
        layer = _read(patched_document(before, change.patch), origin)
        after = layer.document()
        if after == before:
            raise unchanged()
        refuse_lifting(principal, before, after, self._clock.now())
        return _read(before, replace(origin, version=change.base_version)), layer

    async def _hand_down(
        self,
        connection: Connection,
        scope: Scope,
        layer: Layer,
        former: Layer | None,
        by: Signature,
    ) -> tuple[Announcement, ...]:
        found = await self._inheritors.of(connection, scope, layer, former)
        await self._inheritors.write(connection, layer, found, by)
        return tuple(one.made.announcement for one in found)


def _read(document: object, origin: Origin) -> Layer:
    try:
        return read_layer(document, origin)
    except PolicyError as error:
        raise refused(error) from None


def patched_document(before: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return a partial document with a patch merged in, as RFC 7396 merges."""
    after = dict(before)
    for key, value in patch.items():
        if value is None:
            after.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(after.get(key), Mapping):
            after[key] = patched_document(after[key], value)
        else:
            after[key] = value
    locks = after.get("locks")
    if isinstance(locks, Mapping) and not locks:
        after.pop("locks")
    return after


async def _author(connection: Connection, tenant_id: UUID, author_id: UUID) -> str:
    found: str | None = await connection.fetchval(
        "SELECT display_name FROM users WHERE id = $1 AND tenant_id = $2", author_id, tenant_id
    )
    return found or "Your service provider"


async def _require_owner(connection: Connection, kind: str, owner: UUID) -> None:
    table = "groups" if kind == Kind.GROUP else "users"
    found = await connection.fetchval(f"SELECT true FROM {table} WHERE id = $1", owner)  # noqa: S608 -- one of two names of ours
    if not found:
        raise NotFound(f"There is no such {kind} at this client. Check owner_id.")


def _version(row: Record) -> LayerVersion:
    is_template = row["owner_kind"] == Kind.MSP_TEMPLATE
    return LayerVersion(
        id=row["id"],
        kind=row["owner_kind"],
        owner_id=row["owner_id"],
        client_id=None if is_template else row["tenant_id"],
        name=row["name"],
        template=row["template"],
        version=row["version"],
        etag=row["etag"],
        document=json.loads(row["document"]),
        updated_at=row["updated_at"],
    )


_COLUMNS: Final = f"""l.tenant_id, l.id, l.owner_kind, l.owner_id, l.name, l.template,
    l.updated_at, v.version, v.etag, v.document, {AUTHOR}
FROM policy_layers l
JOIN policy_layer_versions v ON v.tenant_id = l.tenant_id AND v.layer_id = l.id
    AND v.version = l.current_version
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)"""
LAYER: Final = f"SELECT {_COLUMNS} WHERE l.id = $1"
_LIST: Final = f"SELECT {_COLUMNS} WHERE l.tenant_id = $1 ORDER BY l.name, l.id LIMIT 500"
_LOCK: Final = """
SELECT l.current_version AS version, v.document FROM policy_layers l
JOIN policy_layer_versions v ON v.tenant_id = l.tenant_id AND v.layer_id = l.id
    AND v.version = l.current_version
WHERE l.tenant_id = $1 AND l.id = $2 FOR UPDATE OF l
"""
_CREATE: Final = """
WITH layer AS (
    INSERT INTO policy_layers
        (tenant_id, id, msp_id, owner_kind, owner_id, name, template, current_version, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)
)
INSERT INTO policy_layer_versions
    (tenant_id, layer_id, version, msp_id, document, etag, author_id, reason, created_at)
VALUES ($1, $2, 1, $3, $9, $10, $11, $12, $8)
"""
_WRITE: Final = """
WITH version AS (
    INSERT INTO policy_layer_versions
        (tenant_id, layer_id, version, msp_id, document, etag, author_id, reason, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
)
UPDATE policy_layers SET current_version = $3, updated_at = $9 WHERE tenant_id = $1 AND id = $2
"""
