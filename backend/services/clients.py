"""The clients a principal may see."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Database
from backend.core.errors import NotFound
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.models import Client


@dataclass(frozen=True, slots=True)
class ClientCard:
    """One client, as lists show it."""

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
    ordinal: int
    """How many clients of those the reader sees are older: what pages colour a client by."""


_CARDS = """
SELECT * FROM (
    SELECT tenant_id AS id, msp_id, name, slug, status, seats, country, timezone,
        frameworks, version, grace_days,
        row_number() OVER (ORDER BY created_at, tenant_id) - 1 AS ordinal
    FROM clients
) AS cards
WHERE $1::uuid IS NULL OR id = $1
ORDER BY name, id
"""


@dataclass(frozen=True, slots=True)
class WithinReach:
    """The clients somebody may know of: those named, all where None, never the hidden ones."""

    reachable: frozenset[UUID] | None
    hidden: frozenset[UUID]


class Clients:
    """Reads clients."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def visible(self, principal: Principal) -> tuple[ClientCard, ...]:
        """Return all clients of the MSP, or the principal's own one, by name."""
        async with self._database.scoped(_seeing(principal)) as connection:
            rows = await connection.fetch(_CARDS, None)
        return tuple(_card(row) for row in rows)

    async def one(self, principal: Principal, client_id: UUID) -> ClientCard:
        """Return one client. Raise NotFound, alike for absent and foreign ones."""
        principal.scope_for(client_id)
        async with self._database.scoped(_seeing(principal)) as connection:
            row = await connection.fetchrow(_CARDS, client_id)
        if row is None:
            raise _absent()
        return _card(row)

    async def within_reach(self, principal: Principal) -> WithinReach:
        """Return which clients of the MSP staff may be told about as things happen.

        A technician is told of assigned clients by name, so that one made later is not among them.
        """
        async with self._database.scoped(principal.scope()) as connection:
            (row,) = await connection.fetch(_WITHIN_REACH)
        hidden = frozenset(row["hidden"] or ())
        is_open = row["hidden"] is not None and principal.role is not Role.MSP_TECHNICIAN
        return WithinReach(None if is_open else frozenset(row["reachable"]), hidden)


def _seeing(principal: Principal) -> Scope:
    """Return the scope of a list of clients; the platform's operator sees that of every MSP."""
    return Scope.platform() if principal.role is Role.SUPER_ADMIN else principal.scope()


def _card(row: Record) -> ClientCard:
    return ClientCard(**{**dict(row), "frameworks": tuple(row["frameworks"])})


_WITHIN_REACH: Final = """
SELECT qg_msp_hidden() AS hidden,
    ARRAY(SELECT tenant_id FROM clients WHERE tenant_id <> ALL ((SELECT qg_msp_hidden())::uuid[]))
        AS reachable
"""


async def require_client() -> None:
    """Raise NotFound when the scope we are in is a client the caller's MSP does not have."""
    if not await Client.exists():
        raise _absent()


def _absent() -> NotFound:
    return NotFound("There is no such client. Check the address or ask your administrator.")
