"""What keeping counts costs whoever records: with and without them in turns, on one database.

Each caller records one event after the other and waits until it is durable, as the server does.
Yardstick: the same without the count tables. One client is the hot spot; eight spread the load.
"""

import asyncio
import statistics
import time
from datetime import UTC, datetime
from typing import Any

import asyncpg
from asyncpg import Connection

from backend.commands.listening import run
from backend.core.bus import InProcessBus
from backend.core.database import Database
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.live.publisher import Publisher
from backend.services.audit_entries import AuditEntry
from backend.services.audit_log import AuditLog
from tests.integration.audit.conftest import finding
from tests.integration.policy.worlds import Client, World
from tests.performance.databases import migrated

CALLERS = (1, 8, 32)
CLIENTS = (1, 8)
TURNS, SECONDS = 4, 1.5
STOPPED_EACH = 5
TRIGGERS = (
    "ALTER TABLE client_audit_logs {0} TRIGGER counted;"
    " ALTER TABLE client_policy_violations {0} TRIGGER counted"
)


def entry(client: Client, number: int) -> AuditEntry:
    """Return one prompt; every fifth is stopped."""
    is_stopped = number % STOPPED_EACH == 0
    return AuditEntry(
        principal=client.principal(Role.END_USER), client_id=client.id, event_id=uuid7(),
        submission_id=uuid7(), entry_kind="verdict", ai_service_id=None,
        service_host="chat.example", channel="typed", size=120,
        action="block" if is_stopped else "allow",
        disposition="prevented" if is_stopped else "sent",
        findings=(finding(),) if is_stopped else (), policy_version=1, rulebook_version="v",
        engine="server", occurred_at=datetime.now(UTC),
    )  # fmt: skip


async def latencies(log: AuditLog, clients: list[Client], callers: int) -> list[float]:
    """Return how many milliseconds each event took to be durable."""
    took: list[float] = []
    until = time.perf_counter() + SECONDS

    async def caller(first: int) -> None:
        number = first
        while (begun := time.perf_counter()) < until:
            await log.record(entry(clients[number % len(clients)], number))
            took.append(1000 * (time.perf_counter() - begun))
            number += 1

    await asyncio.gather(*(caller(first) for first in range(callers)))
    return took


async def compare(
    owner: "Connection[Any]", log: AuditLog, clients: list[Client], callers: int
) -> None:
    """Print one line: the same load with and without counts, taken in turns."""
    took: dict[str, list[float]] = {"DISABLE": [], "ENABLE": []}
    for _ in range(TURNS):
        for switch in took:
            await owner.execute(TRIGGERS.format(switch))
            took[switch] += await latencies(log, clients, callers)
    without, kept = (statistics.quantiles(took[switch], n=100) for switch in took)
    rates = [len(times) / (TURNS * SECONDS) for times in took.values()]
    print(
        f"  {callers:2} callers, {len(clients)} client{'s' * (len(clients) > 1):1}"
        f"   without p50 {without[49]:6.1f} p99 {without[98]:6.1f} ms {rates[0]:6,.0f}/s"
        f"   kept p50 {kept[49]:6.1f} p99 {kept[98]:6.1f} ms {rates[1]:6,.0f}/s"
        f"   p50 {kept[49] / without[49]:.2f}x",
        flush=True,
    )


async def main() -> None:
    """Start a server of our own and compare."""
    async with migrated() as made:
        owner = await asyncpg.connect(made.url.text())
        world = World(owner)
        msp = await world.msp()
        clients = [await world.client(msp, f"Client {n}") for n in range(max(CLIENTS))]
        database = Database(made.login, made.keys.scope_key)
        await database.open()
        log = AuditLog(database, Publisher(InProcessBus()))
        await log.open()
        await latencies(log, clients, max(CALLERS))  # warm
        for count in CLIENTS:
            for callers in CALLERS:
                await compare(owner, log, clients[:count], callers)
        await log.close()
        await database.close()
        await owner.close()


if __name__ == "__main__":
    run(main())
