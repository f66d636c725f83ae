"""Everybody reads the policy of their own client, and sees which layer said what."""

from uuid import UUID

import pytest

from backend.core.database import Database
from backend.core.errors import NotFound
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.policy.actions import Action
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import PolicyPublishing
from backend.services.shared_data import template
from tests.integration.policy.worlds import Client, Msp, World


async def test_the_policy_in_force_is_the_template_the_client_began_with(
    lookup: PolicyLookup, client: Client
) -> None:
    found = await lookup.effective(client.principal().scope(), client.id)
    assert (found.version, found.policy.version, found.client_name) == (1, 1, "Lakeside")
    assert found.document == template("hipaa").policy.document()
    assert found.policy.categories["phi"] is Action.BLOCK


async def test_a_kept_policy_is_not_given_to_another_msp(
    lookup: PolicyLookup, client: Client, world: World
) -> None:
    await lookup.effective(client.principal().scope(), client.id)
    stranger = await world.msp()
    with pytest.raises(NotFound):
        await lookup.effective(Scope.tenant(client.id, stranger.id), client.id)


async def test_a_version_published_elsewhere_shows_after_the_hint(
    database: Database, publishing: PolicyPublishing, client: Client
) -> None:
    admin = client.principal()
    elsewhere = PolicyLookup(database)
    await elsewhere.effective(admin.scope(), client.id)
    await publishing.publish(admin, client.policy_id, 1, "Why", {"default_action": "flag"})
    assert (await elsewhere.effective(admin.scope(), client.id)).version == 1
    elsewhere.invalidate(client.id)
    assert (await elsewhere.effective(admin.scope(), client.id)).version == 2


async def test_the_chain_tells_the_template_from_what_the_client_changed(
    lookup: PolicyLookup, publishing: PolicyPublishing, client: Client
) -> None:
    admin = client.principal()
    patch = {
        "families": {"contact": {"action": "flag"}},
        "entities": {"US_SSN": {"action": "block"}},
    }
    await publishing.publish(admin, client.policy_id, 1, "Why", patch)
    first, last = await lookup.chain(admin, client.id)
    assert (first.layer, first.id, first.client_id) == ("template", "template:hipaa", None)
    assert (last.layer, last.id, last.author) == ("client", str(client.policy_id), "Carl Client")
    own = {field for field, layer in last.provenance.items() if layer == "client"}
    assert own == {"families.contact", "entities.US_SSN"}
    assert set(first.provenance.values()) == {"template"}


async def test_msp_staff_read_the_chain_of_their_client(
    lookup: PolicyLookup, client: Client, msp: Msp
) -> None:
    layers = await lookup.chain(msp.principal(), client.id)
    assert [layer.layer for layer in layers] == ["template", "client"]


async def test_another_clients_chain_does_not_exist(
    lookup: PolicyLookup, client: Client, msp: Msp, world: World
) -> None:
    sibling, stranger = await world.client(msp), await world.msp()
    for principal in (sibling.principal(), stranger.principal()):
        with pytest.raises(NotFound):
            await lookup.chain(principal, client.id)


async def test_the_platform_operator_finds_no_policy_of_a_client(
    lookup: PolicyLookup, client: Client
) -> None:
    nobody = UUID(int=0)
    operator = Principal(
        "user", UUID(int=9), None, nobody, nobody, None, Role.SUPER_ADMIN, UUID(int=8)
    )
    with pytest.raises(NotFound):
        await lookup.chain(operator, client.id)
