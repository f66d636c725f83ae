"""Violations are shown with the controls of the frameworks their client has switched on."""

from typing import Any

from asyncpg import Connection

from backend.core.database import Database
from backend.services.audit_log import AuditLog
from backend.services.violation_feed import ViolationFeed
from tests.integration.audit.conftest import MakeEntry
from tests.integration.live.server import LiveServer
from tests.integration.policy.worlds import Client


async def _switch_on(owner: "Connection[Any]", client: Client, *names: str) -> None:
    await owner.execute(
        "UPDATE clients SET frameworks = $2 WHERE tenant_id = $1", client.id, list(names)
    )


async def test_a_violation_carries_all_control_ids_of_all_frameworks_that_are_on(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client,
    owner: "Connection[Any]",
) -> None:  # fmt: skip
    await audit_log.record(make_entry())
    path = f"/api/v1/audit/violations?client_id={client.id}"
    _, _, page = await server.request("GET", path, client.principal())
    assert page["items"][0]["controls"] == []
    await _switch_on(owner, client, "soc2", "gdpr")
    _, _, page = await server.request("GET", path, client.principal())
    (violation,) = page["items"]
    named = {(one["framework"], one["id"]) for one in violation["controls"]}
    assert {("soc2", "CC6.7"), ("soc2", "P6.1"), ("gdpr", "87"), ("gdpr", "5(1)(c)")} <= named
    assert all(one["title"] for one in violation["controls"])
    assert "frameworks" not in violation


async def test_the_feed_says_the_same_controls_as_the_list(
    server: LiveServer, database: Database, audit_log: AuditLog, make_entry: MakeEntry,
    client: Client, owner: "Connection[Any]",
) -> None:  # fmt: skip
    await _switch_on(owner, client, "soc2")
    await audit_log.record(make_entry())
    missed = await ViolationFeed(database).since(client.principal(), client.id, 0)
    path = f"/api/v1/audit/violations?client_id={client.id}"
    _, _, page = await server.request("GET", path, client.principal())
    assert missed.events[0]["controls"] == page["items"][0]["controls"] != []


async def test_the_catalogue_is_dated_and_has_a_source_for_each_control(
    server: LiveServer, client: Client
) -> None:
    status, _, page = await server.request("GET", "/api/v1/reports/frameworks", client.principal())
    assert status == 200
    controls = [control for one in page["items"] for control in one["controls"]]
    assert len(page["items"]) == 7
    assert all(one["source"] and one["title"] and one["status"] for one in controls)
    proposed = [one for one in controls if one["status"] == "proposed"]
    assert proposed
    assert all(one["in_force_from"] is None for one in proposed)
