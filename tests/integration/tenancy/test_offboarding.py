"""The end of a client: exported whole and without secrets, then its keys are gone for good."""

import json
from typing import Any

from backend.core.identifiers import uuid7
from backend.services.value_digests import ValueDigests
from tests.factories import insert
from tests.integration.tenancy.conftest import Call
from tests.isolation.neighbours import Neighbours

WHY = {"reason": "The contract ended"}


async def exported(call: Call, around: Neighbours) -> list[dict[str, Any]]:
    status, text = await call(around.msp.principal(), "GET", f"/clients/{around.own.id}/export")
    assert status == 200
    return [json.loads(line) for line in text.splitlines()]


async def test_an_export_holds_every_row_of_the_client_and_no_secret(
    call: Call, around: Neighbours, owner: Any
) -> None:
    own = around.own
    staff = around.msp.principal()
    await call(staff, "POST", "/enrolment/codes", {"client_id": str(own.id)})
    violation = await owner.fetchval(
        "SELECT id FROM client_policy_violations WHERE tenant_id = $1", own.id
    )
    await insert(
        owner, "pattern_detections", tenant_id=own.id, msp_id=own.msp_id, id=uuid7(),
        violation_id=violation, rule_id="us-ssn", type="US_SSN", category="pii", severity="high",
        confidence=0.9, span_start=0, span_length=9, mask="[us-ssn]", rulebook_version="v",
        value_digest=b"\x07" * 32,
    )  # fmt: skip
    *rows, end = await exported(call, around)
    assert end == {"table": None, "rows": len(rows)}
    tables = {row["table"] for row in rows}
    assert {
        "clients",
        "users",
        "groups",
        "policies",
        "policy_versions",
        "client_audit_logs",
        "client_policy_violations",
        "admin_events",
        "devices",
        "enrolment_codes",
    } <= tables
    assert {row["row"]["tenant_id"] for row in rows} == {str(own.id)}
    columns = {column for row in rows for column in row["row"]}
    assert {"api_keys", "webhooks"} <= tables
    assert not columns & {"password_hash", "totp_secret", "code_hash", "value_digest", "salt"}
    assert not [one for one in columns if one.startswith("sealed") or one.endswith("_hash")]
    assert "07" * 32 not in json.dumps(rows)


async def test_a_client_is_offboarded_only_archived_exported_and_by_its_typed_name(
    call: Call, around: Neighbours, owner: Any
) -> None:
    staff, own, path = around.msp.principal(), around.own, f"/clients/{around.own.id}"
    goodbye = {**WHY, "confirm_name": own.name}
    await exported(call, around)
    status, problem = await call(staff, "POST", f"{path}/offboard", goodbye)
    assert (status, problem["code"]) == (409, "client-state")
    await call(staff, "POST", f"{path}/archive", WHY)
    status, problem = await call(staff, "POST", f"{path}/offboard", goodbye)
    assert (status, problem["code"]) == (409, "export-first")
    await exported(call, around)
    wrong = goodbye | {"confirm_name": "Another"}
    status, problem = await call(staff, "POST", f"{path}/offboard", wrong)
    assert (status, problem["code"]) == (422, "name-mismatch")
    assert (await call(staff, "POST", f"{path}/offboard", goodbye))[0] == 204
    key = await owner.fetchrow("SELECT * FROM tenant_keys WHERE tenant_id = $1", own.id)
    assert key["salt"] is None
    assert key["destroyed_at"] is not None
    status, _ = await call(staff, "POST", f"{path}/reactivate", WHY)
    assert status == 409
    _, trail = await call(staff, "GET", f"/audit/admin-events?client_id={own.id}")
    assert trail["items"][0]["action"] == "client.offboard"
    other = await owner.fetchval(
        "SELECT salt FROM tenant_keys WHERE tenant_id = $1", around.sibling.id
    )
    assert len(other) == 32


async def test_digests_made_with_a_salt_cannot_be_made_again_without_it(
    around: Neighbours, owner: Any, app: Any
) -> None:
    from backend.detection.finding import Finding

    salt = await owner.fetchval("SELECT salt FROM tenant_keys WHERE tenant_id = $1", around.own.id)
    digests = ValueDigests(app.extensions["quillgate"].keys)
    found = (
        Finding(rule="us-ssn", type="US_SSN", category="pii", family="id", severity="high",
                start=0, end=3,
                confidence=0.9),
    )  # fmt: skip
    made = digests.of(around.own.id, "abc", found, bytes(salt))
    assert made == digests.of(around.own.id, "abc", found, bytes(salt))
    assert made != digests.of(around.own.id, "abc", found)
