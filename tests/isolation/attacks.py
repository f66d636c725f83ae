"""Ways to reach another tenant's rows; each returns the tenants it reached or is refused."""

import io
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from asyncpg import Connection

from tests.factories import Tenant

Attack = Callable[["Connection[Any]", str, Tenant], Awaitable[set[UUID]]]
_UUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


async def _seen(connection: "Connection[Any]", query: str, *arguments: Any) -> set[UUID]:
    return {row[0] for row in await connection.fetch(query, *arguments)}


def _touched(answer: str, victim: Tenant) -> set[UUID]:
    return set() if answer.endswith(" 0") else {victim.id}


async def forgotten_where(connection: "Connection[Any]", table: str, _: Tenant) -> set[UUID]:
    return await _seen(connection, f"SELECT tenant_id FROM {table}")


async def named_victim(connection: "Connection[Any]", table: str, victim: Tenant) -> set[UUID]:
    query = f"SELECT tenant_id FROM {table} WHERE tenant_id = $1 OR true"
    return await _seen(connection, query, victim.id)


async def join(connection: "Connection[Any]", table: str, _: Tenant) -> set[UUID]:
    """Join with a few rows: with each, tables that are read across tenants give millions."""
    few = f"(SELECT FROM {table} LIMIT 3)"
    return await _seen(connection, f"SELECT b.tenant_id FROM {few} a, {table} b")


async def sub_select(connection: "Connection[Any]", table: str, victim: Tenant) -> set[UUID]:
    """Ask whether the victim has a row, without reading it."""
    exists = await connection.fetchval(
        f"SELECT EXISTS (SELECT FROM {table} WHERE tenant_id = $1)", victim.id
    )
    return {victim.id} if exists else set()


async def copy_out(connection: "Connection[Any]", table: str, _: Tenant) -> set[UUID]:
    sink = io.BytesIO()
    await connection.copy_from_query(f"SELECT tenant_id FROM {table}", output=sink)
    return {UUID(found.decode()) for found in _UUID.findall(sink.getvalue())}


async def copy_table_out(connection: "Connection[Any]", table: str, _: Tenant) -> set[UUID]:
    sink = io.BytesIO()
    await connection.copy_from_table(table, columns=["tenant_id"], output=sink)
    return {UUID(found.decode()) for found in _UUID.findall(sink.getvalue())}


async def copy_in(connection: "Connection[Any]", table: str, victim: Tenant) -> set[UUID]:
    source = io.BytesIO(f"{victim.id}\t{victim.msp_id}\n".encode())
    await connection.copy_to_table(table, columns=["tenant_id", "msp_id"], source=source)
    return {victim.id}


async def update_victim(connection: "Connection[Any]", table: str, victim: Tenant) -> set[UUID]:
    query = f"UPDATE {table} SET msp_id = msp_id WHERE tenant_id = $1"
    return _touched(await connection.execute(query, victim.id), victim)


async def give_to_victim(connection: "Connection[Any]", table: str, victim: Tenant) -> set[UUID]:
    query = f"UPDATE {table} SET tenant_id = $1, msp_id = $2"
    return _touched(await connection.execute(query, victim.id, victim.msp_id), victim)


async def lock_victim(connection: "Connection[Any]", table: str, _: Tenant) -> set[UUID]:
    return await _seen(connection, f"SELECT tenant_id FROM {table} FOR UPDATE")


async def delete(connection: "Connection[Any]", table: str, victim: Tenant) -> set[UUID]:
    del victim
    return await _seen(connection, f"DELETE FROM {table} RETURNING tenant_id")


async def truncate(connection: "Connection[Any]", table: str, victim: Tenant) -> set[UUID]:
    await connection.execute(f"TRUNCATE {table} CASCADE")
    return {victim.id}


def _after(statement: str) -> Attack:
    async def attack(connection: "Connection[Any]", table: str, victim: Tenant) -> set[UUID]:
        await connection.execute(statement.format(table=table))
        return await forgotten_where(connection, table, victim)

    return attack


ATTACKS: Mapping[str, Attack] = {
    "forgotten where": forgotten_where,
    "named victim": named_victim,
    "join": join,
    "sub-select": sub_select,
    "copy out": copy_out,
    "copy table out": copy_table_out,
    "copy in": copy_in,
    "update victim": update_victim,
    "give to victim": give_to_victim,
    "lock victim": lock_victim,
    "delete": delete,
    "truncate": truncate,
    "reset role": _after("RESET ROLE"),
    "set role none": _after("SELECT set_config('role', 'none', true)"),
    "become owner": _after("SET LOCAL ROLE qg_owner"),
    "become recorder": _after("SET LOCAL ROLE qg_recorder"),
    "become another session": _after("SET SESSION AUTHORIZATION qg_owner"),
    "row security off": _after("SET LOCAL row_security = off"),
    "disable row security": _after("ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"),
    "drop policy": _after("DROP POLICY tenant_rows ON {table}"),
    "own policy": _after("CREATE POLICY mine ON {table} USING (true)"),
    "temporary shadow": _after("CREATE TEMPORARY TABLE {table} (tenant_id uuid)"),
    "no scope": _after("SELECT set_config('app.scope', '', true)"),
    "replaced function": _after("CREATE FUNCTION public.qg_tenant() RETURNS uuid RETURN NULL"),
}
