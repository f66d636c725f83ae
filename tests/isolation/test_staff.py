"""Staff of an MSP reach the clients they may enter and no other: PostgreSQL itself looks it up."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from asyncpg import Connection

from backend.core.database import Database
from backend.core.errors import Forbidden
from backend.core.identifiers import uuid7
from backend.core.scope import Acting, Scope
from tests.factories import Tenant, World, insert
from tests.isolation.tables import TENANT_TABLES, UNREAD

READ = [table for table in TENANT_TABLES if table not in UNREAD]
OF_MSP = [
    table
    for table in READ
    if table not in {"idempotency_keys", "outbox", "sessions", "tenant_counters"}
]  # what a scope over the MSP may read at all


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def admin_id(owner: "Connection[Any]", world: World) -> UUID:
    admin, msp_id = uuid7(), world.first.msp_id
    await insert(
        owner, "users", tenant_id=msp_id, msp_id=msp_id, id=admin, role="msp_admin",
        email=f"{admin}@example.org", display_name="Mia Msp",
    )  # fmt: skip
    return admin


def technician(of: Tenant, scope: Scope) -> Scope:
    return scope.by(Acting.STAFF, of.staff_id)


async def seen(database: Database, scope: Scope, table: str) -> set[UUID]:
    async with database.scoped(scope) as connection:
        return {row[0] for row in await connection.fetch(f"SELECT tenant_id FROM {table}")}


@pytest.mark.parametrize("table", OF_MSP)
async def test_a_technician_sees_the_rows_of_assigned_clients_only(
    database: Database, world: World, table: str
) -> None:
    over_all = technician(world.first, Scope.msp(world.first.msp_id))
    assert await seen(database, over_all, table) - {world.first.msp_id} == {world.first.id}


@pytest.mark.parametrize("table", READ)
async def test_a_technician_enters_an_assigned_client_and_no_sibling(
    database: Database, world: World, table: str
) -> None:
    assert await seen(database, technician(world.first, world.first.scope()), table) == {
        world.first.id
    }
    assert await seen(database, technician(world.first, world.sibling.scope()), table) == set()
    assert await seen(database, technician(world.stranger, world.first.scope()), table) == set()


@pytest.mark.parametrize("status", ["suspended", "disabled", "invited", "archived"])
async def test_staff_who_are_not_active_see_nothing_at_all(
    database: Database, owner: "Connection[Any]", world: World, status: str
) -> None:
    gone, msp_id = uuid7(), world.first.msp_id
    await insert(
        owner, "users", tenant_id=msp_id, msp_id=msp_id, id=gone, role="msp_admin",
        email=f"{gone}@example.org", display_name="Gone", status=status,
    )  # fmt: skip
    for scope in (world.first.scope(), Scope.msp(msp_id), Scope.tenant(msp_id, msp_id)):
        assert await seen(database, scope.by(Acting.STAFF, gone), "users") == set()


async def test_an_admin_of_the_msp_sees_all_its_clients_and_those_of_no_other(
    database: Database, world: World, admin_id: UUID
) -> None:
    scope = Scope.msp(world.first.msp_id).by(Acting.STAFF, admin_id)
    assert await seen(database, scope, "devices") == {world.first.id, world.sibling.id}
    elsewhere = Scope.msp(world.stranger.msp_id).by(Acting.STAFF, admin_id)
    assert await seen(database, elsewhere, "devices") == set()


@pytest_asyncio.fixture
async def locked(owner: "Connection[Any]", world: World) -> AsyncIterator[Tenant]:
    put = "UPDATE lockboxes SET is_closed = $2, open_until = NULL WHERE tenant_id = $1"
    await owner.execute(put, world.first.id, True)
    yield world.first
    await owner.execute(put, world.first.id, False)


@pytest.mark.parametrize("table", READ)
async def test_a_locked_client_is_entered_by_no_staff_and_says_so(
    database: Database, admin_id: UUID, locked: Tenant, table: str
) -> None:
    for staff in (admin_id, locked.staff_id):
        with pytest.raises(Forbidden, match="lockbox") as refused:
            await seen(database, locked.scope().by(Acting.STAFF, staff), table)
        assert refused.value.stable_code == "client-locked"
    assert await seen(database, locked.scope(), table) == {locked.id}


@pytest.mark.parametrize("table", OF_MSP)
async def test_a_locked_clients_rows_are_not_among_those_of_its_msp_but_for_the_bill(
    database: Database, world: World, admin_id: UUID, locked: Tenant, table: str
) -> None:
    scope = Scope.msp(locked.msp_id).by(Acting.STAFF, admin_id)
    billed = table in {"clients", "lockboxes", "seat_months"}
    expected = {world.sibling.id} | ({locked.id} if billed else set())
    assert await seen(database, scope, table) - {locked.msp_id} == expected


async def test_a_lockbox_that_is_open_for_a_time_closes_when_it_has_passed(
    database: Database, owner: "Connection[Any]", admin_id: UUID, locked: Tenant
) -> None:
    scope = locked.scope().by(Acting.STAFF, admin_id)
    until = "UPDATE lockboxes SET open_until = $2 WHERE tenant_id = $1"
    await owner.execute(until, locked.id, datetime.now(UTC) + timedelta(hours=1))
    assert await seen(database, scope, "users") == {locked.id}
    await owner.execute(until, locked.id, datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(Forbidden, match="lockbox"):
        await seen(database, scope, "users")


@pytest.mark.parametrize("state", ["suspended", "archived", "offboarded"])
@pytest.mark.parametrize("acting", [Acting.PERSON, Acting.STAFF])
@pytest.mark.parametrize("administers", [False, True])
async def test_people_change_nothing_of_a_halted_client_and_browsers_go_on(
    database: Database,
    owner: "Connection[Any]",
    world: World,
    state: str,
    acting: Acting,
    administers: bool,  # noqa: FBT001 -- a case
) -> None:
    whose = world.first
    scope = Scope.administration(whose.id, whose.msp_id) if administers else whose.scope()
    change = (
        "UPDATE groups SET description = 'x'" if administers
        else "UPDATE devices SET last_seen_at = now()"
    )  # fmt: skip
    put = "UPDATE clients SET status = $2 WHERE tenant_id = $1"
    await owner.execute(put, whose.id, state)
    try:
        with pytest.raises(Forbidden, match=state) as refused:
            async with database.scoped(scope.by(acting, whose.staff_id)) as connection:
                await connection.execute(change)
        assert refused.value.stable_code == f"client-{state}"
        assert await seen(database, scope.by(acting, whose.staff_id), "groups") == {whose.id}
        async with database.scoped(scope) as connection:
            assert await connection.execute(change) == "UPDATE 1"
    finally:
        await owner.execute(put, whose.id, "active")


async def test_people_change_nothing_while_their_msp_is_suspended(
    database: Database, owner: "Connection[Any]", world: World, admin_id: UUID
) -> None:
    msp_id = world.first.msp_id
    await owner.execute("UPDATE msps SET status = 'suspended' WHERE msp_id = $1", msp_id)
    own = Scope.administration(msp_id, msp_id)
    try:
        for scope, table in (
            (Scope.administration(world.first.id, msp_id).by(Acting.PERSON, admin_id), "groups"),
            (own.by(Acting.STAFF, admin_id), "msps"),
        ):
            with pytest.raises(Forbidden, match="suspended"):
                async with database.scoped(scope) as connection:
                    await connection.execute(f"UPDATE {table} SET name = name")
        async with database.scoped(own) as connection:
            changed = await connection.execute("UPDATE msps SET status = 'active'")
        assert changed == "UPDATE 1"
    finally:
        await owner.execute("UPDATE msps SET status = 'active' WHERE msp_id = $1", msp_id)


async def test_who_administers_a_client_writes_no_other_and_not_the_msp(
    database: Database, world: World
) -> None:
    first, msp_id = world.first, world.first.msp_id
    async with database.scoped(Scope.administration(first.id, msp_id)) as connection:
        assert await connection.execute("UPDATE clients SET seats = seats") == "UPDATE 1"
        assert await connection.execute("UPDATE msps SET name = name") == "UPDATE 0"
        assert await connection.execute("UPDATE users SET status = status") == "UPDATE 1"
    for tenant, table in ((world.sibling, "groups"), (world.stranger, "groups")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.scoped(Scope.administration(first.id, msp_id)) as connection:
                await insert(
                    connection, table, tenant_id=tenant.id, msp_id=tenant.msp_id, id=uuid7(),
                    name="Mallory's",
                )  # fmt: skip


@pytest.mark.parametrize("forged", ["system", "person"])
async def test_a_scope_with_another_kind_of_actor_written_in_is_refused(
    database: Database, world: World, forged: str
) -> None:
    scope = technician(world.first, world.sibling.scope())
    async with database.scoped(scope) as connection:
        own = await connection.fetchval("SELECT current_setting('app.scope')")
        await connection.execute("SAVEPOINT before")
        altered = own.replace(".staff.", f".{forged}.")
        await connection.execute("SELECT set_config('app.scope', $1, true)", altered)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="bad scope signature"):
            await connection.fetch("SELECT FROM users")
        await connection.execute("ROLLBACK TO before")
