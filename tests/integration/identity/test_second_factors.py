"""Second factors: set up, used once, lost and replaced, required of staff, shown once more."""

import base64
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asyncpg import Connection
from quart.typing import TestClientProtocol as HttpClient

from backend.core.database import Database
from backend.core.errors import Conflict, Forbidden, StepUpRequired, TooMany, Unauthenticated
from backend.core.passwords import Passwords, _totp
from backend.core.signing import KeyRing
from backend.services.accounts import Accounts
from backend.services.fresh_factors import FreshFactors
from backend.services.mails import Mails
from backend.services.second_factors import RECOVERY_CODES, SecondFactors
from backend.services.sessions import Sessions, SignedIn
from tests.integration.identity.people import PASSWORD, TOTP_SECRET, People, Person
from tests.integration.policy.worlds import Client, Msp, StandingClock

HOME = "192.0.2.1"


def code_of(secret: str, clock: StandingClock) -> str:
    """Return what an authenticator app shows."""
    return _totp(base64.b32decode(secret), int(clock.moment.timestamp()) // 30).decode()


@pytest.fixture
async def person(people: People, client: Client) -> Person:
    return await people.admin_of(client)


@pytest.fixture
async def start(accounts: Accounts, person: Person) -> SignedIn:
    return await accounts.sign_in(person.email, PASSWORD, None, HOME)


@pytest.fixture
async def staff(people: People, msp: Msp) -> Person:
    return await people.admin_of(msp)


async def test_a_confirmed_secret_is_asked_for_at_the_next_sign_in(
    second_factors: SecondFactors, accounts: Accounts, start: SignedIn, person: Person,
    clock: StandingClock,
) -> None:  # fmt: skip
    offer = await second_factors.offer(start.principal, PASSWORD)
    assert offer.uri.startswith("otpauth://totp/Quillgate%3A")
    assert offer.picture.startswith("<svg")
    await accounts.sign_in(person.email, PASSWORD, None, HOME)
    codes = await second_factors.confirm(start.principal, code_of(offer.secret, clock))
    assert len(set(codes)) == RECOVERY_CODES
    with pytest.raises(Unauthenticated):
        await accounts.sign_in(person.email, PASSWORD, None, HOME)
    clock.moment += timedelta(seconds=60)
    code = code_of(offer.secret, clock)
    assert await accounts.sign_in(person.email, PASSWORD, code, HOME)


@pytest.fixture
def elsewhere(
    database: Database,
    passwords: Passwords,
    sessions: Sessions,
    keys: KeyRing,
    clock: StandingClock,
    mails: Mails,
) -> Accounts:
    """Return the accounts of another process."""
    factors = SecondFactors(database, passwords, sessions, keys, clock, mails)
    return Accounts(database, passwords, sessions, factors)


async def test_neither_a_code_of_the_app_nor_a_recovery_code_counts_twice_in_any_process(
    second_factors: SecondFactors, accounts: Accounts, elsewhere: Accounts, start: SignedIn,
    person: Person, clock: StandingClock,
) -> None:  # fmt: skip
    offer = await second_factors.offer(start.principal, PASSWORD)
    recovery, *_ = await second_factors.confirm(start.principal, code_of(offer.secret, clock))
    clock.moment += timedelta(seconds=60)
    for code in (code_of(offer.secret, clock), recovery):
        assert await accounts.sign_in(person.email, PASSWORD, code, HOME)
        with pytest.raises(Unauthenticated):
            await elsewhere.sign_in(person.email, PASSWORD, code, HOME)


async def test_the_secret_lies_sealed_and_recovery_codes_as_hashes(
    second_factors: SecondFactors, start: SignedIn, owner: "Connection[Any]", clock: StandingClock
) -> None:
    offer = await second_factors.offer(start.principal, PASSWORD)
    codes = await second_factors.confirm(start.principal, code_of(offer.secret, clock))
    kept = str(await owner.fetch("SELECT u::text FROM users u")) + str(
        await owner.fetch("SELECT r::text FROM recovery_codes r")
    )
    assert offer.secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


async def test_a_wrong_code_confirms_nothing_and_guessing_soon_waits(
    second_factors: SecondFactors, accounts: Accounts, start: SignedIn, person: Person
) -> None:
    await second_factors.offer(start.principal, PASSWORD)
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            await second_factors.confirm(start.principal, "000000")
    with pytest.raises(TooMany):
        await second_factors.confirm(start.principal, "000000")
    assert await accounts.sign_in(person.email, PASSWORD, None, HOME)


async def test_nothing_is_confirmed_that_was_not_offered(
    second_factors: SecondFactors, start: SignedIn
) -> None:
    with pytest.raises(Conflict):
        await second_factors.confirm(start.principal, "000000")
    with pytest.raises(Unauthenticated):
        await second_factors.offer(start.principal, "not-the-password")


async def test_one_in_force_is_replaced_by_who_shows_it_or_a_recovery_code_and_nobody_else(
    second_factors: SecondFactors, accounts: Accounts, start: SignedIn, person: Person,
    clock: StandingClock,
) -> None:  # fmt: skip
    first = await second_factors.offer(start.principal, PASSWORD)
    recovery, *_ = await second_factors.confirm(start.principal, code_of(first.secret, clock))
    clock.moment += timedelta(seconds=60)
    for code in ("", "000000"):
        with pytest.raises(Unauthenticated):
            await second_factors.offer(start.principal, PASSWORD, code)
    with pytest.raises(Conflict):  # and so nothing waits for being confirmed
        await second_factors.confirm(start.principal, code_of(first.secret, clock))
    for shown in (code_of(first.secret, clock), recovery):
        offer = await second_factors.offer(start.principal, PASSWORD, shown)
    await second_factors.confirm(start.principal, code_of(offer.secret, clock))
    clock.moment += timedelta(seconds=60)
    with pytest.raises(Unauthenticated):
        await accounts.sign_in(person.email, PASSWORD, code_of(first.secret, clock), HOME)
    assert await accounts.sign_in(person.email, PASSWORD, code_of(offer.secret, clock), HOME)


async def test_it_can_be_taken_away_with_both_factors(
    second_factors: SecondFactors, accounts: Accounts, people: People, client: Client,
    clock: StandingClock,
) -> None:  # fmt: skip
    person = await people.admin_of(client, TOTP_SECRET)
    made = await accounts.sign_in(person.email, PASSWORD, code_of(TOTP_SECRET, clock), HOME)
    clock.moment += timedelta(seconds=60)
    with pytest.raises(Unauthenticated):
        await second_factors.remove(made.principal, PASSWORD, "000000")
    await second_factors.remove(made.principal, PASSWORD, code_of(TOTP_SECRET, clock))
    assert await accounts.sign_in(person.email, PASSWORD, None, HOME)


async def test_staff_without_a_second_factor_may_set_one_up_and_nothing_else(
    second_factors: SecondFactors, accounts: Accounts, sessions: Sessions, staff: Person,
    http: HttpClient, clock: StandingClock,
) -> None:  # fmt: skip
    made = await accounts.sign_in(staff.email, PASSWORD, None, HOME)
    bearer = {"Authorization": f"Bearer {made.access_token}"}
    refused = await http.get("/api/v1/clients", headers=bearer)
    assert (refused.status_code, (await refused.get_json())["code"]) == (
        403, "second-factor-required",
    )  # fmt: skip
    assert (await http.get("/api/v1/auth/sessions", headers=bearer)).status_code == 200
    body = {"password": PASSWORD}
    offered = await (await http.post("/api/v1/auth/totp", headers=bearer, json=body)).get_json()
    code = {"code": code_of(offered["secret"], clock)}
    done = await http.post("/api/v1/auth/totp/confirm", headers=bearer, json=code)
    assert len((await done.get_json())["recovery_codes"]) == RECOVERY_CODES
    fresh = await sessions.refresh(made.refresh_token)
    bearer = {"Authorization": f"Bearer {fresh.access_token}"}
    assert (await http.get("/api/v1/clients", headers=bearer)).status_code == 200
    with pytest.raises(Conflict, match="role needs a second factor"):
        await second_factors.remove(fresh.principal, PASSWORD, "000000")


async def test_a_second_factor_counts_for_some_minutes_of_its_sign_in_and_no_longer(
    second_factors: SecondFactors, accounts: Accounts, sessions: Sessions, people: People,
    client: Client, clock: StandingClock,
) -> None:  # fmt: skip
    person = await people.admin_of(client, TOTP_SECRET)
    made = await accounts.sign_in(person.email, PASSWORD, code_of(TOTP_SECRET, clock), HOME)
    with pytest.raises(Unauthenticated):
        await second_factors.step_up(made.principal, code_of(TOTP_SECRET, clock))
    clock.moment += timedelta(seconds=60)
    token = await second_factors.step_up(made.principal, code_of(TOTP_SECRET, clock))
    fresh, lately = await sessions.refresh(made.refresh_token), FreshFactors(clock, 5)
    for text in (token, fresh.access_token):
        lately.require(sessions.principal_of(text))
    with pytest.raises(StepUpRequired):
        lately.require(replace(fresh.principal, stepped_up_at=None))
    lately.require(replace(fresh.principal, stepped_up_at=None, scopes=frozenset({"user:export"})))
    clock.moment += timedelta(minutes=5)
    with pytest.raises(StepUpRequired):
        lately.require(fresh.principal)


async def test_a_limited_principal_holds_nothing_else(accounts: Accounts, staff: Person) -> None:
    who = (await accounts.sign_in(staff.email, PASSWORD, None, HOME)).principal
    assert who.is_limited
    assert not who.may("client:read")
    with pytest.raises(Forbidden):
        who.require("policy:publish")


async def test_a_changed_password_ends_every_other_sign_in(
    accounts: Accounts, sessions: Sessions, http: HttpClient, person: Person, start: SignedIn
) -> None:
    other = await accounts.sign_in(person.email, PASSWORD, None, HOME)
    bearer = {"Authorization": f"Bearer {start.access_token}"}
    wanted = "four words nobody joins"
    for body, status in (
        ({"password": "wrong", "new_password": wanted}, 401),
        ({"password": PASSWORD, "new_password": "short"}, 422),
        ({"password": PASSWORD, "new_password": PASSWORD}, 422),
        ({"password": PASSWORD, "new_password": wanted}, 200),
    ):
        answer = await http.post("/api/v1/auth/password", headers=bearer, json=body)
        assert answer.status_code == status
    tokens = await answer.get_json()
    assert sessions.principal_of(tokens["access_token"]).user_id == person.id
    with pytest.raises(Unauthenticated):
        await sessions.refresh(other.refresh_token)
    with pytest.raises(Unauthenticated):
        await accounts.sign_in(person.email, PASSWORD, None, HOME)
    assert await accounts.sign_in(person.email, wanted, None, HOME)
