"""Each attack, on each table, as each role: another tenant's rows are never reached."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from asyncpg import Connection

from backend.core.database import Database
from backend.core.scope import DatabaseRole, Scope
from tests.factories import Tenant, World
from tests.isolation.attacks import ATTACKS
from tests.isolation.tables import (
    READ_BY_PLATFORM,
    READ_BY_RELAY,
    READ_BY_SIGN_IN,
    TENANT_TABLES,
    UNREAD,
)

SCOPES: dict[DatabaseRole, Callable[[Tenant], Scope]] = {
    DatabaseRole.TENANT: Tenant.scope,
    DatabaseRole.MSP: lambda tenant: Scope.msp(tenant.msp_id),
    DatabaseRole.INGEST: lambda _: Scope.ingest(),
    DatabaseRole.SIGN_IN: lambda _: Scope.sign_in(),
    DatabaseRole.RELAY: lambda _: Scope.relay(),
    DatabaseRole.ADMIN: lambda tenant: Scope.administration(tenant.id, tenant.msp_id),
    DatabaseRole.PLATFORM: lambda _: Scope.platform(),
}
REFUSALS = (
    asyncpg.InsufficientPrivilegeError,
    asyncpg.FeatureNotSupportedError,  # COPY FROM under row-level security
    asyncpg.WrongObjectTypeError,  # COPY of a partitioned table
)
READING = frozenset(
    {"forgotten where", "named victim", "join", "sub-select", "copy out", "copy table out"}
)
# Signing in and relaying look across tenants by design, in few tables; sign-in locks what it turns.
ACROSS = (
    {(DatabaseRole.SIGN_IN, attack, table) for attack in READING for table in READ_BY_SIGN_IN}
    | {(DatabaseRole.RELAY, attack, table) for attack in READING for table in READ_BY_RELAY}
    | {(DatabaseRole.PLATFORM, attack, table) for attack in READING for table in READ_BY_PLATFORM}
    | {
        (DatabaseRole.SIGN_IN, "lock victim", table)
        for table in (
            "sessions", "enrolment_codes", "users", "recovery_codes", "api_keys", "one_use_links",
        )
    }
    | {(DatabaseRole.RELAY, "lock victim", table) for table in ("mails", "outbox")}
)  # fmt: skip


class _RolledBackError(Exception):
    pass


async def _reached(
    database: Database, scope: Scope, attack: str, table: str, victim: Tenant
) -> set[UUID]:
    reached: set[UUID] = set()
    try:
        async with database.scoped(scope) as connection:
            reached = await ATTACKS[attack](connection, table, victim)
            raise _RolledBackError  # noqa: TRY301 -- leaves the scope by rolling back
    except (*REFUSALS, _RolledBackError):
        return reached


def _own(role: DatabaseRole, world: World) -> set[UUID]:
    if role in {DatabaseRole.TENANT, DatabaseRole.ADMIN}:
        return {world.first.id}
    whole = {world.first.id, world.sibling.id, world.first.msp_id}  # its clients, its own staff
    return whole if role is DatabaseRole.MSP else set()


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("role", SCOPES)
async def test_no_attack_reaches_a_foreign_row_of_any_table(
    database: Database, world: World, role: DatabaseRole, attack: str
) -> None:
    leaks = {}
    for table in TENANT_TABLES:
        for victim in (world.sibling, world.stranger):
            reached = await _reached(database, SCOPES[role](world.first), attack, table, victim)
            foreign = reached - _own(role, world)
            if foreign and (role, attack, table) not in ACROSS:
                leaks[table] = foreign
    assert not leaks


@pytest.mark.parametrize("table", TENANT_TABLES)
async def test_a_row_for_another_tenant_is_refused_before_its_key_is_looked_at(
    database: Database, owner: "Connection[Any]", world: World, table: str
) -> None:
    """A unique violation would tell that the victim's row exists."""
    stolen = await owner.fetchval(
        f"SELECT to_jsonb(t) FROM {table} t WHERE tenant_id = $1 LIMIT 1", world.sibling.id
    )
    for scope in (world.first.scope(), Scope.msp(world.first.msp_id), Scope.ingest()):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with database.scoped(scope) as connection:
                await connection.execute(
                    f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, $1)",
                    stolen,
                )


@pytest.mark.parametrize(
    ("table", "key"),
    [("sessions", "user_id"), ("sessions", "device_id"), ("policy_versions", "policy_id")],
)
async def test_a_foreign_row_is_as_absent_as_one_that_never_was(
    database: Database, owner: "Connection[Any]", world: World, table: str, key: str
) -> None:
    own = await owner.fetchval(
        f"SELECT to_jsonb(t) - 'id' FROM {table} t WHERE tenant_id = $1", world.first.id
    )
    complaints = set()
    for pointed_at in (getattr(world.sibling, key), UUID(int=7)):
        with pytest.raises(asyncpg.ForeignKeyViolationError) as refused:
            async with database.scoped(world.first.scope()) as connection:
                await connection.execute(
                    f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table},"
                    " $1 || jsonb_build_object('id', gen_random_uuid(), $2::text, $3::uuid))",
                    own, key, pointed_at,
                )  # fmt: skip
        complaints.add(str(refused.value).replace(str(pointed_at), ""))
    assert len(complaints) == 1


@pytest.mark.parametrize("table", [t for t in TENANT_TABLES if t not in UNREAD])
async def test_own_rows_are_there(database: Database, world: World, table: str) -> None:
    """The matrix proves nothing about a role that reads nothing at all."""
    async with database.scoped(world.first.scope()) as connection:
        rows = await connection.fetch(f"SELECT tenant_id FROM {table}")
    assert {row[0] for row in rows} == {world.first.id}
