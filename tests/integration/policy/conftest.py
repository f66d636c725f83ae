"""The services of this room on a real database, and a world to use them in."""

from typing import Any

import pytest
from asyncpg import Connection

from backend.core.database import Database
from backend.services.fleet import Fleet
from backend.services.msp_summary import MspSummary
from backend.services.policy_adoption import PolicyAdoption
from backend.services.policy_announcements import PolicyAnnouncements
from backend.services.policy_approvals import PolicyApprovals
from backend.services.policy_history import PolicyHistory
from backend.services.policy_layers import PolicyLayers
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import PolicyPublishing
from tests.integration.policy.worlds import Announcements, Client, Msp, StandingClock, World


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def announcements() -> Announcements:
    return Announcements()


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
def lookup(database: Database) -> PolicyLookup:
    return PolicyLookup(database)


@pytest.fixture
def versions(
    database: Database, announcements: Announcements, lookup: PolicyLookup, clock: StandingClock
) -> PolicyAnnouncements:
    return PolicyAnnouncements(database, announcements, lookup, clock)


@pytest.fixture
def publishing(
    database: Database, versions: PolicyAnnouncements, lookup: PolicyLookup, clock: StandingClock
) -> PolicyPublishing:
    return PolicyPublishing(database, versions, lookup, clock)


@pytest.fixture
def fleet(database: Database, clock: StandingClock) -> Fleet:
    return Fleet(database, clock)


@pytest.fixture
def summary(database: Database, clock: StandingClock) -> MspSummary:
    return MspSummary(database, clock)


@pytest.fixture
def layers(
    database: Database, versions: PolicyAnnouncements, lookup: PolicyLookup, clock: StandingClock
) -> PolicyLayers:
    return PolicyLayers(database, versions, lookup, clock)


@pytest.fixture
def history(database: Database, lookup: PolicyLookup) -> PolicyHistory:
    return PolicyHistory(database, lookup)


@pytest.fixture
def adoption(
    database: Database, versions: PolicyAnnouncements, lookup: PolicyLookup, clock: StandingClock
) -> PolicyAdoption:
    return PolicyAdoption(database, versions, lookup, clock)


@pytest.fixture
def approvals(
    database: Database, publishing: PolicyPublishing, layers: PolicyLayers,
    adoption: PolicyAdoption, clock: StandingClock,
) -> PolicyApprovals:  # fmt: skip
    return PolicyApprovals(database, publishing, layers, adoption, clock)
