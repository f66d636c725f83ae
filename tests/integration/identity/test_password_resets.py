"""Forgotten passwords: one answer for everybody, a mail for few, and a second factor as ever."""

from datetime import timedelta
from typing import Any

import pytest
from asyncpg import Connection
from quart.typing import TestClientProtocol as HttpClient

from backend.core.clock import SystemClock
from backend.core.database import Database
from backend.core.errors import InvalidInput, TooMany, Unauthenticated
from backend.services.accounts import Accounts
from backend.services.api_keys import ApiKeys
from backend.services.password_resets import MOST_AN_HOUR, PasswordResets
from backend.services.sessions import Sessions
from tests.integration.identity.letters import Letters
from tests.integration.identity.people import PASSWORD, TOTP_SECRET, People, Person
from tests.integration.policy.worlds import Client, World

HOME = "192.0.2.1"
WANTED = "four words nobody joins"


@pytest.fixture
async def person(people: People, client: Client) -> Person:
    return await people.admin_of(client)


async def asked(resets: PasswordResets, email: str, address: str = HOME) -> None:
    resets.request(email, address, "en")
    await resets.settle()


async def test_whoever_forgot_chooses_another_password_once_and_every_sign_in_ends(
    resets: PasswordResets, accounts: Accounts, sessions: Sessions, letters: Letters,
    person: Person, database: Database,
) -> None:  # fmt: skip
    before = await accounts.sign_in(person.email, PASSWORD, None, HOME)
    api_keys = ApiKeys(database, SystemClock())
    key = await api_keys.create(before.principal, "Nightly", ["client:read"], timedelta(days=9))
    await asked(resets, f" {person.email.upper()} ")
    code = await letters.code_for(person.id)
    assert await accounts.sign_in(person.email, PASSWORD, None, HOME), "asking changes nothing yet"
    assert await api_keys.principal_of(key.text)
    assert await resets.confirm(code, WANTED, HOME, "en") == person.email
    with pytest.raises(Unauthenticated):
        await api_keys.principal_of(key.text)
    with pytest.raises(Unauthenticated):
        await sessions.refresh(before.refresh_token)
    with pytest.raises(Unauthenticated):
        await accounts.sign_in(person.email, PASSWORD, None, HOME)
    assert await accounts.sign_in(person.email, WANTED, None, HOME)
    with pytest.raises(InvalidInput):
        await resets.confirm(code, WANTED, HOME, "en")
    assert "was changed" in (await letters.to(person.id))[-1].subject


async def test_a_second_factor_is_asked_for_afterwards_as_ever(
    resets: PasswordResets, accounts: Accounts, letters: Letters, people: People, client: Client
) -> None:
    person = await people.admin_of(client, TOTP_SECRET)
    await asked(resets, person.email)
    await resets.confirm(await letters.code_for(person.id), WANTED, HOME, "en")
    with pytest.raises(Unauthenticated):
        await accounts.sign_in(person.email, WANTED, None, HOME)


async def test_an_account_gets_few_mails_from_however_many_places_and_the_newest_link_holds(
    resets: PasswordResets, letters: Letters, person: Person
) -> None:
    await asked(resets, person.email)
    first = await letters.code_for(person.id)
    for place in range(MOST_AN_HOUR + 3):
        await asked(resets, person.email, f"192.0.2.{place + 10}")
    assert len(await letters.to(person.id)) == MOST_AN_HOUR
    with pytest.raises(InvalidInput):
        await resets.confirm(first, WANTED, HOME, "en")
    assert await resets.confirm(await letters.code_for(person.id), WANTED, HOME, "en")


async def test_a_place_asks_for_few_whoever_they_are_for(resets: PasswordResets) -> None:
    for number in range(10):
        resets.request(f"{number}@nobody.example", HOME, "en")
    with pytest.raises(TooMany):
        resets.request("one-more@nobody.example", HOME, "en")
    await resets.settle()


async def test_nobody_else_gets_mail(
    resets: PasswordResets, owner: "Connection[Any]", people: People, person: Person,
    world: World,
) -> None:  # fmt: skip
    before = await owner.fetchval("SELECT count(*) FROM mails")
    await people.disable(person)
    archived = await world.client(await world.msp())
    former = await people.admin_of(archived)
    await people.suspend(archived, "archived")
    for email in ("stranger@nobody.example", person.email, former.email, "%", ""):
        await asked(resets, email)
    assert await owner.fetchval("SELECT count(*) FROM mails") == before


async def test_the_answer_is_the_same_and_in_the_readers_language_the_mail(
    http: HttpClient, resets: PasswordResets, letters: Letters, person: Person
) -> None:
    answers = []
    for email in (person.email, "nobody@nobody.example"):
        answer = await http.post(
            "/api/v1/auth/password-resets", json={"email": email},
            headers={"Accept-Language": "de-AT, en;q=0.5"},
        )  # fmt: skip
        answers.append((answer.status_code, await answer.get_data()))
    await resets.settle()
    assert answers == [(202, b""), (202, b"")]
    assert (await letters.to(person.id))[-1].subject == "Neues Passwort für Quillgate wählen"
    chosen = {"token": await letters.code_for(person.id), "password": WANTED}
    done = await http.post("/api/v1/auth/password-resets/confirm", json=chosen)
    assert done.status_code == 204
