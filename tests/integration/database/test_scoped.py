"""A connection exists only inside a scope, and a scope leaves nothing behind."""

import asyncio
from typing import Any

import asyncpg
import pytest
from asyncpg import Connection

from backend.core.database import Database, NotCommitted, NoTenantScope
from backend.core.errors import ConfigurationError, Unavailable
from backend.core.identifiers import uuid7
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.models import Device, User
from backend.services.migration import LOGIN_ROLE
from tests.factories import World, make_world

SECONDS_FOR_ALL = 20


@pytest.fixture
async def world(owner: "Connection[Any]") -> World:
    return await make_world(owner)


async def test_a_query_outside_a_scope_is_refused(database: Database) -> None:
    assert await database.is_reachable()
    with pytest.raises(NoTenantScope):
        await User.all()
    with pytest.raises(NoTenantScope):
        await User.raw("SELECT * FROM users")


async def test_tortoise_sees_the_scopes_rows_and_no_others(
    database: Database, world: World
) -> None:
    async with database.scoped(world.first.scope()):
        devices = await Device.all()
    assert [device.id for device in devices] == [world.first.device_id]


async def test_a_misspelt_field_is_refused() -> None:
    with pytest.raises(TypeError, match="User has no field nmae"):
        User(nmae="Una")


async def test_an_exception_rolls_back(database: Database, world: World) -> None:
    with pytest.raises(KeyError):  # noqa: PT012 -- the scope is what raises
        async with database.scoped(world.first.scope()) as connection:
            await connection.execute("UPDATE policies SET name = 'changed'")
            raise KeyError
    async with database.scoped(world.first.scope()) as connection:
        assert await connection.fetchval("SELECT name FROM policies") == "HIPAA"


async def test_a_swallowed_failure_is_not_taken_for_a_commit(
    database: Database, world: World
) -> None:
    with pytest.raises(NotCommitted):  # noqa: PT012 -- the scope's end is what raises
        async with database.scoped(world.first.scope()) as connection:
            await connection.execute("UPDATE policies SET name = 'changed'")
            with pytest.raises(asyncpg.DivisionByZeroError):
                await connection.execute("SELECT 1 / 0")


async def test_a_task_that_outlives_its_scope_reaches_nothing(
    database: Database, world: World
) -> None:
    gate = asyncio.Event()

    async def late() -> None:
        await gate.wait()
        await User.all()

    async with database.scoped(world.first.scope()):
        task = asyncio.create_task(late())
    gate.set()
    with pytest.raises((NoTenantScope, asyncpg.InterfaceError)):
        await task


async def test_nothing_of_a_scope_is_left_on_the_connection(
    owner_url: DatabaseUrl, keys: KeyRing, world: World
) -> None:
    url = owner_url.login(LOGIN_ROLE, keys.database_password).text()
    single = Database(url, keys.scope_key, 1)
    await single.open()
    try:
        for end in ("SELECT 1", "COMMIT"):
            async with single.scoped(world.first.scope()) as connection:
                await connection.execute(end)
                if end == "COMMIT":
                    await connection.execute("BEGIN")
        async with single._acquired() as connection:  # noqa: SLF001 -- looks where no caller can
            assert await connection.fetchval("SELECT current_user") == LOGIN_ROLE
            assert not await connection.fetchval("SELECT current_setting('app.scope', true)")
            assert not connection.is_in_transaction()
    finally:
        await single.close()


async def test_a_setting_that_was_injected_for_the_session_ends_with_its_transaction(
    owner_url: DatabaseUrl, keys: KeyRing, world: World
) -> None:
    """Else one injection would cripple a connection of the pool for everybody after it."""
    url = owner_url.login(LOGIN_ROLE, keys.database_password).text()
    poison = {"statement_timeout": "1", "row_security": "off", "search_path": "pg_catalog",
              "default_transaction_read_only": "on", "app.scope": "injected"}  # fmt: skip
    single = Database(url, keys.scope_key, 1)
    await single.open()
    try:
        async with single.scoped(world.first.scope()) as connection:
            for name, value in poison.items():
                await connection.execute("SELECT set_config($1, $2, false)", name, value)
        async with single.scoped(world.sibling.scope()) as connection:
            assert await connection.fetchval("SELECT tenant_id FROM users") == world.sibling.id
            await connection.execute("UPDATE policies SET name = name; SELECT pg_sleep(0.01)")
        async with single._acquired() as connection:  # noqa: SLF001 -- looks where no caller can
            left = [
                await connection.fetchval("SELECT current_setting($1)", name) for name in poison
            ]
        assert left == ["0", "on", '"$user", public', "off", ""]
    finally:
        await single.close()


async def test_two_thousand_scopes_over_few_connections_never_mix(
    database: Database, world: World
) -> None:
    slots = asyncio.Semaphore(8)

    async def one(number: int) -> bool:
        tenant = world.tenants[number % 4]
        async with slots, database.scoped(tenant.scope()) as connection:
            return bool(await connection.fetchval("SELECT tenant_id FROM users") == tenant.id)

    async with asyncio.timeout(SECONDS_FOR_ALL):
        assert all(await asyncio.gather(*[one(number) for number in range(2000)]))


async def test_a_cancelled_scope_gives_its_connection_back(
    database: Database, world: World
) -> None:
    async def sleepy() -> None:
        async with database.scoped(world.first.scope()) as connection:
            await connection.execute("SELECT pg_sleep(30)")

    for _ in range(3):
        tasks = [asyncio.create_task(sleepy()) for _ in range(8)]
        await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with database.scoped(world.first.scope()) as connection:
        assert await connection.fetchval("SELECT count(*) FROM users") == 1


async def test_who_leaves_while_a_scope_begins_leaves_no_transaction_behind(
    database: Database, world: World
) -> None:
    """The loop is told of a connection that comes back with one: asyncpg does so."""

    async def entered() -> None:
        async with database.scoped(world.first.scope()):
            await asyncio.sleep(0)

    loop, complaints = asyncio.get_running_loop(), list[str]()
    loop.set_exception_handler(lambda _, told: complaints.append(told["message"]))
    for rounds in range(200):
        task = asyncio.create_task(entered())
        for _ in range(rounds % 20):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    loop.set_exception_handler(None)
    assert complaints == []


async def test_a_full_pool_says_unavailable_and_recovers(
    owner_url: DatabaseUrl, keys: KeyRing, world: World
) -> None:
    url = owner_url.login(LOGIN_ROLE, keys.database_password).text()
    single = Database(url, keys.scope_key, 1)
    await single.open()
    try:
        async with single.scoped(world.first.scope()):
            with pytest.raises(Unavailable):
                async with single.scoped(world.first.scope()):
                    raise AssertionError("there is only one connection")
        async with single.scoped(world.first.scope()) as connection:
            assert await connection.fetchval("SELECT 1") == 1
    finally:
        await single.close()


async def test_a_terminated_connection_says_unavailable_and_recovers(
    database: Database, owner: "Connection[Any]", world: World
) -> None:
    with pytest.raises(Unavailable):  # noqa: PT012 -- the scope is what raises
        async with database.scoped(world.first.scope()) as connection:
            await owner.execute("SELECT pg_terminate_backend($1)", connection.get_server_pid())
            await asyncio.sleep(0.2)
            await connection.fetchval("SELECT 1")
    async with database.scoped(world.first.scope()) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_serving_as_a_superuser_is_refused(owner_url: DatabaseUrl, keys: KeyRing) -> None:
    with pytest.raises(ConfigurationError, match="bypasses row-level security"):
        await Database(owner_url.text(), keys.scope_key).open()


async def test_before_open_and_after_close_the_database_is_unavailable(
    keys: KeyRing, world: World
) -> None:
    closed = Database("postgresql://nobody@127.0.0.1:1/none", keys.scope_key)
    assert not await closed.is_reachable()
    with pytest.raises(Unavailable):
        async with closed.scoped(world.first.scope()):
            raise AssertionError("not connected")


async def test_ids_made_one_after_the_other_sort_that_way() -> None:
    made = [uuid7() for _ in range(1000)]
    assert len(set(made)) == len(made)
    assert [number.version for number in made[:1]] == [7]
