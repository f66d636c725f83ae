"""Violations reach whoever asked for them: signed, in order, at least once, and nobody inside."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from backend.core.database import Database
from backend.core.errors import Conflict, NotFound, RefusedField
from backend.core.outside import Outside
from backend.core.signing import KeyRing
from backend.services.audit_log import AuditLog
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
def strict_delivery(database: Database, keys: KeyRing, clock: StandingClock) -> WebhookDelivery:
    return WebhookDelivery(database, keys, Outside(), clock)


def is_signed(made: NewWebhook, headers: dict[str, str], body: bytes) -> bool:
    """Check as a receiver does, by the standard alone."""
    key = base64.urlsafe_b64decode(made.secret.removeprefix("whsec_") + "=")
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return headers["webhook-signature"] == f"v1,{wanted}"


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
