"""The people of a client."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.core.database import Database
from backend.core.principal import Principal
from backend.models import User
from backend.services.clients import require_client


@dataclass(frozen=True, slots=True)
class UserCard:
    """One person, as lists show them."""

    id: UUID
    email: str
    display_name: str
    role: str
    status: str


_FIELDS: Final = ("id", "email", "display_name", "role", "status")


@dataclass(frozen=True, slots=True)
class SelfCard:
    """The caller: its name, and its MSP's, which the platform's own people do not have."""

    email: str
    display_name: str
    msp_name: str | None


class Users:
    """Reads people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_client(
        self, principal: Principal, client_id: UUID, after: UUID | None, limit: int
    ) -> tuple[UserCard, ...]:
        """Return up to `limit` people of one client behind `after`, by id. Raise NotFound."""
        async with self._database.scoped(principal.scope_for(client_id)):
            await require_client()
            people = User.filter(client_id__isnull=False)
            people = people if after is None else people.filter(id__gt=after)
            rows = await people.order_by("id").limit(limit).values(*_FIELDS)
        return tuple(UserCard(**row) for row in rows)

    async def self_card(self, principal: Principal) -> SelfCard | None:
        """Return who the caller is."""
        async with self._database.scoped(principal.own_scope()) as connection:
            row = await connection.fetchrow(_SELF, principal.user_id)
        return None if row is None else SelfCard(**dict(row))


_SELF = """
SELECT u.email, u.display_name, m.name AS msp_name
FROM users u LEFT JOIN msps m ON m.msp_id = u.msp_id WHERE u.id = $1
"""
