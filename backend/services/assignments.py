"""Which clients a technician of an MSP looks after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from backend.core.database import Database
from backend.core.errors import NotFound
from backend.core.permissions import Reach, Role
from backend.core.principal import Principal
from backend.live.publisher import Publisher
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import Administering, absent_client


@dataclass(frozen=True, slots=True)
class Assignment:
    """One technician at one client."""

    client_id: UUID
    user_id: UUID
    display_name: str
    created_at: datetime


class Assignments:
    """Reads and changes assignments."""

    def __init__(self, database: Database, publisher: Publisher) -> None:
        self._database = database
        self._publisher = publisher
        self._administering = Administering(database)

    async def of_client(self, principal: Principal, client_id: UUID) -> tuple[Assignment, ...]:
        """Return who is assigned to a client. Raise NotFound."""
        principal.require("assignment:write", Reach.MSP)
        async with self._database.scoped(principal.scope()) as connection:
            if not await connection.fetchval(_IS_THERE, client_id):
                raise absent_client()
            rows = await connection.fetch(_LIST, client_id)
        return tuple(Assignment(**dict(row)) for row in rows)

    async def assign(self, principal: Principal, client_id: UUID, user_id: UUID) -> None:
        """Let a technician look after a client; assigning twice changes nothing. Raise NotFound."""
        principal.require("assignment:write", Reach.MSP)
        await self._refuse_strangers(principal, client_id, user_id)
        scope = await self._administering.of_client(principal, client_id)
        async with self._database.scoped(scope) as connection:
            made = await connection.fetchval(
                _ASSIGN, client_id, user_id, principal.msp_id, principal.user_id
            )
            if made is not None:
                await AdminTrail.record(
                    connection, principal, "assignment.create", Subject("user", user_id)
                )
        await self._publisher.rights_changed(client_id, principal.msp_id, user_id)

    async def withdraw(self, principal: Principal, client_id: UUID, user_id: UUID) -> None:
        """End an assignment; the technician's open feed ends with it. Raise NotFound."""
        principal.require("assignment:write", Reach.MSP)
        scope = await self._administering.of_client(principal, client_id)
        async with self._database.scoped(scope) as connection:
            gone = await connection.fetchval(
                "DELETE FROM assignments WHERE user_id = $1 RETURNING user_id", user_id
            )
            if gone is None:
                raise NotFound("There is no such assignment. List the client's technicians.")
            await AdminTrail.record(
                connection, principal, "assignment.delete", Subject("user", user_id)
            )
        await self._publisher.rights_changed(client_id, principal.msp_id, user_id)

    async def _refuse_strangers(self, principal: Principal, client_id: UUID, user_id: UUID) -> None:
        async with self._database.scoped(principal.scope()) as connection:
            if not await connection.fetchval(_IS_THERE, client_id):
                raise absent_client()
            role = await connection.fetchval(
                "SELECT role FROM users WHERE id = $1 AND client_id IS NULL", user_id
            )
        if role != Role.MSP_TECHNICIAN:
            raise NotFound("There is no such technician. Check the id; admins need no assignment.")


_IS_THERE: Final = "SELECT EXISTS (SELECT FROM clients WHERE tenant_id = $1)"
_LIST: Final = """
SELECT a.tenant_id AS client_id, a.user_id, u.display_name, a.created_at
FROM assignments a JOIN users u ON u.tenant_id = a.msp_id AND u.id = a.user_id
WHERE a.tenant_id = $1 ORDER BY u.display_name, a.user_id
"""
_ASSIGN: Final = """
INSERT INTO assignments (tenant_id, user_id, msp_id, assigned_by) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING RETURNING user_id
"""
