"""What an audit entry holds: everything about a submission but its text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from backend.core.principal import Principal
from backend.detection.finding import SEVERITIES

MOST_DETECTIONS: Final = 500
FIRST_DISPOSITION: Final = {
    "allow": "sent",
    "flag": "sent_unflagged",
    "warn": "abandoned",  # until a later event says the user went on
    "block": "prevented",
}


def first_disposition(action: str, *, is_exempted: bool) -> str:
    """Return how a verdict ends unless a later event says otherwise.

    What passes by an exception has been justified, and somebody has agreed.
    """
    if is_exempted and action == "flag":
        return "justified_sent"
    return FIRST_DISPOSITION[action]


@dataclass(frozen=True, slots=True)
class RecordedFinding:
    """A finding as it is kept: where and what, a mask, perhaps a keyed digest."""

    id: UUID
    rule: str
    type: str
    category: str
    severity: str
    confidence: float
    start: int
    length: int
    mask: str
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One verdict, or how one ended. Times are UTC; `occurred_at` is the caller's clock."""

    principal: Principal
    client_id: UUID
    event_id: UUID
    submission_id: UUID
    entry_kind: Literal["verdict", "disposition"]
    ai_service_id: str | None
    service_host: str
    channel: str
    size: int
    action: str
    disposition: str
    findings: tuple[RecordedFinding, ...]
    policy_version: int
    rulebook_version: str
    engine: Literal["server", "extension"]
    occurred_at: datetime
    late: bool = False
    standing: str = "unreviewed"
    """How the AI service stood with the client at that moment; not part of the header."""

    @property
    def confidence_ppm(self) -> int:
        """How sure the worst findings are, in millionths; certain when none was the reason."""
        severity = self.severity  # looks at every finding: once, not once for each of thousands
        worst = (f.confidence for f in self.findings if f.severity == severity)
        return round(max(worst, default=1.0) * 1_000_000)

    @property
    def kinds(self) -> dict[str, int]:
        """How many findings of each type."""
        counts: dict[str, int] = {}
        for finding in self.findings:
            counts[finding.type] = counts.get(finding.type, 0) + 1
        return dict(sorted(counts.items()))

    @property
    def severity(self) -> str:
        """The worst finding's severity; low when only the AI service was the reason."""
        return max((f.severity for f in self.findings), key=SEVERITIES.index, default="low")

    def header(self) -> dict[str, Any]:
        """Return what is fixed for ever: the fields a log of hashes is built over."""
        who = self.principal
        return {
            "tenant_id": str(self.client_id),
            "msp_id": str(who.msp_id),
            "event_id": str(self.event_id),
            "submission_id": str(self.submission_id),
            "entry_kind": self.entry_kind,
            "user_id": str(who.user_id),
            "device_id": str(who.device_id) if who.device_id else None,
            "ai_service_id": self.ai_service_id,
            "service_host": self.service_host,
            "channel": self.channel,
            "size": self.size,
            "action": str(self.action),
            "disposition": self.disposition,
            "kinds": self.kinds,
            "rule_ids": sorted({finding.rule for finding in self.findings}),
            "policy_version": self.policy_version,
            "rulebook_version": self.rulebook_version,
            "engine": self.engine,
            "occurred_at": self.occurred_at.astimezone(UTC).isoformat(timespec="microseconds"),
            "late": self.late,
        }


def header_bytes(header: Mapping[str, Any]) -> bytes:
    """Return the exact bytes that are kept: sorted names, no white space, UTF-8."""
    return msgspec.json.encode(header, order="sorted")


def row_bytes(entry: AuditEntry, header: bytes) -> bytes:
    """Return the row for `qg_record`: the header once more, and what a violation needs.

    At most 500 findings get a row of their own; the header counts them all.
    """
    findings = msgspec.json.encode(entry.findings[:MOST_DETECTIONS])
    return b'%b,"severity":"%b","confidence_ppm":%d,"standing":"%b","findings":%b}' % (
        header[:-1], entry.severity.encode(), entry.confidence_ppm, entry.standing.encode(),
        findings,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the database answered: the entry is durable, and this is its place."""

    event_id: UUID
    submission_id: UUID
    sequence: int
    recorded_at: datetime
    is_duplicate: bool
