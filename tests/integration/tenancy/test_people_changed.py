"""People: invited with no role above the inviter's, never their own, and never the last to go."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from quart import Quart

from backend.core.permissions import Role
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from tests.integration.policy.worlds import World
from tests.integration.tenancy.conftest import Call
from tests.isolation.neighbours import Neighbours

WHY = {"reason": "Left the company"}


def somebody(**values: Any) -> dict[str, Any]:
    usual = {"email": "ann@example.org", "display_name": "Ann Lee", "role": "end_user"}
    return usual | values


@pytest.mark.parametrize(
    ("caller", "role", "status"),
    [
        ("msp_admin", "client_admin", 201), ("msp_admin", "end_user", 201),
        ("msp_admin", "msp_admin", 422), ("msp_admin", "msp_technician", 422),
        ("client_admin", "client_admin", 201), ("client_admin", "auditor", 201),
        ("client_admin", "msp_admin", 422), ("msp_technician", "end_user", 403),
        ("auditor", "end_user", 403), ("end_user", "end_user", 403),
        ("msp_admin", "super_admin", 422),
    ],
)  # fmt: skip
async def test_nobody_gives_a_role_above_their_own_or_one_that_does_not_fit(
    call: Call, around: Neighbours, caller: str, role: str, status: int
) -> None:
    wanted = somebody(role=role, client_id=str(around.own.id))
    got, answer = await call(around.callers[caller], "POST", "/users", wanted)
    assert got == status, answer


async def test_staff_are_invited_without_a_client_and_only_by_their_msps_administrator(
    call: Call, around: Neighbours
) -> None:
    wanted = somebody(role="msp_technician")
    assert (await call(around.callers["msp_admin"], "POST", "/users", wanted))[0] == 201
    assert (await call(around.callers["msp_technician"], "POST", "/users", wanted))[0] == 403
    _, page = await call(around.callers["msp_admin"], "GET", "/msp/staff")
    assert "ann@example.org" in {one["email"] for one in page["items"]}


async def test_an_address_is_taken_once_per_client(call: Call, around: Neighbours) -> None:
    staff = around.msp.principal()
    for client, status in ((around.own, 201), (around.own, 409), (around.sibling, 201)):
        wanted = somebody(client_id=str(client.id), email=" Ann@Example.org")
        got, answer = await call(staff, "POST", "/users", wanted)
        assert got == status, answer


@pytest.mark.parametrize(
    "wrong",
    [{"email": "no address"}, {"email": "a@b c"}, {"email": "a\u202e@b.example"},
     {"display_name": "\u200b"}, {"display_name": "a" * 121}, {"role": "god"}, {"role": None},
     {"password_hash": "x"}, {"permission_epoch": 1}, {"groups": ["x"]}],
    ids=str,
)  # fmt: skip
async def test_what_a_person_cannot_be_is_refused(
    call: Call, around: Neighbours, wrong: dict[str, Any]
) -> None:
    wanted = somebody(client_id=str(around.own.id)) | wrong
    assert (await call(around.msp.principal(), "POST", "/users", wanted))[0] == 422


async def test_nobody_changes_their_own_role_or_suspends_themselves(
    call: Call, around: Neighbours
) -> None:
    for who in (around.own.principal(), around.msp.principal()):
        path = f"/users/{who.user_id}"
        status, problem = await call(who, "PATCH", path, {"role": "auditor"})
        assert (status, problem["code"]) == (403, "own-role")
        status, problem = await call(who, "POST", f"{path}/suspend", WHY)
        assert (status, problem["code"]) == (403, "oneself")


async def test_people_change_their_own_name_and_nothing_else(
    call: Call, around: Neighbours
) -> None:
    person = around.callers["end_user"]
    path = f"/users/{person.user_id}"
    status, changed = await call(person, "PATCH", path, {"display_name": "Pat Renamed"})
    assert (status, changed["display_name"]) == (200, "Pat Renamed")
    for change in ({"role": "client_admin"}, {"groups": [str(around.own.id)]}):
        status, problem = await call(person, "PATCH", path, change)
        assert (status, problem["code"]) == (403, "own-role")


async def test_the_last_administrator_stays(call: Call, around: Neighbours, owner: Any) -> None:
    staff, own = around.msp.principal(), around.own
    path = f"/users/{own.admin_id}"
    for change in (("PATCH", path, {"role": "auditor"}), ("POST", f"{path}/suspend", WHY),
                   ("POST", f"{path}/archive", WHY)):  # fmt: skip
        status, problem = await call(staff, *change)
        assert (status, problem["code"]) == (409, "last-admin")
    await World(owner).person(own, Role.CLIENT_ADMIN)
    assert (await call(staff, "PATCH", path, {"role": "auditor"}))[0] == 200


async def test_a_new_role_counts_up_the_epoch_and_so_does_a_suspension(
    call: Call, around: Neighbours, owner: Any
) -> None:
    staff, person = around.msp.principal(), around.made[around.own.id]["person"]
    epoch = "SELECT permission_epoch FROM users WHERE id = $1"
    path = f"/users/{person}"
    await call(staff, "PATCH", path, {"display_name": "Other"})
    assert await owner.fetchval(epoch, person) == 0
    await call(staff, "PATCH", path, {"role": "auditor"})
    assert await owner.fetchval(epoch, person) == 1
    status, answer = await call(staff, "POST", f"{path}/suspend", WHY)
    assert (status, answer["status"]) == (200, "suspended")
    assert await owner.fetchval(epoch, person) == 2
    assert (await call(staff, "POST", f"{path}/suspend", WHY))[0] == 409
    assert (await call(staff, "POST", f"{path}/reactivate", WHY))[1]["status"] == "active"


async def test_a_lower_role_needs_no_second_look_and_a_higher_one_does(
    app: Quart, keys: KeyRing, around: Neighbours
) -> None:
    who, path = around.own.principal(), f"/api/v1/users/{around.made[around.own.id]['person']}"
    token = AccessTokens(keys.access_tokens).issue(who, datetime.now(UTC))
    shown = replace(who, stepped_up_at=int(datetime.now(UTC).timestamp()))
    fresh = AccessTokens(keys.access_tokens).issue(shown, datetime.now(UTC))

    async def becomes(role: str, token: str) -> int:
        answer = await app.test_client().patch(
            path, json={"role": role}, headers={"Authorization": f"Bearer {token}"}
        )
        return answer.status_code

    assert await becomes("auditor", token) == 403
    assert await becomes("auditor", fresh) == 200
    assert await becomes("client_admin", token) == 403
    assert await becomes("end_user", token) == 200


async def test_a_client_administrator_does_not_touch_the_msps_staff(
    call: Call, around: Neighbours
) -> None:
    path = f"/users/{around.msp.admin_id}"
    status, _ = await call(around.own.principal(), "PATCH", path, {"display_name": "X"})
    assert status == 404


async def test_groups_hold_people_of_their_client_only(call: Call, around: Neighbours) -> None:
    staff = around.msp.principal()
    path = f"/clients/{around.own.id}/groups"
    _, group = await call(staff, "POST", path, {"name": "Nurses"})
    own, foreign = (around.made[c.id]["person"] for c in (around.own, around.sibling))
    members = f"{path}/{group['id']}/members"
    assert (await call(staff, "PUT", members, {"users": [own]}))[1]["members"] == 1
    assert (await call(staff, "PUT", members, {"users": [own, foreign]}))[0] == 404
    assert (await call(staff, "GET", members))[1]["items"] == [own]
    assert (await call(staff, "PUT", members, {"users": []}))[1]["members"] == 0
    status, problem = await call(staff, "POST", path, {"name": "Nurses"})
    assert (status, problem["code"]) == (409, "group-exists")
    change = {"base_version": 1, "name": "Billing"}
    assert (await call(staff, "PATCH", f"{path}/{group['id']}", change))[0] == 409
    assert (await call(staff, "DELETE", f"{path}/{group['id']}"))[0] == 204
    assert (await call(staff, "GET", members))[0] == 404


async def test_groups_can_be_set_with_the_person(call: Call, around: Neighbours) -> None:
    staff, made = around.msp.principal(), around.made[around.own.id]
    _, person = await call(
        staff, "POST", "/users", somebody(client_id=made["client"], groups=[made["group"]])
    )
    members = f"/clients/{made['client']}/groups/{made['group']}/members"
    assert person["id"] in (await call(staff, "GET", members))[1]["items"]
    assert (await call(staff, "PATCH", f"/users/{person['id']}", {"groups": []}))[0] == 200
    assert person["id"] not in (await call(staff, "GET", members))[1]["items"]
    foreign = around.made[around.sibling.id]["group"]
    status, _ = await call(staff, "PATCH", f"/users/{person['id']}", {"groups": [foreign]})
    assert status == 404
