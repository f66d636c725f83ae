"""PostgreSQL away, refusing, read-only or on another clock: a problem each, true in its words."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from asyncpg import Connection
from quart.typing import TestClientProtocol as HttpClient

from backend.core.database import Database
from backend.core.errors import ConfigurationError, Unavailable
from backend.core.scope import Scope
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.migration import LOGIN_ROLE
from tests.factories import World, make_world
from tests.integration.outages import Outages, Owner
from tests.integration.served import PASSWORD, Household, bearer, sign_in

HOUR = 3600.0


@pytest.fixture
async def outages(owner: Owner) -> AsyncIterator[Outages]:
    outages = Outages(owner)
    yield outages
    await outages.end()


@pytest.fixture
async def admin(http: HttpClient, household: Household, outages: Outages) -> dict[str, str]:
    del outages  # ends after the application
    return bearer(await (await sign_in(http, household.admin)).get_json())


async def unavailable(answer: Any) -> str:
    """Return the detail of a 503 that is a whole problem."""
    problem = await answer.get_json()
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert int(answer.headers["Retry-After"]) >= 1
    return str(problem["detail"])


async def ready(http: HttpClient) -> None:
    """Wait until the server has noticed that its connections were cut, and has new ones."""
    async with asyncio.timeout(20):
        while (await http.get("/health/ready")).status_code != 200:
            await asyncio.sleep(0.05)


async def test_a_database_that_lets_nobody_in_is_a_503_and_then_works_again(
    http: HttpClient, admin: dict[str, str], outages: Outages
) -> None:
    await outages.begin()
    for _ in range(3):
        assert "does not answer" in await unavailable(
            await http.get("/api/v1/clients", headers=admin)
        )
    assert (await http.get("/health/ready")).status_code == 503
    await outages.end()
    await ready(http)
    assert (await http.get("/api/v1/clients", headers=admin)).status_code == 200


async def test_a_database_that_takes_no_writes_is_a_503_for_who_writes(
    http: HttpClient, admin: dict[str, str], outages: Outages, household: Household
) -> None:
    await outages.begin_reading_only()
    await ready(http)
    assert (await http.get("/api/v1/clients", headers=admin)).status_code == 200
    wanted = {"client_id": str(household.client_id)}
    await unavailable(await http.post("/api/v1/enrolment/codes", json=wanted, headers=admin))
    await outages.end()
    await ready(http)
    made = await http.post("/api/v1/enrolment/codes", json=wanted, headers=admin)
    assert made.status_code == 201


async def test_an_outage_is_not_counted_as_wrong_passwords(
    http: HttpClient, admin: dict[str, str], outages: Outages, household: Household
) -> None:
    del admin
    await outages.begin()
    for _ in range(8):
        await unavailable(await sign_in(http, household.admin))
    await outages.end()
    await ready(http)
    assert (await sign_in(http, household.admin, PASSWORD)).status_code == 200


async def test_an_outage_is_not_counted_as_wrong_codes(
    http: HttpClient, admin: dict[str, str], outages: Outages, household: Household
) -> None:
    wanted = {"client_id": str(household.client_id)}
    made = await http.post("/api/v1/enrolment/codes", json=wanted, headers=admin)
    about = {"code": (await made.get_json())["code"], "name": "n", "browser": "b"}
    about["extension_version"] = "1"
    await outages.begin()
    for _ in range(61):
        await unavailable(await http.post("/api/v1/enrolment/devices", json=about))
    await outages.end()
    await ready(http)
    assert (await http.post("/api/v1/enrolment/devices", json=about)).status_code == 201


@pytest.fixture
async def world(owner: "Connection[Any]") -> World:
    return await make_world(owner)


@pytest.fixture
async def login(owner_url: DatabaseUrl, keys: KeyRing) -> str:
    return owner_url.login(LOGIN_ROLE, keys.database_password).text()


async def test_a_connection_that_breaks_at_the_end_promises_nothing(
    database: Database, owner: "Connection[Any]", world: World
) -> None:
    """The commit may have arrived: `nothing was written` would be a lie."""
    with pytest.raises(Unavailable) as refused:  # noqa: PT012 -- the scope's end is what raises
        async with database.scoped(world.first.scope()) as connection:
            await connection.execute("UPDATE policies SET name = 'changed'")
            await owner.execute("SELECT pg_terminate_backend($1)", connection.get_server_pid())
            await asyncio.sleep(0.2)
    assert "not known" in refused.value.message


async def test_a_cancelled_statement_is_unavailable_and_the_connection_stays(
    database: Database, owner: "Connection[Any]", world: World
) -> None:
    async def cancel(pid: int) -> None:
        await asyncio.sleep(0.2)
        await owner.execute("SELECT pg_cancel_backend($1)", pid)

    with pytest.raises(Unavailable):  # noqa: PT012 -- the scope is what raises
        async with database.scoped(world.first.scope()) as connection:
            cancelling = asyncio.create_task(cancel(connection.get_server_pid()))
            await connection.execute("SELECT pg_sleep(30)")
    await cancelling
    async with database.scoped(world.first.scope()) as connection:
        assert await connection.fetchval("SELECT 1") == 1


async def test_every_connection_is_there_before_the_first_request(
    login: str, keys: KeyRing, owner: "Connection[Any]"
) -> None:
    """Else the first burst waits for connecting, which the pool takes for being exhausted."""
    query = "SELECT array_agg(pid) FROM pg_stat_activity WHERE usename = $1"
    before = set(await owner.fetchval(query, LOGIN_ROLE) or ())
    opened = Database(login, keys.scope_key, 7)
    await opened.open()
    try:
        assert len(set(await owner.fetchval(query, LOGIN_ROLE)) - before) == 7
    finally:
        await opened.close()


@pytest.mark.parametrize(
    ("broken", "words"),
    [("away", "cannot be used"), ("password", "refused the password"), ("name", "cannot be used")],
)
async def test_a_start_without_its_database_says_what_to_check(
    owner_url: DatabaseUrl, keys: KeyRing, broken: str, words: str
) -> None:
    url = owner_url.login(LOGIN_ROLE, keys.database_password)
    wrong = {
        "away": replace(url, host="127.0.0.1", port=1),
        "password": replace(url, password="wrong"),
        "name": replace(url, database="elsewhere"),
    }[broken]
    with pytest.raises(ConfigurationError, match=words) as refused:
        await Database(wrong.text(), keys.scope_key).open()
    assert "DATABASE_URL" in refused.value.message
    assert "wrong" not in refused.value.message


class SteppingClock:
    """Seconds that pass for us; what PostgreSQL's clock does instead is the other way round."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


@pytest.fixture
async def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture
async def elsewhere(login: str, keys: KeyRing, clock: SteppingClock) -> AsyncIterator[Database]:
    """Give a database whose server has another clock than we."""
    opened = Database(login, keys.scope_key, 2, clock)
    yield opened
    await opened.close()


@pytest.mark.parametrize("hours", [-2, 2])
async def test_clocks_that_differ_do_not_matter(
    elsewhere: Database, clock: SteppingClock, world: World, hours: int
) -> None:
    clock.ahead = hours * HOUR
    await elsewhere.open()
    async with elsewhere.scoped(world.first.scope()) as connection:
        assert await connection.fetchval("SELECT count(*) FROM users") == 1


@pytest.mark.parametrize("hours", [-2, 2])
async def test_after_a_step_of_the_clock_one_transaction_at_most_is_unavailable(
    elsewhere: Database, clock: SteppingClock, world: World, hours: int
) -> None:
    await elsewhere.open()
    clock.ahead = hours * HOUR
    answers = []
    for _ in range(4):
        try:
            async with elsewhere.scoped(world.first.scope()) as connection:
                answers.append(await connection.fetchval("SELECT count(*) FROM users"))
        except Unavailable:
            answers.append(None)
    assert answers[1:] == [1, 1, 1]


async def test_a_scope_lives_a_minute_by_the_clock_of_the_database(
    elsewhere: Database, clock: SteppingClock, world: World
) -> None:
    """A clock of ours that runs ahead must not give out scopes that hold for hours."""
    clock.ahead = 2 * HOUR
    await elsewhere.open()
    async with elsewhere.scoped(Scope.tenant(world.first.id, world.first.msp_id)) as connection:
        expiry = await connection.fetchval(
            "SELECT split_part(current_setting('app.scope'), '.', 4)::bigint"
            " - extract(epoch FROM clock_timestamp())"
        )
    assert 0 < expiry <= 61
