"""Where one is signed in: listed, ended one by one, all at once, and by what changes meanwhile."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from asyncpg import Connection
from quart.typing import TestClientProtocol as HttpClient

from backend.core.database import Database
from backend.core.errors import NotFound, Unauthenticated
from backend.services.accounts import Accounts
from backend.services.enrolment import Browser, Enrolment
from backend.services.own_sessions import OwnSessions
from backend.services.session_watch import SessionWatch
from backend.services.sessions import IDLE, Sessions, SignedIn
from tests.integration.identity.people import PASSWORD, People, Person
from tests.integration.policy.worlds import Client, Msp, StandingClock, World

HOME = "192.0.2.1"
LAPTOP, PHONE = "Chrome on Windows", "Safari on iPhone"


@pytest.fixture
async def person(people: People, client: Client) -> Person:
    return await people.admin_of(client)


@pytest.fixture
async def laptop(accounts: Accounts, person: Person) -> SignedIn:
    return await accounts.sign_in(person.email, PASSWORD, None, HOME, LAPTOP)


@pytest.fixture
async def phone(accounts: Accounts, person: Person) -> SignedIn:
    return await accounts.sign_in(person.email, PASSWORD, None, HOME, PHONE)


class Elsewhere:
    """Another process: it knows of ended sessions what the database tells it."""

    def __init__(self, database: Database, sessions: Sessions) -> None:
        self.sessions = sessions
        self.closed: list[UUID] = []
        self.watch = SessionWatch(database, sessions, self.closed.append)

    async def refuses(self, signed_in: SignedIn) -> bool:
        await self.watch.look()
        try:
            self.sessions.principal_of(signed_in.access_token)
        except Unauthenticated:
            return signed_in.principal.session_id in self.closed
        return False


@pytest.fixture
def elsewhere(database: Database, keys: Any, clock: StandingClock) -> Elsewhere:
    return Elsewhere(database, Sessions(database, keys, clock))


async def test_the_list_shows_every_sign_in_that_holds_and_which_is_this_one(
    own_sessions: OwnSessions, laptop: SignedIn, phone: SignedIn
) -> None:
    shown = await own_sessions.of(laptop.principal)
    assert {(one.id, one.agent, one.is_current) for one in shown} == {
        (laptop.principal.session_id, LAPTOP, True),
        (phone.principal.session_id, PHONE, False),
    }


async def test_what_is_over_is_not_listed(
    own_sessions: OwnSessions, sessions: Sessions, accounts: Accounts, person: Person,
    laptop: SignedIn, phone: SignedIn, clock: StandingClock,
) -> None:  # fmt: skip
    await sessions.end(phone.refresh_token)
    assert [one.agent for one in await own_sessions.of(laptop.principal)] == [LAPTOP]
    clock.moment += IDLE["user"] + timedelta(seconds=1)
    fresh = await accounts.sign_in(person.email, PASSWORD, None, HOME, PHONE)
    assert [one.agent for one in await own_sessions.of(fresh.principal)] == [PHONE]


async def test_one_sign_in_can_be_ended_from_another(
    own_sessions: OwnSessions, sessions: Sessions, laptop: SignedIn, phone: SignedIn
) -> None:
    await own_sessions.end(laptop.principal, phone.principal.session_id)
    with pytest.raises(Unauthenticated):
        sessions.principal_of(phone.access_token)
    with pytest.raises(Unauthenticated):
        await sessions.refresh(phone.refresh_token)
    assert sessions.principal_of(laptop.access_token) == laptop.principal


async def test_a_sign_in_of_somebody_else_looks_like_none(
    own_sessions: OwnSessions, accounts: Accounts, people: People, world: World, msp: Msp,
    laptop: SignedIn, sessions: Sessions,
) -> None:  # fmt: skip
    neighbour = await people.admin_of(await world.client(msp))
    other = await accounts.sign_in(neighbour.email, PASSWORD, None, HOME)
    refusals = []
    for session_id in (other.principal.session_id, UUID(int=7)):
        with pytest.raises(NotFound) as refused:
            await own_sessions.end(laptop.principal, session_id)
        refusals.append(str(refused.value))
    assert refusals[0] == refusals[1]
    assert sessions.principal_of(other.access_token) == other.principal


async def test_signing_out_everywhere_ends_this_one_too_but_no_browser(
    own_sessions: OwnSessions, enrolments: Enrolment, sessions: Sessions, person: Person,
    client: Client, laptop: SignedIn, phone: SignedIn,
) -> None:  # fmt: skip
    code = await enrolments.create_code(laptop.principal, client.id, 1, timedelta(hours=1))
    browser = Browser("Desk", "Chrome", "1.0", None, person.email)
    enrolled = await enrolments.redeem(code.code, browser, HOME)
    assert await own_sessions.end_all(laptop.principal) == 2
    for ended in (laptop, phone):
        with pytest.raises(Unauthenticated):
            sessions.principal_of(ended.access_token)
    await sessions.refresh(enrolled.signed_in.refresh_token)


async def test_another_process_hears_of_an_ended_session_from_the_database(
    own_sessions: OwnSessions, elsewhere: Elsewhere, laptop: SignedIn, phone: SignedIn
) -> None:
    assert not await elsewhere.refuses(phone)
    await own_sessions.end(laptop.principal, phone.principal.session_id)
    assert await elsewhere.refuses(phone)
    assert not await elsewhere.refuses(laptop)


@pytest.mark.parametrize(
    "change",
    ["role = 'auditor'", "status = 'suspended'", "permission_epoch = permission_epoch + 1",
     "password_hash = 'another'"],
)  # fmt: skip
async def test_a_change_of_the_account_ends_its_sign_ins_whoever_made_it(
    owner: "Connection[Any]", elsewhere: Elsewhere, person: Person, laptop: SignedIn, change: str
) -> None:
    await owner.execute(f"UPDATE users SET {change} WHERE id = $1", person.id)
    assert await elsewhere.refuses(laptop)


async def test_a_change_of_the_name_ends_nothing(
    owner: "Connection[Any]", elsewhere: Elsewhere, person: Person, laptop: SignedIn
) -> None:
    await owner.execute("UPDATE users SET display_name = 'Ada' WHERE id = $1", person.id)
    assert not await elsewhere.refuses(laptop)


async def test_a_revoked_browser_is_refused_by_every_process(
    enrolments: Enrolment, people: People, elsewhere: Elsewhere, client: Client, laptop: SignedIn
) -> None:
    code = await enrolments.create_code(laptop.principal, client.id, 1, timedelta(hours=1))
    enrolled = await enrolments.redeem(code.code, Browser("Desk", "Edge", "1", None, None), HOME)
    await people.revoke_device(enrolled.device_id)
    assert await elsewhere.refuses(enrolled.signed_in)
    assert not await elsewhere.refuses(laptop)


async def test_the_routes_list_and_end(http: HttpClient, person: Person) -> None:
    credentials = {"email": person.email, "password": PASSWORD}
    tokens = [
        await (
            await http.post(
                "/api/v1/auth/login",
                json=credentials,
                headers={"User-Agent": f"Mozilla/5.0 (X11; Linux x86_64) {program}"},
            )
        ).get_json()
        for program in ("Firefox/145.0", "Chrome/142.0")
    ]
    bearer = {"Authorization": f"Bearer {tokens[0]['access_token']}"}
    page = await (await http.get("/api/v1/auth/sessions", headers=bearer)).get_json()
    assert page["next"] is None
    assert {one["agent"] for one in page["items"]} == {"Firefox on Linux", "Chrome on Linux"}
    other = next(one for one in page["items"] if not one["is_current"])
    path = f"/api/v1/auth/sessions/{other['id']}"
    assert (await http.delete(path, headers=bearer)).status_code == 204
    assert (await http.delete(path, headers=bearer)).status_code == 404
    assert (await http.post("/api/v1/auth/logout-everywhere", headers=bearer)).status_code == 204
    assert (await http.get("/api/v1/auth/sessions", headers=bearer)).status_code == 401
