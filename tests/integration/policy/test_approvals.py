"""A change that protects less waits for a second person."""

import asyncpg
import pytest

from backend.core.errors import Conflict, Forbidden, NotFound, PreconditionFailed
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.policy.taxonomy import Taxonomy
from backend.services.policy_announcements import Announcement
from backend.services.policy_approvals import PendingChange, PolicyApprovals
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import Change
from tests.integration.policy.worlds import Announcements, Client, Msp, World

_KNOWN = Taxonomy(
    frozenset(
        {
            ("email-address", "EMAIL_ADDRESS", "contact", "pii"),
            ("us-ssn", "US_SSN", "government-id", "pii"),
        }
    )
)
MILDER = {"categories": {"phi": {"action": "warn"}}}


@pytest.fixture
async def careful(world: World, msp: Msp) -> Client:
    """Return a client whose policy asks for a second person."""
    return await world.client(msp, "Careful", second_approval="weakening")


def second(client: Client) -> Principal:
    """Return another administrator of the client."""
    return Principal(
        "user", uuid7(), None, client.msp_id, client.id, client.id, Role.CLIENT_ADMIN, uuid7()
    )


async def propose(approvals: PolicyApprovals, client: Client) -> PendingChange:
    made = await approvals.submit(
        client.principal(), client.policy_id, Change(1, "Too many stops", MILDER)
    )
    assert isinstance(made, PendingChange)
    return made


async def test_it_is_not_published_until_somebody_else_approves(
    approvals: PolicyApprovals, lookup: PolicyLookup, careful: Client, announcements: Announcements
) -> None:
    proposed = await propose(approvals, careful)
    scope = careful.principal().scope()
    assert proposed.weakens == ("categories.phi",)
    assert (await lookup.effective(scope, careful.id)).version == 1
    assert announcements.heard == []
    decided = await approvals.decide(
        second(careful), proposed.id, approves=True, reason="Agreed in the meeting"
    )
    held = await lookup.effective(scope, careful.id)
    assert (decided.status, decided.version, held.version) == ("approved", 2, 2)
    assert held.policy.categories["phi"] == "warn"
    assert [heard[2] for heard in announcements.heard] == [2]


async def test_its_author_cannot_approve_it(approvals: PolicyApprovals, careful: Client) -> None:
    proposed = await propose(approvals, careful)
    with pytest.raises(Forbidden):
        await approvals.decide(careful.principal(), proposed.id, approves=True, reason="Mine")


async def test_not_even_by_writing_to_the_database(
    approvals: PolicyApprovals, world: World, careful: Client
) -> None:
    proposed = await propose(approvals, careful)
    with pytest.raises(asyncpg.CheckViolationError):
        await world.owner.execute(
            "UPDATE policy_changes SET status = 'approved', decided_by = author_id, version = 2"
            " WHERE id = $1", proposed.id,
        )  # fmt: skip
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await world.owner.execute(
            "UPDATE policy_changes SET patch = '{}' WHERE id = $1", proposed.id
        )
    with pytest.raises(asyncpg.CheckViolationError):
        await world.owner.execute(
            "INSERT INTO policy_versions (tenant_id, policy_id, version, msp_id, document, etag,"
            " author_id, approver_id, needs_approval, reason)"
            " VALUES ($1, $2, 9, $3, '{}', 'e', $4, $4, true, 'r')",
            careful.id, careful.policy_id, careful.msp_id, careful.admin_id,
        )  # fmt: skip


async def test_a_rejected_change_stays_rejected(
    approvals: PolicyApprovals, lookup: PolicyLookup, careful: Client
) -> None:
    proposed = await propose(approvals, careful)
    await approvals.decide(second(careful), proposed.id, approves=False, reason="No")
    with pytest.raises(Conflict):
        await approvals.decide(second(careful), proposed.id, approves=True, reason="Yes")
    assert (await lookup.effective(careful.principal().scope(), careful.id)).version == 1
    (kept,) = await approvals.pending(careful.principal(), careful.policy_id)
    assert (kept.status, kept.decision) == ("rejected", "No")


async def test_an_approval_of_a_policy_that_moved_on_is_stale(
    approvals: PolicyApprovals, careful: Client
) -> None:
    proposed = await propose(approvals, careful)
    stricter = Change(1, "Stricter", {"default_action": "flag"})
    assert isinstance(
        await approvals.submit(careful.principal(), careful.policy_id, stricter), Announcement
    )
    with pytest.raises(PreconditionFailed):
        await approvals.decide(second(careful), proposed.id, approves=True, reason="Agreed")


@pytest.mark.parametrize(
    "patch",
    [
        {"default_action": "flag"},
        {"families": {"contact": {"action": "flag"}}},
        {"entities": {"US_SSN": {"action": "block"}}},
    ],
)
async def test_what_does_not_weaken_health_data_or_secrets_is_published_at_once(
    approvals: PolicyApprovals, world: World, msp: Msp, patch: dict[str, object]
) -> None:
    """With the rulebook's kinds known, contact data is no health data."""
    client = await world.client(msp, "Careful", second_approval="weakening")
    approvals._publishing._lookup.taxonomy = _KNOWN  # noqa: SLF001 -- what `app` hands over
    made = await approvals.submit(client.principal(), client.policy_id, Change(1, "Why", patch))
    assert isinstance(made, Announcement)


async def test_where_nobody_asks_for_it_one_person_suffices(
    approvals: PolicyApprovals, client: Client
) -> None:
    made = await approvals.submit(
        client.principal(), client.policy_id, Change(1, "Too many stops", MILDER)
    )
    assert isinstance(made, Announcement)


async def test_a_change_of_another_client_looks_like_none(
    approvals: PolicyApprovals, client: Client, careful: Client
) -> None:
    proposed = await propose(approvals, careful)
    with pytest.raises(NotFound):
        await approvals.decide(client.principal(), proposed.id, approves=True, reason="Mine")
