"""Makes, changes, suspends and archives clients; each change is one transaction with its event."""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Conflict, Forbidden, InvalidInput, RefusedField
from backend.core.identifiers import uuid7
from backend.core.permissions import Reach, Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.live.publisher import Publisher
from backend.policy.policy import document_etag, written
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import (
    Administering,
    absent_msp,
    locked_client,
    refuse_stale,
)
from backend.services.service_announcements import ServiceAnnouncements
from backend.services.shared_data import Template, frameworks, templates
from backend.services.slugs import slug_of
from backend.services.wording import said_name, said_reason

SETTINGS: Final = frozenset({"timezone", "frameworks"})
"""What a client's own administrator may change; the rest is the MSP's."""
_STEPS: Final[Mapping[str, tuple[frozenset[str], str]]] = {
    "suspend": (frozenset({"active"}), "suspended"),
    "reactivate": (frozenset({"suspended", "archived"}), "active"),
    "archive": (frozenset({"active", "suspended"}), "archived"),
}


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client to be made. Only the platform's operator names the MSP."""

    name: str
    template: str
    seats: int
    country: str
    timezone: str
    frameworks: tuple[str, ...]
    msp_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ClientState:
    """A client after a change."""

    id: UUID
    msp_id: UUID
    name: str
    slug: str
    status: str
    seats: int
    country: str
    timezone: str
    frameworks: tuple[str, ...]
    version: int
    grace_days: int


class ClientAdministration:
    """Changes clients."""

    def __init__(
        self,
        database: Database,
        publisher: Publisher,
        announcements: ServiceAnnouncements,
        clock: Clock,
    ) -> None:
        self._database = database
        self._publisher = publisher
        self._announcements = announcements
        self._clock = clock
        self._administering = Administering(database)

    async def create(self, principal: Principal, wanted: NewClient) -> ClientState:
        """Make a client with its first policy. Raise InvalidInput, RefusedField or NotFound."""
        principal.require("client:write", Reach.MSP)
        template = _template(wanted.template)
        name = said_name(wanted.name)
        values = {"timezone": wanted.timezone, "frameworks": list(wanted.frameworks)}
        _refuse_unknown(values)
        msp_id = await self._msp_for(principal, wanted.msp_id)
        client_id = uuid7()
        scope = Scope.administration(client_id, msp_id)
        if principal.role is not Role.SUPER_ADMIN:
            scope = principal.acting_in(scope)
        async with self._database.scoped(scope) as connection:
            await connection.execute(
                _CREATE, client_id, msp_id, name, slug_of(name), wanted.seats, wanted.country,
                wanted.timezone, values["frameworks"], self._clock.now(),
            )  # fmt: skip
            await self._write_policy(connection, principal, client_id, msp_id, template)
            await AdminTrail.record(
                connection, principal, "client.create", Subject("client", client_id),
                name=name, seats=wanted.seats, template=template.id,
            )  # fmt: skip
            row = await locked_client(connection, client_id)
        return _state(row)

    async def update(
        self, principal: Principal, client_id: UUID, base_version: int, changes: Mapping[str, Any]
    ) -> ClientState:
        """Change some fields on top of `base_version`.

        Raise NotFound, PreconditionFailed, Forbidden for a field that is the MSP's to change, or
        InvalidInput when nothing is to be changed.
        """
        principal.require("client:write")
        if not changes:
            raise InvalidInput("Nothing was changed: name at least one field to change.")
        if not principal.may("client:write", Reach.MSP) and changes.keys() - SETTINGS:
            fields = ", ".join(sorted(changes.keys() - SETTINGS))
            raise Forbidden(
                f"Your service provider sets {fields}; you may change {', '.join(sorted(SETTINGS))}"
                ". Ask your service provider.",
                code="field-of-the-msp",
            )
        given = dict(changes)
        if "name" in given:
            given["name"] = said_name(given["name"])
        _refuse_unknown(given)
        scope = await self._administering.of_client(principal, client_id)
        async with self._database.scoped(scope) as connection:
            before = await locked_client(connection, client_id)
            refuse_stale(base_version, before["version"], "client")
            after = {**dict(before), **given}
            await connection.execute(
                _UPDATE, client_id, after["name"], after["seats"], after["country"],
                after["timezone"], list(after["frameworks"]), after["grace_days"],
            )  # fmt: skip
            await AdminTrail.record(
                connection, principal, "client.update", Subject("client", client_id),
                before={name: _plain(before[name]) for name in given},
                after={name: _plain(given[name]) for name in given},
            )  # fmt: skip
            row = await locked_client(connection, client_id)
        return _state(row)

    async def step(
        self, principal: Principal, client_id: UUID, step: str, reason: str
    ) -> ClientState:
        """Suspend, reactivate or archive a client. Raise NotFound, or Conflict where it cannot be.

        The client's consoles and browsers hear of it at once.
        """
        principal.require("client:write", Reach.MSP)
        words = said_reason(reason)
        allowed, target = _STEPS[step]
        scope = await self._administering.of_client(principal, client_id, even_if_halted=True)
        async with self._database.scoped(scope) as connection:
            before = await locked_client(connection, client_id)
            if before["status"] not in allowed:
                raise Conflict(
                    f"The client is {before['status']}, so it cannot be made {target}. It can be "
                    f"when it is {' or '.join(sorted(allowed))}.",
                    code="client-state",
                )
            now = self._clock.now()
            since = now if target == "suspended" else None
            await connection.execute(_STATUS, client_id, target, since)
            if target == "archived":
                await connection.execute(_CLOSE, client_id, now)
            await AdminTrail.record(
                connection, principal, f"client.{step}", Subject("client", client_id), words,
                before=before["status"],
            )  # fmt: skip
            row = await locked_client(connection, client_id)
            change = await self._announcements.note(connection, client_id, row["msp_id"])
        await self._announcements.announce(change)
        if target == "archived":
            await self._publisher.revoked(client_id, row["msp_id"], client_id)
        else:
            await self._publisher.rights_changed(client_id, row["msp_id"], client_id)
        return _state(row)

    async def _msp_for(self, principal: Principal, named: UUID | None) -> UUID:
        """Return the MSP a new client belongs to."""
        if principal.role is not Role.SUPER_ADMIN:
            if named not in {None, principal.msp_id}:
                raise absent_msp()
            return principal.msp_id
        if named is None:
            raise InvalidInput("Say which service provider looks after the client: `msp_id`.")
        async with self._database.scoped(Scope.platform()) as connection:
            if not await connection.fetchval("SELECT true FROM msps WHERE msp_id = $1", named):
                raise absent_msp()
        return named

    async def _write_policy(
        self,
        connection: Connection,
        principal: Principal,
        client_id: UUID,
        msp_id: UUID,
        template: Template,
    ) -> None:
        document, policy_id, now = written(template.policy.document()), uuid7(), self._clock.now()
        await connection.execute(
            _POLICY, client_id, policy_id, msp_id, template.policy.name, template.id, now
        )
        await connection.execute(
            _VERSION, client_id, policy_id, msp_id, document, document_etag(document, 1),
            principal.user_id, f"Started from the template {template.title}.", now,
        )  # fmt: skip


def _template(name: str) -> Template:
    known = templates()
    if name not in known:
        why = f"takes one of {', '.join(sorted(known))}"
        raise RefusedField(f"Nothing was changed: template {why}.", "template", why)
    return known[name]


def _refuse_unknown(values: Mapping[str, Any]) -> None:
    """Raise RefusedField for a time zone or framework that does not exist."""
    if "timezone" in values and values["timezone"] not in zoneinfo.available_timezones():
        why = "takes a name of the IANA time zone database, such as America/Chicago"
        raise RefusedField(f"Nothing was changed: timezone {why}.", "timezone", why)
    known = {framework.id for framework in frameworks()}
    if set(values.get("frameworks", ())) - known:
        why = f"takes some of {', '.join(sorted(known))}"
        raise RefusedField(f"Nothing was changed: frameworks {why}.", "frameworks", why)


def _plain(value: Any) -> str | int:
    return ", ".join(value) if isinstance(value, list | tuple) else value


def _state(row: Record) -> ClientState:
    known = dict(row)
    known.pop("suspended_at")
    return ClientState(
        id=known.pop("tenant_id"), frameworks=tuple(known.pop("frameworks")), **known
    )


_CREATE: Final = """
INSERT INTO clients
    (tenant_id, msp_id, name, slug, seats, country, timezone, frameworks, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_UPDATE: Final = """
UPDATE clients SET name = $2, seats = $3, country = $4, timezone = $5, frameworks = $6,
    grace_days = $7, version = version + 1
WHERE tenant_id = $1
"""
_STATUS: Final = """
UPDATE clients SET status = $2, suspended_at = $3, version = version + 1 WHERE tenant_id = $1
"""
_CLOSE: Final = """
WITH codes AS (
    UPDATE enrolment_codes SET revoked_at = $2 WHERE tenant_id = $1 AND revoked_at IS NULL
), browsers AS (
    UPDATE devices SET revoked_at = $2 WHERE tenant_id = $1 AND revoked_at IS NULL
)
UPDATE sessions SET revoked_at = $2, revoked_reason = 'archived'
WHERE tenant_id = $1 AND revoked_at IS NULL
"""
_POLICY: Final = """
INSERT INTO policies
    (tenant_id, id, msp_id, name, template, current_version, updated_at, created_at)
VALUES ($1, $2, $3, $4, $5, 1, $6, $6)
"""
_VERSION: Final = """
INSERT INTO policy_versions
    (tenant_id, policy_id, version, msp_id, document, etag, author_id, reason, created_at)
VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8)
"""
