"""Enrolment: a code ties a browser to one client and one person, and to nothing else."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from asyncpg import Connection
from quart.typing import TestClientProtocol as HttpClient

from backend.core.errors import InvalidInput, NotFound, TooMany, Unauthenticated
from backend.core.permissions import Role
from backend.core.signing import KeyRing
from backend.core.text import from_base64url
from backend.services.enrolment import MOST_FAILED_TRIES, Browser, Enrolled, Enrolment
from backend.services.sessions import Sessions
from tests.integration.identity.conftest import As
from tests.integration.identity.people import People, Person
from tests.integration.policy.worlds import Client, Msp, StandingClock, World

HOME = "192.0.2.1"
DAY = timedelta(days=1)
BODY = {"name": "Desk 1", "browser": "Chromium 140", "extension_version": "0.1.0"}
KEY = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "B" * 43, "ext": True,
       "key_ops": ["verify"]}  # fmt: skip


def browser(email: str | None = None) -> Browser:
    return Browser("Desk 1", "Chromium 140", "0.1.0", None, email)


async def code_for(enrolments: Enrolment, client: Client, uses: int = 1) -> str:
    made = await enrolments.create_code(client.principal(), client.id, uses, DAY)
    return made.code


async def test_a_code_made_over_http_enrols_a_browser_that_may_do_a_browsers_things(
    http: HttpClient, signed_in: As, client: Client, keys: KeyRing
) -> None:
    asked = {"client_id": str(client.id), "uses": 2, "expires_in_hours": 1}
    made = await http.post(
        "/api/v1/enrolment/codes", json=asked, headers=signed_in(client.principal())
    )
    assert made.status_code == 201
    body = BODY | {"code": (await made.get_json())["code"].lower().replace("-", " ")}
    answer = await http.post("/api/v1/enrolment/devices", json=body)
    found = await answer.get_json()
    assert (answer.status_code, found["expires_in"]) == (201, 300)
    assert found["client"] == {"id": str(client.id), "name": "Lakeside"}
    (key,) = found["bundle_keys"]
    assert key["key_id"] == keys.bundles.key_id
    assert from_base64url(key["public_key"]) == keys.bundles.public_bytes
    headers = {"Authorization": f"Bearer {found['access_token']}"}
    assert (await http.get("/api/v1/clients", headers=headers)).status_code == 403


async def test_a_browser_is_a_device_of_its_client(
    enrolments: Enrolment, sessions: Sessions, client: Client
) -> None:
    code = await code_for(enrolments, client)
    enrolled = await enrolments.redeem(code, browser(), HOME)
    who = sessions.principal_of(enrolled.signed_in.access_token)
    assert (who.kind, who.role, who.device_id) == ("device", Role.DEVICE, enrolled.device_id)
    assert (who.client_id, who.tenant_id, who.msp_id) == (client.id, client.id, client.msp_id)
    again = await sessions.refresh(enrolled.signed_in.refresh_token)
    assert again.principal == who


async def test_the_same_person_on_two_browsers_is_one_user(
    enrolments: Enrolment, client: Client
) -> None:
    code = await code_for(enrolments, client, 2)
    first = await enrolments.redeem(code, browser("Ann@Example.org"), HOME)
    second = await enrolments.redeem(code, browser("ann@example.org"), HOME)
    assert first.user_id == second.user_id
    assert first.device_id != second.device_id


async def test_a_browser_says_who_made_the_code_for_it_alone(
    enrolments: Enrolment, client: Client, owner: "Connection[Any]"
) -> None:
    for uses, wanted in ((1, client.admin_id), (2, None)):
        enrolled = await enrolments.redeem(
            await code_for(enrolments, client, uses), browser("ann@example.org"), HOME
        )
        found = await owner.fetchval(
            "SELECT enrolled_by FROM devices WHERE id = $1", enrolled.device_id
        )
        assert found == wanted


async def test_who_is_not_named_gets_a_pseudonym_per_browser(
    enrolments: Enrolment, client: Client
) -> None:
    code = await code_for(enrolments, client, 2)
    first, second = [await enrolments.redeem(code, browser(), HOME) for _ in range(2)]
    assert first.user_id != second.user_id
    assert first.user_name.startswith("Browser ")


async def test_the_same_address_at_two_clients_is_two_people(
    enrolments: Enrolment, client: Client, msp: Msp, world: World
) -> None:
    other = await world.client(msp)
    first, second = [
        await enrolments.redeem(await code_for(enrolments, c), browser("ann@example.org"), HOME)
        for c in (client, other)
    ]
    assert first.user_id != second.user_id
    assert (first.client_id, second.client_id) == (client.id, other.id)


async def test_a_code_for_three_enrols_three_of_ten_at_once(
    enrolments: Enrolment, client: Client
) -> None:
    code = await code_for(enrolments, client, 3)
    tries = [enrolments.redeem(code, browser("ann@example.org"), HOME) for _ in range(10)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(answer) for answer in answers].count(Enrolled) == 3
    assert {type(answer) for answer in answers} == {Enrolled, InvalidInput}


async def test_every_reason_a_code_does_not_work_has_the_same_answer(
    enrolments: Enrolment, client: Client, clock: StandingClock, people: People
) -> None:
    used, expired = await code_for(enrolments, client), await code_for(enrolments, client)
    await enrolments.redeem(used, browser(), HOME)
    clock.moment += DAY
    named = await code_for(enrolments, client)
    disabled = await people.admin_of(client)
    await people.disable(disabled)
    messages = set()
    for code, email in ((used, None), (expired, None), ("AAAA-AAAA-AAAA-AAAA", None),
                        (named, disabled.email)):  # fmt: skip
        with pytest.raises(InvalidInput) as caught:
            await enrolments.redeem(code, browser(email), HOME)
        messages.add((caught.value.stable_code, caught.value.message))
    assert len(messages) == 1


async def test_a_refused_browser_uses_nothing_up(
    enrolments: Enrolment, client: Client, people: People
) -> None:
    code = await code_for(enrolments, client)
    disabled = await people.admin_of(client)
    await people.disable(disabled)
    with pytest.raises(InvalidInput):
        await enrolments.redeem(code, browser(disabled.email), HOME)
    assert (await enrolments.redeem(code, browser(), HOME)).client_id == client.id


async def test_a_code_is_dead_after_five_failed_tries(
    enrolments: Enrolment, client: Client, people: People
) -> None:
    code = await code_for(enrolments, client)
    disabled = await people.admin_of(client)
    await people.disable(disabled)
    for _ in range(MOST_FAILED_TRIES):
        with pytest.raises(InvalidInput):
            await enrolments.redeem(code, browser(disabled.email), HOME)
    with pytest.raises(InvalidInput):
        await enrolments.redeem(code, browser(), HOME)


async def test_a_code_of_a_suspended_client_does_not_work(
    enrolments: Enrolment, client: Client, people: People
) -> None:
    code = await code_for(enrolments, client)
    await people.suspend(client)
    with pytest.raises(InvalidInput):
        await enrolments.redeem(code, browser(), HOME)


async def test_guessing_codes_is_slowed_down_and_a_rollout_is_not(
    enrolments: Enrolment, client: Client, owner: "Connection[Any]"
) -> None:
    await owner.execute("UPDATE clients SET seats = 70 WHERE tenant_id = $1", client.id)
    code = await code_for(enrolments, client, 70)
    for _ in range(65):
        await enrolments.redeem(code, browser("ann@example.org"), HOME)
    for _ in range(60):
        with pytest.raises(InvalidInput):
            await enrolments.redeem("AAAA-AAAA-AAAA-AAAA", browser(), HOME)
    with pytest.raises(TooMany):
        await enrolments.redeem(code, browser(), HOME)


@pytest.mark.parametrize("code", ["", "AAAA", "1111-1111-1111-1111", "é" * 16, "A" * 64])
async def test_what_is_no_code_is_refused_with_an_example(http: HttpClient, code: str) -> None:
    answer = await http.post("/api/v1/enrolment/devices", json=BODY | {"code": code})
    problem = await answer.get_json()
    assert (answer.status_code, problem["code"]) == (422, "wrong-code")
    assert "ABCD-EFGH-IJKL-MNOP" in problem["detail"]


async def test_only_a_hash_of_the_code_is_kept(
    enrolments: Enrolment, client: Client, owner: "Connection[Any]"
) -> None:
    code = await code_for(enrolments, client)
    rows = await owner.fetch("SELECT * FROM enrolment_codes WHERE tenant_id = $1", client.id)
    assert len(rows) == 1
    assert code.replace("-", "") not in str([dict(row) for row in rows])
    assert len(rows[0]["code_hash"]) == 32


async def test_a_revoked_browser_cannot_renew(
    enrolments: Enrolment, sessions: Sessions, client: Client, people: People
) -> None:
    enrolled = await enrolments.redeem(await code_for(enrolments, client), browser(), HOME)
    await people.revoke_device(enrolled.device_id)
    with pytest.raises(Unauthenticated):
        await sessions.refresh(enrolled.signed_in.refresh_token)


async def test_a_browser_stays_enrolled_for_ninety_days_without_use(
    enrolments: Enrolment, sessions: Sessions, client: Client, clock: StandingClock
) -> None:
    enrolled = await enrolments.redeem(await code_for(enrolments, client), browser(), HOME)
    newest = enrolled.signed_in
    for _ in range(3):
        clock.moment += timedelta(days=89)
        newest = await sessions.refresh(newest.refresh_token)
    clock.moment += timedelta(days=90)
    with pytest.raises(Unauthenticated):
        await sessions.refresh(newest.refresh_token)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.END_USER])
async def test_who_may_not_make_codes_is_told_so(
    http: HttpClient, signed_in: As, client: Client, role: Role
) -> None:
    answer = await http.post(
        "/api/v1/enrolment/codes",
        json={"client_id": str(client.id)},
        headers=signed_in(client.principal(role)),
    )
    assert answer.status_code == 403


async def test_nobody_makes_codes_for_a_client_of_somebody_else(
    enrolments: Enrolment, client: Client, msp: Msp, world: World
) -> None:
    sibling, stranger = await world.client(msp), await world.msp()
    for who in (sibling.principal(), stranger.principal()):
        with pytest.raises(NotFound):
            await enrolments.create_code(who, client.id, 1, DAY)


@pytest.mark.parametrize(
    "changed",
    [
        {"public_key": KEY | {"d": "C" * 43}},
        {"public_key": KEY | {"x": "short"}},
        {"public_key": {"kty": "RSA", "n": "A", "e": "AQAB"}},
        {"user_email": "no address"},
        {"name": ""},
        {"name": "x" * 121},
        {"role": "msp_admin"},
    ],
    ids=["private key", "short key", "RSA", "no address", "no name", "long name", "a role"],
)
async def test_a_browser_that_says_odd_things_of_itself_is_refused(
    http: HttpClient, enrolments: Enrolment, client: Client, changed: dict[str, Any]
) -> None:
    body = BODY | {"code": await code_for(enrolments, client)} | changed
    answer = await http.post("/api/v1/enrolment/devices", json=body)
    assert (answer.status_code, (await answer.get_json())["code"]) == (422, "invalid-input")


async def test_an_enrolled_person_has_no_password_to_sign_in_with(
    enrolments: Enrolment, client: Client, owner: "Connection[Any]"
) -> None:
    enrolled = await enrolments.redeem(
        await code_for(enrolments, client), browser("new@example.org"), HOME
    )
    person = Person(enrolled.user_id, "new@example.org")
    row = await owner.fetchrow("SELECT * FROM users WHERE id = $1", person.id)
    assert row is not None
    assert (row["password_hash"], row["role"], row["client_id"]) == (None, "end_user", client.id)
