"""The services of this room on a real database, and what was announced."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from asyncpg import Connection

from backend.core.database import Database
from backend.core.signing import KeyRing
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.custom_detections import CustomDetections
from backend.services.given_reasons import GivenReasons
from backend.services.policy_announcements import PolicyAnnouncements
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import PolicyPublishing
from backend.services.service_announcements import ServiceAnnouncements
from backend.services.service_approvals import ServiceApprovals
from backend.services.service_notices import ServiceNotices
from backend.services.service_requests import Reasons, ServiceRequests
from backend.services.service_sightings import ServiceSightings
from backend.services.service_stops import ServiceStops
from tests.integration.policy.worlds import Announcements, Client, Msp, StandingClock, World
from tests.rulebooks import detector


class Told:
    """Remembers what browsers and feeds were told; may be away."""

    def __init__(self) -> None:
        self.changed: list[tuple[UUID, str]] = []
        self.notes: list[Mapping[str, Any]] = []
        self.is_away = False

    async def services_changed(self, tenant_id: UUID, msp_id: UUID, mark: str) -> None:
        del msp_id
        if self.is_away:
            raise ConnectionError("the bus is away")
        self.changed.append((tenant_id, mark))

    async def noted(self, tenant_id: UUID, msp_id: UUID, content: Mapping[str, Any]) -> None:
        del tenant_id, msp_id
        self.notes.append(content)


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock(datetime.now(UTC))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def world(owner: "Connection[Any]") -> World:
    return World(owner)


@pytest.fixture
async def msp(world: World) -> Msp:
    return await world.msp()


@pytest.fixture
async def client(world: World, msp: Msp) -> Client:
    return await world.client(msp)


@pytest.fixture
def registry(database: Database, clock: StandingClock) -> AiServiceRegistry:
    return AiServiceRegistry(database, clock=clock)


@pytest.fixture
def announcements(database: Database, told: Told, clock: StandingClock) -> ServiceAnnouncements:
    return ServiceAnnouncements(database, told, clock)


@pytest.fixture
def reasons(lookup: PolicyLookup, keys: KeyRing) -> Reasons:
    return Reasons(lookup, GivenReasons(detector(), CustomDetections(keys)))


@pytest.fixture
def approvals(
    database: Database, registry: AiServiceRegistry, announcements: ServiceAnnouncements,
    clock: StandingClock,
) -> ServiceApprovals:  # fmt: skip
    return ServiceApprovals(database, registry, announcements, clock)


@pytest.fixture
def requests(
    database: Database, registry: AiServiceRegistry, announcements: ServiceAnnouncements,
    told: Told, reasons: Reasons, clock: StandingClock,
) -> ServiceRequests:  # fmt: skip
    return ServiceRequests(database, registry, announcements, ServiceNotices(told), reasons, clock)


@pytest.fixture
def sightings(
    database: Database, registry: AiServiceRegistry, told: Told, clock: StandingClock
) -> ServiceSightings:
    return ServiceSightings(database, registry, ServiceNotices(told), clock)


@pytest.fixture
def lookup(database: Database) -> PolicyLookup:
    return PolicyLookup(database)


@pytest.fixture
def stops(
    database: Database, registry: AiServiceRegistry, lookup: PolicyLookup, clock: StandingClock
) -> ServiceStops:
    versions = PolicyAnnouncements(database, Announcements(), lookup, clock)
    publishing = PolicyPublishing(database, versions, lookup, clock)
    return ServiceStops(lookup, publishing, registry, clock)
