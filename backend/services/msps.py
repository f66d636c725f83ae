"""The managed service providers of the platform: who they are, and whether they are active."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Conflict
from backend.core.identifiers import uuid7
from backend.core.permissions import Reach, Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.live.publisher import Publisher
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import Administering, absent_msp, refuse_stale
from backend.services.slugs import slug_of
from backend.services.wording import said_name, said_reason


@dataclass(frozen=True, slots=True)
class MspCard:
    """One MSP."""

    id: UUID
    name: str
    slug: str
    status: str
    version: int
    created_at: datetime


class Msps:
    """Reads and changes MSPs."""

    def __init__(self, database: Database, publisher: Publisher, clock: Clock) -> None:
        self._database = database
        self._publisher = publisher
        self._clock = clock
        self._administering = Administering(database)

    async def visible(self, principal: Principal) -> tuple[MspCard, ...]:
        """Return every MSP for the platform's operator, and their own one for everybody else."""
        principal.require("msp:read")
        scope = _seeing(principal)
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(_CARDS)
        return tuple(_card(row) for row in rows)

    async def create(self, principal: Principal, name: str) -> MspCard:
        """Make an MSP. Its first administrator is invited as a user of it."""
        principal.require("msp:write", Reach.PLATFORM)
        told, msp_id = said_name(name), uuid7()
        async with self._database.scoped(Scope.administration(msp_id, msp_id)) as connection:
            await connection.execute(
                "INSERT INTO msps (msp_id, name, slug, created_at) VALUES ($1, $2, $3, $4)",
                msp_id, told, slug_of(told), self._clock.now(),
            )  # fmt: skip
            await AdminTrail.record(
                connection, principal, "msp.create", Subject("msp", msp_id), name=told
            )
            row = await _locked(connection, msp_id)
        return _card(row)

    async def rename(
        self, principal: Principal, msp_id: UUID, base_version: int, name: str
    ) -> MspCard:
        """Give an MSP another name. Raise NotFound or PreconditionFailed."""
        principal.require("msp:write", Reach.MSP)
        told = said_name(name)
        scope = await self._administering.of_msp(principal, msp_id)
        async with self._database.scoped(scope) as connection:
            before = await _locked(connection, msp_id)
            refuse_stale(base_version, before["version"], "msp")
            await connection.execute(
                "UPDATE msps SET name = $2, version = version + 1 WHERE msp_id = $1", msp_id, told
            )
            await AdminTrail.record(
                connection, principal, "msp.update", Subject("msp", msp_id),
                before={"name": before["name"]}, after={"name": told},
            )  # fmt: skip
            row = await _locked(connection, msp_id)
        return _card(row)

    async def set_suspended(
        self, principal: Principal, msp_id: UUID, reason: str, *, suspended: bool
    ) -> MspCard:
        """Suspend or reactivate an MSP with all its clients. Raise NotFound or Conflict."""
        principal.require("msp:write", Reach.PLATFORM)
        words, status = said_reason(reason), "suspended" if suspended else "active"
        async with self._database.scoped(Scope.administration(msp_id, msp_id)) as connection:
            before = await _locked(connection, msp_id)
            if before["status"] == status:
                raise Conflict(
                    f"The service provider is {status} already, so nothing was changed.",
                    code="msp-state",
                )
            await connection.execute(
                "UPDATE msps SET status = $2, suspended_at = $3, version = version + 1"
                " WHERE msp_id = $1",
                msp_id, status, self._clock.now() if suspended else None,
            )  # fmt: skip
            verb = "suspend" if suspended else "reactivate"
            await AdminTrail.record(
                connection, principal, f"msp.{verb}", Subject("msp", msp_id), words
            )
            row = await _locked(connection, msp_id)
        await self._publisher.rights_changed(msp_id, msp_id, msp_id)
        async with self._database.scoped(Scope.platform()) as connection:
            clients = await connection.fetch(_CLIENTS, msp_id)
        for client in clients:  # their browsers are told how they stand
            await self._publisher.services_changed(client["tenant_id"], msp_id, str(uuid7()))
        return _card(row)


def _seeing(principal: Principal) -> Scope:
    return Scope.platform() if principal.role is Role.SUPER_ADMIN else principal.scope()


async def _locked(connection: Connection, msp_id: UUID) -> Record:
    row = await connection.fetchrow(f"{_ONE} FOR UPDATE", msp_id)
    if row is None:
        raise absent_msp()
    return row


def _card(row: Record) -> MspCard:
    return MspCard(**dict(row))


_CLIENTS: Final = """
SELECT tenant_id FROM clients WHERE msp_id = $1 AND status IN ('active', 'suspended')
"""
_COLUMNS: Final = "SELECT msp_id AS id, name, slug, status, version, created_at FROM msps"
_CARDS: Final = f"{_COLUMNS} ORDER BY name, msp_id"
_ONE: Final = f"{_COLUMNS} WHERE msp_id = $1"
