"""The people of a client."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from backend.core.database import Database
from backend.core.principal import Principal
from backend.services.clients import require_client


@dataclass(frozen=True, slots=True)
class UserCard:
    """One person, as lists show them."""

    id: UUID
    email: str
    display_name: str
    role: str
    status: str


class Users:
    """Reads people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_client(
        self, principal: Principal, client_id: UUID, after: UUID | None, limit: int
    ) -> tuple[UserCard, ...]:
        """Return up to `limit` people of one client behind `after`, by id. Raise NotFound."""
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            await require_client(connection)
            rows = await connection.fetch(
                "SELECT id, email, display_name, role, status FROM users"
                " WHERE client_id IS NOT NULL AND ($1::uuid IS NULL OR id > $1)"
                " ORDER BY id LIMIT $2",
                after, limit,
            )  # fmt: skip
        return tuple(UserCard(**dict(row)) for row in rows)

    async def self_card(self, principal: Principal) -> Any:
        """Return the caller's own name and e-mail address."""
        async with self._database.scoped(principal.own_scope()) as connection:
            return await connection.fetchrow(
                "SELECT email, display_name FROM users WHERE id = $1", principal.user_id
            )
