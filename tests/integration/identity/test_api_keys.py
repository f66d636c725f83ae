"""API keys: programs that do some of what their maker may do, until a date, and nothing else."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from tests.integration.served import PASSWORD, Household, bearer, served, sign_in

PATH = "/api/v1/auth/api-keys"


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
async def admin(http: HttpClient, household: Household, owner: Any) -> dict[str, str]:
    return await stepped_up(http, household, owner)


async def stepped_up(http: HttpClient, household: Household, owner: Any) -> dict[str, str]:
    """Sign in somebody whose second factor is waived: the password, shown again, stands in."""
    await owner.execute(
        "UPDATE users SET second_factor = 'waived' WHERE email = $1", household.admin
    )
    signed_in = bearer(await (await sign_in(http, household.admin)).get_json())
    wanted = {"name": "No", "scopes": ["client:read"]}
    refused = await http.post(PATH, json=wanted, headers=signed_in)
    assert (refused.status_code, (await refused.get_json())["code"]) == (403, "step-up-required")
    wrong = await http.post("/api/v1/auth/step-up", json={"code": "123456"}, headers=signed_in)
    assert wrong.status_code == 401
    shown = await http.post("/api/v1/auth/step-up", json={"code": PASSWORD}, headers=signed_in)
    return {"Authorization": f"Bearer {(await shown.get_json())['access_token']}"}


async def make(
    http: HttpClient, admin: dict[str, str], scopes: list[str], **more: Any
) -> dict[str, Any]:
    wanted = {"name": "Nightly", "scopes": scopes} | more
    answer = await http.post(PATH, json=wanted, headers=admin)
    assert answer.status_code == 201, await answer.get_data()
    made: dict[str, Any] = await answer.get_json()
    return made


async def status(http: HttpClient, path: str, text: str) -> int:
    answer = await http.get(path, headers={"Authorization": f"Bearer {text}"})
    return answer.status_code


async def test_a_key_does_what_it_was_made_for_and_nothing_else(
    http: HttpClient, household: Household, admin: dict[str, str]
) -> None:
    text = (await make(http, admin, ["client:read"]))["text"]
    assert await status(http, "/api/v1/clients", text) == 200
    assert await status(http, f"/api/v1/clients/{household.client_id}", text) == 200
    for path in ("/api/v1/users", "/api/v1/audit/logs", PATH, "/api/v1/auth/sessions"):
        assert await status(http, path, text) == 403, path


async def test_a_key_reaches_no_client_its_maker_does_not(
    http: HttpClient, owner: Any, admin: dict[str, str]
) -> None:
    stranger = await Household(owner).write()
    text = (await make(http, admin, ["client:read", "audit:read"]))["text"]
    assert await status(http, f"/api/v1/clients/{stranger.client_id}", text) == 404
    assert await status(http, f"/api/v1/audit/logs?client_id={stranger.client_id}", text) == 404


@pytest.mark.parametrize(
    "scope",
    ["apikey:write", "account:write", "session:revoke", "role:grant",
     "system:write", "msp:write", "no:such"],
)  # fmt: skip
async def test_a_key_cannot_hold_what_its_maker_lacks_or_what_needs_a_person(
    http: HttpClient, admin: dict[str, str], scope: str
) -> None:
    wanted = {"name": "Nightly", "scopes": ["client:read", scope]}
    answer = await http.post(PATH, json=wanted, headers=admin)
    assert answer.status_code == 422


async def test_a_key_does_not_say_where_people_sign_in(
    http: HttpClient, admin: dict[str, str]
) -> None:
    """Who could might come in as anybody, and then do what needs a person."""
    text = (await make(http, admin, ["client:read", "client:write"]))["text"]
    wanted = {"issuer": "https://id.example.org", "openid_client_id": "q", "secret": "s",
              "domains": ["example.org"], "base_version": 0}  # fmt: skip
    for headers, status in (({"Authorization": f"Bearer {text}"}, 403), (admin, 200)):
        answer = await http.put("/api/v1/identity-provider", json=wanted, headers=headers)
        assert answer.status_code == status, await answer.get_data()


async def test_only_a_hash_of_the_secret_is_kept_and_it_is_never_shown_again(
    http: HttpClient, owner: Any, household: Household, admin: dict[str, str]
) -> None:
    made = await make(http, admin, ["client:read"])
    _, prefix, secret = made["text"].split("_", 2)
    assert (made["key"]["prefix"], len(secret)) == (prefix, 43)
    rows = await owner.fetch("SELECT * FROM api_keys WHERE tenant_id = $1", household.client_id)
    events = await owner.fetch(
        "SELECT * FROM admin_events WHERE tenant_id = $1", household.client_id
    )
    listed = await (await http.get(PATH, headers=admin)).get_data(as_text=True)
    assert secret not in str([dict(row) for row in (*rows, *events)]) + str(listed)
    assert [event["action"] for event in events] == ["api_key.create"]


async def test_a_key_notes_when_it_was_last_used(http: HttpClient, admin: dict[str, str]) -> None:
    made = await make(http, admin, ["client:read"])
    assert made["key"]["last_used_at"] is None
    await status(http, "/api/v1/clients", made["text"])
    (key,) = (await (await http.get(PATH, headers=admin)).get_json())["items"]
    assert key["last_used_at"] is not None


async def test_a_key_that_was_ended_expired_or_changed_is_refused_in_one_wording(
    http: HttpClient, owner: Any, admin: dict[str, str]
) -> None:
    ended, expired, altered = [await make(http, admin, ["client:read"]) for _ in range(3)]
    gone = await http.delete(f"{PATH}/{ended['key']['id']}", headers=admin)
    assert gone.status_code == 204
    await owner.execute(
        "UPDATE api_keys SET expires_at = now() WHERE id = $1", expired["key"]["id"]
    )
    swapped = altered["text"][:-1] + ("A" if altered["text"][-1] != "A" else "B")
    absent = "qgk_000000000000_" + "A" * 43
    said = set()
    for text in (ended["text"], expired["text"], swapped, absent, "qgk_", "qgk_" + "a" * 4000):
        answer = await http.get("/api/v1/clients", headers={"Authorization": f"Bearer {text}"})
        problem = await answer.get_json()
        said.add((answer.status_code, problem["code"], problem["detail"]))
    assert len(said) == 1
    assert said.pop()[:2] == (401, "api-key-refused")


async def test_a_key_ends_with_its_owner_s_account(
    http: HttpClient, owner: Any, household: Household, admin: dict[str, str]
) -> None:
    text = (await make(http, admin, ["client:read"]))["text"]
    await owner.execute(
        "UPDATE users SET status = 'disabled' WHERE tenant_id = $1", household.client_id
    )
    assert await status(http, "/api/v1/clients", text) == 401


async def test_who_is_suspended_has_no_keys_meanwhile_and_who_left_has_none_ever_again(
    http: HttpClient, owner: Any, household: Household, admin: dict[str, str]
) -> None:
    text = (await make(http, admin, ["client:read"]))["text"]
    for state, works in (("suspended", 401), ("active", 200), ("archived", 401), ("active", 401)):
        await owner.execute("UPDATE users SET status = $2 WHERE email = $1", household.admin, state)
        assert await status(http, "/api/v1/clients", text) == works, state


async def test_a_changed_password_ends_keys_where_that_is_asked_for(
    http: HttpClient, admin: dict[str, str]
) -> None:
    text = (await make(http, admin, ["client:read"]))["text"]
    second, third = "four words nobody joins", "five words nobody ever joins"
    for before, after, ends, works in ((PASSWORD, second, False, 200), (second, third, True, 401)):
        wanted = {"password": before, "new_password": after, "end_api_keys": ends}
        answer = await http.post("/api/v1/auth/password", json=wanted, headers=admin)
        assert answer.status_code == 200, await answer.get_data()
        admin = bearer(await answer.get_json())
        assert await status(http, "/api/v1/clients", text) == works


async def test_a_key_follows_its_owner_s_role(
    http: HttpClient, owner: Any, household: Household, admin: dict[str, str]
) -> None:
    text = (await make(http, admin, ["user:read"]))["text"]
    await owner.execute(
        "UPDATE users SET role = 'end_user' WHERE tenant_id = $1", household.client_id
    )
    assert await status(http, "/api/v1/clients", text) == 403


async def test_a_rotated_key_works_beside_its_successor_for_the_overlap(
    http: HttpClient, owner: Any, admin: dict[str, str]
) -> None:
    first = await make(http, admin, ["client:read"])
    path = f"{PATH}/{first['key']['id']}/rotate"
    answer = await http.post(path, json={"overlap_hours": 1}, headers=admin)
    second = await answer.get_json()
    assert (answer.status_code, second["key"]["scopes"]) == (201, ["client:read"])
    for text in (first["text"], second["text"]):
        assert await status(http, "/api/v1/clients", text) == 200
    at_once = await http.post(
        f"{PATH}/{second['key']['id']}/rotate", json={"overlap_hours": 0}, headers=admin
    )
    assert at_once.status_code == 201
    assert await status(http, "/api/v1/clients", second["text"]) == 401
    left = await owner.fetchval(
        "SELECT expires_at - now() < interval '1 hour' FROM api_keys WHERE id = $1",
        first["key"]["id"],
    )
    assert left
    again = await http.post(f"{PATH}/{second['key']['id']}/rotate", json={}, headers=admin)
    assert again.status_code == 409


async def test_a_key_of_another_organisation_looks_like_none(
    http: HttpClient, owner: Any, admin: dict[str, str]
) -> None:
    stranger = await Household(owner).write()
    other = await stepped_up(http, stranger, owner)
    made = await make(http, admin, ["client:read"])
    path = f"{PATH}/{made['key']['id']}"
    assert (await http.delete(path, headers=other)).status_code == 404
    assert (await http.post(f"{path}/rotate", json={}, headers=other)).status_code == 404
    assert (await (await http.get(PATH, headers=other)).get_json())["items"] == []
    assert await status(http, "/api/v1/clients", made["text"]) == 200


async def test_a_program_may_have_prompts_judged_with_a_key(
    http: HttpClient, admin: dict[str, str]
) -> None:
    prompt = {"text": "hello", "service": "chatgpt.com", "channel": "typed"}
    answers = []
    for scope in ("analyze:run", "client:read"):
        text = (await make(http, admin, [scope]))["text"]
        headers = {"Authorization": f"Bearer {text}"}
        answer = await http.post("/api/v1/analyze/prompt", json=prompt, headers=headers)
        answers.append(answer.status_code)
    assert answers == [200, 403]
