"""The people of a client."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.core.database import Database
from backend.core.permissions import Reach, Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.models import User
from backend.services.administering import absent_msp
from backend.services.clients import require_client
from backend.services.whose import absent_user


@dataclass(frozen=True, slots=True)
class UserCard:
    """One person, as lists show them."""

    id: UUID
    email: str
    display_name: str
    role: str
    status: str


@dataclass(frozen=True, slots=True)
class Person:
    """One person with the groups they are in."""

    card: UserCard
    groups: frozenset[UUID]


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
        """Return up to `limit` people of one client behind `after`, by id. Raise NotFound.

        Who may read only their own record finds nobody else.
        """
        principal.require("user:read", Reach.SELF)
        async with self._database.scoped(principal.scope_for(client_id)):
            await require_client()
            people = User.filter(client_id__isnull=False)
            people = people if after is None else people.filter(id__gt=after)
            if principal.reach("user:read") is Reach.SELF:
                people = people.filter(id=principal.user_id)
            rows = await people.order_by("id").limit(limit).values(*_FIELDS)
        return tuple(UserCard(**row) for row in rows)

    async def with_roles(
        self, principal: Principal, client_id: UUID, roles: Collection[Role]
    ) -> tuple[UserCard, ...]:
        """Return a client's people who have one of some roles, by name. Raise NotFound."""
        principal.require("user:read", Reach.OWN)
        async with self._database.scoped(principal.scope_for(client_id)):
            await require_client()
            people = User.filter(client_id__isnull=False, role__in=[str(role) for role in roles])
            rows = await people.order_by("display_name", "id").values(*_FIELDS)
        return tuple(UserCard(**row) for row in rows)

    async def staff(
        self, principal: Principal, msp_id: UUID | None, after: UUID | None, limit: int
    ) -> tuple[UserCard, ...]:
        """Return up to `limit` of an MSP's own staff behind `after`, by id. Raise NotFound."""
        principal.require("user:read", Reach.ASSIGNED)
        wanted = msp_id or principal.msp_id
        is_operator = principal.role is Role.SUPER_ADMIN
        if not is_operator and wanted != principal.msp_id:
            raise absent_msp()
        scope = Scope.platform() if is_operator else principal.scope()
        async with self._database.scoped(scope) as connection:
            if not await connection.fetchval("SELECT true FROM msps WHERE msp_id = $1", wanted):
                raise absent_msp()
            rows = await connection.fetch(_STAFF, wanted, after, limit)
        return tuple(UserCard(**dict(row)) for row in rows)

    async def by_name(
        self,
        principal: Principal,
        client_id: UUID | None,
        search: str,
        after: UUID | None,
        limit: int,
    ) -> tuple[UserCard, ...]:
        """Return up to `limit` people whose name or address holds `search`, behind somebody.

        They are a client's, or without one the staff of the caller's MSP.
        """
        principal.require("user:read")
        scope = principal.scope_for(client_id) if client_id else principal.scope()
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(_BY_NAME, client_id, search, after, limit)
        return tuple(UserCard(**dict(row)) for row in rows)

    async def one(self, principal: Principal, client_id: UUID | None, user_id: UUID) -> Person:
        """Return one person of a client, or without one of the caller's MSP. Raise NotFound."""
        principal.require("user:read")
        scope = principal.scope_for(client_id) if client_id else principal.scope()
        async with self._database.scoped(scope) as connection:
            row = await connection.fetchrow(_PERSON, user_id, client_id)
            if row is None:
                raise absent_user()
            groups = await connection.fetch(_GROUPS_OF, user_id)
        return Person(UserCard(**dict(row)), frozenset(group["group_id"] for group in groups))

    async def self_card(self, principal: Principal) -> SelfCard | None:
        """Return who the caller is."""
        async with self._database.scoped(principal.own_scope()) as connection:
            row = await connection.fetchrow(_SELF, principal.user_id)
        return None if row is None else SelfCard(**dict(row))


_STAFF: Final = """
SELECT id, email, display_name, role, status FROM users
WHERE tenant_id = $1 AND client_id IS NULL AND ($2::uuid IS NULL OR id > $2)
ORDER BY id LIMIT $3
"""
_BY_NAME: Final = """
SELECT id, email, display_name, role, status FROM users
WHERE client_id IS NOT DISTINCT FROM $1
    AND position(lower($2) in lower(display_name || ' ' || email)) > 0
    AND ($3::uuid IS NULL OR (lower(display_name), id)
        > (SELECT lower(u.display_name), u.id FROM users u WHERE u.id = $3))
ORDER BY lower(display_name), id LIMIT $4
"""
_PERSON: Final = """
SELECT id, email, display_name, role, status FROM users
WHERE id = $1 AND client_id IS NOT DISTINCT FROM $2
"""
_GROUPS_OF: Final = "SELECT group_id FROM group_members WHERE user_id = $1"
_SELF: Final = """
SELECT u.email, u.display_name, m.name AS msp_name
FROM users u LEFT JOIN msps m ON m.msp_id = u.msp_id WHERE u.id = $1
"""
