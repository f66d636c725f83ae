"""Templates of an MSP, and what groups and people have of their own: layers, in versions.

A new version of a layer and the new versions of every policy it is part of are one transaction.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Record, UniqueViolationError

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Conflict, InvalidInput, NotFound, PreconditionFailed, RefusedField
from backend.core.identifiers import uuid7
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.policy.chain import chain_text, read_chain
from backend.policy.inheritance import effective
from backend.policy.layers import Kind, Layer, Origin, read_layer
from backend.policy.policy import document_etag, written
from backend.policy.reading import read_policy
from backend.policy.validation import PolicyError
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.policy_announcements import (
    CHANGED,
    Announcement,
    Announcer,
    PolicyAnnouncements,
)
from backend.services.policy_lookup import AUTHOR, PolicyLookup, chain_of
from backend.services.shared_data import template

LONGEST_REASON: Final = 500


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


class PolicyLayers:
    """Makes, changes and hands down layers."""

    def __init__(
        self, database: Database, publisher: Announcer, lookup: PolicyLookup, clock: Clock
    ) -> None:
        self._database = database
        self._announcements = PolicyAnnouncements(database, publisher, clock)
        self._lookup = lookup
        self._clock = clock

    async def create(self, principal: Principal, wanted: NewLayer) -> LayerVersion:
        """Make a layer. Raise NotFound, Conflict when its owner has one, InvalidInput."""
        scope = self._scope(principal, wanted.kind, wanted.client_id)
        reason = _said(wanted.reason)
        layer_id = uuid7()
        owner = layer_id if wanted.kind == Kind.MSP_TEMPLATE else wanted.owner_id
        if owner is None:
            raise InvalidInput("Name the group or person (owner_id) that the layer is for.")
        base = template(wanted.template).id
        layer = _read(wanted.document, Origin(wanted.kind, str(layer_id), wanted.name, 1))
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
                told = await self._hand_down(connection, principal, layer, scope, reason)
        except UniqueViolationError:
            raise Conflict(
                "This group or person has a layer already. Publish its next version instead.",
                code="policy-layer-exists",
            ) from None
        await self._announce(told)
        return replace(await self.get(principal, layer_id), changed=len(told))

    async def get(self, principal: Principal, layer_id: UUID) -> LayerVersion:
        """Return a layer in the version in force. Raise NotFound."""
        principal.require("policy:read")
        for scope in (principal.scope(), principal.own_scope()):
            async with self._database.scoped(scope) as connection:
                row = await connection.fetchrow(_GET, layer_id)
            if row is not None:
                return _version(row)
        raise _no_such_layer()

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
        PreconditionFailed for a stale `base_version`, Conflict when nothing changes, InvalidInput.
        """
        now_held = await self.get(principal, layer_id)
        scope = self._scope(principal, now_held.kind, now_held.client_id)
        reason = _said(reason)
        async with self._database.scoped(scope) as connection:
            locked = await connection.fetchrow(_LOCK, scope.tenant_id, layer_id)
            if locked is None:
                raise _no_such_layer()
            if locked["version"] != base_version:
                raise _stale(locked["version"], base_version)
            version = base_version + 1
            origin = Origin(
                now_held.kind,
                str(layer_id),
                now_held.name,
                version,
                await _author(connection, principal),
            )
            before = json.loads(locked["document"])
            layer = _read(_patched(before, patch), origin)
            if layer.document() == before:
                raise Conflict(
                    "Nothing was published: the layer already says this.", code="policy-unchanged"
                )
            text = written(layer.document())
            await connection.execute(
                _WRITE, scope.tenant_id, layer_id, version, scope.msp_id, text,
                document_etag(text, version), principal.user_id, reason, self._clock.now(),
            )  # fmt: skip
            await AdminTrail.record(
                connection, principal, "policy_layer.publish", Subject("policy_layer", layer_id),
                reason, version=version,
            )  # fmt: skip
            told = await self._hand_down(connection, principal, layer, scope, reason)
        await self._announce(told)
        return replace(await self.get(principal, layer_id), changed=len(told))

    async def adopt(
        self, principal: Principal, policy_id: UUID, base_version: int, layer_id: UUID, reason: str
    ) -> Announcement:
        """Let a client's policy inherit from a template of its MSP; its overrides stay.

        Raise NotFound, PreconditionFailed.
        """
        principal.require("policy:publish", Reach.MSP)
        reason = _said(reason)
        async with self._database.scoped(principal.own_scope()) as connection:
            row = await connection.fetchrow(_GET, layer_id)
        if row is None or row["owner_kind"] != Kind.MSP_TEMPLATE:
            raise _no_such_layer()
        origin = Origin(
            Kind.MSP_TEMPLATE, str(layer_id), row["name"], row["version"], row["author"]
        )
        adopted = read_layer(json.loads(row["document"]), origin)
        async with self._database.scoped(principal.scope()) as connection:
            client_id = await connection.fetchval(
                "SELECT tenant_id FROM policies WHERE id = $1", policy_id
            )
        if client_id is None:
            raise NotFound("There is no such policy. List policies to find its id.")
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            held = await connection.fetchrow(_CLIENT, client_id, policy_id)
            if held is None:
                raise NotFound("There is no such policy. List policies to find its id.")
            if held["version"] != base_version:
                raise _stale(held["version"], base_version)
            former = chain_of(held)
            chain = [
                *(one for one in former[:-1] if one.kind == Kind.PLATFORM),
                adopted,
                former[-1],
            ]
            entry = self._next(held, chain, client_id)
            await connection.execute(
                _ADOPT, client_id, policy_id, entry["version"], principal.msp_id,
                entry["document"], entry["etag"], principal.user_id, reason, self._clock.now(),
                UUID(entry["outbox_id"]), CHANGED, json.dumps(entry["payload"]), entry["chain"],
                layer_id,
            )  # fmt: skip
            await AdminTrail.record(
                connection, principal, "policy.adopt", Subject("policy", policy_id), reason,
                template=layer_id, version=entry["version"],
            )  # fmt: skip
        told = _announcement(entry, client_id, principal.msp_id)
        await self._announce([told])
        return told

    def _scope(self, principal: Principal, kind: str, client_id: UUID | None) -> Scope:
        if kind == Kind.MSP_TEMPLATE:
            principal.require("policy:publish", Reach.MSP)
            return principal.own_scope()
        principal.require("policy:publish")
        return principal.scope_for(client_id or principal.own_client())

    async def _hand_down(
        self,
        connection: Connection,
        principal: Principal,
        layer: Layer,
        scope: Scope,
        reason: str,
    ) -> list[Announcement]:
        """Write the next version of every policy that a layer is part of."""
        if layer.kind != Kind.MSP_TEMPLATE:
            return [await self._bump(connection, principal, layer, scope, reason)]
        parent = UUID(layer.origin.id)
        heirs = await connection.fetch("SELECT * FROM qg_heirs($1)", parent)
        entries = []
        for held in heirs:
            chain = [
                layer if one.origin.id == layer.origin.id else one
                for one in read_chain(held["chain"])
            ]
            entries.append(self._next(held, chain, held["tenant_id"]))
        if entries:
            await connection.execute(
                "SELECT qg_pass_on($1, $2, $3, $4, $5::jsonb)", parent, principal.user_id,
                f"{layer.origin.name}, version {layer.origin.version}: {reason}"[:LONGEST_REASON],
                self._clock.now(), json.dumps(entries),
            )  # fmt: skip
        return [_announcement(one, UUID(one["tenant_id"]), scope.msp_id) for one in entries]

    async def _bump(
        self,
        connection: Connection,
        principal: Principal,
        layer: Layer,
        scope: Scope,
        reason: str,
    ) -> Announcement:
        """Give the client's policy its next version: browsers compare its number."""
        held = await connection.fetchrow(_OF_CLIENT, scope.tenant_id)
        if held is None:
            raise NotFound("There is no policy for such a client. Check the client id.")
        entry = self._next(held, list(chain_of(held)), scope.tenant_id)
        await connection.execute(
            _ADOPT, scope.tenant_id, held["id"], entry["version"], scope.msp_id, entry["document"],
            entry["etag"], principal.user_id,
            f"{layer.origin.name}, version {layer.origin.version}: {reason}"[:LONGEST_REASON],
            self._clock.now(), UUID(entry["outbox_id"]), CHANGED, json.dumps(entry["payload"]),
            entry["chain"], held["parent_id"],
        )  # fmt: skip
        return _announcement(entry, scope.tenant_id, scope.msp_id)

    def _next(self, held: Record, chain: list[Layer], client_id: UUID) -> dict[str, Any]:
        """Return the next version of a client's policy, made of these layers."""
        found = effective(chain, self._lookup.taxonomy)
        text = written(read_policy(found.document).document())
        version = held["version"] + 1
        policy_id = held.get("policy_id") or held["id"]
        etag = document_etag(text, version)
        said = {"policy_id": str(policy_id), "version": version, "etag": etag}
        return {
            "tenant_id": str(client_id), "policy_id": str(policy_id), "version": version,
            "document": text, "chain": chain_text(chain), "etag": etag, "outbox_id": str(uuid7()),
            "kind": CHANGED, "payload": said,
        }  # fmt: skip

    async def _announce(self, told: list[Announcement]) -> None:
        for one in told:
            self._lookup.invalidate(one.client_id)
            await self._announcements.announce(one)


def _read(document: object, origin: Origin) -> Layer:
    try:
        return read_layer(document, origin)
    except PolicyError as error:
        raise RefusedField(
            f"Nothing was published: {error}.", error.field, error.why, code="policy-invalid"
        ) from None


def _patched(before: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Return a partial document with a patch merged in, as RFC 7396 merges."""
    after = dict(before)
    for key, value in patch.items():
        if value is None:
            after.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(after.get(key), Mapping):
            after[key] = _patched(after[key], value)
        else:
            after[key] = value
    locks = after.get("locks")
    if isinstance(locks, Mapping) and not locks:
        after.pop("locks")
    return after


async def _author(connection: Connection, principal: Principal) -> str:
    found: str | None = await connection.fetchval(
        "SELECT display_name FROM users WHERE id = $1 AND tenant_id = $2",
        principal.user_id, principal.tenant_id,
    )  # fmt: skip
    return found or "Your service provider"


async def _require_owner(connection: Connection, kind: str, owner: UUID) -> None:
    table = "groups" if kind == Kind.GROUP else "users"
    found = await connection.fetchval(f"SELECT true FROM {table} WHERE id = $1", owner)  # noqa: S608 -- one of two names of ours
    if not found:
        raise NotFound(f"There is no such {kind} at this client. Check owner_id.")


def _announcement(entry: Mapping[str, Any], client_id: UUID, msp_id: UUID) -> Announcement:
    return Announcement(
        UUID(entry["outbox_id"]), client_id, msp_id, entry["version"], entry["etag"]
    )


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


def _no_such_layer() -> NotFound:
    return NotFound("There is no such layer of a policy. List layers to find its id.")


def _stale(current: int, base: int) -> PreconditionFailed:
    return PreconditionFailed(
        f"It is at version {current}, your change was made on version {base}, so it was not "
        f"published. Read version {current}, decide again, and publish on top of it.",
        code="policy-stale",
    )


def _said(reason: str) -> str:
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON or "\0" in words:
        raise InvalidInput(
            f"Say in 1 to {LONGEST_REASON} characters why; the reason is kept with the version.",
            code="policy-reason",
        )
    return words


_COLUMNS: Final = f"""l.tenant_id, l.id, l.owner_kind, l.owner_id, l.name, l.template,
    l.updated_at, v.version, v.etag, v.document, {AUTHOR}
FROM policy_layers l
JOIN policy_layer_versions v ON v.tenant_id = l.tenant_id AND v.layer_id = l.id
    AND v.version = l.current_version
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)"""
_GET: Final = f"SELECT {_COLUMNS} WHERE l.id = $1"
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
_HELD: Final = f"""
SELECT p.id, p.template, p.parent_id, c.name AS client_name, v.version, v.document, v.chain,
    {AUTHOR}
FROM policies p
JOIN clients c ON c.tenant_id = p.tenant_id
JOIN policy_versions v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id
    AND v.version = p.current_version
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)
WHERE p.tenant_id = $1"""  # noqa: S608 -- made of constants only
_CLIENT: Final = f"{_HELD} AND p.id = $2 FOR UPDATE OF p"
_OF_CLIENT: Final = f"{_HELD} ORDER BY p.created_at, p.id LIMIT 1 FOR UPDATE OF p"
_ADOPT: Final = """
WITH version AS (
    INSERT INTO policy_versions
        (tenant_id, policy_id, version, msp_id, document, etag, author_id, reason, created_at,
        chain)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $13)
), announcement AS (
    INSERT INTO outbox (tenant_id, id, msp_id, kind, payload)
    VALUES ($1, $10, $4, $11, $12::jsonb)
)
UPDATE policies SET current_version = $3, updated_at = $9, parent_id = $14
WHERE tenant_id = $1 AND id = $2
"""
