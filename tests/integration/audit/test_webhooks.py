"""Violations reach whoever asked for them: signed, in order, at least once, and nobody inside."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asyncpg import Connection

from backend.core.database import Database
from backend.core.errors import Conflict, InvalidInput, NotFound, RefusedField
from backend.core.outside import Outside
from backend.core.signing import KeyRing
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.audit_log import AuditLog
from backend.services.webhook_deliveries import KEPT, WebhookDeliveries
from backend.services.webhook_delivery import WebhookDelivery
from backend.services.webhooks import MOST, NewWebhook, Webhooks
from tests.integration.audit.conftest import MakeEntry
from tests.integration.policy.worlds import Client, Msp, StandingClock, World

Calls = list[tuple[dict[str, str], bytes]]


@asynccontextmanager
async def receiver(*answers: str) -> AsyncIterator[tuple[str, Calls]]:
    """Listen on this machine; answer with one status line after the other, the last for ever."""
    calls: Calls = []

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()[1:]
        headers = dict(line.lower().split(": ", 1) for line in head if line)
        plain = dict(line.split(": ", 1) for line in head if line)
        body = await reader.readexactly(int(headers["content-length"]))
        calls.append(({name.lower(): value for name, value in plain.items()}, body))
        line = answers[min(len(calls), len(answers)) - 1]
        writer.write(f"HTTP/1.1 {line}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answered, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}/here", calls
    finally:
        server.close()


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(datetime.now(UTC))


@pytest.fixture
def webhooks(database: Database, keys: KeyRing, clock: StandingClock) -> Webhooks:
    return Webhooks(database, keys, clock, allows_http=True)


@pytest.fixture
def delivery(database: Database, keys: KeyRing, clock: StandingClock) -> WebhookDelivery:
    return WebhookDelivery(database, keys, Outside(allows_loopback=True), clock)


@pytest.fixture
def deliveries(database: Database) -> WebhookDeliveries:
    return WebhookDeliveries(database)


@pytest.fixture
def strict_delivery(database: Database, keys: KeyRing, clock: StandingClock) -> WebhookDelivery:
    return WebhookDelivery(database, keys, Outside(), clock)


def is_signed(made: NewWebhook, headers: dict[str, str], body: bytes) -> bool:
    """Check as a receiver does, by the standard alone."""
    key = base64.urlsafe_b64decode(made.secret.removeprefix("whsec_") + "=")
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return f"v1,{wanted}" in headers["webhook-signature"].split(" ")


async def test_violations_come_signed_in_order_and_once_where_all_goes_well(
    webhooks: Webhooks, delivery: WebhookDelivery, audit_log: AuditLog, make_entry: MakeEntry,
    client: Client,
) -> None:  # fmt: skip
    await audit_log.record(make_entry())  # before somebody asked
    async with receiver("204 No Content") as (url, calls):
        made = await webhooks.create(client.principal(), client.id, url)
        await audit_log.record_all([make_entry() for _ in range(3)])
        await audit_log.record(make_entry(action="allow", disposition="sent", findings=()))
        for _ in range(3):
            await delivery.send_due()
    ((headers, body),) = calls
    assert is_signed(made, headers, body)
    assert not is_signed(made, headers, body + b" ")
    events = json.loads(body)["data"]
    assert [event["sequence"] for event in events] == [2, 3, 4]
    assert events[0]["kinds"] == {"US_SSN": 1}
    (now,) = await webhooks.of(client.principal(), client.id)
    assert (now.state, now.last_sequence) == ("working", 5)


async def test_what_fails_comes_again_is_given_up_after_two_days_and_resumed_without_loss(
    webhooks: Webhooks, delivery: WebhookDelivery, audit_log: AuditLog, make_entry: MakeEntry,
    client: Client, clock: StandingClock,
) -> None:  # fmt: skip
    admin, start = client.principal(), clock.moment
    async with receiver("500 Oops", "302 Found", "500 Oops", "200 OK") as (url, calls):
        made = await webhooks.create(admin, client.id, url)
        await audit_log.record(make_entry())
        seen = []
        for hours in (0, 1, 49, 60):
            clock.moment = start + timedelta(hours=hours)
            await delivery.send_due()
            (now,) = await webhooks.of(admin, client.id)
            seen.append((now.state, now.last_error))
        assert seen == [
            ("failing", "status 500"), ("failing", "status 302"),
            ("given_up", "status 500"), ("given_up", "status 500"),
        ]  # fmt: skip
        assert len(calls) == 3
        await webhooks.resume(admin, client.id, made.webhook.id)
        await delivery.send_due()
        assert len(calls) == 4
        assert {headers["webhook-id"] for headers, _ in calls} == {f"{made.webhook.id}-1"}
    (now,) = await webhooks.of(admin, client.id)
    assert (now.state, now.attempts, now.last_sequence) == ("working", 0, 1)


async def test_a_receiver_that_does_not_answer_keeps_no_other_webhook_waiting(
    webhooks: Webhooks, delivery: WebhookDelivery, audit_log: AuditLog, make_entry: MakeEntry,
    client: Client,
) -> None:  # fmt: skip
    arrived: list[str] = []
    all_here = asyncio.Event()

    async def answer_when_all_are_here(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        arrived.append((await reader.readline()).decode())
        if len(arrived) == MOST:
            all_here.set()
        await all_here.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer_when_all_are_here, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for number in range(MOST):
        await webhooks.create(client.principal(), client.id, f"http://127.0.0.1:{port}/{number}")
    await audit_log.record(make_entry())
    try:
        async with asyncio.timeout(8):  # one after the other, each would be given ten seconds
            assert await delivery.send_due() >= MOST
    finally:
        server.close()
    assert {one.state for one in await webhooks.of(client.principal(), client.id)} == {"working"}


PRIVATE = (
    "https://127.0.0.1/a", "https://localhost/a", "https://[::ffff:10.0.0.1]/a",
    "https://169.254.169.254/latest", "https://2130706433/a",
)  # fmt: skip


async def test_nothing_is_sent_to_a_private_address_whatever_a_name_led_to_before(
    webhooks: Webhooks, strict_delivery: WebhookDelivery, audit_log: AuditLog,
    make_entry: MakeEntry, client: Client,
) -> None:  # fmt: skip
    for url in PRIVATE:
        await webhooks.create(client.principal(), client.id, url)
    await audit_log.record(make_entry())
    await strict_delivery.send_due()
    found = await webhooks.of(client.principal(), client.id)
    assert {(one.state, one.last_error) for one in found} == {
        ("failing", "refused: a private address")
    }


async def test_an_address_is_https_without_a_login_and_there_are_few(
    database: Database, keys: KeyRing, clock: StandingClock, client: Client, world: World, msp: Msp
) -> None:
    strict = Webhooks(database, keys, clock, allows_http=False)
    admin = client.principal()
    for url in ("http://siem.example.org/", "https://ann:pw@siem.example.org/", "ftp://a.example/"):
        with pytest.raises(RefusedField):
            await strict.create(admin, client.id, url)
    made = [
        await strict.create(admin, client.id, f"https://siem.example.org/{number}")
        for number in range(MOST)
    ]
    with pytest.raises(Conflict):
        await strict.create(admin, client.id, "https://siem.example.org/more")
    neighbour = await world.client(msp, "Neighbour")
    with pytest.raises(NotFound):
        await strict.remove(neighbour.principal(), neighbour.id, made[0].webhook.id)
    await strict.remove(admin, client.id, made[0].webhook.id)
    assert len(await strict.of(admin, client.id)) == MOST - 1


async def change_of(database: Database, client: Client, action: str, **details: int | str) -> None:
    async with database.scoped(client.principal().scope()) as connection:
        await AdminTrail.record(
            connection, client.principal(), action, Subject("device", client.id),
            "Because Maria Gonzalez said so", **details,
        )  # fmt: skip


async def test_changes_are_sent_by_kind_in_order_without_the_words_of_people(
    webhooks: Webhooks, delivery: WebhookDelivery, database: Database, client: Client
) -> None:
    async with receiver("500 Oops", "200 OK") as (url, calls):
        made = await webhooks.create(client.principal(), client.id, url, ["policies", "browsers"])
        for action in ("policy.publish", "exception.request", "device.events_missing"):
            await change_of(database, client, action, missing=3, name="Maria")
        await delivery.send_due()
        await webhooks.resume(client.principal(), client.id, made.webhook.id)
        for _ in range(3):
            await delivery.send_due()
    assert len({headers["webhook-id"] for headers, _ in calls[:2]}) == 1
    assert calls[0][1] == calls[1][1]
    told = [json.loads(body) for _, body in calls[1:]]
    assert [one["type"] for one in told] == ["policies", "browsers"]
    assert [one["data"][0]["action"] for one in told] == ["policy.publish", "device.events_missing"]
    assert told[1]["data"][0]["numbers"] == {"missing": 3}
    assert b"Maria" not in b"".join(body for _, body in calls)


async def test_both_secrets_sign_until_the_overlap_is_over(
    webhooks: Webhooks, delivery: WebhookDelivery, client: Client, clock: StandingClock
) -> None:
    admin = client.principal()
    async with receiver("200 OK") as (url, calls):
        first = await webhooks.create(admin, client.id, url)
        whose = (admin, client.id, first.webhook.id)
        second = await webhooks.rotate(*whose, timedelta(hours=24))
        assert second.webhook.before_until == clock.moment + timedelta(hours=24)
        for hours in (0, 25):
            clock.moment += timedelta(hours=hours)
            assert (await delivery.test(*whose)).error == ""
    assert [is_signed(first, *call) for call in calls] == [True, False]
    assert [is_signed(second, *call) for call in calls] == [True, True]


async def test_a_paused_one_sends_nothing_and_loses_nothing_and_the_past_comes_once_more(
    webhooks: Webhooks, delivery: WebhookDelivery, audit_log: AuditLog, make_entry: MakeEntry,
    database: Database, client: Client, clock: StandingClock,
) -> None:  # fmt: skip
    admin = client.principal()
    async with receiver("200 OK") as (url, calls):
        made = await webhooks.create(admin, client.id, url, ["violations", "policies"])
        whose = (admin, client.id, made.webhook.id)
        assert (await webhooks.pause(*whose)).state == "paused"
        await audit_log.record(make_entry())
        await change_of(database, client, "policy.publish")
        await delivery.send_due()
        assert calls == []
        await webhooks.resume(*whose)
        for _ in range(3):
            await delivery.send_due()
        assert [json.loads(body)["type"] for _, body in calls] == ["violations", "policies"]
        with pytest.raises(InvalidInput):  # a moment UTC has no year for
            await webhooks.replay(*whose, datetime.fromisoformat("9999-12-31T23:59:59-12:00"))
        await webhooks.replay(*whose, clock.moment - timedelta(days=1))
        await delivery.send_due()
        assert calls[2][1] == calls[0][1]
    kept = await WebhookDeliveries(database).of(*whose)
    assert [(one.kind, one.events, one.error) for one in kept] == [
        ("violations", 1, ""), ("policies", 1, ""), ("violations", 1, ""),
    ]  # fmt: skip
    chosen = await webhooks.choose(*whose, ["browsers"])
    assert chosen.kinds == ["browsers"]
    with pytest.raises(RefusedField):
        await webhooks.choose(*whose, ["browsers", "texts"])


async def test_a_suspended_client_holds_up_nobody_elses_webhooks(
    webhooks: Webhooks, delivery: WebhookDelivery, database: Database, client: Client,
    world: World, msp: Msp, owner: "Connection[Any]",
) -> None:  # fmt: skip
    neighbour = await world.client(msp, "Neighbour")
    async with receiver("200 OK") as (url, calls):
        for one in (neighbour, client):
            await webhooks.create(one.principal(), one.id, url, ["policies"])
            await change_of(database, one, "policy.publish")
        await owner.execute(
            "UPDATE clients SET status = 'suspended', suspended_at = now() WHERE tenant_id = $1",
            neighbour.id,
        )
        await delivery.send_due()
    assert [json.loads(body)["data"][0]["client_id"] for _, body in calls] == [str(client.id)]


async def test_only_the_newest_deliveries_are_kept(
    webhooks: Webhooks, delivery: WebhookDelivery, deliveries: WebhookDeliveries, client: Client,
    owner: "Connection[Any]",
) -> None:  # fmt: skip
    admin = client.principal()
    made = await webhooks.create(admin, client.id, "https://127.0.0.1/a")
    whose = (admin, client.id, made.webhook.id)
    await owner.execute(
        "INSERT INTO webhook_deliveries SELECT w.tenant_id, gen_random_uuid(), w.msp_id, w.id,"
        " 'test', 'm', 0, '', 1, now() FROM webhooks w, generate_series(1, 60) WHERE w.id = $1",
        made.webhook.id,
    )  # fmt: skip
    await delivery.test(*whose)
    assert len(await deliveries.of(*whose)) == KEPT
    assert await owner.fetchval(_COUNT, made.webhook.id) == KEPT
    await webhooks.remove(*whose)


_COUNT = "SELECT count(*) FROM webhook_deliveries WHERE webhook_id = $1"
