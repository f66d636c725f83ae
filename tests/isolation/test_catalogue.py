"""What PostgreSQL's catalogue says about the guards: tomorrow's table cannot forget them."""

import re
from typing import Any

import asyncpg
import pytest
from asyncpg import Connection

from backend.core.database import Database
from tests.factories import World
from tests.isolation.tables import TENANT_TABLES, UNREAD

TABLES = "SELECT c.* FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind"
OUR_ROLES = (
    "ARRAY['qg_app', 'qg_tenant', 'qg_msp', 'qg_ingest', 'qg_sign_in', 'qg_relay', 'qg_admin',"
    " 'qg_platform']"
)


async def test_every_table_with_a_tenant_is_in_the_matrix(owner: "Connection[Any]") -> None:
    rows = await owner.fetch(
        f"SELECT c.relname FROM ({TABLES} IN ('r', 'p', 'v', 'm', 'f')) c"
        " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
        " WHERE NOT c.relispartition ORDER BY 1"
    )
    assert tuple(row[0] for row in rows) == TENANT_TABLES


async def test_every_table_but_aerichs_own_forces_row_level_security(
    owner: "Connection[Any]",
) -> None:
    rows = await owner.fetch(
        f"SELECT c.relname FROM ({TABLES} IN ('r', 'p')) c"
        " WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity)"
    )
    assert [row[0] for row in rows] == ["aerich"]


async def test_every_key_of_a_tenant_table_begins_with_the_tenant(owner: "Connection[Any]") -> None:
    rows = await owner.fetch(
        "SELECT x.indrelid::regclass::text, x.indexrelid::regclass::text FROM pg_index x"
        " JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]"
        " WHERE (x.indisunique OR x.indisexclusion) AND a.attname <> 'tenant_id'"
        " AND x.indrelid::regclass::text = ANY ($1)",
        list(TENANT_TABLES),
    )
    assert rows == []
    keyed = await owner.fetch(
        "SELECT x.indrelid::regclass::text AS name FROM pg_index x WHERE x.indisprimary"
    )
    assert set(TENANT_TABLES) <= {row["name"] for row in keyed}


async def test_every_foreign_key_between_tenant_tables_begins_with_the_tenant(
    owner: "Connection[Any]",
) -> None:
    rows = await owner.fetch(
        "SELECT k.conname FROM pg_constraint k"
        " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
        " WHERE k.contype = 'f' AND a.attname <> 'tenant_id'"
        " AND k.conrelid::regclass::text = ANY ($1)"
        " AND k.confrelid::regclass::text = ANY ($1) ORDER BY 1",
        list(TENANT_TABLES),
    )
    # client_id is null or the tenant itself: a check constraint says so.
    # Staff are rows of their MSP: its own part of the key is what keeps them there.
    assert [row[0] for row in rows] == [
        "assignments_msp_id_user_id_fkey", "users_client_id_msp_id_fkey",
    ]  # fmt: skip


async def test_every_policy_asks_for_the_scope_once_per_query(owner: "Connection[Any]") -> None:
    """`(SELECT ... qg_scope())` is one InitPlan; bare `qg_tenant()` would verify for each row."""
    rows = await owner.fetch(
        "SELECT tablename, policyname, coalesce(qual, '') || coalesce(with_check, '') AS rule"
        " FROM pg_policies WHERE schemaname = 'public'"
    )
    bare = [
        (row["tablename"], row["policyname"])
        for row in rows
        if len(re.findall(r"qg_\w+\(\)", row["rule"]))
        != len(re.findall(r"\( SELECT (?:[\w.,\s]+FROM )?qg_\w+\(\)", row["rule"]))
    ]
    assert len(rows) > len(TENANT_TABLES)
    assert bare == []


async def test_only_shared_tables_have_a_policy_without_a_scope(owner: "Connection[Any]") -> None:
    rows = await owner.fetch(
        "SELECT DISTINCT tablename FROM pg_policies WHERE schemaname = 'public'"
        " AND coalesce(qual, with_check) = 'true' AND roles <> '{qg_owner}' ORDER BY 1"
    )
    assert [row[0] for row in rows] == ["ai_services", "compliance_frameworks"]


async def test_no_role_of_the_server_may_touch_a_partition_by_name(
    owner: "Connection[Any]",
) -> None:
    rows = await owner.fetch(
        f"SELECT c.relname, role FROM ({TABLES} = 'r') c, unnest({OUR_ROLES}) AS role"
        " WHERE c.relispartition AND has_any_column_privilege(role, c.oid,"
        " 'SELECT, INSERT, UPDATE, REFERENCES')"
    )
    assert rows == []
    partitions = await owner.fetchval(
        f"SELECT count(*) FROM ({TABLES} = 'r') c WHERE c.relispartition"
    )
    assert partitions > 12


async def test_nobody_may_delete_more_than_groups_truncate_or_own(owner: "Connection[Any]") -> None:
    rows = await owner.fetch(
        f"SELECT c.relname, role FROM ({TABLES} IN ('r', 'p', 'v', 'm')) c,"
        f" unnest({OUR_ROLES} || 'qg_recorder'::text) AS role"
        " WHERE has_table_privilege(role, c.oid, 'DELETE, TRUNCATE, TRIGGER')"
        " OR c.relowner::regrole::text = role ORDER BY 1"
    )
    assert [tuple(row) for row in rows] == [
        ("assignments", "qg_admin"), ("group_members", "qg_admin"), ("groups", "qg_admin"),
        ("idempotency_keys", "qg_tenant"), ("identities", "qg_admin"),
        ("identity_providers", "qg_admin"), ("webhook_changes", "qg_tenant"),
        ("webhook_deliveries", "qg_tenant"), ("webhooks", "qg_tenant"),
    ]  # fmt: skip


async def test_functions_that_run_as_their_owner_fix_their_search_path(
    owner: "Connection[Any]",
) -> None:
    rows = await owner.fetch(
        "SELECT p.oid::regprocedure::text AS name, p.proconfig, p.proowner::regrole::text AS owner,"
        " has_function_privilege('public', p.oid, 'EXECUTE') AS is_public"
        " FROM pg_proc p WHERE p.prosecdef"
    )
    assert {row["owner"] for row in rows} == {"qg_owner", "qg_recorder"}
    for row in rows:
        (path,) = (c for c in row["proconfig"] if c.startswith("search_path="))
        assert path in {
            "search_path=pg_catalog, pg_temp",
            "search_path=pg_catalog, public, pg_temp",
        }
        assert not row["is_public"], row["name"]


async def test_no_temporary_object_stands_before_what_a_function_means(
    owner: "Connection[Any]",
) -> None:
    """Of all functions, those too that do not run as their owner: triggers and checks are some."""
    rows = await owner.fetch(
        "SELECT p.oid::regprocedure::text AS name, setting FROM pg_proc p"
        " CROSS JOIN LATERAL unnest(p.proconfig) AS setting"
        " WHERE p.pronamespace IN ('public'::regnamespace, 'qg_private'::regnamespace)"
        " AND setting LIKE 'search_path=%'"
    )
    assert len(rows) > 20
    assert [row["name"] for row in rows if not row["setting"].endswith(", pg_temp")] == []


async def test_the_login_inherits_nothing_and_is_strong_in_nothing(
    owner: "Connection[Any]",
) -> None:
    login = await owner.fetchrow("SELECT * FROM pg_roles WHERE rolname = 'qg_app'")
    assert login is not None
    strong = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
    assert not any(login[right] for right in (*strong, "rolinherit"))
    memberships = await owner.fetch(
        "SELECT roleid::regrole::text, inherit_option, set_option, admin_option"
        " FROM pg_auth_members WHERE member = 'qg_app'::regrole ORDER BY 1"
    )
    assert [tuple(row) for row in memberships] == [
        (role, False, True, False)
        for role in (
            "qg_admin",
            "qg_ingest",
            "qg_msp",
            "qg_platform",
            "qg_relay",
            "qg_sign_in",
            "qg_tenant",
        )
    ]


async def test_what_was_recorded_cannot_be_changed_even_by_the_owner(
    owner: "Connection[Any]", world: World
) -> None:
    for table in ("admin_events", "client_audit_logs", "policy_versions"):
        for change in (
            f"UPDATE {table} SET msp_id = msp_id WHERE tenant_id = $1",
            f"DELETE FROM {table} WHERE tenant_id = $1",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                await owner.execute(change, world.first.id)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await owner.execute(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("table", [t for t in TENANT_TABLES if t not in UNREAD])
async def test_control_without_its_policy_the_table_leaks(
    database: Database, owner: "Connection[Any]", world: World, table: str
) -> None:
    """If this does not leak, the attacks prove nothing."""
    async with database.scoped(world.first.scope()) as connection:
        guarded = await connection.fetch(f"SELECT tenant_id FROM {table}")
    transaction = owner.transaction()
    await transaction.start()
    try:
        await owner.execute(f"DROP POLICY tenant_rows ON {table}")
        await owner.execute(f"CREATE POLICY careless ON {table} TO qg_tenant USING (true)")
        await owner.execute("SET LOCAL ROLE qg_tenant")
        unguarded = await owner.fetch(f"SELECT tenant_id FROM {table}")
    finally:
        await transaction.rollback()
    assert {row[0] for row in guarded} == {world.first.id}
    assert {row[0] for row in unguarded} >= {tenant.id for tenant in world.tenants}
