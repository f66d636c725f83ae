"""On its day a setting rises by itself, unless it has been wrong too often."""

from typing import Any

import asyncpg
import pytest

from backend.core.database import Database
from backend.core.scope import Scope
from backend.policy.taxonomy import Taxonomy
from backend.services.policy_announcements import PolicyAnnouncements
from backend.services.policy_history import PolicyHistory
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_promotions import PolicyPromotions
from backend.services.policy_publishing import PolicyPublishing
from tests.integration.policy.worlds import Announcements, Client, Msp, StandingClock, World

KINDS = Taxonomy(frozenset({("us-ssn", "US_SSN", "government-id", "pii")}))
STEP = {"to": "block", "on": "2026-11-20", "most_false_positives": 0.2}
LADDER: dict[str, Any] = {"government-id": {"action": "warn", "promote": [STEP]}}


@pytest.fixture
def promotions(
    database: Database, publishing: PolicyPublishing, versions: PolicyAnnouncements,
    lookup: PolicyLookup, clock: StandingClock,
) -> PolicyPromotions:  # fmt: skip
    lookup.taxonomy = KINDS
    return PolicyPromotions(database, publishing, versions, lookup, clock)


@pytest.fixture
async def climbing(world: World, msp: Msp) -> Client:
    return await world.client(msp, "Climbing", families=LADDER)


async def decided(world: World, client: Client, status: str, times: int) -> None:
    for _ in range(times):
        await world.submission(client, "warn", "overridden_sent", rule="us-ssn", status=status)


async def test_a_policy_rises_on_its_day_once_and_tells_its_browsers(
    promotions: PolicyPromotions, lookup: PolicyLookup, history: PolicyHistory,
    climbing: Client, announcements: Announcements,
) -> None:  # fmt: skip
    assert await promotions.raise_due() >= 1
    held = await lookup.effective(climbing.principal().scope(), climbing.id)
    assert (held.version, held.policy.families["government-id"]) == (2, "block")
    newest, _ = await history.versions(climbing.principal(), climbing.policy_id)
    assert newest.author == "Quillgate"
    assert "families.government-id from warn to block" in newest.reason
    assert [heard[2] for heard in announcements.heard if heard[0] == climbing.id] == [2]
    await promotions.raise_due()
    held = await lookup.effective(climbing.principal().scope(), climbing.id)
    assert held.version == 2


async def test_a_setting_that_was_wrong_too_often_waits_and_says_why_once(
    promotions: PolicyPromotions, lookup: PolicyLookup, world: World, climbing: Client
) -> None:
    await decided(world, climbing, "false_positive", 1)
    await decided(world, climbing, "resolved", 1)
    await promotions.raise_due()
    await promotions.raise_due()
    held = await lookup.effective(climbing.principal().scope(), climbing.id)
    assert held.version == 1
    (reason,) = [
        row["reason"]
        for row in await world.owner.fetch(
            "SELECT reason FROM admin_events WHERE tenant_id = $1 AND action = 'policy.hold'",
            climbing.id,
        )
    ]
    assert "50% of its decided violations were false alarms" in reason
    await decided(world, climbing, "resolved", 8)
    await promotions.raise_due()
    held = await lookup.effective(climbing.principal().scope(), climbing.id)
    assert held.version == 2


async def test_nobody_but_the_relay_lists_ladders(database: Database, client: Client) -> None:
    for scope in (client.principal().scope(), Scope.ingest()):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.scoped(scope) as connection:
                await connection.fetch("SELECT * FROM qg_with_ladders()")
