"""What a role must see, must not see and must not write in a table, whatever it is granted.

Each probe runs inside the owner's open transaction, with every right granted, so that the policies
alone decide; it returns what is wrong. `complaints` is empty for the policies as they are.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from asyncpg import Connection

from backend.core.scope import Acting, DatabaseRole, Scope
from tests.factories import World

ALL_SEEING = {
    "qg_sign_in": Scope.sign_in(),
    "qg_relay": Scope.relay(),
    "qg_recorder": Scope.ingest(),
    "qg_platform": Scope.platform(),
}


class _UndoneError(Exception):
    pass


@dataclass(frozen=True)
class Probing:
    """A table, a role, and the world it is tried on."""

    connection: "Connection[Any]"
    key: bytes
    world: World
    admin_id: UUID
    table: str
    role: str
    column: str
    """What tells whose a row is: `tenant_id`; in the table of MSPs `msp_id`."""

    async def within(
        self, scope: Scope, doing: Callable[["Connection[Any]"], Awaitable[Any]], before: str = ""
    ) -> Any:
        """Return what `doing` gives as the role in a scope, or the refusal; then undo it."""
        found: Any = None
        try:
            async with self.connection.transaction():
                if before:
                    await self.connection.execute(before)
                signed = scope.signed(self.key, time.time(), self.connection.get_server_pid())
                await self.connection.execute(f"SET LOCAL ROLE {self.role}")
                await self.connection.execute("SELECT set_config('app.scope', $1, true)", signed)
                found = await doing(self.connection)
                raise _UndoneError  # noqa: TRY301 -- leaves by rolling back
        except _UndoneError:
            return found
        except asyncpg.PostgresError as refused:
            return refused

    async def seen(self, scope: Scope, before: str = "") -> Any:
        """Return whose rows are seen, or the refusal."""

        async def read(connection: "Connection[Any]") -> set[UUID]:
            rows = await connection.fetch(f"SELECT DISTINCT {self.column} FROM {self.table}")
            return {row[0] for row in rows}

        return await self.within(scope, read, before)

    async def changed(self, scope: Scope, change: str = "", before: str = "") -> Any:
        """Return how many rows a change reaches, or the refusal."""

        async def write(connection: "Connection[Any]") -> int:
            change_all = f"UPDATE {self.table} SET msp_id = {change or 'msp_id'}"
            return int((await connection.execute(change_all)).split()[-1])

        return await self.within(scope, write, before)

    async def inserted(self, scope: Scope, row: str) -> Any:
        """Return the refusal of a row of somebody else; None when it was let in."""

        async def write(connection: "Connection[Any]") -> None:
            await connection.execute(
                f"INSERT INTO {self.table} SELECT * FROM jsonb_populate_record("
                f"NULL::{self.table}, $1)",
                row,
            )

        return await self.within(scope, write)


def _is_guard(refused: Any) -> bool:
    """Whether row-level security or a guard of ours refused, and no constraint behind it."""
    is_guard = isinstance(refused, asyncpg.InsufficientPrivilegeError)
    if "append-only" in str(refused):
        return False  # the trigger comes after the policy has let the row be reached
    return is_guard or getattr(refused, "sqlstate", "").startswith("QG")


async def complaints(probing: Probing, *, writes: bool) -> list[str]:
    """Return what is wrong with a table's policies for a role; `writes` says whether it may."""
    if probing.role in ALL_SEEING:
        return await _across(probing, writes=writes)
    if probing.role == "qg_msp":
        return await _msp(probing)
    if probing.role == "qg_owner":
        return await _owner(probing)
    return await _tenant(probing, writes=writes)


async def _owner(probing: Probing) -> list[str]:
    seen = await probing.seen(Scope.relay())
    return [] if seen and not _is_guard(seen) else ["the owner sees nothing"]


async def _across(probing: Probing, *, writes: bool) -> list[str]:
    """Who looks across tenants does so in its own scope only."""
    world, wrong = probing.world, []
    own = await probing.seen(ALL_SEEING[probing.role])
    everybody = {tenant.id for tenant in world.tenants} | {t.msp_id for t in world.tenants}
    if _is_guard(own) or not own & everybody:
        wrong.append("sees nothing in its own scope")
    if probing.table == "users" and probing.role == "qg_platform" and own & {world.first.id}:
        wrong.append("the operator sees a client's people")
    elsewhere = Scope.msp(world.first.msp_id) if probing.role == "qg_relay" else Scope.relay()
    if not _is_guard(await probing.seen(elsewhere)):
        wrong.append("sees rows in a scope of another role")
    changed = await probing.changed(ALL_SEEING[probing.role])
    if not writes and not (changed == 0 or _is_guard(changed)):
        wrong.append("writes where it only reads")
    if writes and changed == 0:
        wrong.append("cannot write")
    constant = f"'{world.first.msp_id}'"  # reading nothing, so that no policy for reading helps
    if writes and not _is_guard(await probing.changed(elsewhere, constant)):
        wrong.append("writes in a scope of another role")
    row = await _row(probing, world.first.id if probing.column == "tenant_id" else None)
    if writes and not _is_guard(await probing.inserted(elsewhere, row)):
        wrong.append("adds rows in a scope of another role")
    return wrong


async def _msp(probing: Probing) -> list[str]:
    world, wrong = probing.world, []
    scope = Scope.msp(world.first.msp_id).by(Acting.STAFF, probing.admin_id)
    own = {world.first.id, world.sibling.id}
    if probing.column == "msp_id":
        own = {world.first.msp_id}
    seen = await probing.seen(scope)
    if _is_guard(seen) or not own <= seen:
        wrong.append("does not see the clients of the MSP")
    elif seen - own - {world.first.msp_id}:
        wrong.append("sees clients of another MSP")
    if probing.column == "tenant_id":
        technician = scope.by(Acting.STAFF, world.first.staff_id)
        if await probing.seen(technician) - {world.first.msp_id} != {world.first.id}:
            wrong.append("a technician does not see the assigned client alone")
        locked = "UPDATE lockboxes SET is_closed = true WHERE tenant_id = '{}'"
        with_lock = await probing.seen(scope, locked.format(world.first.id))
        is_billed = probing.table in {"clients", "lockboxes", "seat_months"}
        if (world.first.id in with_lock) is not is_billed:
            wrong.append("a closed lockbox means something else")
    changed = await probing.changed(scope)
    if not (changed == 0 or _is_guard(changed)):
        wrong.append("writes where it only reads")
    return wrong


async def _tenant(probing: Probing, *, writes: bool) -> list[str]:
    """Tell what is wrong for `qg_tenant` or `qg_admin`, which are in one tenant."""
    world, wrong = probing.world, []
    role = DatabaseRole(probing.role)
    tenant_id, msp_id = world.first.id, world.first.msp_id
    of_msps = probing.column == "msp_id"
    if of_msps and role is DatabaseRole.ADMIN:
        tenant_id = msp_id
    own = {msp_id if of_msps else tenant_id}
    scope = Scope(role, tenant_id, msp_id)
    if await probing.seen(scope) != own:
        wrong.append("does not see its own rows alone")
    elsewhere = Scope(role, tenant_id, world.stranger.msp_id)
    if own & (await probing.seen(elsewhere) or set()):
        wrong.append("sees the rows with the id of another MSP beside")
    if of_msps and role is DatabaseRole.ADMIN:
        within = Scope(role, world.first.id, msp_id)
        if await probing.seen(within):
            wrong.append("who administers a client administers its MSP")
    row = await _row(probing, world.stranger.msp_id if of_msps else world.sibling.id)
    if writes:
        wrong += await _written(probing, scope, row, msp_id)
    elif not _is_guard(await probing.inserted(scope, row)):
        wrong.append("adds rows of somebody else")
    changed = await probing.changed(scope)
    if not writes and not (changed == 0 or _is_guard(changed)):
        wrong.append("writes where it only reads")
    return wrong


async def _written(probing: Probing, scope: Scope, row: str, msp_id: UUID) -> list[str]:
    wrong = []
    world = probing.world
    changed = await probing.changed(scope)
    if changed == 0 or _is_guard(changed):
        wrong.append("cannot write its own rows")
    if not _is_guard(await probing.inserted(scope, row)):
        wrong.append("adds rows of somebody else")
    fresh = await _row(probing, None, own=True)
    if probing.column == "msp_id":
        both = Scope(scope.role, world.stranger.msp_id, msp_id)
        mixed = await probing.inserted(both, row)
    else:
        given = fresh.replace(str(msp_id), str(world.stranger.msp_id))
        mixed = await probing.inserted(scope, given)
    if not _is_guard(mixed):
        wrong.append("adds rows under the id of another MSP")
    halted = f"UPDATE clients SET status = 'suspended' WHERE tenant_id = '{world.first.id}';"
    halted += f"UPDATE msps SET status = 'suspended' WHERE msp_id = '{msp_id}'"
    person = scope.by(Acting.PERSON, world.first.user_id)
    refused = await probing.within(
        person, lambda connection: _insert_own(connection, probing.table, fresh), halted
    )
    if getattr(refused, "sqlstate", "") != "QG002":
        wrong.append("people write while they are suspended")
    return wrong


async def _insert_own(connection: "Connection[Any]", table: str, row: str) -> None:
    await connection.execute(
        f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, $1)", row
    )


async def _row(probing: Probing, whose: UUID | None, *, own: bool = False) -> str:
    """Return a row as JSON: of somebody, or of our own."""
    if own:
        mine = probing.world.first
        whose = mine.msp_id if probing.column == "msp_id" else mine.id
    where = f"WHERE {probing.column} = '{whose}'" if whose else ""
    found: str = await probing.connection.fetchval(
        f"SELECT to_jsonb(t) FROM {probing.table} t {where} LIMIT 1"
    )
    return found
