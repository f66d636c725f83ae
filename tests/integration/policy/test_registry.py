"""What a client decided about an AI service, derived from its approvals at the moment of asking."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.core.database import Database
from backend.core.errors import NotFound
from backend.policy.actions import ServiceStatus
from backend.services.ai_service_registry import AiServiceRegistry
from tests.integration.policy.worlds import Client, Msp, World

YESTERDAY = datetime.now(UTC).date() - timedelta(days=2)
TOMORROW = datetime.now(UTC).date() + timedelta(days=2)


@pytest.mark.parametrize(
    ("status", "review_due", "expected"),
    [
        ("approved", None, ServiceStatus.APPROVED),
        ("approved", TOMORROW, ServiceStatus.APPROVED),
        ("approved", YESTERDAY, ServiceStatus.UNDER_REVIEW),
        ("tolerated", YESTERDAY, ServiceStatus.UNDER_REVIEW),
        ("prohibited", YESTERDAY, ServiceStatus.PROHIBITED),
        ("under_review", None, ServiceStatus.UNDER_REVIEW),
    ],
)
async def test_a_decision_holds_until_its_review_is_due(
    database: Database, world: World, client: Client, status: str, review_due: object,
    expected: ServiceStatus,
) -> None:  # fmt: skip
    service = await world.ai_service(["chat.example"])
    await world.approval(client, service, status, review_due=review_due)
    found = await AiServiceRegistry(database).listed(client.principal(), client.id)
    assert found.status_of(service) is expected


async def test_a_service_nobody_decided_about_is_unknown(
    database: Database, world: World, client: Client
) -> None:
    service = await world.ai_service(["chat.example"])
    found = await AiServiceRegistry(database).listed(client.principal(), client.id)
    assert found.status_of(service) is ServiceStatus.UNKNOWN


async def test_of_decisions_under_several_frameworks_the_strictest_holds(
    database: Database, world: World, client: Client
) -> None:
    service, framework = await world.ai_service(["chat.example"]), f"fw-{client.id}"
    await world.owner.execute(
        "INSERT INTO compliance_frameworks VALUES ($1, 'Test', '1', 'test')", framework
    )
    await world.approval(client, service, "approved")
    await world.approval(client, service, "prohibited", framework=framework)
    found = await AiServiceRegistry(database).listed(client.principal(), client.id)
    assert found.status_of(service) is ServiceStatus.PROHIBITED
    assert len([one for one in found.services if one.id == service]) == 1


async def test_one_clients_decision_is_not_its_siblings(
    database: Database, world: World, client: Client, msp: Msp
) -> None:
    service, sibling = await world.ai_service(["chat.example"]), await world.client(msp)
    await world.approval(client, service, "approved")
    registry = AiServiceRegistry(database)
    found = await registry.listed(sibling.principal(), sibling.id)
    assert found.status_of(service) is ServiceStatus.UNKNOWN
    stranger = await world.msp()
    for principal in (sibling.principal(), stranger.principal()):
        with pytest.raises(NotFound):
            await registry.listed(principal, client.id)
