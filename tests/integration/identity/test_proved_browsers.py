"""A browser with a key: its tokens are worth nothing to anybody else, on every way in."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.core.identifiers import uuid7
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from tests.integration.served import Household, bearer, served, sign_in
from tests.keyholder import KeyHolder

HOST = "http://localhost"
PROMPT = {"text": "hello", "service": "chatgpt.com", "channel": "typed"}
ANALYZE, SYNC = f"{HOST}/api/v1/analyze/prompt", f"{HOST}/api/v1/sync"
REFRESH, ENROL = f"{HOST}/api/v1/auth/refresh", f"{HOST}/api/v1/enrolment/devices"
ABOUT = {"name": "Desk", "browser": "Chromium", "extension_version": "0.1.0"}


@pytest.fixture
async def app(owner_url: DatabaseUrl, keys: KeyRing) -> AsyncIterator[Quart]:
    async with served(owner_url, keys) as made:
        yield made


@pytest.fixture
def http(app: Quart) -> HttpClient:
    return app.test_client()


@pytest.fixture
async def household(owner: Any) -> Household:
    return await Household(owner).write()


@pytest.fixture
def key() -> KeyHolder:
    return KeyHolder()


async def new_code(http: HttpClient, household: Household) -> str:
    tokens = await (await sign_in(http, household.admin)).get_json()
    wanted = {"client_id": str(household.client_id)}
    made = await http.post("/api/v1/enrolment/codes", json=wanted, headers=bearer(tokens))
    return str((await made.get_json())["code"])


async def enrol(
    http: HttpClient, household: Household, key: KeyHolder, headers: dict[str, str] | None = None
) -> Any:
    """Enrol a browser with `key`, and the proof of it unless other headers are given."""
    body = ABOUT | {"code": await new_code(http, household), "public_key": key.public}
    given = {"DPoP": key.proof("POST", ENROL)} if headers is None else headers
    return await http.post("/api/v1/enrolment/devices", json=body, headers=given)


@pytest.fixture
async def browser(http: HttpClient, household: Household, key: KeyHolder) -> dict[str, Any]:
    answer = await enrol(http, household, key)
    assert answer.status_code == 201, await answer.get_data()
    found: dict[str, Any] = await answer.get_json()
    return found


async def refused(answer: Any) -> str:
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'DPoP algs="ES256"'
    return str((await answer.get_json())["code"])


async def analyze(http: HttpClient, headers: dict[str, str]) -> Any:
    return await http.post("/api/v1/analyze/prompt", json=PROMPT, headers=headers)


async def test_a_proof_from_before_a_restart_is_not_shown_again(
    app: Quart, browser: dict[str, Any], key: KeyHolder, owner_url: DatabaseUrl, keys: KeyRing
) -> None:
    """Without Redis nobody remembers which ones were."""
    token = browser["access_token"]
    headers = key.headers("POST", ANALYZE, token)
    assert (await analyze(app.test_client(), headers)).status_code == 200
    made = int(time.time())
    while int(time.time()) == made:  # a proof says its second, no more
        await asyncio.sleep(0.01)
    async with served(owner_url, keys) as restarted:
        http = restarted.test_client()
        assert await refused(await analyze(http, headers)) == "proof-time"
        fresh = key.headers("POST", ANALYZE, token)
        assert (await analyze(http, fresh)).status_code == 200


async def test_a_browser_works_with_a_proof_for_each_call(
    http: HttpClient, browser: dict[str, Any], key: KeyHolder
) -> None:
    token = browser["access_token"]
    for _ in range(2):
        answer = await analyze(http, key.headers("POST", ANALYZE, token))
        assert answer.status_code == 200
    synced = await http.get("/api/v1/sync", headers=key.headers("GET", SYNC, token))
    assert synced.status_code == 200


async def test_the_token_alone_is_worth_nothing(
    http: HttpClient, browser: dict[str, Any], key: KeyHolder
) -> None:
    token = browser["access_token"]
    assert await refused(await analyze(http, bearer(browser))) == "proof-required"
    with_proof = bearer(browser) | {"DPoP": key.proof("POST", ANALYZE, token)}
    assert await refused(await analyze(http, with_proof)) == "proof-required"
    assert await refused(await analyze(http, {"Authorization": f"DPoP {token}"})) == "proof-refused"
    cookies = {"Cookie": f"qg_access={token}"}
    assert (await http.get("/console", headers=cookies)).status_code in {303, 401, 404}


async def test_a_proof_counts_once(
    http: HttpClient, browser: dict[str, Any], key: KeyHolder
) -> None:
    headers = key.headers("POST", ANALYZE, browser["access_token"])
    assert (await analyze(http, headers)).status_code == 200
    assert await refused(await analyze(http, headers)) == "proof-refused"


async def test_a_proof_of_a_request_that_failed_counts_too(
    http: HttpClient, browser: dict[str, Any], key: KeyHolder
) -> None:
    headers = key.headers("POST", ANALYZE, browser["access_token"])
    bad = await http.post("/api/v1/analyze/prompt", json={"text": 7}, headers=headers)
    assert bad.status_code == 422
    assert await refused(await analyze(http, headers)) == "proof-refused"


@pytest.mark.parametrize("changed", [{"htm": "GET"}, {"htu": SYNC}, {"ath": "A" * 43}], ids=str)
async def test_a_proof_of_something_else_is_refused(
    http: HttpClient, browser: dict[str, Any], key: KeyHolder, changed: dict[str, Any]
) -> None:
    token = browser["access_token"]
    proof = key.proof("POST", ANALYZE, token, **changed)
    headers = {"Authorization": f"DPoP {token}", "DPoP": proof}
    assert await refused(await analyze(http, headers)) == "proof-refused"


async def test_another_key_is_refused(http: HttpClient, browser: dict[str, Any]) -> None:
    headers = KeyHolder().headers("POST", ANALYZE, browser["access_token"])
    assert await refused(await analyze(http, headers)) == "proof-required"


async def test_a_clock_that_is_wrong_is_told_what_to_do(
    http: HttpClient, browser: dict[str, Any], key: KeyHolder
) -> None:
    token = browser["access_token"]
    headers = {"Authorization": f"DPoP {token}", "DPoP": key.proof("POST", ANALYZE, token, now=0)}
    assert await refused(await analyze(http, headers)) == "proof-time"


async def test_a_stolen_refresh_token_neither_renews_nor_ends_anything(
    http: HttpClient, browser: dict[str, Any], key: KeyHolder
) -> None:
    body = {"refresh_token": browser["refresh_token"]}
    thief = {"DPoP": KeyHolder().proof("POST", REFRESH)}
    for headers in ({}, thief):
        answer = await http.post("/api/v1/auth/refresh", json=body, headers=headers)
        assert await refused(answer) == "proof-required"
    own = {"DPoP": key.proof("POST", REFRESH)}
    renewed = await http.post("/api/v1/auth/refresh", json=body, headers=own)
    assert renewed.status_code == 200
    token = (await renewed.get_json())["access_token"]
    again = await analyze(http, key.headers("POST", ANALYZE, token))
    assert again.status_code == 200
    assert await refused(await analyze(http, {"Authorization": f"Bearer {token}"}))


async def test_a_key_is_enrolled_only_by_who_holds_it(
    http: HttpClient, household: Household, key: KeyHolder
) -> None:
    for headers in ({}, {"DPoP": KeyHolder().proof("POST", ENROL)}):
        assert await refused(await enrol(http, household, key, headers)) == "proof-required"
    used = {"DPoP": key.proof("POST", ENROL)}
    assert (await enrol(http, household, key, used)).status_code == 201
    assert await refused(await enrol(http, household, key, used)) == "proof-refused"


async def test_a_person_s_token_is_no_browser_s(
    http: HttpClient, household: Household, key: KeyHolder
) -> None:
    tokens = await (await sign_in(http, household.admin)).get_json()
    headers = key.headers("POST", ANALYZE, tokens["access_token"])
    assert (await analyze(http, headers)).status_code == 401
    assert (await analyze(http, bearer(tokens))).status_code == 200


async def test_two_proofs_at_once_are_none(
    http: HttpClient, browser: dict[str, Any], key: KeyHolder
) -> None:
    token = browser["access_token"]
    proofs = [("DPoP", key.proof("POST", ANALYZE, token)) for _ in range(2)]
    headers = [("Authorization", f"DPoP {token}"), *proofs]
    answer = await http.post("/api/v1/analyze/prompt", json=PROMPT, headers=headers)
    assert await refused(answer) == "proof-refused"


async def test_the_database_keeps_the_thumbprint_beside_the_key(
    owner: Any, browser: dict[str, Any], key: KeyHolder
) -> None:
    kept = await owner.fetchval(
        "SELECT key_thumbprint FROM devices WHERE id = $1", UUID(browser["device_id"])
    )
    assert kept == key.thumbprint


async def test_a_revoked_browser_is_refused_at_once_and_the_change_is_on_record(
    http: HttpClient, owner: Any, household: Household, browser: dict[str, Any], key: KeyHolder
) -> None:
    tokens = await (await sign_in(http, household.msp_admin)).get_json()
    path = f"/api/v1/clients/{household.client_id}/devices/{browser['device_id']}/revoke"
    for _ in range(2):
        answer = await http.post(path, json={"reason": "Lost"}, headers=bearer(tokens))
        assert answer.status_code == 204
    late = await analyze(http, key.headers("POST", ANALYZE, browser["access_token"]))
    assert (late.status_code, (await late.get_json())["code"]) == (401, "session-ended")
    own = {"DPoP": key.proof("POST", REFRESH)}
    body = {"refresh_token": browser["refresh_token"]}
    assert (await http.post("/api/v1/auth/refresh", json=body, headers=own)).status_code == 401
    rows = await owner.fetch(
        "SELECT reason, subject_id FROM admin_events WHERE tenant_id = $1 AND action = $2",
        household.client_id, "device.revoke",
    )  # fmt: skip
    assert [(row["reason"], row["subject_id"]) for row in rows] == [("Lost", browser["device_id"])]


async def test_a_browser_of_somebody_else_looks_like_none(
    http: HttpClient, owner: Any, household: Household, browser: dict[str, Any]
) -> None:
    stranger = await Household(owner).write()
    foreign, absent = browser["device_id"], str(uuid7())
    for email, client_id, never in (
        (stranger.msp_admin, household.client_id, uuid7()),
        (stranger.admin, household.client_id, uuid7()),
        (stranger.admin, stranger.client_id, stranger.client_id),
    ):
        tokens = await (await sign_in(http, email)).get_json()
        answers = []
        for client, device in ((client_id, foreign), (never, absent)):
            answer = await http.post(
                f"/api/v1/clients/{client}/devices/{device}/revoke",
                json={"reason": "Mine"},
                headers=bearer(tokens) | {"X-Request-Id": "the-same-one"},
            )
            answers.append((answer.status_code, await answer.get_data()))
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
    assert (
        await owner.fetchval("SELECT revoked_at FROM devices WHERE id = $1", UUID(foreign)) is None
    )


async def test_a_person_revokes_their_own_browser_and_no_other(
    http: HttpClient, owner: Any, household: Household, browser: dict[str, Any]
) -> None:
    email = f"ann@{household.client_id.hex}.example"
    await household.person(household.client_id, household.client_id, email, "end_user")
    tokens = await (await sign_in(http, email)).get_json()
    path = f"/api/v1/clients/{household.client_id}/devices/{browser['device_id']}/revoke"
    other = await http.post(path, json={"reason": "Not mine"}, headers=bearer(tokens))
    await owner.execute(
        "UPDATE devices SET user_id = $2 WHERE id = $1",
        UUID(browser["device_id"]), UUID(tokens["user"]["id"]),
    )  # fmt: skip
    own = await http.post(path, json={"reason": "Lost"}, headers=bearer(tokens))
    assert (other.status_code, own.status_code) == (404, 204)
