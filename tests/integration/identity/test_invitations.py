"""Invitations: written with the person, accepted once, and worthless in one wording otherwise."""

import asyncio
import time
from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from asyncpg import Connection

from backend.core.clock import SystemClock
from backend.core.database import Database
from backend.core.errors import Conflict, Forbidden, InvalidInput, NotFound, TooMany
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.live.publisher import Publisher
from backend.services.accounts import Accounts
from backend.services.fresh_factors import FreshFactors
from backend.services.invitations import MOST_A_DAY, Invitations
from backend.services.policy_announcements import PolicyAnnouncements
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_renewal import PolicyRenewal
from backend.services.user_administration import NewUser, UserAdministration
from backend.services.user_import import UserImport
from tests.integration.identity.letters import Letters
from tests.integration.policy.worlds import Client, Msp, World

HOME = "192.0.2.1"
PASSWORD = "four words nobody joins"


@pytest.fixture
def people_of(
    database: Database, publisher: Publisher, invitations: Invitations
) -> UserAdministration:
    clock, lookup = SystemClock(), PolicyLookup(database)
    versions = PolicyAnnouncements(database, publisher, lookup, clock)
    renewal = PolicyRenewal(database, versions, lookup, clock)
    return UserAdministration(database, publisher, renewal, invitations, FreshFactors(clock, 5))


def shown(client: Client) -> Principal:
    """Return its administrator, who showed a second factor just now."""
    return replace(client.principal(), stepped_up_at=int(time.time()))


@pytest.fixture
async def invited(people_of: UserAdministration, client: Client) -> UUID:
    wanted = NewUser(f"new@{client.id.hex}.example", "Nora New", Role.AUDITOR, client.id)
    return (await people_of.invite(shown(client), wanted)).id


async def status_of(owner: "Connection[Any]", user_id: UUID) -> str:
    return str(await owner.fetchval("SELECT status FROM users WHERE id = $1", user_id))


async def test_whoever_is_invited_chooses_a_password_once_and_signs_in_with_it(
    invitations: Invitations, accounts: Accounts, letters: Letters, invited: UUID, client: Client
) -> None:
    code = await letters.code_for(invited)
    email = await invitations.accept(code, PASSWORD, HOME)
    assert email == f"new@{client.id.hex}.example"
    assert (await accounts.sign_in(email, PASSWORD, None, HOME)).principal.role is Role.AUDITOR
    with pytest.raises(InvalidInput) as refused:
        await invitations.accept(code, PASSWORD, HOME)
    assert refused.value.stable_code == "link-worthless"


async def test_the_mail_says_who_invites_and_nothing_of_it_can_be_read_in_the_database(
    letters: Letters, owner: "Connection[Any]", invited: UUID
) -> None:
    (mail,) = await letters.to(invited)
    assert "Lakeside invites you" in mail.subject
    assert "Nora New" in mail.text
    code = await letters.code_for(invited)
    rows = await owner.fetch(
        "SELECT m::text FROM mails m WHERE user_id = $1 UNION ALL"
        " SELECT l::text FROM one_use_links l WHERE user_id = $1 UNION ALL"
        " SELECT e::text FROM admin_events e WHERE subject_id = $1::uuid::text",
        invited,
    )
    assert len(rows) == 3
    assert not any(code in row[0] or "Nora" in row[0] for row in rows)


async def test_a_withdrawn_a_replaced_an_expired_and_an_invented_link_are_refused_alike(
    invitations: Invitations, letters: Letters, owner: "Connection[Any]", invited: UUID,
    client: Client,
) -> None:  # fmt: skip
    replaced = await letters.code_for(invited)
    await invitations.send_again(client.principal(), invited)
    withdrawn = await letters.code_for(invited)
    await invitations.withdraw(client.principal(), invited)
    await invitations.send_again(client.principal(), invited)
    expired = await letters.code_for(invited)
    await owner.execute(
        "UPDATE one_use_links SET expires_at = now() WHERE user_id = $1 AND revoked_at IS NULL",
        invited,
    )
    said = set()
    for code in (replaced, withdrawn, expired, "A" * 43, "", "x' OR true --"):
        with pytest.raises(InvalidInput) as refused:
            await invitations.accept(code, PASSWORD, HOME)
        said.add((refused.value.message, refused.value.stable_code))
    assert len(said) == 1
    assert await status_of(owner, invited) == "invited"


async def test_a_weak_password_leaves_the_link_as_it_was(
    invitations: Invitations, letters: Letters, invited: UUID
) -> None:
    code = await letters.code_for(invited)
    with pytest.raises(InvalidInput, match="characters"):
        await invitations.accept(code, "short", HOME)
    assert await invitations.accept(code, PASSWORD, HOME)


async def test_of_many_at_the_same_moment_one_accepts(
    invitations: Invitations, letters: Letters, invited: UUID
) -> None:
    code = await letters.code_for(invited)
    answers = await asyncio.gather(
        *(invitations.accept(code, PASSWORD, HOME) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(answer, str) for answer in answers) == 1
    assert sum(isinstance(answer, InvalidInput) for answer in answers) == 4


@pytest.mark.parametrize("status", ["suspended", "archived"])
async def test_who_was_suspended_meanwhile_cannot_accept(
    invitations: Invitations, letters: Letters, owner: "Connection[Any]", invited: UUID,
    status: str,
) -> None:  # fmt: skip
    await owner.execute("UPDATE users SET status = $2 WHERE id = $1", invited, status)
    with pytest.raises(InvalidInput):
        await invitations.accept(await letters.code_for(invited), PASSWORD, HOME)
    assert await status_of(owner, invited) == status


async def test_invitations_are_not_a_way_to_flood_somebody(
    invitations: Invitations, invited: UUID, client: Client
) -> None:
    for _ in range(MOST_A_DAY - 1):
        await invitations.send_again(client.principal(), invited)
    with pytest.raises(TooMany):
        await invitations.send_again(client.principal(), invited)


async def test_only_administrators_of_the_person_send_again_and_only_to_who_waits(
    invitations: Invitations, world: World, msp: Msp, client: Client, invited: UUID
) -> None:
    elsewhere = await world.client(await world.msp())
    with pytest.raises(NotFound):
        await invitations.send_again(elsewhere.principal(), invited)
    with pytest.raises(Forbidden):
        await invitations.send_again(client.principal(Role.AUDITOR), invited)
    with pytest.raises(Conflict):
        await invitations.send_again(msp.principal(), client.admin_id)
    await invitations.send_again(msp.principal(), invited)


async def test_a_trial_import_invites_nobody(
    database: Database, invitations: Invitations, client: Client, owner: "Connection[Any]"
) -> None:
    importing = UserImport(database, invitations, FreshFactors(SystemClock(), 5))
    text = "email,display_name\na@clinic.example,A\nb@clinic.example,B\n"
    prepared = await importing.prepare(client.principal(), client.id, text, is_trial=True)
    counted = "SELECT count(*) FROM mails WHERE tenant_id = $1"
    for is_trial, mails in ((True, 0), (False, 2)):
        said = [one async for one in importing.run(client.principal(), prepared, is_trial=is_trial)]
        assert [one.verdict for one in said] == ["created", "created"]
        assert await owner.fetchval(counted, client.id) == mails


async def test_signing_in_makes_an_invited_person_active_and_changes_no_other_state(
    database: Database, client: Client, invited: UUID
) -> None:
    change = "UPDATE users SET status = $2 WHERE id = $1"
    for user_id, status in ((invited, "archived"), (client.admin_id, "suspended")):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.scoped(Scope.sign_in()) as connection:
                await connection.execute(change, user_id, status)
    async with database.scoped(Scope.sign_in()) as connection:
        await connection.execute(change, invited, "active")
