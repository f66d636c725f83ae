"""Whose person somebody is: the scope that administers them, and their row in it."""

from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Connection, Database
from backend.core.errors import NotFound
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.services.administering import Administering


async def administered(
    database: Database, administering: Administering, principal: Principal, user_id: UUID
) -> Scope:
    """Return the scope that administers somebody the principal may see. Raise NotFound."""
    if principal.client_id is not None:
        return await administering.of_client(principal, principal.client_id)
    is_operator = principal.role is Role.SUPER_ADMIN
    seeing = Scope.platform() if is_operator else principal.scope()
    async with database.scoped(seeing) as connection:
        row = await connection.fetchrow(
            "SELECT client_id, msp_id FROM users WHERE id = $1", user_id
        )
    if row is None:
        raise absent_user()
    if row["client_id"] is not None:
        return await administering.of_client(principal, row["client_id"])
    return await administering.of_msp(principal, row["msp_id"])


async def locked_user(connection: Connection, user_id: UUID) -> Record:
    """Return a person's row, locked until the transaction ends. Raise NotFound."""
    row = await connection.fetchrow(_ONE, user_id)
    if row is None:
        raise absent_user()
    return row


def absent_user() -> NotFound:
    """Return the error for a person who does not exist, or not for the caller."""
    return NotFound("There is no such person here. Check the address or the client.")


_ONE: Final = """
SELECT tenant_id, id, msp_id, client_id, email, display_name, role, status
FROM users WHERE id = $1 FOR UPDATE
"""
