"""Clients: made whole or not at all, changed on the version that was read, halted and revived."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from quart import Quart

from backend.core.identifiers import uuid7
from backend.services.admin_trail import AdminFilter
from tests.integration.tenancy.conftest import Call
from tests.isolation.neighbours import Neighbours
from tests.isolation.routes import EVENT

NEW = {"name": "Lakeside Clinic", "seats": 50, "country": "US", "timezone": "America/Chicago",
       "frameworks": ["hipaa", "soc2"], "template": "hipaa"}  # fmt: skip
WHY = {"reason": "The contract says so"}


async def actions(call: Call, who: Any, client_id: str) -> list[str]:
    _, page = await call(who, "GET", f"/audit/admin-events?client_id={client_id}")
    return [event["action"] for event in page["items"]]


async def test_a_new_client_has_a_policy_and_an_event_from_the_start(
    call: Call, around: Neighbours
) -> None:
    admin = around.msp.principal()
    status, made = await call(admin, "POST", "/clients", NEW)
    assert status == 201, made
    assert (made["slug"], made["status"], made["version"]) == ("lakeside-clinic", "active", 1)
    assert made["frameworks"] == ["hipaa", "soc2"]
    _, policies = await call(admin, "GET", f"/policies?client_id={made['id']}")
    assert policies["items"][-1]["version"] == 1
    assert await actions(call, admin, made["id"]) == ["client.create"]
    status, seen = await call(admin, "GET", f"/clients/{made['id']}")
    assert (status, seen) == (200, made)


@pytest.mark.parametrize(
    "wrong",
    [{"template": "none"}, {"timezone": "Mars/Olympus"}, {"frameworks": ["sox"]}, {"seats": -1},
     {"name": " "}, {"name": "a\u202eb"}, {"name": "a" * 121}, {"country": "usa"},
     {"seats": "50"}, {"status": "archived"}, {"tenant_id": "x"}, {"name": "a\tb"}],
    ids=str,
)  # fmt: skip
async def test_what_a_client_cannot_be_is_refused_and_nothing_is_made(
    call: Call, around: Neighbours, wrong: dict[str, Any]
) -> None:
    admin = around.msp.principal()
    _, before = await call(admin, "GET", "/clients")
    status, problem = await call(admin, "POST", "/clients", NEW | wrong)
    assert status == 422, problem
    assert (await call(admin, "GET", "/clients"))[1] == before


async def test_a_change_on_an_older_version_is_refused(call: Call, around: Neighbours) -> None:
    admin, path = around.msp.principal(), f"/clients/{around.own.id}"
    status, changed = await call(admin, "PATCH", path, {"base_version": 1, "seats": 7})
    assert (status, changed["seats"], changed["version"]) == (200, 7, 2)
    status, problem = await call(admin, "PATCH", path, {"base_version": 1, "seats": 8})
    assert (status, problem["code"]) == (412, "client-stale")
    assert "version 2" in problem["detail"]


async def test_an_event_tells_what_was_and_what_is(call: Call, around: Neighbours) -> None:
    admin, path = around.msp.principal(), f"/clients/{around.own.id}"
    await call(admin, "PATCH", path, {"base_version": 1, "seats": 7, "name": "Renamed"})
    _, page = await call(
        admin, "GET", f"/audit/admin-events?client_id={around.own.id}&action=client.update"
    )
    details = page["items"][0]["details"]
    assert details["after"] == {"seats": 7, "name": "Renamed"}
    assert details["before"] == {"seats": 50, "name": around.own.name}


async def test_a_clients_own_administrator_sets_settings_and_no_seats(
    call: Call, around: Neighbours
) -> None:
    admin, path = around.own.principal(), f"/clients/{around.own.id}"
    change = {"base_version": 1, "timezone": "Europe/Berlin", "frameworks": ["gdpr"]}
    assert (await call(admin, "PATCH", path, change))[0] == 200
    status, problem = await call(admin, "PATCH", path, {"base_version": 2, "seats": 500})
    assert (status, problem["code"]) == (403, "field-of-the-msp")


async def test_an_empty_change_is_refused(call: Call, around: Neighbours) -> None:
    path = f"/clients/{around.own.id}"
    assert (await call(around.msp.principal(), "PATCH", path, {"base_version": 1}))[0] == 422


async def test_a_suspended_client_reads_on_changes_nothing_and_comes_back(
    call: Call, around: Neighbours
) -> None:
    staff, own, path = around.msp.principal(), around.own, f"/clients/{around.own.id}"
    group = {"name": "Nurses"}
    assert (await call(staff, "POST", f"{path}/suspend", WHY))[0] == 200
    for who in (own.principal(), staff):
        status, problem = await call(who, "POST", f"{path}/groups", group)
        assert (status, problem["code"]) == (403, "client-suspended")
        assert (await call(who, "GET", f"{path}/groups"))[0] == 200
    assert (await call(staff, "POST", f"/clients/{around.sibling.id}/groups", group))[0] == 201
    status, again = await call(staff, "POST", f"{path}/suspend", WHY)
    assert (status, again["code"]) == (409, "client-state")
    assert (await call(staff, "POST", f"{path}/reactivate", WHY))[0] == 200
    assert (await call(own.principal(), "POST", f"{path}/groups", group))[0] == 201
    assert (await actions(call, staff, str(own.id)))[:3] == [
        "group.create", "client.reactivate", "client.suspend",
    ]  # fmt: skip


async def test_browsers_of_a_suspended_client_are_judged_and_recorded_on(
    call: Call, around: Neighbours
) -> None:
    await call(around.msp.principal(), "POST", f"/clients/{around.own.id}/suspend", WHY)
    assert (await call(around.callers["device"], "POST", "/analyze/prompt", SENT))[0] == 200
    assert (await call(around.callers["device"], "GET", "/sync"))[0] == 200


SENT = {"text": "a", "service": "x", "channel": "typed"}


async def standing(call: Call, device: Any) -> dict[str, Any] | None:
    """Return what a browser is told of a suspension."""
    status, bundle = await call(device, "GET", "/sync")
    assert status == 200
    found: dict[str, Any] | None = json.loads(bundle["bundle"]).get("suspension")
    return found


async def test_after_its_grace_a_client_is_told_so_once_and_its_evidence_still_taken_in(
    app: Quart, call: Call, around: Neighbours, owner: Any
) -> None:
    staff, device, path = around.msp.principal(), around.callers["device"], around.own.id
    graces = app.extensions["quillgate"].graces
    assert await standing(call, device) is None
    await call(staff, "POST", f"/clients/{path}/suspend", WHY)
    told = await standing(call, device)
    assert told is not None
    assert told["status"] == "suspended"
    assert datetime.fromisoformat(told["grace_until"]) - datetime.fromisoformat(
        told["since"]
    ) == timedelta(days=30)
    wish = {"service": "poe.com", "reason": "To compare texts for the newsletter"}
    status, problem = await call(device, "POST", "/service-requests", wish)
    assert (status, problem["code"]) == (403, "client-suspended")
    await graces.note_ends()
    assert "client.grace_over" not in await actions(call, staff, str(path))

    await owner.execute(
        "UPDATE clients SET suspended_at = suspended_at - interval '30 days' WHERE tenant_id = $1",
        path,
    )  # fmt: skip
    for _ in range(2):
        await graces.note_ends()
    assert (await actions(call, staff, str(path))).count("client.grace_over") == 1
    told = await standing(call, device)
    assert told is not None
    assert told["status"] == "lapsed"
    status, problem = await call(device, "POST", "/analyze/prompt", SENT)
    assert (status, problem["code"]) == (403, "client-lapsed")
    event = {**EVENT, "event_id": str(uuid7()), "submission_id": str(uuid7())}
    assert (await call(device, "POST", "/audit/events", {"events": [event]}))[0] == 200
    assert (await call(around.own.principal(), "GET", "/audit/logs"))[0] == 200

    await call(staff, "POST", f"/clients/{path}/reactivate", WHY)
    assert await standing(call, device) is None
    assert (await call(device, "POST", "/analyze/prompt", SENT))[0] == 200


async def test_clients_of_a_suspended_service_provider_are_suspended_with_it(
    call: Call, around: Neighbours
) -> None:
    operator, device, path = around.callers["super_admin"], around.callers["device"], around.msp.id
    assert (await call(operator, "POST", f"/msp/{path}/suspend", WHY))[0] == 200
    told = await standing(call, device)
    assert told is not None
    assert told["status"] == "suspended"
    assert (await call(operator, "POST", f"/msp/{path}/reactivate", WHY))[0] == 200
    assert await standing(call, device) is None


async def test_archiving_ends_browsers_and_codes_and_keeps_the_evidence(
    call: Call, around: Neighbours, owner: Any
) -> None:
    staff, own = around.msp.principal(), around.own
    await call(staff, "POST", "/enrolment/codes", {"client_id": str(own.id)})
    assert (await call(staff, "POST", f"/clients/{own.id}/archive", WHY))[0] == 200
    for table in ("devices", "enrolment_codes"):
        open_ones = f"SELECT count(*) FROM {table} WHERE tenant_id = $1 AND revoked_at IS NULL"
        assert await owner.fetchval(open_ones, own.id) == 0
    _, page = await call(staff, "GET", f"/audit/violations?client_id={own.id}")
    assert len(page["items"]) == 1


async def test_the_operator_makes_msps_and_their_clients(call: Call, around: Neighbours) -> None:
    operator = around.callers["super_admin"]
    status, msp = await call(operator, "POST", "/msp", {"name": "Delta IT"})
    assert (status, msp["slug"]) == (201, "delta-it")
    first = {"email": "Boss@delta.example", "display_name": "Bo Boss", "role": "msp_admin",
             "msp_id": msp["id"]}  # fmt: skip
    status, boss = await call(operator, "POST", "/users", first)
    assert (status, boss["email"], boss["status"]) == (201, "boss@delta.example", "invited")
    assert (await call(operator, "POST", "/clients", NEW))[0] == 422
    status, client = await call(operator, "POST", "/clients", NEW | {"msp_id": msp["id"]})
    assert (status, client["msp_id"]) == (201, msp["id"])
    assert (await call(operator, "POST", f"/msp/{msp['id']}/suspend", WHY))[0] == 200
    _, listed = await call(operator, "GET", "/msp")
    assert {one["status"] for one in listed["items"] if one["id"] == msp["id"]} == {"suspended"}


async def test_the_trail_of_an_msp_itself_is_its_administrators_to_read(
    call: Call, around: Neighbours, app: Any
) -> None:
    staff, path = around.msp.principal(), f"/msp/{around.msp.id}"
    assert (await call(staff, "PATCH", path, {"base_version": 1, "name": "Harbor 2"}))[0] == 200
    trail = app.extensions["quillgate"].admin_trail
    events = (await trail.events(staff, AdminFilter(action="msp.update"))).items
    assert [event.details["after"] for event in events] == [{"name": "Harbor 2"}]
