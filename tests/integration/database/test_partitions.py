"""The partitions of the audit log: never in the way of a start, and append-only one by one."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from asyncpg import Connection

from backend.core.identifiers import uuid7
from tests.factories import World, insert, make_world


@pytest_asyncio.fixture
async def world(owner: "Connection[Any]") -> World:
    return await make_world(owner)


@pytest_asyncio.fixture
async def undone(owner: "Connection[Any]") -> AsyncIterator["Connection[Any]"]:
    """Give the owner's connection in a transaction that is rolled back."""
    transaction = owner.transaction()
    await transaction.start()
    yield owner
    await transaction.rollback()


async def partitions(owner: "Connection[Any]") -> list[str]:
    rows = await owner.fetch(
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent = 'client_audit_logs'::regclass ORDER BY 1"
    )
    return [row[0] for row in rows]


async def _record(owner: "Connection[Any]", world: World, at: datetime) -> None:
    await insert(
        owner, "client_audit_logs", tenant_id=world.first.id, recorded_at=at, sequence=9,
        msp_id=world.first.msp_id, event_id=uuid7(), submission_id=uuid7(), entry_kind="verdict",
        user_id=world.first.user_id, service_host="x", channel="typed", size=1, action="allow",
        disposition="sent", kinds={}, rule_ids=[], policy_version=1, rulebook_version="v",
        engine="server", occurred_at=at, late=False, header=b"{}",
    )  # fmt: skip


async def test_entries_of_a_clock_that_ran_ahead_do_not_stop_a_later_start(
    undone: "Connection[Any]", world: World
) -> None:
    """Their month has no partition yet, so they lie in the default one when its time comes."""
    at = datetime.now(UTC) + timedelta(days=150)
    name = f"client_audit_logs_{at:%Y_%m}"
    await undone.execute(f"DROP TABLE {name}")
    await _record(undone, world, at)
    await undone.execute("SELECT qg_private.ensure_partitions()")
    kept = await undone.fetchval(
        "SELECT tableoid::regclass::text FROM client_audit_logs WHERE recorded_at = $1", at
    )
    assert kept == "client_audit_logs_other"
    assert len(await partitions(undone)) == 15


async def test_a_partition_that_is_missing_is_made_and_guarded(undone: "Connection[Any]") -> None:
    before = await partitions(undone)
    await undone.execute(f"DROP TABLE {before[-2]}")
    await undone.execute("SELECT qg_private.ensure_partitions()")
    assert await partitions(undone) == before
    guarded = await undone.fetchrow(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = $1::regclass",
        before[-2],
    )
    assert guarded is not None
    assert tuple(guarded) == (True, True)


async def test_no_partition_can_be_emptied_by_its_name(
    owner: "Connection[Any]", world: World
) -> None:
    await _record(owner, world, datetime.now(UTC))
    for name in await partitions(owner):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await owner.execute(f"TRUNCATE {name}")
    here = await owner.fetchval(
        "SELECT tableoid::regclass::text FROM client_audit_logs WHERE tenant_id = $1 LIMIT 1",
        world.first.id,
    )
    for change in (f"DELETE FROM {here}", f"UPDATE {here} SET msp_id = msp_id"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await owner.execute(change)
