"""Groups of a client's people, to whom a policy may say something of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
from asyncpg import Record

from backend.core.database import Connection, Database
from backend.core.errors import Conflict
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import Administering, absent_client, refuse_stale
from backend.services.clients import require_client
from backend.services.memberships import absent_group
from backend.services.policy_renewal import PolicyRenewal
from backend.services.wording import said_name


@dataclass(frozen=True, slots=True)
class GroupCard:
    """One group and how many people are in it."""

    id: UUID
    client_id: UUID
    name: str
    description: str
    version: int
    members: int


class Groups:
    """Reads and changes groups."""

    def __init__(self, database: Database, renewal: PolicyRenewal) -> None:
        self._database = database
        self._renewal = renewal
        self._administering = Administering(database)

    async def of_client(
        self, principal: Principal, client_id: UUID, after: UUID | None, limit: int
    ) -> tuple[GroupCard, ...]:
        """Return up to `limit` groups behind `after`, by id. Raise NotFound."""
        principal.require("user:read")
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            await require_client()
            rows = await connection.fetch(_LIST, after, limit)
        return tuple(_card(row) for row in rows)

    async def members(
        self, principal: Principal, client_id: UUID, group_id: UUID
    ) -> tuple[UUID, ...]:
        """Return who is in a group. Raise NotFound."""
        principal.require("user:read")
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            if await connection.fetchrow(_ONE, group_id) is None:
                raise absent_group()
            rows = await connection.fetch(_MEMBERS, group_id)
        return tuple(row["user_id"] for row in rows)

    async def create(
        self, principal: Principal, client_id: UUID, name: str, description: str
    ) -> GroupCard:
        """Make a group. Raise NotFound, or Conflict for a name that is taken."""
        principal.require("user:write")
        scope = await self._administering.of_client(principal, client_id)
        told, group_id = said_name(name), uuid7()
        async with self._database.scoped(scope) as connection:
            if not await connection.fetchval("SELECT count(*) FROM clients"):
                raise absent_client()
            made = await connection.fetchval(
                _CREATE, client_id, group_id, scope.msp_id, told, description
            )
            if made is None:
                raise _taken()
            await AdminTrail.record(
                connection, principal, "group.create", Subject("group", group_id), name=told
            )
            row = await _found(connection, group_id)
        return _card(row)

    async def update(
        self,
        principal: Principal,
        client_id: UUID,
        group_id: UUID,
        base_version: int,
        name: str | None,
        description: str | None,
    ) -> GroupCard:
        """Rename or describe a group on top of `base_version`. Raise PreconditionFailed."""
        principal.require("user:write")
        scope = await self._administering.of_client(principal, client_id)
        told = None if name is None else said_name(name)
        try:
            async with self._database.scoped(scope) as connection:
                before = await _locked(connection, group_id)
                refuse_stale(base_version, before["version"], "group")
                await connection.execute(
                    _UPDATE, group_id, told or before["name"],
                    before["description"] if description is None else description,
                )  # fmt: skip
                await AdminTrail.record(
                    connection, principal, "group.update", Subject("group", group_id),
                    before={"name": before["name"]}, after={"name": told or before["name"]},
                )  # fmt: skip
                row = await _found(connection, group_id)
        except asyncpg.UniqueViolationError:
            raise _taken() from None
        return _card(row)

    async def set_members(
        self, principal: Principal, client_id: UUID, group_id: UUID, users: Sequence[UUID]
    ) -> GroupCard:
        """Put exactly these people into a group; open tabs obey what it says at once.

        Raise NotFound for one who is not there.
        """
        principal.require("user:write")
        scope = await self._administering.of_client(principal, client_id)
        wanted = list(dict.fromkeys(users))
        async with self._database.scoped(scope) as connection:
            group = await _locked(connection, group_id)
            known = await connection.fetchval(
                "SELECT count(*) FROM users WHERE id = ANY($1::uuid[])", wanted
            )
            if known != len(wanted):
                raise absent_group()
            await connection.execute(
                "DELETE FROM group_members WHERE group_id = $1 AND user_id <> ALL($2::uuid[])",
                group_id, wanted,
            )  # fmt: skip
            await connection.execute(_JOIN, client_id, group_id, group["msp_id"], wanted)
            await AdminTrail.record(
                connection, principal, "group.members", Subject("group", group_id),
                members=len(wanted),
            )  # fmt: skip
            row = await _found(connection, group_id)
        await self._renewal.because_of(principal, client_id, [group_id])
        return _card(row)

    async def delete(self, principal: Principal, client_id: UUID, group_id: UUID) -> None:
        """Remove a group and its memberships. Raise NotFound, Conflict while a policy needs it."""
        principal.require("user:write")
        scope = await self._administering.of_client(principal, client_id)
        try:
            async with self._database.scoped(scope) as connection:
                before = await _locked(connection, group_id)
                await connection.execute("DELETE FROM groups WHERE id = $1", group_id)
                await AdminTrail.record(
                    connection, principal, "group.delete", Subject("group", group_id),
                    name=before["name"],
                )  # fmt: skip
        except asyncpg.ForeignKeyViolationError:
            raise Conflict(
                "A policy or an exception still names this group. Leave it empty instead.",
                code="group-in-use",
            ) from None


async def _locked(connection: Connection, group_id: UUID) -> Record:
    row = await connection.fetchrow(
        "SELECT id, msp_id, name, description, version FROM groups WHERE id = $1 FOR UPDATE",
        group_id,
    )
    if row is None:
        raise absent_group()
    return row


async def _found(connection: Connection, group_id: UUID) -> Record:
    (row,) = await connection.fetch(_ONE, group_id)
    return row


def _card(row: Record) -> GroupCard:
    return GroupCard(**dict(row))


def _taken() -> Conflict:
    return Conflict(
        "There is a group of this name already. Choose another name.", code="group-exists"
    )


_COLUMNS: Final = """
SELECT g.id, g.tenant_id AS client_id, g.name, g.description, g.version,
    (SELECT count(*) FROM group_members m WHERE m.tenant_id = g.tenant_id AND m.group_id = g.id)
        AS members
FROM groups g"""
_ONE: Final = f"{_COLUMNS} WHERE g.id = $1"
_LIST: Final = f"{_COLUMNS} WHERE $1::uuid IS NULL OR g.id > $1 ORDER BY g.id LIMIT $2"
_MEMBERS: Final = "SELECT user_id FROM group_members WHERE group_id = $1 ORDER BY user_id"
_CREATE: Final = """
INSERT INTO groups (tenant_id, id, msp_id, name, description) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tenant_id, name) DO NOTHING RETURNING id
"""
_UPDATE: Final = """
UPDATE groups SET name = $2, description = $3, version = version + 1 WHERE id = $1
"""
_JOIN: Final = """
INSERT INTO group_members (tenant_id, group_id, user_id, msp_id)
SELECT $1, $2, u, $3 FROM unnest($4::uuid[]) AS u ON CONFLICT DO NOTHING
"""
