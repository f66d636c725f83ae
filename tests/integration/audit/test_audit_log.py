"""Entries are acknowledged once they are durable, once each, and never before."""

import asyncio
import json
from typing import Any, TypeAlias

import pytest
from asyncpg import Connection

from backend.core.bus import InProcessBus
from backend.core.database import Database
from backend.core.errors import Unavailable
from backend.core.identifiers import uuid7
from backend.live.announcements import understood
from backend.live.channels import of_msp, of_tenant
from backend.live.publisher import Publisher
from backend.services.audit_entries import AuditEntry, header_bytes
from backend.services.audit_log import AuditLog
from backend.services.violation_feed import ViolationFeed
from tests.integration.audit.conftest import MakeEntry, finding
from tests.integration.policy.worlds import Client, Msp, World

Owner: TypeAlias = "Connection[Any]"


async def rows(owner: Owner, client: Client) -> list[Any]:
    return await owner.fetch(
        "SELECT * FROM client_audit_logs WHERE tenant_id = $1 ORDER BY sequence", client.id
    )


async def test_an_entry_is_there_when_its_receipt_is(
    audit_log: AuditLog, make_entry: MakeEntry, owner: Owner, client: Client
) -> None:
    entry = make_entry()
    receipt = await audit_log.record(entry)
    (row,) = await rows(owner, client)
    assert (row["event_id"], row["sequence"], row["recorded_at"]) == (
        entry.event_id, receipt.sequence, receipt.recorded_at,
    )  # fmt: skip
    assert (receipt.sequence, receipt.is_duplicate) == (1, False)


async def test_the_kept_header_is_the_canonical_bytes(
    audit_log: AuditLog, make_entry: MakeEntry, owner: Owner, client: Client
) -> None:
    entry = make_entry(service_host="bücher.example")
    await audit_log.record(entry)
    (row,) = await rows(owner, client)
    assert row["header"] == header_bytes(entry.header())


async def test_a_violation_and_its_detections_are_written_with_the_entry(
    audit_log: AuditLog, make_entry: MakeEntry, owner: Owner
) -> None:
    entry = make_entry(findings=(finding(), finding(rule="us-zip", type="US_ZIP", digest=None)))
    await audit_log.record(entry)
    violation = await owner.fetchrow(
        "SELECT * FROM client_policy_violations WHERE id = $1", entry.submission_id
    )
    detections = await owner.fetch(
        "SELECT * FROM pattern_detections WHERE violation_id = $1 ORDER BY rule_id",
        entry.submission_id,
    )
    assert violation is not None
    assert (violation["action"], violation["severity"]) == ("block", "critical")
    assert [(d["rule_id"], d["mask"], d["value_digest"]) for d in detections] == [
        ("us-ssn", "[us-ssn]", bytes.fromhex("ab" * 32)), ("us-zip", "[us-ssn]", None),
    ]  # fmt: skip


async def test_an_allowed_prompt_is_recorded_and_no_violation(
    audit_log: AuditLog, make_entry: MakeEntry, owner: Owner, client: Client
) -> None:
    await audit_log.record(make_entry(action="allow", disposition="sent", findings=()))
    count = await owner.fetchval(
        "SELECT count(*) FROM client_policy_violations WHERE tenant_id = $1", client.id
    )
    assert (len(await rows(owner, client)), count) == (1, 0)


async def test_an_event_sent_again_gets_its_first_receipt(
    audit_log: AuditLog, make_entry: MakeEntry, owner: Owner, client: Client
) -> None:
    event_id = uuid7()
    first = await audit_log.record(make_entry(event_id=event_id))
    again = await audit_log.record(make_entry(event_id=event_id))
    assert again.is_duplicate
    assert (again.sequence, again.recorded_at, again.submission_id) == (
        first.sequence, first.recorded_at, first.submission_id,
    )  # fmt: skip
    assert len(await rows(owner, client)) == 1


async def test_one_event_many_times_at_once_is_recorded_once(
    audit_log: AuditLog, make_entry: MakeEntry, owner: Owner, client: Client
) -> None:
    event_id = uuid7()
    receipts = await audit_log.record_all([make_entry(event_id=event_id) for _ in range(100)])
    assert {receipt.sequence for receipt in receipts} == {1}
    assert sum(not receipt.is_duplicate for receipt in receipts) == 1
    assert len(await rows(owner, client)) == 1


async def test_the_same_event_id_of_two_clients_is_two_events(
    audit_log: AuditLog, make_entry: MakeEntry, world: World, msp: Msp
) -> None:
    event_id, other = uuid7(), await world.client(msp, "Cedar")
    mine = await audit_log.record(make_entry(event_id=event_id))
    theirs = await audit_log.record(
        make_entry(event_id=event_id, client_id=other.id, principal=other.principal())
    )
    assert not mine.is_duplicate
    assert not theirs.is_duplicate


async def test_sequences_have_no_hole_however_many_write_at_once(
    audit_log: AuditLog, make_entry: MakeEntry
) -> None:
    entries = [make_entry() for _ in range(1500)]
    receipts = await asyncio.gather(*(audit_log.record(entry) for entry in entries))
    assert sorted(receipt.sequence for receipt in receipts) == list(range(1, 1501))


async def test_one_entry_that_cannot_be_written_refuses_no_other(
    audit_log: AuditLog, make_entry: MakeEntry, owner: Owner, client: Client
) -> None:
    bad = make_entry(client_id=uuid7())
    good: list[AuditEntry] = [make_entry() for _ in range(20)]
    entries = [*good[:13], bad, *good[13:]]
    results = await asyncio.gather(
        *(audit_log.record(entry) for entry in entries), return_exceptions=True
    )
    failed = [result for result in results if isinstance(result, BaseException)]
    assert [type(error) for error in failed] == [Unavailable]
    assert results[13] is failed[0]
    assert len(await rows(owner, client)) == 20


async def test_an_entry_cannot_be_written_into_another_msp(
    audit_log: AuditLog, make_entry: MakeEntry, world: World
) -> None:
    foreign = await world.client(await world.msp())
    with pytest.raises(Unavailable):
        await audit_log.record(make_entry(client_id=foreign.id))


async def test_no_error_tells_what_was_in_an_entry(
    audit_log: AuditLog, make_entry: MakeEntry
) -> None:
    with pytest.raises(Unavailable) as refused:
        await audit_log.record(make_entry(channel="canary-7391", action="canary-7391"))
    assert "canary" not in str(refused.value)


async def test_a_full_queue_refuses_at_once(
    database: Database, bus: InProcessBus, make_entry: MakeEntry
) -> None:
    log = AuditLog(database, Publisher(bus), most_waiting=3)
    waiting = [asyncio.create_task(log.record(make_entry())) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as refused:
        await log.record(make_entry())
    assert refused.value.retry_after_seconds >= 1
    await log.open()
    receipts = await asyncio.gather(*waiting)
    assert [receipt.sequence for receipt in receipts] == [1, 2, 3]
    await log.close()


async def test_closing_writes_what_waits_and_takes_nothing_more(
    database: Database, bus: InProcessBus, make_entry: MakeEntry
) -> None:
    log = AuditLog(database, Publisher(bus))
    await log.open()
    waiting = [asyncio.create_task(log.record(make_entry())) for _ in range(700)]
    await asyncio.sleep(0)
    await log.close()
    receipts = await asyncio.gather(*waiting)
    assert len(receipts) == 700
    with pytest.raises(Unavailable):
        await log.record(make_entry())


async def test_a_caller_who_goes_away_takes_no_entry_with_it(
    audit_log: AuditLog, make_entry: MakeEntry, owner: Owner, client: Client
) -> None:
    leaving = asyncio.create_task(audit_log.record(make_entry()))
    await asyncio.sleep(0)
    leaving.cancel()
    receipt = await audit_log.record(make_entry())
    assert receipt.sequence == 2
    assert len(await rows(owner, client)) == 2


async def test_a_disposition_is_recorded_and_moves_the_violation(
    audit_log: AuditLog, make_entry: MakeEntry, owner: Owner, client: Client
) -> None:
    verdict = make_entry(action="warn", disposition="abandoned")
    await audit_log.record(verdict)
    await audit_log.record(
        make_entry(
            principal=verdict.principal, submission_id=verdict.submission_id,
            entry_kind="disposition", action="warn", disposition="justified_sent", findings=(),
        )
    )  # fmt: skip
    disposition = await owner.fetchval(
        "SELECT disposition FROM client_policy_violations WHERE id = $1", verdict.submission_id
    )
    assert disposition == "justified_sent"
    assert [row["entry_kind"] for row in await rows(owner, client)] == ["verdict", "disposition"]


async def announced(bus: InProcessBus, count: int) -> list[dict[str, Any]]:
    messages = bus.messages()
    payloads = [(await asyncio.wait_for(anext(messages), 5))[1] for _ in range(count)]
    return [json.loads(bytes(understood(payload).content)) for payload in payloads]


async def test_what_is_announced_equals_what_a_feed_fetches(
    audit_log: AuditLog,
    make_entry: MakeEntry,
    bus: InProcessBus,
    database: Database,
    client: Client,
) -> None:
    await bus.subscribe(of_tenant(client.id))
    await audit_log.record_all([make_entry() for _ in range(3)])
    live = await announced(bus, 3)
    missed = await ViolationFeed(database).since(client.principal(), client.id, 0)
    assert live == list(missed.events)
    assert missed.gap is None


async def test_an_msp_hears_of_all_its_clients(
    audit_log: AuditLog, make_entry: MakeEntry, bus: InProcessBus, world: World, msp: Msp
) -> None:
    other = await world.client(msp, "Cedar")
    await bus.subscribe(of_msp(msp.id))
    await audit_log.record_all(
        [make_entry(), make_entry(client_id=other.id, principal=other.principal())]
    )
    assert {event["client_name"] for event in await announced(bus, 2)} == {"Lakeside", "Cedar"}


async def test_a_duplicate_and_an_allowed_prompt_are_not_announced(
    audit_log: AuditLog, make_entry: MakeEntry, bus: InProcessBus, client: Client
) -> None:
    await bus.subscribe(of_tenant(client.id))
    entry = make_entry()
    allowed = make_entry(action="allow", disposition="sent", findings=())
    await audit_log.record_all([entry, entry, allowed])
    last = await audit_log.record(make_entry())
    assert [event["sequence"] for event in await announced(bus, 2)] == [1, last.sequence]
