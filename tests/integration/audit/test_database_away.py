"""The audit log while the database is away, and when it is back: no false word, no dead part."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from backend.core.bus import InProcessBus
from backend.core.database import Database
from backend.core.errors import Unavailable
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.live.publisher import Publisher
from backend.services.audit_entries import AuditEntry, Receipt
from backend.services.audit_log import AuditLog
from backend.services.migration import LOGIN_ROLE
from tests.integration.audit.conftest import MakeEntry
from tests.integration.outages import Outages, Owner
from tests.integration.policy.worlds import Client

PRODUCERS = 20


@pytest.fixture
async def outages(owner: Owner) -> AsyncIterator[Outages]:
    outages = Outages(owner)
    yield outages
    await outages.end()


@pytest.fixture
async def audit_log(
    owner_url: DatabaseUrl, keys: KeyRing, outages: Outages
) -> AsyncIterator[AuditLog]:
    """Open an audit log with database connections of its own."""
    del outages  # ends after us
    login = owner_url.login(LOGIN_ROLE, keys.database_password)
    database = Database(login.text(), keys.scope_key, 4)
    await database.open()
    log = AuditLog(database, Publisher(InProcessBus()))
    await log.open()
    yield log
    await log.close()
    await database.close()


class Producers:
    """Callers who record one entry after the other and remember what they were told."""

    def __init__(self, log: AuditLog, make_entry: MakeEntry) -> None:
        self.received: list[Receipt] = []
        self.refused: list[AuditEntry] = []
        self._log = log
        self._make_entry = make_entry
        self._is_over = False
        self._tasks = [asyncio.create_task(self._produce()) for _ in range(PRODUCERS)]

    async def _produce(self) -> None:
        while not self._is_over:
            entry = self._make_entry()
            try:
                self.received.append(await self._log.record(entry))
            except Unavailable:
                self.refused.append(entry)
                await asyncio.sleep(0.01)

    async def have_received(self, more: int) -> None:
        wanted = len(self.received) + more
        async with asyncio.timeout(20):
            while len(self.received) < wanted:
                await asyncio.sleep(0.01)

    async def stop_and_send_again(self) -> set[tuple[Any, int]]:
        """Return every (event, sequence) that was ever acknowledged."""
        self._is_over = True
        await asyncio.gather(*self._tasks)
        again = [await self._log.record(entry) for entry in self.refused]
        return {(receipt.event_id, receipt.sequence) for receipt in [*self.received, *again]}


async def kept(owner: Owner, client: Client) -> list[Any]:
    return await owner.fetch(
        "SELECT event_id, sequence FROM client_audit_logs WHERE tenant_id = $1 ORDER BY sequence",
        client.id,
    )


async def test_every_receipt_around_an_outage_is_true_and_writing_resumes(
    audit_log: AuditLog, make_entry: MakeEntry, outages: Outages, owner: Owner, client: Client
) -> None:
    producers = Producers(audit_log, make_entry)
    await producers.have_received(200)
    await outages.begin()
    await asyncio.sleep(0.5)
    assert producers.refused
    await outages.end()
    await producers.have_received(200)
    acknowledged = await producers.stop_and_send_again()
    rows = await kept(owner, client)
    assert acknowledged == {(row["event_id"], row["sequence"]) for row in rows}
    assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))


async def test_connections_cut_again_and_again_lose_and_double_nothing(
    audit_log: AuditLog, make_entry: MakeEntry, outages: Outages, owner: Owner, client: Client
) -> None:
    producers = Producers(audit_log, make_entry)
    for _ in range(20):
        await producers.have_received(30)
        await outages.cut()
    acknowledged = await producers.stop_and_send_again()
    rows = await kept(owner, client)
    assert acknowledged == {(row["event_id"], row["sequence"]) for row in rows}
