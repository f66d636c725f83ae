"""A decision about an AI service: founded, kept beside earlier ones, obeyed by whom it is about."""

from datetime import timedelta
from typing import Any

import pytest

from backend.core.errors import Forbidden, NotFound, RefusedField
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.policy.actions import ServiceStatus
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.service_announcements import ServiceAnnouncements
from backend.services.service_approvals import ServiceApprovals, Wish
from tests.factories import insert
from tests.integration.policy.worlds import Client, Msp, StandingClock, World
from tests.integration.services.conftest import Told


def approved(clock: StandingClock, **values: Any) -> Wish:
    due = clock.now().date() + timedelta(days=90)
    return Wish(**{"status": "approved", "reason": "Looked at", "review_due": due, **values})


async def test_a_decision_is_kept_beside_the_former_and_told_to_browsers(
    approvals: ServiceApprovals, clock: StandingClock, client: Client, told: Told, owner: Any
) -> None:
    admin = client.principal()
    first = await approvals.decide(admin, client.id, "claude", approved(clock))
    await approvals.decide(admin, client.id, "claude", Wish("prohibited", "The contract ended"))
    history = await approvals.history(admin, client.id, "claude")
    assert [(one.status, one.holds) for one in history.items] == [
        ("prohibited", ServiceStatus.PROHIBITED), ("approved", None),
    ]  # fmt: skip
    assert (first.owner, first.author) == ("Carl Client", "Carl Client")
    marks = [mark for tenant, mark in told.changed if tenant == client.id]
    assert len(marks) == 2
    assert marks == sorted(marks)
    trail = await owner.fetch(
        "SELECT action, subject_id, reason FROM admin_events WHERE tenant_id = $1", client.id
    )
    assert {tuple(row) for row in trail} == {
        ("ai_service.decide", "claude", "Looked at"),
        ("ai_service.decide", "claude", "The contract ended"),
    }


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"review_due": None}, "review_due"),
        ({"status": "tolerated", "review_due": None}, "review_due"),
        ({"agreement": "dpa"}, "evidence"),
        ({"framework_id": "hipaa"}, "agreement"),
        ({"framework_id": "gdpr", "agreement": "baa", "evidence": "Contract 7"}, "agreement"),
    ],
    ids=str,
)
async def test_an_approval_that_shows_nothing_for_it_is_refused(
    approvals: ServiceApprovals, clock: StandingClock, client: Client, values: dict[str, Any],
    field: str,
) -> None:  # fmt: skip
    with pytest.raises(RefusedField) as refused:
        await approvals.decide(client.principal(), client.id, "claude", approved(clock, **values))
    assert refused.value.field == field


async def test_a_review_that_is_long_past_or_years_away_is_refused(
    approvals: ServiceApprovals, clock: StandingClock, client: Client
) -> None:
    for days in (-1, 401):
        wish = approved(clock, review_due=clock.now().date() + timedelta(days=days))
        with pytest.raises(RefusedField):
            await approvals.decide(client.principal(), client.id, "claude", wish)


async def test_a_group_obeys_its_own_decision_until_the_review_is_overdue(
    approvals: ServiceApprovals, registry: AiServiceRegistry, clock: StandingClock,
    client: Client, world: World, owner: Any,
) -> None:  # fmt: skip
    person, group = await world.person(client, Role.END_USER), uuid7()
    whose = {"tenant_id": client.id, "msp_id": client.msp_id}
    await insert(owner, "groups", **whose, id=group, name="Billing")
    await insert(owner, "group_members", **whose, group_id=group, user_id=person.user_id)
    admin = client.principal()
    await approvals.decide(admin, client.id, "poe", Wish("prohibited", "No agreement"))
    today = clock.now().date()
    wish = Wish("tolerated", "For the audit", group_id=group, review_due=today)
    made = await approvals.decide(admin, client.id, "poe", wish)
    assert made.group_name == "Billing"

    async def seen_by(user: Any) -> str:
        found = await registry.of_client(admin.scope_for(client.id), client.id, user)
        return found.status_of("poe.com").value

    assert (await seen_by(person.user_id), await seen_by(None)) == ("tolerated", "prohibited")
    clock.moment += timedelta(days=1)
    assert await seen_by(person.user_id) == "prohibited"


async def test_what_is_not_there_or_not_ones_own_is_not_found(
    approvals: ServiceApprovals, clock: StandingClock, client: Client, msp: Msp, world: World
) -> None:
    sibling, admin = await world.client(msp), client.principal()
    for principal, whose, service, values in (
        (admin, sibling.id, "claude", {}),
        (admin, client.id, "nobody-knows", {}),
        (admin, client.id, "claude", {"group_id": uuid7()}),
        (admin, client.id, "claude", {"owner_id": sibling.admin_id}),
    ):
        with pytest.raises(NotFound):
            await approvals.decide(principal, whose, service, approved(clock, **values))
    with pytest.raises(Forbidden):
        await approvals.history(client.principal(Role.END_USER), client.id, "claude")


async def test_an_announcement_that_failed_is_made_up_for(
    approvals: ServiceApprovals, announcements: ServiceAnnouncements, clock: StandingClock,
    client: Client, told: Told, owner: Any,
) -> None:  # fmt: skip
    told.is_away = True
    await approvals.decide(client.principal(), client.id, "claude", approved(clock))
    told.is_away = False
    await owner.execute(
        "UPDATE outbox SET created_at = now() - interval '1 minute' WHERE tenant_id = $1",
        client.id,
    )
    await announcements.publish_pending()
    assert [tenant for tenant, _ in told.changed if tenant == client.id] == [client.id]
    assert await announcements.publish_pending() == 0
