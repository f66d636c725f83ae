"""The push socket as extensions and consoles meet it: a real server, a real caller."""

import asyncio
import json
import time
from datetime import timedelta
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.live.messages import MOST_SUBSCRIPTIONS, Close
from tests.integration.live.conftest import until
from tests.integration.live.server import EXTENSION, LiveServer
from tests.integration.policy.worlds import Client, Msp, World

PROMPT = {"text": "my ssn is 536-90-4399", "service": "chatgpt.com", "channel": "typed"}
POLICY = {"ch": "policy"}
PAST_THE_GRACE = timedelta(seconds=400)


def feed(client: Client | None = None, **more: Any) -> dict[str, Any]:
    return {"ch": "feed", "client": str(client.id) if client else None, **more}


async def violate(server: LiveServer, client: Client) -> dict[str, Any]:
    """Let somebody of a client send what the policy forbids."""
    person = client.principal(Role.END_USER)
    status, _, answer = await server.request("POST", "/api/v1/analyze/prompt", person, PROMPT)
    assert status == 200
    assert answer["action"] == "block"
    return dict(answer)


async def publish(server: LiveServer, client: Client, version: int) -> None:
    """Let an admin change the policy that stands at `version`."""
    patch = {"categories": {"pii": {"action": "warn" if version % 2 else "flag"}}}
    content = {"base_version": version, "reason": "test", "patch": patch}
    path = f"/api/v1/policies/{client.policy_id}/versions"
    status, _, answer = await server.request("POST", path, client.principal(), content)
    assert (status, answer.get("version")) == (201, version + 1)


def conversations() -> list[str]:
    """Return the tasks of open sockets."""
    tasks = [repr(task.get_coro()) for task in asyncio.all_tasks()]
    return [task for task in tasks if "Conversation" in task]


@pytest.mark.parametrize(
    "origin",
    [None, "null", "https://attacker.example", "http://localhost", "chrome-extension://short",
     EXTENSION + ".attacker.example"],
)  # fmt: skip
async def test_a_foreign_or_missing_origin_is_refused_before_anything_is_accepted(
    server: LiveServer, origin: str | None
) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with server.socket(origin=origin):
            pass
    assert refused.value.response.status_code == 403


async def test_our_own_pages_may_connect(server: LiveServer, client: Client) -> None:
    async with server.socket(origin=server.url) as caller:
        await caller.say("hello", token=server.token(client.principal()))
        assert (await caller.hear())["t"] == "welcome"


async def test_without_the_subprotocol_nobody_is_accepted(server: LiveServer) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with server.socket(subprotocols=["quillgate.v0"]):
            pass
    assert refused.value.response.status_code == 403


async def test_the_welcome_names_the_subprotocol_the_epoch_and_the_heartbeat(
    server: LiveServer, client: Client
) -> None:
    async with server.socket() as caller:
        assert caller.connection.subprotocol == "quillgate.v1"
        await caller.say("hello", token=server.token(client.principal()))
        message = await caller.hear()
    assert set(message) == {"t", "ch", "e", "o", "id", "d"}
    assert (message["ch"], message["d"]["epoch"], message["d"]["heartbeat"]) == ("ctl", "1", 20)


async def test_a_prohibited_service_reaches_an_open_browser_within_a_second(
    server: LiveServer, client: Client, world: World
) -> None:
    device = client.device(await world.device(client))
    async with server.greeted(device, POLICY) as browser:
        assert (await browser.hear())["t"] == "policy.changed"
        _, _, before = await server.request("GET", "/api/v1/sync", device)
        path, content = "/api/v1/ai-services/claude/decisions", {"status": "prohibited"}
        started = time.monotonic()
        status, _, _ = await server.request(
            "POST", path, client.principal(), {**content, "reason": "No agreement"}
        )
        assert status == 201
        assert (await browser.hear())["t"] == "services.changed"
        _, _, after = await server.request("GET", "/api/v1/sync", device)
        assert time.monotonic() - started < 1
    said = [json.loads(one["bundle"])["ai_services"] for one in (before, after)]
    found = [{one["id"]: one["status"] for one in services}["claude"] for services in said]
    assert found == ["unknown", "prohibited"]


async def test_a_browser_hears_at_once_which_policy_holds(
    server: LiveServer, client: Client, world: World
) -> None:
    device = client.device(await world.device(client))
    async with server.greeted(device, POLICY) as caller:
        message = await caller.hear()
    assert (message["t"], message["ch"], message["o"]) == ("policy.changed", "policy", 1)
    assert message["d"]["client_id"] == str(client.id)


async def test_a_policy_edit_reaches_browsers_and_staff_and_is_acknowledged(
    server: LiveServer, client: Client, msp: Msp, world: World
) -> None:
    device = client.device(await world.device(client, version=None))
    async with (
        server.greeted(device, POLICY) as browser,
        server.greeted(msp.principal(), POLICY) as staff,
    ):
        assert (await browser.hear())["d"]["version"] == 1
        await publish(server, client, 1)
        assert (await browser.hear())["d"]["version"] == 2
        heard = (await staff.hear())["d"]
        assert (heard["version"], heard["client_id"]) == (2, str(client.id))
        await browser.say("ack", version=2)

        async def is_noted() -> bool:
            path = f"/api/v1/clients/{client.id}/fleet"
            _, _, fleet = await server.request("GET", path, client.principal())
            return bool(fleet["items"][0]["policy_version"] == 2)

        await until(is_noted)


async def test_a_violation_reaches_the_admins_of_the_client_and_of_the_msp(
    server: LiveServer, client: Client, msp: Msp
) -> None:
    async with (
        server.greeted(client.principal(), feed()) as admin,
        server.greeted(msp.principal(), feed()) as staff,
    ):
        judged = await violate(server, client)
        message = await admin.hear()
        told_to_staff = await staff.hear()
    assert message["d"] == told_to_staff["d"]
    assert message["d"]["submission_id"] == judged["submission_id"]
    assert message["o"] == judged["checkpoint"]["sequence"]
    assert message["d"]["kinds"] == {"US_SSN": 1}
    assert (message["d"]["client_name"], message["d"]["disposition"]) == ("Lakeside", "prevented")


async def test_no_event_holds_the_text(server: LiveServer, client: Client) -> None:
    async with server.greeted(client.principal(), feed()) as admin:
        await violate(server, client)
        message = json.dumps(await admin.hear())
    assert "536-90-4399" not in message
    assert "ssn is" not in message


async def test_an_admin_of_one_client_never_hears_of_another(
    server: LiveServer, client: Client, msp: Msp, world: World
) -> None:
    sibling = await world.client(msp, "Cedar")
    async with server.greeted(sibling.principal(), feed(client), POLICY) as admin:
        assert (await admin.hear())["d"]["client_id"] == str(sibling.id)
        await violate(server, client)
        await publish(server, client, 1)
        assert await admin.hear_nothing()


async def test_staff_of_another_msp_hear_nothing_even_when_they_name_the_client(
    server: LiveServer, client: Client, world: World
) -> None:
    foreign = await world.msp()
    await violate(server, client)
    async with server.greeted(foreign.principal(), feed(client, offset=0), POLICY) as staff:
        await violate(server, client)
        await publish(server, client, 1)
        assert await staff.hear_nothing()


@pytest.mark.parametrize("role", [Role.END_USER, Role.DEVICE])
async def test_who_may_not_see_violations_hears_none(
    server: LiveServer, client: Client, role: Role
) -> None:
    async with server.greeted(client.principal(role), feed(client, offset=0)) as caller:
        await violate(server, client)
        assert await caller.hear_nothing()


async def test_a_feed_resumes_where_it_was_left(server: LiveServer, client: Client) -> None:
    judged = [await violate(server, client) for _ in range(4)]
    offsets = [answer["checkpoint"]["sequence"] for answer in judged]
    async with server.greeted(
        client.principal(), feed(client, epoch="1", offset=offsets[1])
    ) as admin:
        assert [(await admin.hear())["o"], (await admin.hear())["o"]] == offsets[2:]
        await violate(server, client)
        assert (await admin.hear())["o"] == offsets[-1] + 1


async def test_a_replayed_event_equals_the_live_one(server: LiveServer, client: Client) -> None:
    async with server.greeted(client.principal(), feed()) as admin:
        await violate(server, client)
        live = await admin.hear()
    async with server.greeted(client.principal(), feed(offset=0)) as admin:
        replayed = await admin.hear()
    assert {**live, "id": ""} == {**replayed, "id": ""}


async def test_what_became_of_a_verdict_is_told_live_and_to_who_was_away(
    server: LiveServer, client: Client, world: World
) -> None:
    device = client.device(await world.device(client))
    judged = await violate(server, client)
    offset = judged["checkpoint"]["sequence"]
    event = {
        "event_id": str(uuid7()), "submission_id": judged["submission_id"],
        "entry_kind": "disposition", "service": "chatgpt.com", "channel": "typed", "size": 21,
        "action": "block", "disposition": "redacted_sent", "findings": [], "policy_version": 1,
        "rulebook_version": "x", "occurred_at": "2026-11-24T10:00:00Z", "late": False,
    }  # fmt: skip
    async with server.greeted(client.principal(), feed()) as admin:
        content = {"events": [event]}
        status, _, _ = await server.request("POST", "/api/v1/audit/events", device, content)
        while (live := await admin.hear())["o"] == offset:
            pass  # the verdict itself may still be on its way
    async with server.greeted(client.principal(), feed(offset=offset)) as admin:
        replayed = await admin.hear()
    assert status == 200
    assert (live["d"]["disposition"], live["d"]["kinds"]) == ("redacted_sent", {"US_SSN": 1})
    assert {**live, "id": ""} == {**replayed, "id": ""}


async def test_an_unknown_epoch_is_answered_with_a_gap_and_everything_there_is(
    server: LiveServer, client: Client
) -> None:
    await violate(server, client)
    sub = feed(client, epoch="of another database", offset=10)
    async with server.greeted(client.principal(), sub) as admin:
        gap, event = await admin.hear(), await admin.hear()
    assert (gap["t"], gap["d"]["from"], gap["d"]["to"]) == ("gap", 0, 10)
    assert event["t"] == "feed.event"


async def test_five_hundred_missed_events_arrive_with_a_gap_for_the_others(
    server: LiveServer, client: Client, world: World
) -> None:
    for _ in range(520):
        await world.submission(client, "block", "prevented")
    async with server.greeted(client.principal(), feed(client, offset=0)) as admin:
        gap = await admin.hear()
        offsets = [(await admin.hear())["o"] for _ in range(500)]
    assert (gap["t"], gap["d"]["from"], gap["d"]["to"]) == ("gap", 1, 20)
    assert offsets == list(range(21, 521))


@pytest.mark.parametrize(
    "frame",
    ["", b"", b"binary", "no json", "{}", '{"t":"ack","d":{"version":1}}', '{"t":"hello"}',
     '{"t":"hello","d":{"token":"x","subs":5}}'],
    ids=["empty", "empty binary", "binary", "text", "object", "too early", "bare", "subs"],
)  # fmt: skip
async def test_a_first_message_that_is_no_hello_closes_the_socket(
    server: LiveServer, frame: str | bytes
) -> None:
    async with server.socket() as caller:
        await caller.connection.send(frame)
        assert await caller.closed_with() == Close.BAD_MESSAGE


@pytest.mark.parametrize(
    "frame",
    ["", b"", b"\0", "[]", '{"t":"hello","d":{"token":"x"}}', '{"t":"ack","d":{"version":0}}'],
)
async def test_a_later_message_that_is_not_ours_closes_the_socket(
    server: LiveServer, client: Client, frame: str | bytes
) -> None:
    async with server.greeted(client.principal()) as caller:
        await caller.connection.send(frame)
        assert await caller.closed_with() == Close.BAD_MESSAGE


async def test_a_message_above_64_kib_closes_the_socket(server: LiveServer) -> None:
    async with server.socket() as caller:
        await caller.say("hello", token="x", client_version="v" * 70_000)
        assert await caller.closed_with() == 1009


async def test_too_many_subscriptions_close_the_socket(server: LiveServer, client: Client) -> None:
    async with server.socket() as caller:
        subs = [POLICY] * (MOST_SUBSCRIPTIONS + 1)
        await caller.say("hello", token=server.token(client.principal()), subs=subs)
        assert await caller.closed_with() == Close.BAD_MESSAGE


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "x" * 4097])
async def test_a_token_that_is_not_ours_closes_the_socket_for_good(
    server: LiveServer, token: str
) -> None:
    async with server.socket() as caller:
        await caller.say("hello", token=token)
        assert await caller.closed_with() in {Close.BAD_TOKEN, Close.BAD_MESSAGE}


async def test_an_expired_token_asks_to_come_back_with_a_fresh_one(
    server: LiveServer, client: Client
) -> None:
    async with server.socket() as caller:
        old = server.token(client.principal(), age=timedelta(hours=1))
        await caller.say("hello", token=old)
        assert await caller.closed_with() == Close.TOKEN_EXPIRED


async def test_a_flood_closes_the_socket_as_rate_limited(
    server: LiveServer, client: Client
) -> None:
    async with server.greeted(client.principal()) as caller:
        for _ in range(60):
            await caller.say("ping")
        assert await caller.closed_with() == Close.RATE_LIMITED


async def test_a_ping_is_answered(server: LiveServer, client: Client) -> None:
    async with server.greeted(client.principal()) as caller:
        await caller.say("ping")
        assert (await caller.hear())["t"] == "pong"


async def test_a_fresh_token_of_the_same_session_is_taken_and_no_other(
    server: LiveServer, client: Client
) -> None:
    person = client.principal()
    async with server.greeted(person) as caller:
        await caller.say("auth.refresh", token=server.token(person))
        assert (await caller.hear())["t"] == "auth.ok"
        await caller.say("auth.refresh", token=server.token(client.principal()))
        assert await caller.closed_with() == Close.BAD_TOKEN


async def test_a_person_who_acknowledges_a_policy_is_told_that_only_browsers_do(
    server: LiveServer, client: Client
) -> None:
    async with server.greeted(client.principal()) as caller:
        await caller.say("ack", version=1, rulebook_version="abc")
        message = await caller.hear()
    assert (message["t"], message["d"]["code"]) == ("error", "forbidden")


async def test_a_revoked_session_is_closed_at_once(server: LiveServer, client: Client) -> None:
    person = client.principal()
    async with server.greeted(person) as caller:
        await server.services.publisher.revoked(client.id, client.msp_id, person.session_id)
        assert (await caller.hear())["t"] == "revoke"
        assert await caller.closed_with() == Close.REVOKED


async def test_closed_sockets_leave_nothing_behind(server: LiveServer, client: Client) -> None:
    hub = server.services.hub
    await until(lambda: hub.count == 0)
    async with server.greeted(client.principal(), feed()):
        assert hub.count == 1
    await until(lambda: hub.count == 0)
    await until(lambda: not conversations())
    assert hub.count == 0
