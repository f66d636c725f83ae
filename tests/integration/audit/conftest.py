"""An audit log on a real database, and somebody to write about."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from asyncpg import Connection

from backend.core.bus import InProcessBus
from backend.core.database import Database
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.live.publisher import Publisher
from backend.services.audit_entries import AuditEntry, RecordedFinding
from backend.services.audit_log import AuditLog
from backend.services.migration import LOGIN_ROLE
from tests.integration.live.server import LiveServer
from tests.integration.policy.worlds import Client, Msp, World

NOW = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
MakeEntry = Callable[..., AuditEntry]


@pytest.fixture
def world(owner: "Connection[Any]") -> World:
    return World(owner)


@pytest.fixture
async def msp(world: World) -> Msp:
    return await world.msp()


@pytest.fixture
async def client(world: World, msp: Msp) -> Client:
    return await world.client(msp)


@pytest_asyncio.fixture(scope="session")
async def server(
    owner_url: DatabaseUrl, keys: KeyRing, database: Database
) -> AsyncIterator[LiveServer]:
    """Serve the application on the database of the tests, in one process."""
    del database  # opened first, so that Tortoise is set up once
    url = owner_url.login(LOGIN_ROLE, keys.database_password).text()
    server = LiveServer(keys, url)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def bus() -> AsyncIterator[InProcessBus]:
    bus = InProcessBus()
    yield bus
    await bus.close()


@pytest.fixture
async def audit_log(database: Database, bus: InProcessBus) -> AsyncIterator[AuditLog]:
    log = AuditLog(database, Publisher(bus))
    await log.open()
    yield log
    await log.close()


def finding(**values: Any) -> RecordedFinding:
    """Return a finding; what is not named is usual."""
    usual = {
        "id": uuid7(), "rule": "us-ssn", "type": "US_SSN", "category": "pii",
        "severity": "critical", "confidence": 0.9, "start": 10, "length": 11, "mask": "[us-ssn]",
        "digest": "ab" * 32,
    }  # fmt: skip
    return RecordedFinding(**{**usual, **values})


@pytest.fixture
def make_entry(client: Client) -> MakeEntry:
    """Make an entry about a blocked prompt of the client; what is not named is usual."""

    def make(**values: Any) -> AuditEntry:
        usual = {
            "principal": client.principal(Role.END_USER), "client_id": client.id,
            "event_id": uuid7(), "submission_id": uuid7(), "entry_kind": "verdict",
            "ai_service_id": None, "service_host": "chat.example", "channel": "typed", "size": 21,
            "action": "block", "disposition": "prevented", "findings": (finding(),),
            "policy_version": 1, "rulebook_version": "0123456789abcdef", "engine": "server",
            "occurred_at": NOW,
        }  # fmt: skip
        return AuditEntry(**{**usual, **values})

    return make
