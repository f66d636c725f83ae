"""Which browsers obey the newest version is what they said themselves, and when."""

from datetime import timedelta
from uuid import UUID

import pytest

from backend.core.errors import Forbidden, InvalidInput, NotFound
from backend.core.permissions import Role
from backend.services.fleet import BrowserState, Fleet
from backend.services.policy_publishing import PolicyPublishing
from tests.integration.policy.worlds import NOW, Client, Msp, StandingClock, World

CLEARED = {"default_action": "flag"}


async def test_a_fleet_counts_current_behind_and_silent_browsers(
    fleet: Fleet, world: World, client: Client
) -> None:
    for _ in range(3):
        await world.device(client)
    await world.device(client, version=None)
    await world.device(client, seen=NOW - timedelta(minutes=11))
    await world.device(client, revoked_at=NOW)
    view = await fleet.of_client(client.principal(), client.id)
    assert view.summary == "3 of 5"
    assert [view.count(state) for state in BrowserState] == [3, 1, 1]
    assert view.browsers[0].state is BrowserState.BEHIND


async def test_publishing_leaves_everybody_behind_until_they_acknowledge(
    fleet: Fleet, publishing: PolicyPublishing, world: World, client: Client
) -> None:
    first, _ = await world.device(client), await world.device(client)
    admin = client.principal()
    await publishing.publish(admin, client.policy_id, 1, "Why", CLEARED)
    assert (await fleet.of_client(admin, client.id)).summary == "0 of 2"
    await fleet.record_ack(client.device(first), 2, "0123456789abcdef")
    view = await fleet.of_client(admin, client.id)
    assert (view.summary, view.policy_version) == ("1 of 2", 2)
    current = next(one for one in view.browsers if one.state is BrowserState.CURRENT)
    assert (current.id, current.acknowledged_at) == (first, NOW)
    assert current.rulebook_version == "0123456789abcdef"


async def test_a_browser_tells_which_sites_have_changed_until_they_fit_again(
    fleet: Fleet, world: World, client: Client
) -> None:
    first, second = await world.device(client), await world.device(client)
    seen: dict[str, tuple[str, ...]] = {"chatgpt": ("composer", "body"), "claude": ()}
    for device in (first, second):
        await fleet.record_ack(client.device(device), 1, "0123456789abcdef", seen)
    view = await fleet.of_client(client.principal(), client.id)
    assert view.degraded == {"chatgpt": 2}
    assert {browser.degraded for browser in view.browsers} == {("chatgpt",)}
    await fleet.record_ack(client.device(first), 1, "0123456789abcdef", {"chatgpt": ()})
    assert (await fleet.of_client(client.principal(), client.id)).degraded == {"chatgpt": 1}


async def test_a_browser_says_which_build_it_runs_now(
    fleet: Fleet, world: World, client: Client
) -> None:
    device = client.device(await world.device(client))
    build = "0.2.0+0123456789abcdef"
    for said in (build, "", "0.3.0+<script>"):
        await fleet.record_ack(device, 1, "0123456789abcdef", {}, said)
        view = await fleet.of_client(client.principal(), client.id)
        assert [browser.extension_version for browser in view.browsers] == [build]


async def test_a_silent_browser_that_shows_itself_is_no_longer_silent(
    fleet: Fleet, world: World, client: Client, clock: StandingClock
) -> None:
    device = await world.device(client)
    clock.moment = NOW + timedelta(minutes=30)
    assert (await fleet.of_client(client.principal(), client.id)).summary == "0 of 1"
    await fleet.touch(client.device(device))
    assert (await fleet.of_client(client.principal(), client.id)).summary == "1 of 1"


async def test_a_browser_is_noted_at_most_once_a_minute(
    fleet: Fleet, world: World, client: Client, clock: StandingClock
) -> None:
    device = client.device(await world.device(client))
    await fleet.touch(device)
    clock.moment = NOW + timedelta(seconds=30)
    await fleet.touch(device)
    view = await fleet.of_client(client.principal(), client.id)
    assert view.browsers[0].last_seen_at == NOW


async def test_a_person_is_no_browser(fleet: Fleet, client: Client) -> None:
    await fleet.touch(client.principal())
    with pytest.raises(Forbidden):
        await fleet.record_ack(client.principal(), 1, "0123456789abcdef")


@pytest.mark.parametrize(
    ("version", "rulebook"),
    [(0, "ab"), (-1, "ab"), (2**31, "ab"), (1, ""), (1, "a" * 65), (1, "a b")],
)
async def test_an_impossible_acknowledgement_is_refused(
    fleet: Fleet, client: Client, version: int, rulebook: str
) -> None:
    with pytest.raises(InvalidInput):
        await fleet.record_ack(client.device(UUID(int=1)), version, rulebook)


async def test_another_clients_fleet_does_not_exist(
    fleet: Fleet, world: World, client: Client, msp: Msp
) -> None:
    sibling, stranger = await world.client(msp), await world.msp()
    for principal in (sibling.principal(), stranger.principal()):
        with pytest.raises(NotFound):
            await fleet.of_client(principal, client.id)
    assert (await fleet.of_client(msp.principal(), client.id)).summary == "0 of 0"


async def test_an_end_user_does_not_see_the_fleet(fleet: Fleet, client: Client) -> None:
    with pytest.raises(Forbidden):
        await fleet.of_client(client.principal(Role.END_USER), client.id)
