"""Templates of an MSP, groups and people: who inherits what, at once and in one transaction."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from backend.core.database import Database
from backend.core.errors import Conflict, Forbidden, InvalidInput, NotFound, PreconditionFailed
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.services.groups import Groups
from backend.services.policy_adoption import PolicyAdoption
from backend.services.policy_announcements import PolicyAnnouncements
from backend.services.policy_history import PolicyHistory
from backend.services.policy_layers import LayerVersion, NewLayer, PolicyLayers
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import Change, PolicyPublishing
from backend.services.policy_renewal import PolicyRenewal
from tests.integration.policy.worlds import Announcements, Client, Msp, StandingClock, World

STRICT: dict[str, Any] = {
    "format": 1,
    "minimum_confidence": 0.5,
    "families": {"contact": {"action": "block"}, "government-id": {"action": "block"}},
    "locks": {"families.government-id": "floor"},
}


async def make_template(
    layers: PolicyLayers, msp: Msp, document: dict[str, Any] | None = None
) -> LayerVersion:
    wanted = NewLayer(
        "msp_template", None, None, "Harbor strict", "hipaa", document or STRICT, "New customers"
    )
    return await layers.create(msp.principal(), wanted)


async def of_group(
    world: World, layers: PolicyLayers, client: Client, name: str, action: str
) -> UUID:
    """Make a group with the client's administrator in it and a layer of its own."""
    group_id = uuid7()
    await world.owner.execute(
        "INSERT INTO groups (tenant_id, id, msp_id, name) VALUES ($1, $2, $3, $4)",
        client.id, group_id, client.msp_id, name,
    )  # fmt: skip
    await world.owner.execute(
        "INSERT INTO group_members (tenant_id, group_id, user_id, msp_id) VALUES ($1, $2, $3, $4)",
        client.id, group_id, client.admin_id, client.msp_id,
    )  # fmt: skip
    document = {"format": 1, "families": {"contact": {"action": action}}}
    wanted = NewLayer("group", group_id, client.id, name, "hipaa", document, "Their work")
    return (await layers.create(client.principal(), wanted)).id


async def test_a_template_reaches_every_client_that_has_adopted_it_in_one_step(
    adoption: PolicyAdoption, layers: PolicyLayers, lookup: PolicyLookup, world: World,
    msp: Msp, client: Client, announcements: Announcements,
) -> None:  # fmt: skip
    sibling, apart = await world.client(msp, "Hillside"), await world.client(msp, "Apart")
    template = await make_template(layers, msp)
    for one in (client, sibling):
        await adoption.adopt(msp.principal(), one.policy_id, 1, template.id, "Our standard")
    announcements.heard.clear()
    made = await layers.publish(
        msp.principal(), template.id, 1, "Names too", {"families": {"name": {"action": "warn"}}}
    )
    assert made.changed == 2
    assert {heard[0] for heard in announcements.heard} == {client.id, sibling.id}
    for one in (client, sibling):
        held = await lookup.effective(one.principal().scope(), one.id)
        assert (held.version, held.policy.families["name"]) == (3, "warn")
    untouched = await lookup.effective(apart.principal().scope(), apart.id)
    assert (untouched.version, untouched.policy.families["name"]) == (1, "flag")


async def test_a_clients_trail_and_webhooks_tell_of_a_change_of_the_template_it_follows(
    adoption: PolicyAdoption, layers: PolicyLayers, world: World, msp: Msp, client: Client
) -> None:
    apart, suspended = await world.client(msp, "Apart"), await world.client(msp, "Suspended")
    template = await make_template(layers, msp)
    for one in (client, suspended):
        await adoption.adopt(msp.principal(), one.policy_id, 1, template.id, "Our standard")
    for one in (client, apart):
        await world.owner.execute(
            "INSERT INTO webhooks (tenant_id, id, msp_id, url, sealed_secret, last_sequence,"
            " next_try_at, kinds) VALUES ($1, $1, $2, 'https://siem.example.org', 'x', 0, now(),"
            " '{policies}')",
            one.id, one.msp_id,
        )  # fmt: skip
    await world.owner.execute(
        "UPDATE clients SET status = 'suspended' WHERE tenant_id = $1", suspended.id
    )
    await layers.publish(
        msp.principal(), template.id, 1, "Names too", {"families": {"name": {"action": "warn"}}}
    )
    rows = await world.owner.fetch(
        "SELECT c.tenant_id, c.kind, e.action, e.actor_id, e.subject_id, e.details->>'version' AS v"
        " FROM webhook_changes c JOIN admin_events e ON e.tenant_id = c.tenant_id AND e.id = c.id"
        " WHERE c.tenant_id = ANY ($1)",
        [client.id, apart.id],
    )
    assert [tuple(row) for row in rows] == [
        (client.id, "policies", "policy.inherit", msp.admin_id, str(template.id), "3")
    ]


async def test_what_a_client_overrides_stays_when_the_template_changes(
    history: PolicyHistory, adoption: PolicyAdoption, layers: PolicyLayers,
    lookup: PolicyLookup, publishing: PolicyPublishing, msp: Msp, client: Client,
) -> None:  # fmt: skip
    template = await make_template(layers, msp)
    await adoption.adopt(msp.principal(), client.policy_id, 1, template.id, "Our standard")
    await publishing.publish(
        client.principal(), client.policy_id, 2, "Mail is our work",
        {"families": {"contact": {"action": "flag"}}},
    )  # fmt: skip
    await layers.publish(
        msp.principal(), template.id, 1, "Milder", {"families": {"contact": {"action": "warn"}}}
    )
    found = await lookup.explained(client.principal(), client.id)
    assert found.policy.policy.families["contact"] == "flag"
    assert found.effective.provenance["families.contact"].origin.kind == "client"
    assert found.effective.provenance["families.government-id"].origin.kind == "msp_template"
    assert found.effective.provenance["families.government-id"].mode == "floor"
    assert found.effective.provenance["families.card"].origin.kind == "platform"
    (drift,) = await history.drift(client.principal(), client.policy_id)
    assert (drift.field, drift.inherited, drift.here) == ("families.contact", "warn", "flag")
    assert drift.is_weaker
    await publishing.publish(
        client.principal(), client.policy_id, 4, "As everybody", {}, ["families.contact"]
    )
    held = await lookup.effective(client.principal().scope(), client.id)
    assert held.policy.families["contact"] == "warn"
    assert await history.drift(client.principal(), client.policy_id) == ()


@pytest.mark.parametrize(
    "patch",
    [
        {"families": {"government-id": {"action": "warn"}}},
        {"entities": {"US_SSN": {"action": "allow"}}},
        {"rules": {"us-ssn": {"action": "block", "mode": "shadow"}}},
        {"minimum_confidence": 0.99},
    ],
)
async def test_a_floor_of_the_msp_refuses_a_milder_wish_and_says_whose_it_is(
    adoption: PolicyAdoption, layers: PolicyLayers, publishing: PolicyPublishing, msp: Msp,
    client: Client, patch: dict[str, Any],
) -> None:  # fmt: skip
    template = await make_template(layers, msp)
    await adoption.adopt(msp.principal(), client.policy_id, 1, template.id, "Our standard")
    with pytest.raises(InvalidInput, match="Harbor strict, version 1") as refused:
        await publishing.publish(client.principal(), client.policy_id, 2, "We know better", patch)
    assert refused.value.stable_code == "policy-locked"


async def test_an_emergency_stop_is_signed_by_who_makes_it_whatever_the_patch_says(
    adoption: PolicyAdoption,
    layers: PolicyLayers,
    publishing: PolicyPublishing,
    msp: Msp,
    client: Client,
) -> None:
    template = await make_template(layers, msp)
    await adoption.adopt(msp.principal(), client.policy_id, 1, template.id, "Our standard")
    stop = {"effect": "observe", "until": "2099-01-01T00:00:00+00:00", "reason": "r", "by": "msp"}
    patch = {"switches": {"*": stop}}
    with pytest.raises(InvalidInput, match="Harbor strict"):
        await publishing.publish(client.principal(), client.policy_id, 2, "Let it pass", patch)
    made = await publishing.publish(msp.principal(), client.policy_id, 2, "An outage", patch)
    assert made.version == 3


STOP = {"effect": "block", "until": "2099-01-01T00:00:00+00:00", "reason": "A leak is reported"}
LIFTED: list[dict[str, Any]] = [
    {"patch": {"switches": {}}},
    {"patch": {"switches": {"poe": {**STOP, "until": "2026-11-20T12:00:01+00:00"}}}},
    {"patch": {"switches": {"poe": {**STOP, "effect": "observe", "by": "msp"}}}},
    {"patch": {}, "revert": ("switches",)},
    {"patch": {}, "restores": 1},
]


@pytest.mark.parametrize("change", LIFTED)
async def test_a_client_does_not_end_its_providers_stop_by_publishing(
    publishing: PolicyPublishing, msp: Msp, client: Client, change: dict[str, Any]
) -> None:
    patch = {"switches": {"poe": STOP}}
    await publishing.publish(msp.principal(), client.policy_id, 1, "Stop", patch)
    with pytest.raises(Forbidden) as refused:
        await publishing.change(
            client.principal(), client.policy_id, Change(2, "We need it", **change)
        )
    assert refused.value.stable_code == "stop-of-msp"
    other = {"default_action": "flag"}
    await publishing.publish(client.principal(), client.policy_id, 2, "Something else", other)
    made = await publishing.change(msp.principal(), client.policy_id, Change(3, "Over", **change))
    assert made.version == 4


async def test_a_client_does_not_undercut_its_providers_stop_by_a_layer_of_a_group(
    publishing: PolicyPublishing, layers: PolicyLayers, lookup: PolicyLookup, world: World,
    msp: Msp, client: Client,
) -> None:  # fmt: skip
    patch = {"switches": {"poe": STOP}}
    await publishing.publish(msp.principal(), client.policy_id, 1, "Stop", patch)
    made = await of_group(world, layers, client, "Nurses", "block")
    observes = {"switches": {"poe": {**STOP, "effect": "observe", "by": "msp"}}}
    await layers.publish(client.principal(), made, 1, "We need it", observes)
    held = await lookup.effective(client.principal().scope(), client.id, client.admin_id)
    assert held.policy.switches["poe"].effect == "block"
    assert held.policy.switches["poe"].by == "msp"


async def test_a_stricter_wish_under_a_floor_is_published(
    adoption: PolicyAdoption,
    layers: PolicyLayers,
    publishing: PolicyPublishing,
    msp: Msp,
    client: Client,
) -> None:
    document = {**STRICT, "families": {"government-id": {"action": "warn"}}}
    template = await make_template(layers, msp, document)
    await adoption.adopt(msp.principal(), client.policy_id, 1, template.id, "Our standard")
    made = await publishing.publish(
        client.principal(),
        client.policy_id,
        2,
        "Stricter",
        {"entities": {"US_SSN": {"action": "block"}}},
    )
    assert made.version == 3


async def test_of_two_groups_of_one_person_the_stricter_holds_and_others_are_untouched(
    layers: PolicyLayers, lookup: PolicyLookup, world: World, client: Client
) -> None:
    await of_group(world, layers, client, "Billing", "allow")
    await of_group(world, layers, client, "Nurses", "block")
    scope = client.principal().scope()
    mine = await lookup.effective(scope, client.id, client.admin_id)
    others = await lookup.effective(scope, client.id, uuid7())
    assert mine.policy.families["contact"] == "block"
    assert others.policy.families["contact"] == "warn"
    assert mine.etag != others.etag
    assert mine.version == others.version == 3
    found = await lookup.explained(client.principal(), client.id, client.admin_id)
    assert found.effective.provenance["families.contact"].origin.name == "Nurses"


async def test_a_persons_own_layer_is_laid_over_their_groups(
    layers: PolicyLayers, lookup: PolicyLookup, world: World, client: Client
) -> None:
    await of_group(world, layers, client, "Billing", "block")
    wanted = NewLayer(
        "user", client.admin_id, client.id, "Carl", "hipaa",
        {"format": 1, "families": {"contact": {"action": "flag"}}}, "His work",
    )  # fmt: skip
    await layers.create(client.principal(), wanted)
    held = await lookup.effective(client.principal().scope(), client.id, client.admin_id)
    assert held.policy.families["contact"] == "flag"
    with pytest.raises(Conflict):
        await layers.create(client.principal(), wanted)


async def test_a_rolled_back_policy_says_what_it_said_as_a_new_version(
    history: PolicyHistory, publishing: PolicyPublishing, lookup: PolicyLookup, client: Client
) -> None:
    who = client.principal()
    await publishing.publish(who, client.policy_id, 1, "Try", {"default_action": "warn"})
    made = await publishing.roll_back(who, client.policy_id, 2, 1, "It was too much")
    held = await lookup.effective(who.scope(), client.id)
    assert (made.version, held.policy.default_action, held.reason) == (
        3, "allow", "It was too much",
    )  # fmt: skip
    (change,) = await history.difference(who, client.policy_id, 2, 3)
    assert (change.field, change.before, change.after) == ("default_action", "warn", "allow")
    assert change.is_weaker
    with pytest.raises(Conflict):
        await publishing.roll_back(who, client.policy_id, 3, 1, "Again")


async def test_a_stale_change_of_a_layer_is_refused(layers: PolicyLayers, msp: Msp) -> None:
    template = await make_template(layers, msp)
    with pytest.raises(PreconditionFailed):
        await layers.publish(msp.principal(), template.id, 7, "Late", {"default_action": "warn"})


async def test_a_layer_is_found_by_its_own_people_alone(
    layers: PolicyLayers, world: World, msp: Msp, client: Client
) -> None:
    template = await make_template(layers, msp)
    group = await of_group(world, layers, client, "Billing", "block")
    stranger, sibling = await world.msp(), await world.client(msp, "Hillside")
    for principal in (stranger.principal(), sibling.principal()):
        with pytest.raises(NotFound):
            await layers.get(principal, group)
    for principal in (stranger.principal(), client.principal()):
        with pytest.raises(NotFound):
            await layers.get(principal, template.id)
    assert (await layers.get(msp.principal(), group)).name == "Billing"


async def test_a_client_cannot_make_a_template_nor_adopt_one(
    adoption: PolicyAdoption, layers: PolicyLayers, msp: Msp, client: Client
) -> None:
    template = await make_template(layers, msp)
    wanted = NewLayer("msp_template", None, None, "Mine", "hipaa", STRICT, "Because")
    for role in (Role.CLIENT_ADMIN, Role.AUDITOR):
        with pytest.raises(Forbidden):
            await layers.create(client.principal(role), wanted)
        with pytest.raises(Forbidden):
            await adoption.adopt(client.principal(role), client.policy_id, 1, template.id, "Me")


async def test_another_msps_template_cannot_be_adopted(
    adoption: PolicyAdoption, layers: PolicyLayers, world: World, msp: Msp, client: Client
) -> None:
    other = await world.msp()
    theirs = await make_template(layers, other)
    with pytest.raises(NotFound):
        await adoption.adopt(msp.principal(), client.policy_id, 1, theirs.id, "Nice")
    with pytest.raises(NotFound):
        await adoption.adopt(other.principal(), client.policy_id, 1, theirs.id, "Mine now")


async def test_versions_of_layers_are_never_edited(
    layers: PolicyLayers, world: World, msp: Msp
) -> None:
    template = await make_template(layers, msp)
    for statement in (
        "UPDATE policy_layer_versions SET reason = 'x' WHERE layer_id = $1",
        "DELETE FROM policy_layer_versions WHERE layer_id = $1",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await world.owner.execute(statement, template.id)


async def test_handing_down_is_for_the_msps_own_tenant_alone(
    adoption: PolicyAdoption, layers: PolicyLayers, msp: Msp, client: Client
) -> None:
    template = await make_template(layers, msp)
    await adoption.adopt(msp.principal(), client.policy_id, 1, template.id, "Our standard")
    database = layers._database  # noqa: SLF001 -- a transaction of the client's own scope
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.scoped(client.principal().scope()) as connection:
            await connection.fetch("SELECT * FROM qg_heirs($1)", template.id)


async def test_a_version_kept_as_a_whole_document_reads_as_overrides(
    lookup: PolicyLookup, world: World, msp: Msp
) -> None:
    client = await world.client(msp, "Old", families={"contact": {"action": "block"}})
    found = await lookup.explained(client.principal(), client.id)
    held = await lookup.effective(client.principal().scope(), client.id)
    assert dict(found.effective.document)["families"] == held.document["families"]
    assert found.effective.provenance["families.contact"].origin.kind == "client"
    assert found.effective.provenance["categories.phi"].origin.kind == "platform"


async def test_who_joins_a_group_with_a_layer_is_told_and_obeys_it(
    database: Database, layers: PolicyLayers, lookup: PolicyLookup, world: World, client: Client,
    announcements: Announcements, versions: PolicyAnnouncements,
) -> None:  # fmt: skip
    await of_group(world, layers, client, "Nurses", "block")
    pat = await world.person(client, Role.END_USER)
    renewal = PolicyRenewal(database, versions, lookup, StandingClock())
    groups = Groups(database, renewal)
    (nurses,) = await groups.of_client(client.principal(), client.id, None, 10)
    announcements.heard.clear()
    who = [client.admin_id, pat.user_id]
    await groups.set_members(client.principal(), client.id, nurses.id, who)
    assert [heard[:3] for heard in announcements.heard] == [(client.id, client.msp_id, 3)]
    held = await lookup.effective(client.principal().scope(), client.id, pat.user_id)
    assert (held.version, held.policy.families["contact"]) == (3, "block")
    plain = await groups.create(client.principal(), client.id, "Plain", "")
    await groups.set_members(client.principal(), client.id, plain.id, who)
    assert len(announcements.heard) == 1
