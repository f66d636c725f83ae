"""Lockboxes, assignments, seats, and requests that are sent twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.core.identifiers import uuid7
from tests.integration.tenancy.conftest import Call
from tests.isolation.neighbours import Neighbours

CLOSED = {"is_closed": True, "reason": "Audit week"}


async def test_a_closed_lockbox_keeps_the_msp_out_and_says_so(
    call: Call, around: Neighbours
) -> None:
    admin, staff, path = around.own.principal(), around.msp.principal(), f"/clients/{around.own.id}"
    assert (await call(admin, "PUT", f"{path}/lockbox", CLOSED))[0] == 200
    for asked in (f"{path}/groups", f"/policies?client_id={around.own.id}",
                  f"/users?client_id={around.own.id}"):  # fmt: skip
        status, problem = await call(staff, "GET", asked)
        assert (status, problem["code"]) in {(403, "client-locked"), (404, "not-found")}
        assert (await call(admin, "GET", asked))[0] == 200
    status, box = await call(staff, "GET", f"{path}/lockbox")
    assert (status, box["is_closed"], box["reason"]) == (200, True, "Audit week")
    _, page = await call(staff, "GET", "/msp/summary")
    figures = {one["name"]: one for one in page["items"]}
    assert figures[around.own.name]["violations"] == 0
    assert figures[around.sibling.name]["violations"] == 1
    _, seats = await call(staff, "GET", "/msp/seats")
    assert {one["name"]: one["active"] for one in seats["items"]}[around.own.name] == 2
    _, trail = await call(admin, "GET", "/audit/admin-events?action=lockbox.close")
    assert trail["items"][0]["reason"] == "Audit week"


async def test_a_closed_lockbox_opens_for_a_time(call: Call, around: Neighbours) -> None:
    admin, staff, path = around.own.principal(), around.msp.principal(), f"/clients/{around.own.id}"
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert (await call(admin, "PUT", f"{path}/lockbox", CLOSED | {"open_until": until}))[0] == 200
    assert (await call(staff, "GET", f"{path}/groups"))[0] == 200
    past = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    status, problem = await call(admin, "PUT", f"{path}/lockbox", CLOSED | {"open_until": past})
    assert (status, problem["code"]) == (422, "lockbox-time")
    last = "9999-12-31T23:59:59-12:00"  # which UTC has no year for
    status, problem = await call(admin, "PUT", f"{path}/lockbox", CLOSED | {"open_until": last})
    assert (status, problem["code"]) == (422, "lockbox-time")


async def test_an_msp_suspends_a_client_that_has_locked_it_out(
    call: Call, around: Neighbours
) -> None:
    path = f"/clients/{around.own.id}"
    await call(around.own.principal(), "PUT", f"{path}/lockbox", CLOSED)
    status, _ = await call(around.msp.principal(), "POST", f"{path}/suspend", {"reason": "Unpaid"})
    assert status == 200


async def test_an_assignment_opens_a_client_and_its_end_closes_it(
    call: Call, around: Neighbours
) -> None:
    staff, technician = around.msp.principal(), around.callers["msp_technician"]
    path = f"/clients/{around.sibling.id}"
    assigned = f"{path}/technicians/{technician.user_id}"
    assert (await call(technician, "GET", path))[0] == 404
    assert [(await call(staff, "PUT", assigned))[0] for _ in range(2)] == [204, 204]
    assert (await call(technician, "GET", path))[0] == 200
    _, listed = await call(staff, "GET", f"{path}/technicians")
    assert str(technician.user_id) in {one["user_id"] for one in listed["items"]}
    assert (await call(staff, "DELETE", assigned))[0] == 204
    assert (await call(technician, "GET", path))[0] == 404
    assert (await call(staff, "DELETE", assigned))[0] == 404
    nobody = f"{path}/technicians/{around.msp.admin_id}"
    assert (await call(staff, "PUT", nobody))[0] == 404


async def test_seats_come_as_a_file_in_which_no_cell_is_a_formula(
    call: Call, around: Neighbours
) -> None:
    staff = around.msp.principal()
    change = {"base_version": 1, "name": '=HYPERLINK("https://x.example")'}
    await call(staff, "PATCH", f"/clients/{around.own.id}", change)
    status, text = await call(staff, "GET", "/msp/seats.csv?month=2026-11")
    assert status == 200
    assert "'=HYPERLINK" in text
    assert not [line for line in text.splitlines() if line.split(",")[1].startswith("=")]
    assert (await call(staff, "GET", "/msp/seats?month=2026-13"))[0] == 422


async def test_a_month_counts_the_browsers_heard_of_in_it(
    call: Call, around: Neighbours, owner: Any
) -> None:
    staff, device = around.msp.principal(), around.made[around.own.id]["device"]
    await owner.execute(
        "UPDATE devices SET last_seen_at = '2027-01-05T00:00:00Z' WHERE id = $1", device
    )
    active = {}
    for month in ("2026-10", "2026-11", "2026-12", "2027-01"):
        _, page = await call(staff, "GET", f"/msp/seats?month={month}")
        active[month] = {one["name"]: one["active"] for one in page["items"]}[around.own.name]
    assert active == {"2026-10": 0, "2026-11": 2, "2026-12": 0, "2027-01": 1}


async def test_a_browser_beyond_the_seats_is_refused_and_the_refusal_recorded(
    call: Call, around: Neighbours, owner: Any, app: Any
) -> None:
    staff, own = around.msp.principal(), around.own
    await owner.execute("UPDATE devices SET last_seen_at = now() WHERE tenant_id = $1", own.id)
    await call(staff, "PATCH", f"/clients/{own.id}", {"base_version": 1, "seats": 2})
    _, code = await call(staff, "POST", "/enrolment/codes", {"client_id": str(own.id), "uses": 5})
    about = {"code": code["code"], "name": "n", "browser": "b", "extension_version": "1"}
    answer = await app.test_client().post("/api/v1/enrolment/devices", json=about)
    problem = await answer.get_json()
    assert (answer.status_code, problem["code"]) == (409, "seats-used-up")
    assert "All 2 seats" in problem["detail"]
    _, page = await call(staff, "GET", "/audit/admin-events?action=device.refuse")
    assert [event["actor"] for event in page["items"]] == ["Quillgate"]
    await owner.execute("UPDATE clients SET seats = 3 WHERE tenant_id = $1", own.id)
    assert (
        await app.test_client().post("/api/v1/enrolment/devices", json=about)
    ).status_code == 201


async def test_a_request_sent_twice_makes_one_client(call: Call, around: Neighbours) -> None:
    staff, key = around.msp.principal(), str(uuid7())
    new = {"name": "Once"}
    first = await call(staff, "POST", "/clients", new, Idempotency_Key=key)
    second = await call(staff, "POST", "/clients", new, Idempotency_Key=key)
    assert first == second
    assert first[0] == 201
    _, page = await call(staff, "GET", "/clients")
    assert [one["name"] for one in page["items"]].count("Once") == 1


async def test_a_key_used_for_something_else_is_a_conflict(call: Call, around: Neighbours) -> None:
    staff, key = around.msp.principal(), str(uuid7())
    await call(staff, "POST", "/clients", {"name": "Once"}, Idempotency_Key=key)
    status, problem = await call(staff, "POST", "/clients", {"name": "Two"}, Idempotency_Key=key)
    assert (status, problem["code"]) == (409, "idempotency-key-reused")


async def test_a_key_counts_for_one_person_and_one_operation(
    call: Call, around: Neighbours
) -> None:
    key = str(uuid7())
    for who in (around.own.principal(), around.sibling.principal()):
        path = f"/clients/{who.client_id}/groups"
        status, made = await call(who, "POST", path, {"name": "Same"}, Idempotency_Key=key)
        assert (status, made["client_id"]) == (201, str(who.client_id))
    code = {"client_id": str(around.own.id)}
    status, _ = await call(
        around.own.principal(), "POST", "/enrolment/codes", code, Idempotency_Key=key
    )
    assert status == 201


async def test_what_failed_may_be_tried_again_with_the_same_key(
    call: Call, around: Neighbours
) -> None:
    staff, key = around.msp.principal(), str(uuid7())
    assert (await call(staff, "POST", "/clients", {"name": " "}, Idempotency_Key=key))[0] == 422
    assert (await call(staff, "POST", "/clients", {"name": "A"}, Idempotency_Key=key))[0] == 201


@pytest.mark.parametrize("key", ["", "short", "a" * 129, "with space", "\u00e9" * 9])
async def test_a_key_of_another_form_is_refused(call: Call, around: Neighbours, key: str) -> None:
    status, problem = await call(
        around.msp.principal(), "POST", "/clients", {"name": "A"}, Idempotency_Key=key
    )
    assert (status, problem["code"]) == (422, "idempotency-key")


async def test_a_kept_answer_is_sealed_and_forgotten_after_a_day(
    call: Call, around: Neighbours, owner: Any
) -> None:
    admin, key = around.own.principal(), str(uuid7())
    wanted = {"client_id": str(around.own.id)}
    _, made = await call(admin, "POST", "/enrolment/codes", wanted, Idempotency_Key=key)
    row = await owner.fetchrow("SELECT * FROM idempotency_keys WHERE tenant_id = $1", around.own.id)
    assert made["code"].encode() not in row["answer"]
    assert key not in str(dict(row))
    await owner.execute(
        "UPDATE idempotency_keys SET created_at = now() - interval '25 hours' WHERE tenant_id = $1",
        around.own.id,
    )
    _, other = await call(admin, "POST", "/enrolment/codes", wanted, Idempotency_Key=key)
    assert other["code"] != made["code"]


async def test_a_request_still_being_answered_is_not_made_twice(
    call: Call, around: Neighbours, owner: Any, app: Any
) -> None:
    admin, key, keeping = (
        around.own.principal(),
        str(uuid7()),
        app.extensions["quillgate"].repetitions,
    )
    path = f"/clients/{around.own.id}/groups"
    attempt = keeping.attempt(admin, f"POST /api/v1{path}?", key, b'{"name": "Now"}')
    assert await keeping.begun(admin, attempt) is None
    status, problem = await call(admin, "POST", path, {"name": "Now"}, Idempotency_Key=key)
    assert (status, problem["code"]) == (409, "idempotency-in-progress")
    await owner.execute(
        "UPDATE idempotency_keys SET created_at = now() - interval '2 minutes'"
        " WHERE tenant_id = $1",
        around.own.id,
    )
    assert (await call(admin, "POST", path, {"name": "Now"}, Idempotency_Key=key))[0] == 201
