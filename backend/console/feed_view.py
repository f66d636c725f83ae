"""One violation as the feed shows it: everything an admin needs, and no word of a prompt."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.console.scopes import ScopeBadge
from backend.console.shapes import capitalised
from backend.console.times import Moment, moment
from backend.console.work_words import JUSTIFICATION, STATUS
from backend.detection.explanation import named
from backend.services.violation_list import Violation

TIMES: Final = "\N{MULTIPLICATION SIGN}"
_UNAPPROVED: Final = "AI service not approved"
OUTCOMES: Final = {
    "prevented": ("not sent", "stayed"),
    "abandoned": ("not sent", "stayed"),
    "redacted_sent": ("sent redacted", "stayed"),
    "justified_sent": ("sent, with a reason", "left"),
    "overridden_sent": ("sent all the same", "left"),
    "sent_unflagged": ("sent, only recorded", "left"),
    "sent": ("sent", "left"),
    "false_positive": ("reported as a mistake", "open"),
}


OPEN: Final = frozenset({"new", "triaged", "escalated"})


@dataclass(frozen=True, slots=True)
class Links:
    """Where a row leads."""

    client: str
    exceptions: str
    details: str
    change: str


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One row of the feed."""

    id: UUID
    at: Moment
    action: str
    severity: str
    kinds: str
    channel: str
    policy_version: int
    person: str
    badge: ScopeBadge | None
    client_href: str
    service: str
    outcome: str
    look: str
    count: int
    first_at: Moment
    status: str
    work: str
    reason: str
    exception_href: str
    details_href: str
    change_href: str
    members: str
    """Ids and versions of all it stands for, for the buttons."""
    is_report: bool
    is_open: bool


def feed_item(
    violation: Violation, services: Mapping[str, str], badge: ScopeBadge | None, links: Links
) -> FeedItem:
    """Return a violation in words; with a badge where several clients are shown."""
    outcome, look = OUTCOMES.get(
        violation.disposition, (violation.disposition.replace("_", " "), "open")
    )
    return FeedItem(
        id=violation.id,
        at=moment(violation.recorded_at),
        action=violation.action,
        severity=violation.severity,
        kinds=kinds_in_words(violation.kinds),
        channel=violation.channel,
        policy_version=violation.policy_version,
        person=violation.person,
        badge=badge,
        client_href=links.client,
        service=services.get(violation.ai_service_id or "", violation.service_host),
        outcome=outcome,
        look=look,
        count=violation.count,
        first_at=moment(violation.first_at),
        status=violation.status,
        work=_work(violation),
        reason=_reason(violation),
        exception_href=links.exceptions if violation.exception_id else "",
        details_href=links.details,
        change_href=links.change,
        members=",".join(f"{one}:{version}" for one, version in violation.members),
        is_report=violation.disposition == "false_positive",
        is_open=violation.status in OPEN,
    )


def _work(violation: Violation) -> str:
    if violation.status == "new" and not violation.owner:
        return ""
    by = f" by {violation.owner}" if violation.owner else ""
    return capitalised(STATUS[violation.status]) + by


def _reason(violation: Violation) -> str:
    if violation.reason is None:
        return ""
    return f"{JUSTIFICATION[violation.reason.justification]}: {violation.reason.words}"


def kinds_in_words(kinds: Mapping[str, int]) -> str:
    """Return what was found, the most of it first: `US SSN` twice, then `person`."""
    ordered = sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
    words = (named(name) + (f" {TIMES}{count}" if count > 1 else "") for name, count in ordered)
    return capitalised(", ".join(words) or _UNAPPROVED)
