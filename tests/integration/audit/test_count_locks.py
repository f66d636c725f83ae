"""Recording and working on violations change the same counts; neither ever waits for itself."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import cycle
from typing import Any
from uuid import UUID

from asyncpg import Connection

from backend.core.bus import InProcessBus
from backend.core.database import Database
from backend.core.scope import Scope
from backend.live.publisher import Publisher
from backend.services.audit_entries import AuditEntry, header_bytes, row_bytes
from backend.services.violation_work import ViolationWork, WorkChange
from tests.integration.audit.conftest import MakeEntry, finding
from tests.integration.policy.test_counts import counts_of
from tests.integration.policy.worlds import Client, Msp, StandingClock, World

RECORD = "SELECT * FROM qg_record($1::jsonb, $2::bytea[])"
ROUNDS, VIOLATIONS = 20, 4
STEPS = {"new": "triaged", "triaged": "escalated", "escalated": "resolved", "resolved": "triaged"}


async def recorded(database: Database, entries: list[AuditEntry]) -> None:
    headers = [header_bytes(entry.header()) for entry in entries]
    rows = b",".join(map(row_bytes, entries, headers)).decode()
    async with database.scoped(Scope.ingest()) as connection:
        await connection.fetch(RECORD, f"[{rows}]", headers)


async def test_recording_and_working_on_the_same_violations_never_deadlock_and_count_exactly(
    database: Database,
    owner: "Connection[Any]",
    world: World,
    client: Client,
    msp: Msp,
    make_entry: MakeEntry,
    bus: InProcessBus,
) -> None:
    """Half of the violations are of today, whose counts every recording writes too."""
    now = datetime.now(UTC)
    days = [now - timedelta(days=number % 2) for number in range(VIOLATIONS)]
    old = [await world.submission(client, "warn", "justified_sent", day) for day in days]
    work = ViolationWork(database, Publisher(bus), StandingClock())
    endings = cycle(("overridden_sent", "redacted_sent", "abandoned", "justified_sent"))

    async def record(mine: list[UUID]) -> None:
        for number in range(ROUNDS):
            about = mine[number % len(mine)]
            await recorded(database, [
                make_entry(findings=(finding(severity="high"),)),
                make_entry(action="allow", disposition="sent", findings=()),
                make_entry(entry_kind="disposition", action="warn", disposition=next(endings),
                           submission_id=about, findings=()),
            ])  # fmt: skip

    async def step(violation: UUID) -> None:
        for _ in range(ROUNDS):
            card = await work.one(msp.principal(), violation)
            change = WorkChange(card.version, status=STEPS[card.status], comment="Looked at.")
            await work.change(msp.principal(), violation, change)

    await asyncio.gather(record(old), record(old[::-1]), *(step(one) for one in old))
    kept = await counts_of(owner, client)
    await owner.execute("SELECT qg_private.count_anew()")
    assert await counts_of(owner, client) == kept
