"""AI services found in logs, and emergency stops: what is kept, who is told, when it is over."""

from datetime import timedelta
from typing import Any

import pytest

from backend.core.errors import Conflict, Forbidden, NotFound
from backend.policy.actions import Action
from backend.policy.decide import decide
from backend.policy.verdict import Context
from backend.services.policy_lookup import PolicyLookup
from backend.services.service_sightings import ServiceSightings
from backend.services.service_stops import ServiceStops
from tests.integration.policy.worlds import Client, Msp, StandingClock, World
from tests.integration.services.conftest import Told

HOUR = timedelta(hours=1)


async def test_a_log_leaves_hosts_of_ai_services_and_counts_and_nothing_else(
    sightings: ServiceSightings, client: Client, told: Told, owner: Any
) -> None:
    admin = client.principal()
    log = [
        ("chat.deepseek.com", 4), ("eu.chat.deepseek.com", 1), ("bank.example", 9),
        ("brand-new-gpt.example", 2), ("app.slack.com", 5),
    ]  # fmt: skip
    first = await sightings.import_log(admin, client.id, log)
    assert (first.lines, first.ignored) == (5, 2)
    again = await sightings.import_log(admin, client.id, log)
    assert (first.first_seen, again.first_seen) == (
        ("brand-new-gpt.example", "chat.deepseek.com"), (),
    )  # fmt: skip
    page = await sightings.listed(admin, client.id, None, 50)
    assert [(one.host, one.count, one.ai_service_id) for one in page.items] == [
        ("brand-new-gpt.example", 4, None), ("chat.deepseek.com", 10, "deepseek"),
    ]  # fmt: skip
    assert [one["service"] for one in told.notes] == list(first.first_seen)
    notices = await owner.fetch("SELECT kind, subject FROM notices WHERE tenant_id = $1", client.id)
    assert sorted(row["subject"] for row in notices) == sorted(first.first_seen)


async def test_a_browser_counts_for_its_own_client(
    sightings: ServiceSightings, client: Client, world: World
) -> None:
    device = client.device(await world.device(client))
    await sightings.report(device, [("poe.com", 3)])
    page = await sightings.listed(client.principal(), client.id, None, 50)
    assert [(one.host, one.count) for one in page.items] == [("poe.com", 3)]
    with pytest.raises(Forbidden):
        await sightings.import_log(device, client.id, [("poe.com", 3)])


async def judged(
    lookup: PolicyLookup, client: Client, service: str, clock: StandingClock
) -> Action:
    lookup.invalidate(client.id)
    held = await lookup.effective(client.principal().scope_for(client.id), client.id)
    context = Context("approved", "typed", "v", service=service, moment=clock.now())
    return decide([], held.policy, context).action


async def test_a_stop_blocks_one_service_until_its_time_is_over(
    stops: ServiceStops, lookup: PolicyLookup, client: Client, clock: StandingClock
) -> None:
    admin = client.principal()
    made = await stops.throw(admin, client.id, "claude", "block", HOUR, "A leak is reported")
    assert (made.name, made.until, made.policy_version) == ("Claude", clock.now() + HOUR, 2)
    assert await judged(lookup, client, "claude", clock) is Action.BLOCK
    assert await judged(lookup, client, "chatgpt", clock) is Action.ALLOW
    clock.moment += HOUR
    assert await judged(lookup, client, "claude", clock) is Action.ALLOW
    assert await stops.listed(admin, client.id) == ()


async def test_a_stop_of_everything_is_lifted_alone_and_the_trail_says_why(
    stops: ServiceStops, lookup: PolicyLookup, client: Client, clock: StandingClock, owner: Any
) -> None:
    admin = client.principal()
    for service in ("*", "claude"):
        await stops.throw(admin, client.id, service, "block", HOUR, "A leak is reported")
    left = await stops.lift(admin, client.id, "*", "It was none")
    assert [one.service_id for one in left] == ["claude"]
    assert await judged(lookup, client, "chatgpt", clock) is Action.ALLOW
    with pytest.raises(Conflict):
        await stops.lift(admin, client.id, "*", "Again")
    reasons = await owner.fetch(
        "SELECT reason FROM admin_events WHERE tenant_id = $1 ORDER BY at, id", client.id
    )
    assert [row["reason"] for row in reasons] == [
        "Emergency stop of all AI services: A leak is reported",
        "Emergency stop of Claude: A leak is reported",
        "End of the emergency stop of all AI services: It was none",
    ]


async def test_a_client_neither_lifts_nor_takes_over_its_providers_stop(
    stops: ServiceStops, client: Client, msp: Msp
) -> None:
    await stops.throw(msp.principal(), client.id, "poe", "block", HOUR, "All our clients")
    await stops.throw(client.principal(), client.id, "claude", "block", HOUR, "Ours")
    found = {one.service_id: one.by for one in await stops.listed(client.principal(), client.id)}
    assert found == {"poe": "msp", "claude": "client"}
    with pytest.raises(Forbidden):
        await stops.lift(client.principal(), client.id, "poe", "We need it")
    left = await stops.lift(msp.principal(), client.id, "poe", "Over")
    assert [one.service_id for one in left] == ["claude"]


async def test_a_stop_names_a_service_the_registry_knows(
    stops: ServiceStops, client: Client
) -> None:
    with pytest.raises(NotFound):
        await stops.throw(client.principal(), client.id, "nobody", "block", HOUR, "Test")
