"""A change is committed as the next version, then announced; nobody's change is lost."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from backend.core.database import Database
from backend.core.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    PreconditionFailed,
    QuillgateError,
)
from backend.core.permissions import Role
from backend.policy.actions import Action
from backend.policy.patch import RuleNames
from backend.services.policy_announcements import PolicyAnnouncements
from backend.services.policy_history import PolicyHistory
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import PolicyPublishing
from backend.services.policy_refusals import StaleVersion
from tests.integration.policy.worlds import Announcements, Client, Msp, StandingClock, World

PATCH = {"families": {"contact": {"action": "flag"}}}


async def test_the_next_version_holds_and_is_announced(
    publishing: PolicyPublishing, lookup: PolicyLookup, announcements: Announcements, client: Client
) -> None:
    admin = client.principal()
    before = await lookup.effective(admin.scope(), client.id)
    made = await publishing.publish(admin, client.policy_id, 1, "Too noisy", PATCH)
    after = await lookup.effective(admin.scope(), client.id)
    assert (before.version, after.version, made.version) == (1, 2, 2)
    assert after.etag == made.etag != before.etag
    assert after.policy.families["contact"] is Action.FLAG
    assert announcements.heard == [(client.id, client.msp_id, 2, made.etag)]


async def test_only_the_named_field_changes(
    publishing: PolicyPublishing, lookup: PolicyLookup, client: Client
) -> None:
    admin = client.principal()
    before = await lookup.effective(admin.scope(), client.id)
    await publishing.publish(admin, client.policy_id, 1, "Too noisy", PATCH)
    after = await lookup.effective(admin.scope(), client.id)
    families = {**before.document["families"], "contact": {"action": "flag"}}
    assert after.document == {**before.document, "families": families}


async def test_a_change_on_a_former_version_is_refused_and_names_the_newest(
    publishing: PolicyPublishing, client: Client
) -> None:
    admin = client.principal()
    await publishing.publish(admin, client.policy_id, 1, "First", PATCH)
    with pytest.raises(PreconditionFailed, match="version 2"):
        await publishing.publish(admin, client.policy_id, 1, "Second", {"default_action": "block"})


async def test_of_two_at_once_one_is_published_and_one_refused(
    history: PolicyHistory, publishing: PolicyPublishing, client: Client
) -> None:
    admin = client.principal()
    patches = [{"families": {"contact": {"action": action}}} for action in ("flag", "block")]
    outcomes = await asyncio.gather(
        *(publishing.publish(admin, client.policy_id, 1, "At once", patch) for patch in patches),
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert [type(error) for error in refused] == [StaleVersion]
    assert [version.version for version in await history.versions(admin, client.policy_id)] == [
        2,
        1,
    ]


REFUSED: list[tuple[object, type[QuillgateError]]] = [
    ({"families": {"contact": {"action": "warn"}}}, Conflict),
    ({"colour": "red"}, InvalidInput),
    ({}, InvalidInput),
    ([], InvalidInput),
    ({"families": {"contacts": {"action": "flag"}}}, InvalidInput),
    ({"remedies": {"block": []}}, InvalidInput),
]


@pytest.mark.parametrize(("patch", "error"), REFUSED)
async def test_a_patch_that_makes_no_new_policy_is_refused(
    history: PolicyHistory,
    publishing: PolicyPublishing,
    announcements: Announcements,
    client: Client,
    patch: object,
    error: type[QuillgateError],
) -> None:
    admin = client.principal()
    with pytest.raises(error):
        await publishing.publish(admin, client.policy_id, 1, "Why", patch)
    assert len(await history.versions(admin, client.policy_id)) == 1
    assert announcements.heard == []


@pytest.mark.parametrize("reason", ["", "  \n", "r" * 501, "a\0b"])
async def test_a_change_needs_a_reason(
    publishing: PolicyPublishing, client: Client, reason: str
) -> None:
    with pytest.raises(InvalidInput):
        await publishing.publish(client.principal(), client.policy_id, 1, reason, PATCH)


async def test_a_misspelt_entity_type_is_refused_where_the_rulebook_is_known(
    database: Database, versions: PolicyAnnouncements, lookup: PolicyLookup, client: Client
) -> None:
    names = RuleNames(rules=frozenset({"us-ssn"}), entities=frozenset({"US_SSN"}))
    publishing = PolicyPublishing(database, versions, lookup, StandingClock(), names)
    with pytest.raises(InvalidInput, match="US_SNN"):
        await publishing.publish(
            client.principal(),
            client.policy_id,
            1,
            "Why",
            {"entities": {"US_SNN": {"action": "block"}}},
        )


async def test_msp_staff_publish_for_their_client(
    history: PolicyHistory, publishing: PolicyPublishing, client: Client, msp: Msp
) -> None:
    staff = msp.principal()
    await publishing.publish(staff, client.policy_id, 1, "Agreed by phone", PATCH)
    newest, *_ = await history.versions(staff, client.policy_id)
    assert (newest.version, newest.author, newest.reason) == (2, "Mia Msp", "Agreed by phone")


async def test_the_client_sees_that_its_provider_published_but_not_who(
    history: PolicyHistory, publishing: PolicyPublishing, client: Client, msp: Msp
) -> None:
    await publishing.publish(msp.principal(), client.policy_id, 1, "Agreed by phone", PATCH)
    newest, first = await history.versions(client.principal(), client.policy_id)
    assert (newest.author, first.author) == ("Your service provider", "Quillgate")


@pytest.mark.parametrize("role", [Role.MSP_TECHNICIAN, Role.AUDITOR, Role.END_USER])
async def test_a_role_that_may_not_publish_is_refused(
    publishing: PolicyPublishing, client: Client, role: Role
) -> None:
    with pytest.raises(Forbidden):
        await publishing.publish(client.principal(role), client.policy_id, 1, "Why", PATCH)


async def test_another_clients_policy_does_not_exist(
    history: PolicyHistory, publishing: PolicyPublishing, world: World, client: Client, msp: Msp
) -> None:
    sibling, stranger = await world.client(msp), await world.msp()
    for principal in (sibling.principal(), stranger.principal()):
        with pytest.raises(NotFound):
            await publishing.publish(principal, client.policy_id, 1, "Why", PATCH)
        with pytest.raises(NotFound):
            await history.versions(principal, client.policy_id)


async def test_versions_are_read_page_by_page(
    history: PolicyHistory, publishing: PolicyPublishing, client: Client
) -> None:
    admin = client.principal()
    for version, action in enumerate(("flag", "warn", "block"), start=1):
        patch = {"families": {"contact": {"action": action}, "date": {"action": action}}}
        await publishing.publish(admin, client.policy_id, version, "Step", patch)
    first = await history.versions(admin, client.policy_id, limit=3)
    rest = await history.versions(admin, client.policy_id, before=first[-1].version, limit=3)
    assert [version.version for version in (*first, *rest)] == [4, 3, 2, 1]


async def test_a_published_version_cannot_be_changed_or_deleted(
    world: World, client: Client
) -> None:
    for statement in ("UPDATE policy_versions SET reason = ''", "DELETE FROM policy_versions"):
        with pytest.raises(Exception, match="append-only"):
            await world.owner.execute(f"{statement} WHERE tenant_id = $1", client.id)


async def test_an_announcement_that_fails_does_not_undo_the_version(
    publishing: PolicyPublishing, announcements: Announcements, world: World, client: Client
) -> None:
    announcements.is_away = True
    made = await publishing.publish(client.principal(), client.policy_id, 1, "Why", PATCH)
    assert made.version == 2
    assert [said["version"] for said in await world.pending(client)] == [2]


async def test_an_announced_version_leaves_nothing_pending(
    publishing: PolicyPublishing, world: World, client: Client
) -> None:
    await publishing.publish(client.principal(), client.policy_id, 1, "Why", PATCH)
    assert await world.pending(client) == []


async def test_lost_announcements_are_made_up_for_with_the_newest_version(
    publishing: PolicyPublishing, versions: PolicyAnnouncements, announcements: Announcements,
    world: World, client: Client,
) -> None:  # fmt: skip
    announcements.is_away = True
    admin = client.principal()
    await publishing.publish(admin, client.policy_id, 1, "One", PATCH)
    made = await publishing.publish(admin, client.policy_id, 2, "Two", {"default_action": "flag"})
    await _age(world, client.id)
    announcements.is_away = False
    await versions.publish_pending()
    mine = [heard for heard in announcements.heard if heard[0] == client.id]
    assert mine == [(client.id, client.msp_id, 3, made.etag)]
    assert await world.pending(client) == []


async def test_a_version_committed_just_now_is_left_to_whoever_committed_it(
    publishing: PolicyPublishing, versions: PolicyAnnouncements, announcements: Announcements,
    world: World, client: Client,
) -> None:  # fmt: skip
    announcements.is_away = True
    await publishing.publish(client.principal(), client.policy_id, 1, "One", PATCH)
    announcements.is_away = False
    await versions.publish_pending()
    assert [heard for heard in announcements.heard if heard[0] == client.id] == []
    assert len(await world.pending(client)) == 1


async def test_while_the_bus_is_away_nothing_is_marked_as_announced(
    publishing: PolicyPublishing, versions: PolicyAnnouncements, announcements: Announcements,
    world: World, client: Client,
) -> None:  # fmt: skip
    announcements.is_away = True
    await publishing.publish(client.principal(), client.policy_id, 1, "One", PATCH)
    await _age(world, client.id)
    with pytest.raises(ConnectionError):
        await versions.publish_pending()
    assert len(await world.pending(client)) == 1


async def _age(world: World, client_id: UUID) -> None:
    values: Any = (client_id, timedelta(seconds=5))
    await world.owner.execute(
        "UPDATE outbox SET created_at = created_at - $2::interval WHERE tenant_id = $1", *values
    )
