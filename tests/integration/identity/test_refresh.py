"""Refresh tokens: rotated, raced, stolen, expired, ended."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from asyncpg import Connection
from quart.typing import TestClientProtocol as HttpClient

from backend.core.errors import Unauthenticated
from backend.services.accounts import Accounts
from backend.services.sessions import GRACE, Sessions, SignedIn
from tests.integration.identity.people import PASSWORD, People
from tests.integration.policy.worlds import Client, StandingClock

HOME = "192.0.2.1"


@pytest.fixture
async def start(accounts: Accounts, people: People, client: Client) -> SignedIn:
    """Sign the client's administrator in."""
    person = await people.admin_of(client)
    return await accounts.sign_in(person.email, PASSWORD, None, HOME)


def session_of(signed_in: SignedIn) -> UUID:
    return signed_in.principal.session_id


async def ended(sessions: Sessions, token: str) -> bool:
    """Return whether a refresh token is refused."""
    try:
        await sessions.refresh(token)
    except Unauthenticated as error:
        return error.stable_code == "session-ended"
    return False


async def test_a_token_is_exchanged_for_the_next_and_for_the_same_person(
    sessions: Sessions, start: SignedIn
) -> None:
    second = await sessions.refresh(start.refresh_token)
    third = await sessions.refresh(second.refresh_token)
    assert len({start.refresh_token, second.refresh_token, third.refresh_token}) == 3
    assert sessions.principal_of(third.access_token) == start.principal
    assert third.email == start.email


async def test_a_lost_answer_is_forgiven_for_ten_seconds_with_the_same_successor(
    sessions: Sessions, start: SignedIn, clock: StandingClock
) -> None:
    second = await sessions.refresh(start.refresh_token)
    clock.moment += GRACE - timedelta(seconds=1)
    again = await sessions.refresh(start.refresh_token)
    assert again.refresh_token == second.refresh_token


async def test_a_token_used_twice_ends_the_whole_session(
    sessions: Sessions, start: SignedIn, clock: StandingClock, people: People
) -> None:
    second = await sessions.refresh(start.refresh_token)
    clock.moment += GRACE
    assert await ended(sessions, start.refresh_token)
    assert await ended(sessions, second.refresh_token)
    assert (await people.session(session_of(start)))["revoked_reason"] == "reused"
    with pytest.raises(Unauthenticated):
        sessions.principal_of(second.access_token)


async def test_a_grandparent_is_never_forgiven(sessions: Sessions, start: SignedIn) -> None:
    second = await sessions.refresh(start.refresh_token)
    third = await sessions.refresh(second.refresh_token)
    assert await ended(sessions, start.refresh_token)
    assert await ended(sessions, third.refresh_token)


async def test_forgiveness_is_not_renewed_by_being_used(
    sessions: Sessions, start: SignedIn, clock: StandingClock
) -> None:
    await sessions.refresh(start.refresh_token)
    clock.moment += timedelta(seconds=6)
    await sessions.refresh(start.refresh_token)
    clock.moment += timedelta(seconds=6)
    assert await ended(sessions, start.refresh_token)


async def test_forty_races_of_one_token_have_one_successor_each(
    sessions: Sessions, start: SignedIn, people: People
) -> None:
    token = start.refresh_token
    for turn in range(1, 41):
        racers = await asyncio.gather(*(sessions.refresh(token) for _ in range(4)))
        assert len({racer.refresh_token for racer in racers}) == 1
        token = racers[0].refresh_token
        assert (await people.session(session_of(start)))["counter"] == turn


async def test_what_another_process_is_about_to_commit_decides(
    sessions: Sessions, start: SignedIn, owner: "Connection[Any]"
) -> None:
    async with owner.transaction():
        await owner.execute(
            "UPDATE sessions SET counter = counter + 2 WHERE id = $1", session_of(start)
        )
        late = asyncio.create_task(sessions.refresh(start.refresh_token))
        await asyncio.sleep(0.2)
        assert not late.done()
    with pytest.raises(Unauthenticated):
        await late


async def test_of_a_thief_and_an_owner_racing_late_neither_keeps_a_session(
    sessions: Sessions, start: SignedIn, clock: StandingClock
) -> None:
    second = await sessions.refresh(start.refresh_token)
    clock.moment += GRACE
    stolen = (sessions.refresh(start.refresh_token) for _ in range(4))
    answers = await asyncio.gather(
        *stolen, sessions.refresh(second.refresh_token), return_exceptions=True
    )
    assert all(isinstance(answer, Unauthenticated) for answer in answers[:4])
    newest = answers[4].refresh_token if isinstance(answers[4], SignedIn) else second.refresh_token
    assert await ended(sessions, newest)


async def test_a_session_ends_after_twelve_idle_hours(
    sessions: Sessions, start: SignedIn, clock: StandingClock
) -> None:
    clock.moment += timedelta(hours=11, minutes=59)
    second = await sessions.refresh(start.refresh_token)
    clock.moment += timedelta(hours=12)
    assert await ended(sessions, second.refresh_token)


async def test_a_session_ends_after_seven_days_however_busy(
    sessions: Sessions, start: SignedIn, clock: StandingClock
) -> None:
    newest, step = start, timedelta(hours=11)
    for _ in range(15):
        clock.moment += step
        newest = await sessions.refresh(newest.refresh_token)
    clock.moment += step
    assert await ended(sessions, newest.refresh_token)


async def test_who_is_disabled_cannot_renew(
    sessions: Sessions, start: SignedIn, people: People, client: Client
) -> None:
    await people.disable(await people.admin_of(client))
    assert await ended(sessions, start.refresh_token)


@pytest.mark.parametrize("status", ["archived", "offboarded"])
async def test_nobody_of_a_client_that_is_gone_can_renew(
    sessions: Sessions, start: SignedIn, people: People, client: Client, status: str
) -> None:
    await people.suspend(client, status)
    assert await ended(sessions, start.refresh_token)


async def test_people_and_browsers_of_a_suspended_client_renew_because_they_read_on(
    sessions: Sessions, start: SignedIn, people: People, client: Client
) -> None:
    await people.suspend(client)
    assert await sessions.refresh(start.refresh_token)


async def test_signing_out_ends_refreshing_and_the_access_token_at_once(
    http: HttpClient, people: People, client: Client
) -> None:
    person = await people.admin_of(client)
    body = {"email": person.email, "password": PASSWORD}
    tokens = await (await http.post("/api/v1/auth/login", json=body)).get_json()
    refresh = {"refresh_token": tokens["refresh_token"]}
    assert (await http.post("/api/v1/auth/logout", json=refresh)).status_code == 204
    assert (await http.post("/api/v1/auth/refresh", json=refresh)).status_code == 401
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = await http.get("/api/v1/clients", headers=headers)
    assert (answer.status_code, (await answer.get_json())["code"]) == (401, "session-ended")


async def test_signing_out_here_leaves_other_sessions_alone(
    accounts: Accounts, sessions: Sessions, start: SignedIn
) -> None:
    other = await accounts.sign_in(start.email, PASSWORD, None, HOME)
    await sessions.end(start.refresh_token)
    assert sessions.principal_of(other.access_token) == other.principal
    assert (await sessions.refresh(other.refresh_token)).principal == other.principal


async def test_an_access_token_is_no_refresh_token_and_the_reverse(
    http: HttpClient, start: SignedIn
) -> None:
    swapped = {"refresh_token": start.access_token}
    assert (await http.post("/api/v1/auth/refresh", json=swapped)).status_code == 401
    headers = {"Authorization": f"Bearer {start.refresh_token}"}
    assert (await http.get("/api/v1/clients", headers=headers)).status_code == 401


async def test_no_refresh_token_lies_in_the_database(start: SignedIn, people: People) -> None:
    row = await people.session(session_of(start))
    mac = start.refresh_token.rpartition(".")[2]
    assert mac not in str(dict(row))
