"""Which groups of a client a person is in."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Connection
from backend.core.errors import InvalidInput, NotFound
from backend.core.principal import Principal


class Memberships:
    """Sets memberships inside the scope that administers the client."""

    @staticmethod
    async def set(connection: Connection, user: Record, groups: Sequence[UUID]) -> set[UUID]:
        """Put somebody into exactly these groups; return those they joined or left.

        Raise NotFound, InvalidInput for staff.
        """
        if user["client_id"] is None:
            raise InvalidInput("Groups are of one client; staff of a provider are in none.")
        wanted = list(dict.fromkeys(groups))
        known = await connection.fetchval(_KNOWN, wanted)
        if known != len(wanted):
            raise absent_group()
        rows = await connection.fetch(_OF_PERSON, user["id"])
        await connection.execute(_LEAVE, user["id"], wanted)
        await connection.execute(_JOIN, user["tenant_id"], user["id"], user["msp_id"], wanted)
        return {row["group_id"] for row in rows} ^ set(wanted)


def absent_group() -> NotFound:
    """Return the error for a group that does not exist, or not for this client."""
    return NotFound("There is no such group here. List the client's groups to find its id.")


async def refuse_group(connection: Connection, principal: Principal, group_id: UUID | None) -> None:
    """Raise NotFound for a group that somebody asks something for and is not in."""
    if group_id is not None and not await connection.fetchval(
        _IS_MEMBER, group_id, principal.user_id
    ):
        raise NotFound("You are in no such group. Ask for yourself, or for a group you are in.")


_KNOWN: Final = "SELECT count(*) FROM groups WHERE id = ANY($1::uuid[])"
_OF_PERSON: Final = "SELECT group_id FROM group_members WHERE user_id = $1"
_LEAVE: Final = "DELETE FROM group_members WHERE user_id = $1 AND group_id <> ALL($2::uuid[])"
_JOIN: Final = """
INSERT INTO group_members (tenant_id, group_id, user_id, msp_id)
SELECT $1, g, $2, $3 FROM unnest($4::uuid[]) AS g ON CONFLICT DO NOTHING
"""
_IS_MEMBER: Final = "SELECT EXISTS (SELECT FROM group_members WHERE group_id = $1 AND user_id = $2)"
