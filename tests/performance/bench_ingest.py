"""Durable audit rows per second under row-level security, beside a bare COPY and single INSERTs."""

import asyncio
import io
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
from asyncpg import Connection

from backend.core.database import Database
from backend.core.identifiers import uuid7
from backend.core.scope import Scope
from tests.factories import NOW, Tenant, World, make_world
from tests.performance.databases import migrated

BATCH = 500
SECONDS = 4.0
RECORD = "SELECT * FROM qg_record($1::jsonb, $2::bytea[])"
Writing = Callable[[], Awaitable[int]]


def entries(world: World, action: str, count: int = BATCH) -> list[dict[str, Any]]:
    """Return rows for `qg_record`, spread over four clients."""
    return [_entry(world.tenants[number % 4], action) for number in range(count)]


def _entry(tenant: Tenant, action: str) -> dict[str, Any]:
    finding = {
        "id": str(uuid7()), "rule": "us-ssn", "type": "US_SSN", "category": "pii", "digest": None,
        "severity": "high", "confidence": 0.9, "start": 4, "length": 11, "mask": "[us-ssn]",
    }  # fmt: skip
    is_allowed = action == "allow"
    return {
        "tenant_id": str(tenant.id), "msp_id": str(tenant.msp_id), "event_id": str(uuid7()),
        "submission_id": str(uuid7()), "entry_kind": "verdict", "user_id": str(tenant.user_id),
        "device_id": str(tenant.device_id), "ai_service_id": "example-chat", "channel": "typed",
        "service_host": "chat.example", "size": 120, "action": action, "severity": "high",
        "disposition": "sent" if is_allowed else "prevented", "policy_version": 1,
        "kinds": {} if is_allowed else {"US_SSN": 1}, "rule_ids": [] if is_allowed else ["us-ssn"],
        "rulebook_version": "v", "engine": "extension", "occurred_at": NOW.isoformat(),
        "late": False, "findings": [] if is_allowed else [finding],
    }  # fmt: skip


async def rate(write: Writing, writers: int = 1) -> float:
    """Return rows per second of `writers` tasks that write until the time is up."""
    began = time.perf_counter()

    async def until_done() -> int:
        written = 0
        while time.perf_counter() - began < SECONDS:
            written += await write()
        return written

    written = sum(await asyncio.gather(*[until_done() for _ in range(writers)]))
    return written / (time.perf_counter() - began)


def recorded(database: Database, world: World, action: str) -> Writing:
    """Return the product's own way: one call of `qg_record` for each batch, then COMMIT."""

    async def write() -> int:
        rows = entries(world, action)
        headers = [json.dumps(row).encode() for row in rows]
        async with database.scoped(Scope.ingest()) as connection:
            await connection.fetch(RECORD, json.dumps(rows), headers)
        return len(rows)

    return write


async def yardsticks(owner: "Connection[Any]") -> tuple[Writing, Writing]:
    """Return COPY and single INSERT of the same columns by a superuser into an unguarded twin."""
    await owner.execute("CREATE TABLE twin (LIKE client_audit_logs INCLUDING ALL)")
    names = [row[0] for row in await owner.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'twin'::regclass AND attnum > 0"
    )]  # fmt: skip
    template = await owner.fetchrow("SELECT * FROM client_audit_logs LIMIT 1")
    assert template is not None
    sequence = iter(range(10**9))

    def row() -> list[Any]:
        fresh = dict(template) | {"sequence": next(sequence), "event_id": uuid7()}
        return [fresh[name] for name in names]

    async def copy() -> int:
        await owner.copy_records_to_table("twin", records=[row() for _ in range(BATCH)])
        return BATCH

    places = ", ".join(f"${number}" for number in range(1, len(names) + 1))

    async def single() -> int:
        await owner.execute(f"INSERT INTO twin VALUES ({places})", *row())
        return 1

    return copy, single


async def measure() -> list[tuple[str, float]]:
    """Start a server of our own, write for some seconds in each way, return rows per second."""
    async with migrated() as made:
        owner = await asyncpg.connect(made.url.text())
        world = await make_world(owner)
        copy, single = await yardsticks(owner)
        database = Database(made.login, made.keys.scope_key, 4)
        await database.open()
        figures = [
            ("superuser, single INSERT, no RLS", await rate(single)),
            ("superuser, COPY 500, no RLS", await rate(copy)),
            ("qg_record 500, all allowed", await rate(recorded(database, world, "allow"))),
            (
                "qg_record 500, allowed, 2 flushers",
                await rate(recorded(database, world, "allow"), 2),
            ),
            ("qg_record 500, all violations", await rate(recorded(database, world, "block"))),
        ]
        await database.close()
        await owner.close()
        return figures


def main() -> None:
    """Print the table."""
    out = io.StringIO()
    for name, rows in asyncio.run(measure()):
        out.write(f"{name:40} {rows:10,.0f} rows/s\n")
    print(out.getvalue(), end="")


if __name__ == "__main__":
    main()
