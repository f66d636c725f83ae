"""Signing in, staying signed in, and enrolling a browser."""

import asyncio
from typing import Any

from quart.typing import TestClientProtocol as HttpClient

from tests.integration.served import PASSWORD, Household, bearer, sign_in


async def refresh(http: HttpClient, token: str) -> Any:
    """Exchange a refresh token."""
    return await http.post("/api/v1/auth/refresh", json={"refresh_token": token})


async def test_the_right_password_signs_in(http: HttpClient, household: Household) -> None:
    answer = await sign_in(http, household.admin)
    tokens = await answer.get_json()
    assert answer.status_code == 200
    assert tokens["expires_in"] == 300
    assert tokens["user"]["role"] == "client_admin"
    assert tokens["user"]["client_id"] == str(household.client_id)
    clients = await http.get("/api/v1/clients", headers=bearer(tokens))
    assert [c["id"] for c in (await clients.get_json())["items"]] == [str(household.client_id)]


async def test_a_wrong_password_and_an_unknown_address_are_answered_alike(
    http: HttpClient, household: Household
) -> None:
    wrong = await sign_in(http, household.admin, "not it")
    unknown = await sign_in(http, "nobody@example.org", PASSWORD)
    assert wrong.status_code == unknown.status_code == 401
    first, second = await wrong.get_json(), await unknown.get_json()
    assert {**first, "request_id": ""} == {**second, "request_id": ""}


async def test_guessing_is_slowed_down(http: HttpClient, household: Household) -> None:
    codes = [(await sign_in(http, household.admin, f"guess {n}")).status_code for n in range(6)]
    assert codes == [401] * 5 + [429]
    answer = await sign_in(http, household.admin)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


async def test_a_refresh_token_used_again_later_ends_the_whole_session(
    http: HttpClient, household: Household, owner: Any
) -> None:
    first = await (await sign_in(http, household.admin)).get_json()
    second = await (await refresh(http, first["refresh_token"])).get_json()
    third = await (await refresh(http, second["refresh_token"])).get_json()
    assert (await refresh(http, first["refresh_token"])).status_code == 401
    assert (await refresh(http, third["refresh_token"])).status_code == 401
    reason = await owner.fetchval(
        "SELECT revoked_reason FROM sessions WHERE tenant_id = $1", household.client_id
    )
    assert reason == "reused"


async def test_a_refresh_whose_answer_was_lost_is_forgiven_for_a_moment(
    http: HttpClient, household: Household
) -> None:
    first = await (await sign_in(http, household.admin)).get_json()
    answers = await asyncio.gather(*(refresh(http, first["refresh_token"]) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {200}
    newest = {(await answer.get_json())["refresh_token"] for answer in answers}
    assert len(newest) == 1


async def test_after_signing_out_nothing_can_be_refreshed(
    http: HttpClient, household: Household
) -> None:
    tokens = await (await sign_in(http, household.admin)).get_json()
    left = await http.post("/api/v1/auth/logout", json={"refresh_token": tokens["refresh_token"]})
    assert left.status_code == 204
    assert (await refresh(http, tokens["refresh_token"])).status_code == 401


async def test_a_code_enrols_as_often_as_it_says_and_not_once_more(
    http: HttpClient, household: Household, device: dict[str, Any]
) -> None:
    assert device["client"] == {"id": str(household.client_id), "name": "Clinic"}
    assert len(device["bundle_keys"][0]["public_key"]) == 43
    about = {
        "code": device["code"], "name": "B", "browser": "B", "extension_version": "0.1.0",
    }  # fmt: skip
    again = await http.post("/api/v1/enrolment/devices", json=about)
    assert again.status_code == 422
    assert (await again.get_json())["code"] == "wrong-code"


async def test_of_fifty_who_redeem_one_code_at_once_one_wins(
    http: HttpClient, household: Household
) -> None:
    tokens = await (await sign_in(http, household.admin)).get_json()
    wanted = {"client_id": str(household.client_id)}
    made = await http.post("/api/v1/enrolment/codes", json=wanted, headers=bearer(tokens))
    about = {"name": "B", "browser": "B", "extension_version": "0.1.0"}
    about["code"] = (await made.get_json())["code"]
    answers = await asyncio.gather(
        *(http.post("/api/v1/enrolment/devices", json=about) for _ in range(50))
    )
    codes = [answer.status_code for answer in answers]
    assert codes.count(201) == 1
    assert set(codes) <= {201, 422, 503}


async def test_codes_that_mean_nothing_are_refused_alike(http: HttpClient) -> None:
    about = {"name": "B", "browser": "B", "extension_version": "0.1.0"}
    for code in ("", "short", "AAAA-AAAA-AAAA-AAAA", "AAAA-AAAA-AAAA-AAA1", "é" * 16):
        answer = await http.post("/api/v1/enrolment/devices", json={**about, "code": code})
        assert answer.status_code == 422, code


async def test_an_admin_makes_no_code_for_another_organisation(
    http: HttpClient, household: Household, owner: Any
) -> None:
    stranger = await Household(owner).write()
    for email in (household.admin, household.msp_admin):
        tokens = await (await sign_in(http, email)).get_json()
        wanted = {"client_id": str(stranger.client_id)}
        answer = await http.post("/api/v1/enrolment/codes", json=wanted, headers=bearer(tokens))
        assert answer.status_code == 404


async def test_a_revoked_browser_cannot_refresh(
    http: HttpClient, device: dict[str, Any], owner: Any
) -> None:
    await owner.execute("UPDATE devices SET revoked_at = now() WHERE id = $1", device["device_id"])
    answer = await refresh(http, device["refresh_token"])
    assert (answer.status_code, (await answer.get_json())["code"]) == (401, "browser-revoked")


async def test_a_browser_of_an_archived_client_is_told_so_and_goes_on_once_it_is_active_again(
    http: HttpClient, device: dict[str, Any], owner: Any
) -> None:
    async def is_now(status: str) -> None:
        await owner.execute(
            "UPDATE clients SET status = $2 WHERE tenant_id = $1",
            device["client"]["id"], status,
        )  # fmt: skip

    await is_now("archived")
    answer = await refresh(http, device["refresh_token"])
    assert (answer.status_code, (await answer.get_json())["code"]) == (401, "client-archived")
    await is_now("active")
    assert (await refresh(http, device["refresh_token"])).status_code == 200


async def test_neither_passwords_nor_codes_nor_tokens_are_stored(
    device: dict[str, Any], owner: Any
) -> None:
    plain = [PASSWORD, device["code"], device["code"].replace("-", ""), device["refresh_token"]]
    for table in ("users", "sessions", "devices", "enrolment_codes"):
        rows = await owner.fetch(f"SELECT t::text AS row FROM {table} t")
        content = "\n".join(row["row"] for row in rows)
        assert not [secret for secret in plain if secret in content], table
