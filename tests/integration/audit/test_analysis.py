"""From a prompt to a verdict, over HTTP, on a real database."""

import json
from typing import Any

import pytest
from asyncpg import Connection

from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from tests.integration.live.server import LiveServer
from tests.integration.policy.worlds import Client, Msp, World

PATH = "/api/v1/analyze/prompt"
SSN = "my ssn is 536-90-4399"
CANARY = "Canary Quillworth"


def prompt(text: str = SSN, **more: Any) -> dict[str, Any]:
    return {"text": text, "service": "chatgpt.com", "channel": "typed", **more}


async def judged(server: LiveServer, client: Client, **content: Any) -> dict[str, Any]:
    person = client.principal(Role.END_USER)
    status, _, answer = await server.request("POST", PATH, person, prompt(**content))
    assert status == 200, answer
    return dict(answer)


async def test_a_social_security_number_is_blocked_and_explained(
    server: LiveServer, client: Client
) -> None:
    answer = await judged(server, client)
    (finding,) = answer["findings"]
    assert answer["action"] == "block"
    assert (finding["type"], finding["start"], finding["end"]) == ("US_SSN", 10, 21)
    assert finding["mask"] == "[us-ssn]"
    assert finding["reason"].startswith("Looks like a US SSN: ")
    assert "near the word “ssn”" in finding["reason"]
    assert answer["checkpoint"]["sequence"] == 1
    assert answer["policy_version"] == 1


async def test_a_harmless_prompt_passes_and_is_recorded(server: LiveServer, client: Client) -> None:
    answer = await judged(server, client, text="please write a poem about rain")
    assert (answer["findings"], answer["checkpoint"]["sequence"]) == ([], 1)
    assert answer["action"] in {"allow", "flag"}


@pytest.mark.parametrize(
    ("action", "disposition"),
    [("allow", "sent"), ("flag", "sent_unflagged"), ("warn", "abandoned"), ("block", "prevented")],
)
async def test_the_first_disposition_follows_from_the_action(
    server: LiveServer, world: World, msp: Msp, action: str, disposition: str
) -> None:
    client = await world.client(
        msp, default_action=action, categories={}, families={}, entities={}, rules={},
        combinations=[], services={"unapproved": "allow", "prohibited": "allow"},
    )  # fmt: skip
    answer = await judged(server, client)
    status, _, page = await server.request("GET", "/api/v1/audit/logs", client.principal())
    assert status == 200
    assert (answer["action"], page["items"][0]["disposition"]) == (action, disposition)


async def test_the_same_event_id_is_one_submission(server: LiveServer, client: Client) -> None:
    event_id = str(uuid7())
    first = await judged(server, client, event_id=event_id)
    again = await judged(server, client, event_id=event_id)
    assert first["submission_id"] == again["submission_id"]
    assert first["checkpoint"] == again["checkpoint"]


async def test_the_text_is_kept_nowhere_in_the_database(
    server: LiveServer, client: Client, owner: "Connection[Any]"
) -> None:
    await judged(server, client, text=f"Patient: {CANARY}, SSN 536-90-4399, lives somewhere")
    tables = await owner.fetch(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    )
    for (name,) in tables:
        texts = await owner.fetch(f"SELECT t::text FROM {name} AS t")
        content = "\n".join(row[0] for row in texts)
        for secret in (CANARY, "536-90-4399", CANARY.encode().hex(), b"536-90-4399".hex()):
            assert secret not in content, name


async def test_the_address_of_a_page_is_cut_to_its_host(server: LiveServer, client: Client) -> None:
    await judged(server, client, service="https://chatgpt.com/c/secret-title?q=secret")
    _, _, page = await server.request("GET", "/api/v1/audit/logs", client.principal())
    assert page["items"][0]["service_host"] == "chatgpt.com"


NO_SERVICE = [
    "My patient Canary Quillworth has SSN 536-90-4399", "http://[::1", "http://[", "https://a]b/",
    "http://\u2100.com/", "http://", "/", " ", "\u0130.example", "a\nb", "chatgpt.com?q=secret",
]  # fmt: skip


@pytest.mark.parametrize("service", NO_SERVICE)
async def test_a_service_that_is_no_id_host_or_address_is_refused_and_kept_nowhere(
    server: LiveServer, client: Client, service: str
) -> None:
    """The name is recorded and shown live, so it is no place for a text."""
    person = client.principal(Role.END_USER)
    status, _, problem = await server.request("POST", PATH, person, prompt(service=service))
    assert (status, problem["code"]) == (422, "wrong-service")
    assert CANARY not in json.dumps(problem)
    _, _, page = await server.request("GET", "/api/v1/audit/logs", client.principal())
    assert page["items"] == []


async def test_equal_values_have_equal_digests_within_a_client_only(
    server: LiveServer, client: Client, msp: Msp, world: World, owner: "Connection[Any]"
) -> None:
    other = await world.client(msp, "Cedar")
    for who in (client, client, other):
        await judged(server, who)
    rows = await owner.fetch(
        "SELECT tenant_id, value_digest FROM pattern_detections WHERE msp_id = $1", msp.id
    )
    digests = {(row["tenant_id"], row["value_digest"]) for row in rows}
    assert len(rows) == 3
    assert len(digests) == 2
    assert len({digest for _, digest in digests}) == 2


async def test_a_long_text_is_judged_and_a_longer_one_refused(
    server: LiveServer, client: Client
) -> None:
    long = SSN + " and so on" * 19_997
    assert len(long) < 200_000
    assert (await judged(server, client, text=long))["action"] == "block"
    status, headers, problem = await server.request(
        "POST", PATH, client.principal(Role.END_USER), prompt("z" * 200_001)
    )
    assert (status, headers["content-type"]) == (422, "application/problem+json")
    assert "zzz" not in json.dumps(problem)  # no hexadecimal digit: an id cannot hold it


async def test_a_flood_of_findings_is_answered_and_counted(
    server: LiveServer, client: Client
) -> None:
    many = " ".join(f"user{number}@example.org" for number in range(3000))
    answer = await judged(server, client, text=many)
    _, _, page = await server.request("GET", "/api/v1/audit/violations", client.principal())
    assert len(answer["findings"]) == 3000
    assert page["items"][0]["kinds"] == {"EMAIL_ADDRESS": 3000}


@pytest.mark.parametrize(
    "wrong",
    [{"channel": "shouted"}, {"service": ""}, {"service": "x" * 254}, {"text": 5},
     {"event_id": "seven"}, {"unknown": 1}, {"text": "a\0b"}, {"text": "\ud800"}],
)  # fmt: skip
async def test_a_request_of_the_wrong_form_is_refused_with_a_problem(
    server: LiveServer, client: Client, wrong: dict[str, Any]
) -> None:
    status, headers, problem = await server.request(
        "POST", PATH, client.principal(Role.END_USER), prompt() | wrong
    )
    assert (status, headers["content-type"]) == (422, "application/problem+json")
    assert "536-90-4399" not in json.dumps(problem)


@pytest.mark.parametrize("role", [Role.AUDITOR])
async def test_who_sends_no_prompts_may_not_have_them_judged(
    server: LiveServer, client: Client, role: Role
) -> None:
    status, _, _ = await server.request("POST", PATH, client.principal(role), prompt())
    assert status == 403


async def test_staff_of_an_msp_belong_to_no_client_and_send_no_prompts(
    server: LiveServer, msp: Msp
) -> None:
    status, _, _ = await server.request("POST", PATH, msp.principal(), prompt())
    assert status == 403


async def test_nobody_is_judged_without_a_token(server: LiveServer) -> None:
    status, headers, _ = await server.request("POST", PATH, None, prompt())
    assert (status, headers["www-authenticate"]) == (401, "Bearer")


async def test_ai_services_come_with_the_decision_of_the_callers_client(
    server: LiveServer, client: Client, world: World
) -> None:
    service = await world.ai_service([f"{uuid7()}.example"])
    await world.approval(client, service, "prohibited")
    path = "/api/v1/analyze/ai-services"
    status, _, page = await server.request("GET", path, client.principal(Role.DEVICE))
    found = next(item for item in page["items"] if item["id"] == service)
    assert (status, found["status"], page["next"]) == (200, "prohibited", None)


async def test_a_date_that_may_pass_is_answered_and_not_recorded(
    server: LiveServer, world: World, msp: Msp
) -> None:
    client = await world.client(
        msp, default_action="allow", categories={}, families={}, entities={}, rules={},
        combinations=[], services={"unapproved": "allow", "prohibited": "allow"},
    )  # fmt: skip
    answer = await judged(server, client, text="The fair is on 12/03/2025. SSN 536-90-4399")
    assert {finding["type"] for finding in answer["findings"]} == {"DATE", "US_SSN"}
    _, _, page = await server.request("GET", "/api/v1/audit/logs", client.principal())
    assert page["items"][0]["kinds"] == {"US_SSN": 1}
