"""Signing in: one answer for every mistake, limits for guessers, none for owners."""

import asyncio
import time
from datetime import UTC, datetime
from statistics import median

import pytest
from quart.typing import TestClientProtocol as HttpClient

from backend.core.errors import TooMany, Unauthenticated
from backend.core.passwords import hash_password
from backend.services.accounts import Accounts
from tests.integration.identity.people import PASSWORD, TOTP_SECRET, People
from tests.integration.policy.worlds import Client, Msp, StandingClock, World

HOME = "192.0.2.1"


async def test_the_right_password_brings_tokens_and_says_who_one_is(
    http: HttpClient, people: People, client: Client
) -> None:
    person = await people.admin_of(client)
    body = {"email": person.email.upper(), "password": PASSWORD}
    answer = await http.post("/api/v1/auth/login", json=body)
    found = await answer.get_json()
    assert (answer.status_code, found["token_type"], found["expires_in"]) == (200, "Bearer", 300)
    assert found["user"] == {
        "id": str(person.id), "email": person.email, "display_name": "Carl Client",
        "role": "client_admin", "msp_id": str(client.msp_id), "client_id": str(client.id),
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {found['access_token']}"}
    assert (await http.get("/api/v1/clients", headers=headers)).status_code == 200


async def test_every_reason_to_refuse_has_the_same_answer(
    http: HttpClient, people: People, world: World, msp: Msp
) -> None:
    known = await people.admin_of(msp)
    disabled = await people.admin_of(await world.client(msp))
    await people.disable(disabled)
    guarded = await people.admin_of(await world.client(msp), TOTP_SECRET)
    nameless = await world.client(msp)
    tries = [
        (known.email, "wrong", None),
        ("nobody@example.org", PASSWORD, None),
        (disabled.email, PASSWORD, None),
        (guarded.email, PASSWORD, None),
        (guarded.email, PASSWORD, "000000"),
        (f"{nameless.admin_id}@example.org", PASSWORD, None),
    ]
    answers = set()
    for email, password, totp in tries:
        body = {"email": email, "password": password, "totp": totp}
        answer = await http.post("/api/v1/auth/login", json=body)
        problem = await answer.get_json()
        answers.add((answer.status_code, problem["code"], problem["detail"]))
    assert len(answers) == 1
    assert answers.pop()[:2] == (401, "wrong-credentials")


@pytest.mark.parametrize("status", ["archived", "offboarded"])
async def test_nobody_of_a_client_that_is_gone_gets_in_but_its_msps_staff_do(
    accounts: Accounts, people: People, world: World, status: str
) -> None:
    msp = await world.msp()
    client = await world.client(msp)
    admin, staff = await people.admin_of(client), await people.admin_of(msp)
    await people.suspend(client, status)
    with pytest.raises(Unauthenticated):
        await accounts.sign_in(admin.email, PASSWORD, None, HOME)
    assert (await accounts.sign_in(staff.email, PASSWORD, None, HOME)).email == staff.email


async def test_people_of_a_suspended_client_or_msp_get_in_to_read(
    accounts: Accounts, people: People, world: World
) -> None:
    """What they may no longer change, the database refuses: tests/isolation/test_staff.py."""
    msp = await world.msp()
    client = await world.client(msp)
    admin, staff = await people.admin_of(client), await people.admin_of(msp)
    await people.suspend(client)
    await people.suspend(msp)
    for person in (admin, staff):
        assert (await accounts.sign_in(person.email, PASSWORD, None, HOME)).email == person.email


async def test_an_unknown_address_takes_as_long_as_a_known_one(
    accounts: Accounts, people: People, msp: Msp
) -> None:
    person = await people.admin_of(msp)
    known = person.email
    await people.owner.execute(
        "UPDATE users SET password_hash = $2 WHERE id = $1", person.id, hash_password(PASSWORD)
    )

    async def seconds(email: str, address: str) -> float:
        started = time.perf_counter()
        with pytest.raises(Unauthenticated):
            await accounts.sign_in(email, "wrong", None, address)
        return time.perf_counter() - started

    pairs = [
        (await seconds(known, HOME), await seconds(f"nobody-{n}@example.org", HOME))
        for n in range(5)
    ]
    with_account, without = (median(column) for column in zip(*pairs, strict=True))
    assert 0.5 < without / with_account < 2


async def test_the_sixth_wrong_password_in_a_minute_is_not_looked_at(
    http: HttpClient, people: People, msp: Msp
) -> None:
    person = await people.admin_of(msp)
    statuses = []
    for password in ["wrong"] * 5 + [PASSWORD]:
        body = {"email": person.email, "password": password}
        answer = await http.post("/api/v1/auth/login", json=body)
        statuses.append(answer.status_code)
    assert statuses == [401] * 5 + [429]
    assert 1 <= int(answer.headers["Retry-After"]) <= 12


async def test_a_burst_of_guesses_at_once_gets_no_more_tries_than_one_after_another(
    accounts: Accounts, people: People, msp: Msp
) -> None:
    person = await people.admin_of(msp)
    guesses = [accounts.sign_in(person.email, "wrong", None, HOME) for _ in range(12)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert [type(answer) for answer in answers].count(TooMany) == 7


async def test_guesses_from_elsewhere_lock_nobody_out(
    accounts: Accounts, people: People, client: Client
) -> None:
    person = await people.admin_of(client)
    await accounts.sign_in(person.email, PASSWORD, None, HOME)
    refused = 0
    for n in range(130):
        with pytest.raises((Unauthenticated, TooMany)) as caught:
            await accounts.sign_in(person.email, "wrong", None, f"198.51.100.{n}")
        refused += caught.type is TooMany
    assert refused == 30
    assert await accounts.sign_in(person.email, PASSWORD, None, HOME)
    with pytest.raises(TooMany):
        await accounts.sign_in(person.email, PASSWORD, None, "203.0.113.9")


async def test_a_guesser_beside_the_owner_is_slowed_down_alone(
    accounts: Accounts, people: People, client: Client
) -> None:
    person = await people.admin_of(client)
    for n in range(6):
        with pytest.raises(Unauthenticated if n < 5 else TooMany):
            await accounts.sign_in(person.email, "wrong", None, "198.51.100.7")
    assert await accounts.sign_in(person.email, PASSWORD, None, HOME)


async def test_the_owner_may_sign_in_as_often_as_needed(
    accounts: Accounts, people: People, msp: Msp
) -> None:
    person = await people.admin_of(msp)
    for _ in range(12):
        assert (await accounts.sign_in(person.email, PASSWORD, None, HOME)).email == person.email


async def test_one_address_cannot_try_thirty_one_accounts(accounts: Accounts) -> None:
    for n in range(30):
        with pytest.raises(Unauthenticated):
            await accounts.sign_in(f"nobody-{n}@example.org", "wrong", None, HOME)
    with pytest.raises(TooMany):
        await accounts.sign_in("nobody-30@example.org", "wrong", None, HOME)
    with pytest.raises(Unauthenticated):
        await accounts.sign_in("nobody-30@example.org", "wrong", None, "192.0.2.2")


async def test_a_one_time_code_works_once(
    accounts: Accounts, people: People, msp: Msp, clock: StandingClock
) -> None:
    person = await people.admin_of(msp, TOTP_SECRET)
    clock.moment = datetime.fromtimestamp(1_111_111_111, UTC)
    assert (await accounts.sign_in(person.email, PASSWORD, "050 471", HOME)).email == person.email
    with pytest.raises(Unauthenticated):
        await accounts.sign_in(person.email, PASSWORD, "050471", HOME)
    with pytest.raises(Unauthenticated):  # the code of the step before is older than the used one
        await accounts.sign_in(person.email, PASSWORD, "081804", HOME)


async def test_a_code_with_a_wrong_password_is_not_used_up(
    accounts: Accounts, people: People, msp: Msp, clock: StandingClock
) -> None:
    person = await people.admin_of(msp, TOTP_SECRET)
    clock.moment = datetime.fromtimestamp(1_111_111_111, UTC)
    with pytest.raises(Unauthenticated):
        await accounts.sign_in(person.email, "wrong", "050471", HOME)
    assert (await accounts.sign_in(person.email, PASSWORD, "050471", HOME)).email == person.email


@pytest.mark.parametrize(
    "email", ["' OR 1=1 --", "a\\x00b@example.org", "%@example.org", "\u202e@example.org"]
)
async def test_an_address_nobody_has_is_only_ever_wrong(http: HttpClient, email: str) -> None:
    body = {"email": email, "password": PASSWORD}
    assert (await http.post("/api/v1/auth/login", json=body)).status_code == 401
