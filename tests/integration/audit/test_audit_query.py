"""Reading the audit log: newest first, whole across pages, only what one may see."""

import asyncio
import csv
import io
import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

import pytest

from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.services.audit_export import PAGE
from backend.services.audit_log import AuditLog
from tests.integration.audit.conftest import MakeEntry
from tests.integration.live.server import LiveServer
from tests.integration.policy.worlds import Client, Msp, World

KINDS = ("logs", "violations")


async def listed(
    server: LiveServer, principal: Principal, kind: str = "logs", **query: Any
) -> dict[str, Any]:
    path = f"/api/v1/audit/{kind}?{urlencode(query)}"
    status, _, page = await server.request("GET", path, principal)
    assert status == 200, page
    return dict(page)


async def everything(
    server: LiveServer, principal: Principal, kind: str, **query: Any
) -> list[dict[str, Any]]:
    """Follow the cursors to the end."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await listed(server, principal, kind, **query, **cursor)
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}


@pytest.mark.parametrize("kind", KINDS)
async def test_pages_of_a_client_are_whole_and_newest_first(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client, kind: str
) -> None:
    await audit_log.record_all([make_entry() for _ in range(25)])
    items = await everything(server, client.principal(), kind, limit=7)
    assert [item["sequence"] for item in items] == list(range(25, 0, -1))


async def exported(server: LiveServer, principal: Principal, **query: Any) -> str:
    """Return a file, as somebody gets it who has just shown a second factor."""
    who = replace(principal, stepped_up_at=int(datetime.now(UTC).timestamp()))
    address = f"http://127.0.0.1:{server.port}/api/v1/audit/export?{urlencode(query)}"
    request = Request(address, headers={"Authorization": f"Bearer {server.token(who)}"})
    return await asyncio.to_thread(lambda: urlopen(request).read().decode())  # noqa: S310 -- ours


async def test_a_file_of_the_log_is_whole_and_that_it_was_taken_stays_in_the_trail(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client, world: World
) -> None:
    await audit_log.record_all([make_entry() for _ in range(PAGE + 1)])
    await world.owner.execute(
        "UPDATE clients SET status = 'suspended' WHERE tenant_id = $1", client.id
    )
    who = client.principal(Role.AUDITOR)
    rows = list(csv.DictReader(io.StringIO(await exported(server, who))))
    assert [int(row["sequence"]) for row in rows] == list(range(PAGE + 1, 0, -1))
    assert rows[0]["kinds"] == '{"US_SSN": 1}'
    lines = await exported(server, who, what="violations", format="json")
    assert len(lines.splitlines()) == PAGE + 1
    assert json.loads(lines.splitlines()[0])["severity"] == "critical"
    with pytest.raises(HTTPError, match="422"):  # and not in the middle of a file
        await exported(server, who, since="9999-12-31T23:59:59-12:00")
    taken = await world.owner.fetch(
        "SELECT details->>'what' AS what FROM admin_events"
        " WHERE tenant_id = $1 AND action = 'audit.export' ORDER BY at", client.id,
    )  # fmt: skip
    assert [row["what"] for row in taken] == ["logs", "violations"]


@pytest.mark.parametrize("kind", KINDS)
async def test_pages_of_an_msp_lose_nothing_where_clients_share_time_and_sequence(
    server: LiveServer,
    audit_log: AuditLog,
    make_entry: MakeEntry,
    msp: Msp,
    world: World,
    kind: str,
) -> None:
    clients = [await world.client(msp, f"Client {number}") for number in range(5)]
    entries = [
        make_entry(client_id=client.id, principal=client.principal())
        for _ in range(4)
        for client in clients
    ]
    await audit_log.record_all(entries)
    items = await everything(server, msp.principal(), kind, limit=3)
    places = {(item["client_id"], item["sequence"]) for item in items}
    assert len(items) == len(places) == 20
    assert len({item["recorded_at"] for item in items}) < 20


@pytest.mark.parametrize("kind", KINDS)
async def test_filters_narrow_by_action_service_and_time(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client, kind: str
) -> None:
    admin = client.principal()
    await audit_log.record(make_entry(action="flag", disposition="sent_unflagged"))
    second = await audit_log.record(make_entry(service_host="other.example"))
    moment = second.recorded_at
    by_action = await listed(server, admin, kind, action="flag")
    by_service = await listed(server, admin, kind, service="other.example")
    since = await listed(server, admin, kind, since=moment.isoformat())
    until = await listed(server, admin, kind, until=moment.isoformat())
    future = await listed(server, admin, kind, since=(moment + timedelta(days=1)).isoformat())
    pages = (by_action, by_service, since, until, future)
    assert [[item["sequence"] for item in page["items"]] for page in pages] == [
        [1], [2], [2], [1], [],
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
async def test_an_admin_of_one_client_never_reads_another(
    server: LiveServer,
    audit_log: AuditLog,
    make_entry: MakeEntry,
    client: Client,
    msp: Msp,
    world: World,
    kind: str,
) -> None:
    await audit_log.record(make_entry())
    sibling = await world.client(msp, "Cedar")
    assert (await listed(server, sibling.principal(), kind))["items"] == []
    path = f"/api/v1/audit/{kind}?client_id="
    foreign, _, told = await server.request("GET", path + str(client.id), sibling.principal())
    absent, _, told_of_absent = await server.request(
        "GET", path + str(uuid7()), sibling.principal()
    )
    assert (foreign, absent) == (404, 404)
    assert told["detail"] == told_of_absent["detail"]


@pytest.mark.parametrize("kind", KINDS)
async def test_staff_of_another_msp_read_nothing(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client, world: World,
    kind: str,
) -> None:  # fmt: skip
    await audit_log.record(make_entry())
    foreign = (await world.msp()).principal()
    assert (await listed(server, foreign, kind))["items"] == []
    assert (await listed(server, foreign, kind, client_id=client.id))["items"] == []


async def test_staff_of_the_msp_may_look_at_one_client(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client, msp: Msp
) -> None:
    await audit_log.record(make_entry())
    page = await listed(server, msp.principal(), client_id=client.id)
    assert [item["client_id"] for item in page["items"]] == [str(client.id)]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_browser_reads_no_audit_log(server: LiveServer, client: Client, kind: str) -> None:
    device = client.principal(Role.DEVICE)
    status, _, _ = await server.request("GET", f"/api/v1/audit/{kind}", device)
    assert status == 403


@pytest.mark.parametrize("kind", KINDS)
async def test_somebody_protected_reads_nothing_of_others(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client, kind: str
) -> None:
    somebody = replace(client.principal(Role.END_USER), user_id=uuid7())
    await audit_log.record(make_entry(principal=somebody))
    who = client.principal(Role.END_USER)
    status, _, page = await server.request("GET", f"/api/v1/audit/{kind}", who)
    assert (status, page["items"]) == (200, [])


@pytest.mark.parametrize(
    "query",
    ["cursor=abc", "cursor=AAAA", "limit=0", "limit=201", "limit=x", "client_id=x", "action=stop",
     "since=yesterday", "since=2026-01-01T00:00:00", "until=0001-01-01T00:00:00%2B14:00",
     "since=9999-12-31T23:59:59-14:00", "unknown=1", "client_id=null", "action=null", "since=0.5",
     "limit=5e1", "limit=5.0", "limit=5&limit=5", "limit[]=5",
     "cursor=" + quote("MjAyNi0xMS0yNFQxMjowMDowMCAxIHg=")],
)  # fmt: skip
async def test_a_question_of_the_wrong_form_is_refused_with_a_problem(
    server: LiveServer, client: Client, query: str
) -> None:
    path = f"/api/v1/audit/logs?{query}"
    status, headers, _ = await server.request("GET", path, client.principal())
    assert headers["content-type"] == "application/problem+json"
    assert status == 422


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_forged_cursor_at_the_edge_of_time_is_refused(
    server: LiveServer, msp: Msp, moment: str
) -> None:
    cursor = urlsafe_b64encode(f"{moment} 1 {uuid7()}".encode()).decode()
    path = f"/api/v1/audit/logs?{urlencode({'cursor': cursor})}"
    status, _, problem = await server.request("GET", path, msp.principal())
    assert (status, problem["code"]) == (422, "invalid-input")


async def test_times_are_utc_and_ids_are_text(
    server: LiveServer, audit_log: AuditLog, make_entry: MakeEntry, client: Client
) -> None:
    receipt = await audit_log.record(make_entry())
    (item,) = (await listed(server, client.principal()))["items"]
    assert datetime.fromisoformat(item["recorded_at"]) == receipt.recorded_at
    assert datetime.fromisoformat(item["recorded_at"]).tzinfo == UTC
    assert item["event_id"] == str(receipt.event_id)
