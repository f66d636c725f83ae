"""Every submission is recorded once, without its text, and read only by those who may."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from quart.typing import TestClientProtocol as HttpClient

from tests.integration.served import Household, bearer, enrolled, sign_in

CANARY = "Zephyrine Quackenbush"
NOTE = f"Patient: {CANARY}, SSN 536-90-4399, canary-4b1d-prompt"


async def judged(http: HttpClient, device: dict[str, Any], text: str, **more: Any) -> Any:
    """Submit a prompt."""
    body = {"text": text, "service": "chatgpt.com", "channel": "typed", **more}
    return await http.post("/api/v1/analyze/prompt", json=body, headers=bearer(device))


async def logs(http: HttpClient, household: Household, query: str = "") -> Any:
    """Read the audit log as the client's administrator."""
    tokens = await (await sign_in(http, household.admin)).get_json()
    answer = await http.get(f"/api/v1/audit/logs{query}", headers=bearer(tokens))
    assert answer.status_code == 200
    return await answer.get_json()


async def test_a_verdict_comes_with_findings_ways_out_and_its_place_in_the_log(
    http: HttpClient, device: dict[str, Any]
) -> None:
    answer = await judged(http, device, NOTE)
    verdict = await answer.get_json()
    assert answer.status_code == 200
    assert verdict["action"] == "block"
    assert [finding["type"] for finding in verdict["findings"]] == ["PERSON", "US_SSN"]
    ssn = verdict["findings"][1]
    assert NOTE[ssn["start"] : ssn["end"]] == "536-90-4399"
    assert "redact" in verdict["remedies"]
    assert verdict["message"]
    assert verdict["checkpoint"]["sequence"] == 1
    assert (verdict["policy_version"], len(verdict["rulebook_version"])) == (1, 16)


async def test_allowed_submissions_are_recorded_too_and_sequences_have_no_holes(
    http: HttpClient, device: dict[str, Any], household: Household
) -> None:
    texts = ["a poem about autumn", NOTE, "the third"] * 10
    answers = await asyncio.gather(*(judged(http, device, text) for text in texts))
    assert {answer.status_code for answer in answers} == {200}
    page = await logs(http, household, "?limit=200")
    assert sorted(item["sequence"] for item in page["items"]) == list(range(1, 31))
    assert sum(item["action"] == "block" for item in page["items"]) == 10


async def test_an_event_sent_twice_is_recorded_once_with_the_same_receipt(
    http: HttpClient, device: dict[str, Any], household: Household
) -> None:
    event_id = str(uuid4())
    answers = await asyncio.gather(
        *(judged(http, device, NOTE, event_id=event_id) for _ in range(5))
    )
    shapes = [await answer.get_json() for answer in answers]
    assert len({shape["submission_id"] for shape in shapes}) == 1
    assert {shape["checkpoint"]["sequence"] for shape in shapes} == {1}
    assert len((await logs(http, household))["items"]) == 1


async def test_a_disposition_follows_the_violation_and_only_its_owner_sets_it(
    http: HttpClient, device: dict[str, Any], household: Household
) -> None:
    verdict = await (await judged(http, device, NOTE)).get_json()
    other = await enrolled(http, household)

    def event(disposition: str) -> dict[str, Any]:
        return {
            "event_id": str(uuid4()), "submission_id": verdict["submission_id"],
            "entry_kind": "disposition", "service": "chatgpt.com", "channel": "typed", "size": 9,
            "action": "block", "disposition": disposition, "policy_version": 1,
            "rulebook_version": "abc", "occurred_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip

    for who, disposition in ((other, "false_positive"), (device, "redacted_sent")):
        answer = await http.post(
            "/api/v1/audit/events", json={"events": [event(disposition)]}, headers=bearer(who)
        )
        assert answer.status_code == 200
    tokens = await (await sign_in(http, household.admin)).get_json()
    page = await http.get("/api/v1/audit/violations", headers=bearer(tokens))
    (violation,) = (await page.get_json())["items"]
    assert violation["disposition"] == "redacted_sent"


async def test_pages_join_without_a_gap_or_a_repetition(
    http: HttpClient, device: dict[str, Any], household: Household
) -> None:
    await asyncio.gather(*(judged(http, device, f"prompt {n}") for n in range(7)))
    seen, query = [], "?limit=3"
    while True:
        page = await logs(http, household, query)
        seen += [item["sequence"] for item in page["items"]]
        if page["next"] is None:
            break
        query = f"?limit=3&cursor={page['next']}"
    assert seen == [7, 6, 5, 4, 3, 2, 1]


async def test_another_msp_and_another_client_see_nothing(
    http: HttpClient, device: dict[str, Any], household: Household, owner: Any
) -> None:
    await judged(http, device, NOTE)
    stranger = await Household(owner).write()
    for email in (stranger.admin, stranger.msp_admin):
        tokens = await (await sign_in(http, email)).get_json()
        for path in ("logs", "violations"):
            mine = await http.get(f"/api/v1/audit/{path}", headers=bearer(tokens))
            assert (await mine.get_json())["items"] == []
            foreign = await http.get(
                f"/api/v1/audit/{path}?client_id={household.client_id}", headers=bearer(tokens)
            )
            body = await foreign.get_json()
            assert foreign.status_code == 404 or body["items"] == []


async def test_no_table_holds_a_word_of_a_prompt(
    http: HttpClient, device: dict[str, Any], owner: Any
) -> None:
    await judged(http, device, NOTE)
    tables = await owner.fetch(
        "SELECT schemaname || '.' || tablename AS name FROM pg_tables"
        " WHERE schemaname IN ('public', 'qg_private')"
    )
    assert len(tables) > 20
    for table in tables:
        rows = await owner.fetch(f"SELECT t::text AS row FROM {table['name']} t")
        content = "\n".join(row["row"] for row in rows)
        for word in (CANARY, "536-90-4399", "canary-4b1d"):
            assert word not in content, table["name"]


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"null", b'"text"', b"\xff\xfe",
        b'{"text": 1, "service": "x", "channel": "typed"}',
        b'{"text": "a", "service": "x", "channel": "shouted"}',
        b'{"text": "a", "service": "x", "channel": "typed", "more": 1}',
        b'{"text": "a\\u0000b", "service": "x", "channel": "typed"}',
        b'{"text": "canary-4b1d \\ud800", "service": "x", "channel": "typed"}',
        b'{"text": "canary-4b1d", "service": 4, "channel": "typed"}',
        b'{"text": "a", "text": "b", "service": "x", "channel": "typed"}',
        b"[" * 40 + b"]" * 40,
    ],
)  # fmt: skip
async def test_bad_bodies_are_refused_clearly_without_an_echo(
    http: HttpClient, device: dict[str, Any], body: bytes
) -> None:
    answer = await http.post(
        "/api/v1/analyze/prompt",
        data=body,
        headers={**bearer(device), "Content-Type": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert b"canary-4b1d" not in await answer.get_data()


async def test_a_body_over_the_limit_is_too_large(http: HttpClient, device: dict[str, Any]) -> None:
    answer = await judged(http, device, "a" * 300_000)
    assert answer.status_code == 413
    assert json.loads(await answer.get_data())["code"] == "too-large"


async def test_a_browser_cannot_read_the_log_and_an_admin_cannot_append(
    http: HttpClient, device: dict[str, Any], household: Household
) -> None:
    assert (await http.get("/api/v1/audit/logs", headers=bearer(device))).status_code == 403
    tokens = await (await sign_in(http, household.admin)).get_json()
    answer = await http.post("/api/v1/audit/events", json={}, headers=bearer(tokens))
    assert answer.status_code == 403
