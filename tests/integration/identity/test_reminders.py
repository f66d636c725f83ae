"""What ends soon is said once to those who can do something about it, and not to others."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from asyncpg import Connection

from backend.core.database import Database
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.services.mails import Mails
from backend.services.reminders import Reminders
from tests.factories import insert
from tests.integration.identity.letters import Letters
from tests.integration.policy.worlds import Client, StandingClock, World
from tests.integration.services.conftest import Told

DAY = timedelta(days=1)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def moment() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def reminders(database: Database, mails: Mails, told: Told, moment: datetime) -> Reminders:
    return Reminders(database, mails, told, StandingClock(moment))


@pytest.fixture
def world(owner: "Connection[Any]") -> World:
    return World(owner)


async def approve(client: Client, world: World, service: str, due: datetime, **more: Any) -> None:
    await insert(
        world.owner, "approvals", tenant_id=client.id, id=uuid7(), msp_id=client.msp_id,
        ai_service_id=service, status="approved", reason="r", review_due=due.date(), **more,
    )  # fmt: skip


def heard(told: Told, *subjects: object) -> list[tuple[str, str]]:
    """Return what feeds heard about some subjects."""
    wanted = {str(subject) for subject in subjects}
    return sorted((one["about"], one["subject"]) for one in told.notes if one["subject"] in wanted)


async def test_a_review_that_is_due_is_said_once_to_its_owner_or_to_the_administrators(
    reminders: Reminders, letters: Letters, client: Client, world: World, told: Told,
    moment: datetime,
) -> None:  # fmt: skip
    owned, open_, far = [await world.ai_service([f"{n}.{client.id.hex}.example"]) for n in "abc"]
    owner = await world.person(client, Role.AUDITOR)
    await approve(client, world, owned, moment + 9 * DAY, owner_id=owner.user_id)
    await approve(client, world, open_, moment + 9 * DAY)
    await approve(client, world, far, moment + 30 * DAY)
    await approve(client, world, far, moment - 2 * DAY, group_id=None, framework_id="hipaa")
    for _ in range(2):
        await reminders.write_due()
    to_owner, to_admin = await letters.to(owner.user_id), await letters.to(client.admin_id)
    assert len(to_owner) == len(to_admin) == 1
    assert to_owner[0].subject.startswith("Look at Example Chat again before ")
    assert "counts as under review" in to_admin[0].text
    due = sorted([("service.review_due", owned), ("service.review_due", open_)])
    assert heard(told, owned, open_, far, f"{far}/hipaa") == due


async def test_an_exception_of_days_and_a_key_are_said_before_they_end(
    reminders: Reminders, letters: Letters, client: Client, world: World, told: Told,
    moment: datetime,
) -> None:  # fmt: skip
    person = await world.person(client, Role.END_USER)
    days = await granted(client, world, person.user_id, moment, minutes=2 * 1440)
    hour = await granted(client, world, person.user_id, moment, minutes=60)
    key, made = uuid7(), moment - 80 * DAY
    await insert(
        world.owner, "api_keys", tenant_id=client.id, id=key, msp_id=client.msp_id,
        user_id=client.admin_id, name="Nightly", prefix=key.hex[-12:], secret_hash=b"k" * 32,
        scopes=["client:read"], created_at=made, expires_at=moment + 10 * DAY,
    )  # fmt: skip
    for _ in range(2):
        await reminders.write_due()
    assert [one.subject[:12] for one in await letters.to(person.user_id)] == ["An exception"]
    subjects = sorted(one.subject[:16] for one in await letters.to(client.admin_id))
    assert subjects == ["An exception for", "The API key Nigh"]
    assert heard(told, key, days, hour) == [
        ("api_key.ending", str(key)), ("exception.ending", str(days)),
    ]  # fmt: skip


async def granted(
    client: Client, world: World, person: UUID, moment: datetime, minutes: int
) -> UUID:
    """Write an exception that ends in half an hour."""
    made, ends_at = uuid7(), moment + timedelta(minutes=30)
    await insert(
        world.owner, "exceptions", tenant_id=client.id, id=made, msp_id=client.msp_id,
        subject="submission", submission_id=uuid7(), service="chatgpt", kinds=["US_SSN"],
        user_id=person, requested_by=person, justification="legal", words="w", minutes=None,
        approvers_needed=1, most_minutes=10_080, created_at=moment,
    )  # fmt: skip
    await world.owner.execute(
        "ALTER TABLE exceptions DISABLE TRIGGER USER; "
        f"UPDATE exceptions SET status = 'approved', minutes = {minutes},"
        f" starts_at = '{ends_at - timedelta(minutes=minutes)}', ends_at = '{ends_at}'"
        f" WHERE id = '{made}'; ALTER TABLE exceptions ENABLE TRIGGER USER"
    )
    return made
