"""One violation as the feed shows it: everything an admin needs, and no word of a prompt."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.console.scopes import ScopeBadge
from backend.console.shapes import capitalised
from backend.console.times import Moment, moment
from backend.detection.explanation import named
from backend.services.violation_list import Violation

TIMES: Final = "\N{MULTIPLICATION SIGN}"
_UNAPPROVED: Final = "AI service not approved"
_OUTCOMES: Final = {
    "prevented": ("not sent", "stayed"),
    "abandoned": ("not sent", "stayed"),
    "redacted_sent": ("sent redacted", "stayed"),
    "justified_sent": ("sent, with a reason", "left"),
    "overridden_sent": ("sent all the same", "left"),
    "sent_unflagged": ("sent, only recorded", "left"),
    "sent": ("sent", "left"),
    "false_positive": ("reported as a mistake", "open"),
}


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


def feed_item(
    violation: Violation, services: Mapping[str, str], badge: ScopeBadge | None, client_href: str
) -> FeedItem:
    """Return a violation in words; with a badge where several clients are shown."""
    outcome, look = _OUTCOMES.get(
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
        client_href=client_href,
        service=services.get(violation.ai_service_id or "", violation.service_host),
        outcome=outcome,
        look=look,
        count=violation.count,
        first_at=moment(violation.first_at),
    )


def kinds_in_words(kinds: Mapping[str, int]) -> str:
    """Return what was found, the most of it first: `US SSN` twice, then `person`."""
    ordered = sorted(kinds.items(), key=lambda kind: (-kind[1], kind[0]))
    words = (named(name) + (f" {TIMES}{count}" if count > 1 else "") for name, count in ordered)
    return capitalised(", ".join(words) or _UNAPPROVED)
