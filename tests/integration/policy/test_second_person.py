"""Templates, adoptions and rollbacks that protect less wait for a second person too."""

from dataclasses import dataclass
from typing import Any

import pytest

from backend.core.errors import Forbidden
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.services.policy_adoption import PolicyAdoption
from backend.services.policy_announcements import Announcement
from backend.services.policy_approvals import PendingChange, PolicyApprovals
from backend.services.policy_layers import LayerChange, LayerVersion, NewLayer, PolicyLayers
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import Change, PolicyPublishing
from backend.services.policy_reach import PolicyReach
from backend.services.policy_refusals import NeedsApproval, StaleVersion
from tests.integration.policy.worlds import Announcements, Client, Msp, World

STRICT: dict[str, Any] = {"format": 1, "categories": {"phi": {"action": "block"}}}
MILDER: dict[str, Any] = {"categories": {"phi": {"action": "warn"}}}


@dataclass(frozen=True)
class Desk:
    """The services somebody changes policies with."""

    approvals: PolicyApprovals
    adoption: PolicyAdoption
    layers: PolicyLayers
    publishing: PolicyPublishing
    lookup: PolicyLookup

    async def phi(self, client: Client) -> str:
        """Return what a client does about health data."""
        held = await self.lookup.effective(client.principal().scope(), client.id)
        return held.policy.categories["phi"]


@pytest.fixture
def desk(
    approvals: PolicyApprovals, adoption: PolicyAdoption, layers: PolicyLayers,
    publishing: PolicyPublishing, lookup: PolicyLookup,
) -> Desk:  # fmt: skip
    return Desk(approvals, adoption, layers, publishing, lookup)


@pytest.fixture
async def careful(world: World, msp: Msp) -> Client:
    """Return a client whose policy asks for a second person."""
    return await world.client(msp, "Careful", second_approval="weakening")


@pytest.fixture
async def template(layers: PolicyLayers, msp: Msp) -> LayerVersion:
    wanted = NewLayer("msp_template", None, None, "Harbor strict", "hipaa", STRICT, "Customers")
    return await layers.create(msp.principal(), wanted)


@pytest.fixture
async def colleague(world: World, msp: Msp) -> Principal:
    """Return another administrator of the MSP."""
    return await world.staff(msp, Role.MSP_ADMIN)


async def test_a_template_that_weakens_one_heir_waits_for_a_colleague_and_then_reaches_all(
    desk: Desk, msp: Msp, careful: Client, client: Client, template: LayerVersion,
    announcements: Announcements, colleague: Principal,
) -> None:  # fmt: skip
    for one in (careful, client):
        await desk.adoption.adopt(msp.principal(), one.policy_id, 1, template.id, "Our standard")
    announcements.heard.clear()
    change = LayerChange(1, "Too many stops", MILDER)
    kept = await desk.approvals.submit_layer(msp.principal(), template.id, change)
    assert isinstance(kept, PendingChange)
    assert (kept.client_id, kept.layer_id, kept.weakens) == (None, template.id, ("categories.phi",))
    assert announcements.heard == []
    assert {await desk.phi(one) for one in (careful, client)} == {"block"}
    assert await desk.approvals.pending_of_layer(msp.principal(), template.id) == (kept,)
    with pytest.raises(Forbidden):
        await desk.approvals.decide(msp.principal(), kept.id, approves=True, reason="Mine")
    decided = await desk.approvals.decide(colleague, kept.id, approves=True, reason="Agreed")
    assert (decided.status, decided.version) == ("approved", 2)
    assert {heard[0] for heard in announcements.heard} == {careful.id, client.id}
    assert {await desk.phi(one) for one in (careful, client)} == {"warn"}


async def test_a_template_is_published_at_once_where_no_heir_asks_for_a_second_person(
    desk: Desk, msp: Msp, client: Client, template: LayerVersion,
) -> None:  # fmt: skip
    await desk.adoption.adopt(msp.principal(), client.policy_id, 1, template.id, "Our standard")
    change = LayerChange(1, "Too many stops", MILDER)
    made = await desk.approvals.submit_layer(msp.principal(), template.id, change)
    assert isinstance(made, LayerVersion)
    assert (made.version, made.changed) == (2, 1)


async def test_who_approves_what_is_handed_down_is_kept_with_every_version(
    desk: Desk, world: World, msp: Msp, careful: Client, template: LayerVersion,
    colleague: Principal,
) -> None:  # fmt: skip
    await desk.adoption.adopt(msp.principal(), careful.policy_id, 1, template.id, "Our standard")
    change = LayerChange(1, "Too many stops", MILDER)
    kept = await desk.approvals.submit_layer(msp.principal(), template.id, change)
    assert isinstance(kept, PendingChange)
    await desk.approvals.decide(colleague, kept.id, approves=True, reason="Agreed")
    row = await world.owner.fetchrow(
        "SELECT author_id, approver_id, needs_approval FROM policy_versions"
        " WHERE tenant_id = $1 ORDER BY version DESC LIMIT 1", careful.id,
    )  # fmt: skip
    assert row is not None
    assert tuple(row) == (msp.admin_id, colleague.user_id, True)


async def test_adopting_a_milder_template_waits_for_a_colleague(
    desk: Desk, msp: Msp, careful: Client, colleague: Principal,
) -> None:  # fmt: skip
    document = {"format": 1, "categories": {"phi": {"action": "flag"}}}
    mild = NewLayer("msp_template", None, None, "Harbor mild", "hipaa", document, "Customers")
    template = await desk.layers.create(msp.principal(), mild)
    kept = await desk.approvals.submit_adoption(
        msp.principal(), careful.policy_id, 1, template.id, "Simpler"
    )
    assert isinstance(kept, PendingChange)
    assert (kept.client_id, kept.policy_id, kept.layer_id) == (
        careful.id, careful.policy_id, template.id,
    )  # fmt: skip
    assert await desk.phi(careful) == "block"
    await desk.approvals.decide(colleague, kept.id, approves=True, reason="Agreed")
    assert await desk.phi(careful) == "flag"


async def test_a_rollback_to_a_milder_version_waits_for_a_second_person(
    desk: Desk, world: World, msp: Msp,
) -> None:  # fmt: skip
    client = await world.client(msp, "Careful", categories={"phi": {"action": "flag"}})
    who = client.principal()
    stricter = {"categories": {"phi": {"action": "block"}}, "second_approval": "weakening"}
    await desk.publishing.publish(who, client.policy_id, 1, "Stricter", stricter)
    back = Change(2, "As before", {}, restores=1)
    kept = await desk.approvals.submit(who, client.policy_id, back)
    assert isinstance(kept, PendingChange)
    assert kept.restores == 1
    assert await desk.phi(client) == "block"
    second = await world.person(client, Role.CLIENT_ADMIN)
    await desk.approvals.decide(second, kept.id, approves=True, reason="Agreed")
    assert await desk.phi(client) == "flag"


async def test_a_groups_new_layer_cannot_protect_less_in_one_step(
    desk: Desk, world: World, careful: Client,
) -> None:  # fmt: skip
    person = await world.person(careful, Role.END_USER)
    document = {"format": 1, **MILDER}
    wanted = NewLayer("user", person.user_id, careful.id, "Pat", "hipaa", document, "Their work")
    with pytest.raises(NeedsApproval):
        await desk.layers.create(careful.principal(), wanted)
    empty = NewLayer(
        "user", person.user_id, careful.id, "Pat", "hipaa", {"format": 1}, "Their work"
    )
    made = await desk.layers.create(careful.principal(), empty)
    change = LayerChange(1, "Their work", MILDER)
    kept = await desk.approvals.submit_layer(careful.principal(), made.id, change)
    assert isinstance(kept, PendingChange)
    second = await world.person(careful, Role.CLIENT_ADMIN)
    await desk.approvals.decide(second, kept.id, approves=True, reason="Agreed")
    scope = careful.principal().scope()
    theirs = await desk.lookup.effective(scope, careful.id, person.user_id)
    assert theirs.policy.categories["phi"] == "warn"
    assert await desk.phi(careful) == "block"


async def test_how_far_a_template_reaches_is_known_before_it_is_published(
    desk: Desk, database: Any, world: World, msp: Msp, careful: Client, client: Client,
    template: LayerVersion,
) -> None:  # fmt: skip
    for one in (careful, client):
        await desk.adoption.adopt(msp.principal(), one.policy_id, 1, template.id, "Our standard")
    await desk.publishing.publish(
        client.principal(), client.policy_id, 2, "Ours", {"categories": {"phi": {"action": "flag"}}}
    )
    await world.device(careful)
    await world.device(careful)
    await world.device(client)
    found = await PolicyReach(database, desk.layers).of_layer(
        msp.principal(), template.id, LayerChange(1, "", MILDER)
    )
    said = [(one.name, one.browsers, one.changed, one.overridden, one.weakened) for one in found]
    assert said == [
        ("Careful", 2, ("categories.phi",), (), ("categories.phi",)),
        ("Lakeside", 1, (), ("categories.phi",), ()),
    ]
    assert (await desk.lookup.effective(careful.principal().scope(), careful.id)).version == 2


async def test_a_stale_change_is_told_what_others_changed_and_where_both_meet(
    desk: Desk, client: Client,
) -> None:  # fmt: skip
    who = client.principal()
    theirs = {"families": {"contact": {"action": "block"}, "name": {"action": "warn"}}}
    made = await desk.approvals.submit(who, client.policy_id, Change(1, "Stricter", theirs))
    assert isinstance(made, Announcement)
    mine = {"families": {"contact": {"action": "flag"}}, "default_action": "flag"}
    with pytest.raises(StaleVersion) as refused:
        await desk.approvals.submit(who, client.policy_id, Change(1, "Milder", mine))
    members = refused.value.members
    assert members["current_version"] == 2
    assert {one["field"] for one in members["theirs"]} == {"families.contact", "families.name"}
    assert {one["field"] for one in members["mine"]} == {"families.contact", "default_action"}
    assert members["conflicts"] == ["families.contact"]
