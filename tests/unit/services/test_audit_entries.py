"""The exact bytes of an audit entry: canonical, complete, the same for ever."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.services.audit_entries import (
    MOST_DETECTIONS,
    AuditEntry,
    RecordedFinding,
    header_bytes,
    row_bytes,
)

ID = UUID("01a20df9-0d64-79d5-a7eb-5107cfff741f")
PERSON = Principal("user", ID, None, ID, ID, ID, Role.END_USER, ID)
FINDING = RecordedFinding(ID, "us-ssn", "US_SSN", "pii", "high", 0.9, 3, 11, "[us-ssn]", "ab")
ENTRY = AuditEntry(
    PERSON, ID, ID, ID, "verdict", None, "chat.example", "typed", 21, "block", "prevented",
    (FINDING,), 8, "0123456789abcdef", "server", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
)  # fmt: skip
KEPT = (
    b'{"action":"block","ai_service_id":null,"channel":"typed","device_id":null,'
    b'"disposition":"prevented","engine":"server","entry_kind":"verdict",'
    b'"event_id":"01a20df9-0d64-79d5-a7eb-5107cfff741f","kinds":{"US_SSN":1},"late":false,'
    b'"msp_id":"01a20df9-0d64-79d5-a7eb-5107cfff741f",'
    b'"occurred_at":"2026-01-02T03:04:05.000000+00:00","policy_version":8,'
    b'"rule_ids":["us-ssn"],"rulebook_version":"0123456789abcdef","service_host":"chat.example",'
    b'"size":21,"submission_id":"01a20df9-0d64-79d5-a7eb-5107cfff741f",'
    b'"tenant_id":"01a20df9-0d64-79d5-a7eb-5107cfff741f",'
    b'"user_id":"01a20df9-0d64-79d5-a7eb-5107cfff741f"}'
)


def test_the_kept_bytes_never_change() -> None:
    assert header_bytes(ENTRY.header()) == KEPT


@given(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
def test_the_kept_bytes_are_canonical_json_whatever_a_host_is_called(host: str, kind: str) -> None:
    entry = replace(ENTRY, service_host=host, findings=(replace(FINDING, type=kind),))
    kept = header_bytes(entry.header())
    again = json.dumps(
        json.loads(kept), sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
    assert kept == again
    assert json.loads(kept)["service_host"] == host


def test_the_time_of_another_zone_is_kept_in_utc() -> None:
    tokyo = timezone(timedelta(hours=9))
    entry = replace(ENTRY, occurred_at=datetime(2026, 1, 2, 12, 4, 5, tzinfo=tokyo))
    assert header_bytes(entry.header()) == KEPT


def test_the_row_is_the_header_with_severity_and_findings() -> None:
    row = json.loads(row_bytes(ENTRY, header_bytes(ENTRY.header())))
    assert row.pop("severity") == "high"
    assert (row.pop("confidence_ppm"), row.pop("standing")) == (900_000, "unreviewed")
    (kept,) = row.pop("findings")
    assert (kept["rule"], kept["start"], kept["length"], kept["mask"]) == (
        "us-ssn", 3, 11, "[us-ssn]",
    )  # fmt: skip
    assert row == json.loads(KEPT)


def test_a_flood_of_findings_is_counted_whole_and_kept_in_part() -> None:
    entry = replace(ENTRY, findings=(FINDING,) * (MOST_DETECTIONS + 7))
    row = json.loads(row_bytes(entry, header_bytes(entry.header())))
    assert row["kinds"] == {"US_SSN": MOST_DETECTIONS + 7}
    assert len(row["findings"]) == MOST_DETECTIONS


def test_an_entry_is_as_severe_as_its_worst_finding_and_low_without_any() -> None:
    worst = replace(ENTRY, findings=(replace(FINDING, severity="low"), FINDING))
    assert (worst.severity, replace(ENTRY, findings=()).severity) == ("high", "low")
