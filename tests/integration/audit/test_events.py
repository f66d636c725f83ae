"""What browsers recorded by themselves: taken once, bounded, without text."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import asyncpg
import pytest
from asyncpg import Connection

from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from tests.integration.live.server import LiveServer
from tests.integration.policy.worlds import Client, World

PATH = "/api/v1/audit/events"


def event(**more: Any) -> dict[str, Any]:
    return {
        "event_id": str(uuid7()), "submission_id": str(uuid7()), "entry_kind": "verdict",
        "service": "chatgpt.com", "channel": "pasted", "size": 40, "action": "warn",
        "disposition": "abandoned", "policy_version": 1, "rulebook_version": "0123456789abcdef",
        "occurred_at": datetime.now(UTC).isoformat(), "late": False,
        "findings": [{"rule": "us-ssn", "type": "US_SSN", "category": "pii", "severity": "high",
                      "start": 3, "end": 14, "confidence": 0.9}],
        **more,
    }  # fmt: skip


@pytest.fixture
async def device(client: Client, world: World) -> Principal:
    return client.device(await world.device(client))


async def append(
    server: LiveServer, device: Principal, *events: dict[str, Any]
) -> list[dict[str, Any]]:
    status, _, answer = await server.request("POST", PATH, device, {"events": list(events)})
    assert status == 200, answer
    accepted: list[dict[str, Any]] = answer["accepted"]
    return accepted


async def newest(server: LiveServer, client: Client) -> dict[str, Any]:
    _, _, page = await server.request("GET", "/api/v1/audit/logs?limit=1", client.principal())
    return dict(page["items"][0])


async def test_events_get_receipts_in_their_order(server: LiveServer, device: Principal) -> None:
    events = [event() for _ in range(200)]
    accepted = await append(server, device, *events)
    assert [receipt["event_id"] for receipt in accepted] == [one["event_id"] for one in events]
    assert sorted(receipt["sequence"] for receipt in accepted) == list(range(1, 201))
    assert not any(receipt["is_duplicate"] for receipt in accepted)


async def test_an_entry_names_the_browser_its_person_and_its_engine(
    server: LiveServer, device: Principal, client: Client
) -> None:
    await append(server, device, event())
    entry = await newest(server, client)
    assert (entry["device_id"], entry["user_id"], entry["engine"]) == (
        str(device.device_id), str(device.user_id), "extension",
    )  # fmt: skip
    assert (entry["kinds"], entry["late"]) == ({"US_SSN": 1}, False)


async def test_a_queue_sent_over_a_bad_line_is_stored_once_in_effect(
    server: LiveServer, device: Principal, client: Client, owner: "Connection[Any]"
) -> None:
    chance = Random(7)  # noqa: S311 -- a repeatable bad line
    queue = [event() for _ in range(300)]
    acknowledged: set[str] = set()
    while waiting := [one for one in queue if one["event_id"] not in acknowledged]:
        batch = chance.sample(waiting, min(40, len(waiting)))
        batch += chance.sample(batch, len(batch) // 3)  # doubled on the way
        if chance.random() < 0.3:
            continue  # the request was lost
        accepted = await append(server, device, *batch)
        if chance.random() >= 0.3:  # else the answer was lost
            acknowledged |= {receipt["event_id"] for receipt in accepted}
    count = await owner.fetchrow(
        "SELECT count(*), count(DISTINCT event_id), max(sequence) FROM client_audit_logs"
        " WHERE tenant_id = $1",
        client.id,
    )
    assert count is not None
    assert tuple(count) == (300, 300, 300)


async def test_two_requests_with_the_same_event_at_once_record_it_once(
    server: LiveServer, device: Principal
) -> None:
    one = event()
    answers = await asyncio.gather(*(append(server, device, one) for _ in range(10)))
    receipts = [answer[0] for answer in answers]
    assert {receipt["sequence"] for receipt in receipts} == {1}
    assert sum(not receipt["is_duplicate"] for receipt in receipts) == 1


@pytest.mark.parametrize(
    ("age", "is_late"),
    [(timedelta(), False), (timedelta(minutes=5), True), (timedelta(hours=-1), False)],
)
async def test_an_event_from_before_is_late(
    server: LiveServer, device: Principal, client: Client, age: timedelta, *, is_late: bool
) -> None:
    moment = datetime.now(UTC) - age
    await append(server, device, event(occurred_at=moment.isoformat()))
    entry = await newest(server, client)
    assert entry["late"] is is_late
    assert datetime.fromisoformat(entry["occurred_at"]) == moment


@pytest.mark.parametrize(
    "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1970-01-01T00:00:00Z"]
)
async def test_a_clock_that_is_years_off_loses_no_event(
    server: LiveServer, device: Principal, client: Client, moment: str
) -> None:
    await append(server, device, event(occurred_at=moment))
    entry = await newest(server, client)
    now = datetime.now(UTC)
    assert abs(datetime.fromisoformat(entry["occurred_at"]) - now) < timedelta(minutes=1)
    assert entry["late"] is True


@pytest.mark.parametrize("confidence", [0, 5e-324, 1e-50, 1e-9, 0.1 + 0.2, 1])
async def test_every_confidence_that_is_documented_is_recorded(
    server: LiveServer, device: Principal, confidence: float
) -> None:
    """One that the database cannot hold would be refused for ever and block the queue."""
    found = {**event()["findings"][0], "confidence": confidence}
    (receipt,) = await append(server, device, event(findings=[found]))
    assert receipt["sequence"] == 1


async def test_only_the_person_who_was_judged_may_say_what_became_of_it(
    server: LiveServer, device: Principal, client: Client, world: World
) -> None:
    verdict = event()
    await append(server, device, verdict)
    stranger = Principal(
        "device", uuid7(), await world.device(client), client.msp_id, client.id, client.id,
        Role.DEVICE, uuid7(),
    )  # fmt: skip
    said = {"entry_kind": "disposition", "submission_id": verdict["submission_id"], "findings": []}
    await append(server, stranger, event(disposition="false_positive", **said))
    _, _, page = await server.request("GET", "/api/v1/audit/violations", client.principal())
    assert page["items"][0]["disposition"] == "abandoned"
    await append(server, device, event(disposition="justified_sent", **said))
    _, _, page = await server.request("GET", "/api/v1/audit/violations", client.principal())
    assert page["items"][0]["disposition"] == "justified_sent"


async def test_a_browser_that_got_no_answer_tells_of_the_same_submission(
    server: LiveServer, device: Principal, client: Client
) -> None:
    asked = str(uuid7())
    text = {"text": "SSN 536-90-4399", "service": "chatgpt.com", "channel": "typed"}
    _, _, verdict = await server.request(
        "POST", "/api/v1/analyze/prompt", device, {**text, "event_id": asked}
    )
    same = {"submission_id": asked}
    (receipt,) = await append(server, device, event(event_id=asked, **same))
    assert receipt["is_duplicate"]
    assert verdict["submission_id"] == asked
    await append(
        server, device, event(entry_kind="disposition", disposition="redacted_sent", **same)
    )
    _, _, page = await server.request("GET", "/api/v1/audit/violations", client.principal())
    assert [item["disposition"] for item in page["items"]] == ["redacted_sent"]


@pytest.mark.parametrize(
    "wrong",
    [{"text": "my ssn"}, {"size": -1}, {"size": 2**31}, {"service": "a/b?prompt=text"},
     {"service": "two words"}, {"rulebook_version": "free text"}, {"occurred_at": "yesterday"},
     {"occurred_at": "2026-11-24T10:00:00"}, {"disposition": "forgotten"}, {"action": "stop"},
     {"findings": [{"text": "536-90-4399"}]}, {"findings": None}, {"entry_kind": "note"},
     {"size": "40"}, {"size": 40.0}, {"late": "true"}, {"late": 1}, {"occurred_at": 1.5e9},
     {"service": "chatgpt.com\n"}, {"rulebook_version": "0123456789abcdef\n"}],
)  # fmt: skip
async def test_an_event_of_another_form_is_refused(
    server: LiveServer, device: Principal, wrong: dict[str, Any]
) -> None:
    content = {"events": [event() | wrong]}
    status, headers, _ = await server.request("POST", PATH, device, content)
    assert (status, headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("count", [0, 201])
async def test_a_batch_has_one_to_two_hundred_events(
    server: LiveServer, device: Principal, count: int
) -> None:
    events = [event(findings=[]) for _ in range(count)]
    status, _, _ = await server.request("POST", PATH, device, {"events": events})
    assert status == 422


@pytest.mark.parametrize("role", [Role.CLIENT_ADMIN, Role.END_USER, Role.AUDITOR])
async def test_people_may_not_write_the_audit_log(
    server: LiveServer, client: Client, role: Role
) -> None:
    content = {"events": [event()]}
    status, _, _ = await server.request("POST", PATH, client.principal(role), content)
    assert status == 403


async def test_why_somebody_went_on_is_kept_once_without_what_must_not_be_kept(
    server: LiveServer, device: Principal, client: Client, world: World
) -> None:
    reason = {"justification": "legal", "words": "The court asks for SSN 536-90-4399 today."}
    went_on = event(entry_kind="disposition", disposition="justified_sent", reason=reason)
    await append(server, device, went_on, event())
    await append(server, device, went_on)
    kept = await world.owner.fetch(
        "SELECT user_id, justification, words FROM justifications WHERE tenant_id = $1", client.id
    )
    assert [tuple(row) for row in kept] == [
        (device.user_id, "legal", "The court asks for SSN [us-ssn] today.")
    ]
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await world.owner.execute(
            "UPDATE justifications SET words = 'x' WHERE tenant_id = $1", client.id
        )


async def test_an_event_that_never_comes_is_missed_and_told_to_administrators(
    server: LiveServer, device: Principal, client: Client
) -> None:
    async def told(*numbers: int | None) -> int:
        batch = {"events": [event() for _ in numbers], "numbers": numbers}
        return (await server.request("POST", PATH, device, batch))[0]

    async def fleet() -> tuple[int, int]:
        path = f"/api/v1/clients/{client.id}/fleet"
        _, _, answer = await server.request("GET", path, client.principal())
        return answer["missing_events"], answer["items"][0]["restarts"]

    assert [await told(1, None, 2), await told(5, 6), await fleet()] == [200, 200, (2, 0)]
    assert [await told(3), await fleet()] == [200, (1, 0)]  # late, and no longer missing
    async with server.greeted(device, {"ch": "policy"}) as browser:
        await browser.say("ack", version=1, delivered=9)
        await browser.say("ping")
        while (await browser.hear())["t"] != "pong":
            pass
    assert await fleet() == (4, 0)
    assert [await told(2), await fleet()] == [200, (4, 1)]
    path = "/api/v1/audit/admin-events?subject_kind=device"
    _, _, trail = await server.request("GET", path, client.principal())
    actions = [(one["action"], one["details"].get("more")) for one in trail["items"]]
    assert actions == [
        ("device.count_restarted", None), ("device.events_missing", 3),
        ("device.events_missing", 2),
    ]  # fmt: skip
    status, _, _ = await server.request(
        "POST", PATH, device, {"events": [event()], "numbers": [1, 2]}
    )
    assert status == 422
