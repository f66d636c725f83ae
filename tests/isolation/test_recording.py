"""`qg_record` sees every tenant's counters and keys, so it is what must tell them apart."""

import json
from typing import Any
from uuid import UUID

import pytest
from asyncpg import Connection, Record

from backend.core.database import Database
from backend.core.identifiers import uuid7
from backend.core.scope import Scope
from tests.factories import NOW, Tenant, World, make_world

ENTRY: dict[str, Any] = {
    "entry_kind": "verdict", "device_id": None, "ai_service_id": None, "service_host": "x",
    "channel": "typed", "size": 1, "action": "block", "severity": "high",
    "disposition": "prevented", "kinds": {}, "rule_ids": [], "policy_version": 1,
    "rulebook_version": "v", "engine": "server", "occurred_at": NOW.isoformat(), "late": False,
    "findings": [],
}  # fmt: skip


@pytest.fixture
async def fresh(owner: "Connection[Any]") -> World:
    """Give a world of this test's own: recording cannot be undone."""
    return await make_world(owner)


def entry(tenant: Tenant, **values: Any) -> dict[str, Any]:
    usual = {
        "tenant_id": tenant.id, "msp_id": tenant.msp_id, "user_id": tenant.user_id,
        "event_id": uuid7(), "submission_id": uuid7(),
    }  # fmt: skip
    return {**ENTRY, **usual, **values}


async def record(database: Database, *entries: dict[str, Any]) -> list[Record]:
    async with database.scoped(Scope.ingest()) as connection:
        return await connection.fetch(
            "SELECT * FROM qg_record($1, $2)",
            json.dumps(entries, default=str),
            [b"{}"] * len(entries),
        )


async def disposition(owner: "Connection[Any]", violation: UUID) -> str:
    return str(
        await owner.fetchval(
            "SELECT disposition FROM client_policy_violations WHERE id = $1", violation
        )
    )


async def test_the_same_event_of_two_tenants_is_two_entries(
    database: Database, fresh: World
) -> None:
    event_id = uuid7()
    for tenant in (fresh.first, fresh.sibling, fresh.stranger):
        (receipt,) = await record(database, entry(tenant, event_id=event_id))
        assert (receipt["is_duplicate"], receipt["sequence"]) == (False, 2)


async def test_two_tenants_in_one_batch_count_for_themselves(
    database: Database, fresh: World
) -> None:
    pair = (fresh.first, fresh.stranger)
    receipts = await record(database, *[entry(tenant) for _ in range(3) for tenant in pair])
    assert [receipt["sequence"] for receipt in receipts] == [2, 2, 3, 3, 4, 4]


@pytest.mark.parametrize("who", ["another person of the client", "another tenant"])
async def test_nobody_else_says_what_became_of_a_verdict(
    database: Database, owner: "Connection[Any]", fresh: World, who: str
) -> None:
    violation = fresh.first.violation_id
    said = {"entry_kind": "disposition", "submission_id": violation, "disposition": "overridden"}
    if who == "another tenant":
        await record(database, entry(fresh.sibling, user_id=fresh.first.user_id, **said))
    else:
        await record(database, entry(fresh.first, user_id=uuid7(), **said))
    assert await disposition(owner, violation) == "prevented"
    await record(database, entry(fresh.first, **said))
    assert await disposition(owner, violation) == "overridden"


async def test_an_event_that_is_sent_again_changes_nothing(
    database: Database, owner: "Connection[Any]", fresh: World
) -> None:
    violation = fresh.first.violation_id
    said = {"entry_kind": "disposition", "submission_id": violation}
    first = entry(fresh.first, disposition="first", **said)
    await record(database, first)
    await record(database, entry(fresh.first, disposition="second", **said))
    (again,) = await record(database, first)
    assert again["is_duplicate"]
    assert await disposition(owner, violation) == "second"
