"""The scope in which somebody administers a tenant, and what every such change begins with."""

from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Connection, Database
from backend.core.errors import NotFound, PreconditionFailed
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.scope import Scope


class Administering:
    """Finds out in which scope a change is made. The platform's operator belongs to no MSP."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_client(
        self, principal: Principal, client_id: UUID, *, even_if_halted: bool = False
    ) -> Scope:
        """Return the scope that administers a client.

        With `even_if_halted` the system acts: staff may change the state of a client that is
        suspended or has closed its lockbox, and then nothing else in that scope. Raise NotFound.
        """
        if principal.role is Role.SUPER_ADMIN:
            return Scope.administration(client_id, await self._msp_of(client_id))
        principal.scope_for(client_id)
        scope = Scope.administration(client_id, principal.msp_id)
        return scope if even_if_halted else principal.acting_in(scope)

    async def of_msp(self, principal: Principal, msp_id: UUID) -> Scope:
        """Return the scope that administers an MSP itself. Raise NotFound for another one."""
        scope = Scope.administration(msp_id, msp_id)
        if principal.role is Role.SUPER_ADMIN:
            return scope
        if principal.client_id is not None or principal.msp_id != msp_id:
            raise absent_msp()
        return principal.acting_in(scope)

    async def _msp_of(self, client_id: UUID) -> UUID:
        async with self._database.scoped(Scope.platform()) as connection:
            msp_id: UUID | None = await connection.fetchval(
                "SELECT msp_id FROM clients WHERE tenant_id = $1", client_id
            )
        if msp_id is None:
            raise absent_client()
        return msp_id


async def locked_client(connection: Connection, client_id: UUID) -> Record:
    """Return a client's row, locked until the transaction ends. Raise NotFound."""
    row = await connection.fetchrow(_CLIENT, client_id)
    if row is None:
        raise absent_client()
    return row


def refuse_stale(base_version: int, current_version: int, what: str) -> None:
    """Raise PreconditionFailed unless a change was made on the newest version."""
    if base_version != current_version:
        raise PreconditionFailed(
            f"The {what} is at version {current_version}, your change was made on version "
            f"{base_version}, so nothing was changed. Read it again and repeat the change.",
            code=f"{what}-stale",
        )


def absent_client() -> NotFound:
    """Return the error for a client that does not exist, or not for the caller."""
    return NotFound("There is no such client. Check the address or ask your administrator.")


def absent_msp() -> NotFound:
    """Return the error for an MSP that does not exist, or not for the caller."""
    return NotFound("There is no such service provider. Check the address.")


_CLIENT: Final = """
SELECT tenant_id, msp_id, name, slug, status, seats, country, timezone, frameworks, version,
    grace_days, suspended_at
FROM clients WHERE tenant_id = $1 FOR UPDATE
"""
