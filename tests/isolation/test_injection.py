"""What somebody who can inject SQL into a client gains: nothing beyond that client."""

from typing import Any

import asyncpg
import pytest
from asyncpg import Connection

from backend.core.database import Database
from backend.core.scope import Scope
from tests.factories import World, insert


@pytest.mark.parametrize(
    "becoming",
    ["client_id = NULL, role = 'msp_admin'", "client_id = NULL", "role = 'msp_admin'",
     "role = 'msp_technician'", "role = 'super_admin'"],
)  # fmt: skip
async def test_a_person_of_a_client_never_becomes_staff_of_its_msp(
    owner: "Connection[Any]", world: World, becoming: str
) -> None:
    """A sign-in without a client sees every client of its MSP; not even the owner makes one so."""
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(f"UPDATE users SET {becoming} WHERE id = $1", world.first.user_id)


async def test_staff_cannot_be_written_from_within_a_client(
    database: Database, world: World
) -> None:
    whose = world.first
    with pytest.raises(asyncpg.CheckViolationError):
        async with database.scoped(whose.scope()) as connection:
            await insert(
                connection, "users", tenant_id=whose.id, id=whose.policy_id, msp_id=whose.msp_id,
                email="mallory@example.org", display_name="Mallory", role="msp_admin",
            )  # fmt: skip


@pytest.mark.parametrize("secret", ["password_hash", "totp_secret"])
@pytest.mark.parametrize("role", ["tenant", "msp"])
async def test_only_signing_in_reads_what_people_sign_in_with(
    database: Database, world: World, role: str, secret: str
) -> None:
    scope = world.first.scope() if role == "tenant" else Scope.msp(world.first.msp_id)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.scoped(scope) as connection:
            await connection.fetch(f"SELECT {secret} FROM users")


@pytest.mark.parametrize(
    "change",
    ["users SET password_hash = 'known'", "users SET role = 'client_admin'",
     "sessions SET user_id = user_id", "sessions SET revoked_at = NULL",
     "devices SET revoked_at = NULL", "devices SET user_id = user_id",
     "enrolment_codes SET uses_left = 9, expires_at = 'infinity'", "clients SET status = 'active'",
     "policies SET template = 'none'", "client_policy_violations SET action = 'flag'"],
)  # fmt: skip
async def test_a_clients_transaction_changes_no_more_than_the_services_do(
    database: Database, world: World, change: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.scoped(world.first.scope()) as connection:
            await connection.execute(f"UPDATE {change}")


async def test_an_msp_and_its_clients_see_that_msp_and_no_other(
    database: Database, world: World
) -> None:
    for scope in (world.first.scope(), Scope.msp(world.first.msp_id)):
        async with database.scoped(scope) as connection:
            rows = await connection.fetch("SELECT msp_id FROM msps")
        assert [row[0] for row in rows] == [world.first.msp_id]
