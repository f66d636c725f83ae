"""Which violations a feed shows: the filters of its form, kept in the page's address."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.console.shapes import Choice
from backend.core.errors import InvalidInput
from backend.services.audit_query import AuditFilter
from backend.services.msp_summary import LEFT, STAYED
from backend.services.shared_data import ai_services

PAGE_SIZE: Final = 100
OLDER: Final = "older"
_OUTCOMES: Final = {
    "left": tuple(sorted(LEFT)),
    "stayed": tuple(sorted(STAYED)),
    "reported": ("false_positive",),
}
_ANY: Final = ("", "any")
_FIELDS: Final[Mapping[str, tuple[str, tuple[tuple[str, str], ...]]]] = {
    "action": ("Action", (("block", "block"), ("warn", "warn"), ("flag", "flag"))),
    "severity": (
        "Severity",
        (("critical", "critical"), ("high", "high"), ("medium", "medium"), ("low", "low")),
    ),
    "outcome": (
        "Outcome",
        (
            ("left", "left the browser"),
            ("stayed", "stayed, or left cleaned"),
            ("reported", "reported as a mistake"),
        ),
    ),
    "dealt": (
        "Dealt with",
        (
            ("new", "not yet"),
            ("triaged", "taken up"),
            ("escalated", "escalated"),
            ("resolved", "closed"),
            ("false_positive", "accepted as a mistake"),
        ),
    ),
    "service": ("AI service", tuple((one.id, one.name) for one in ai_services())),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One filter with its options."""

    name: str
    label: str
    choices: tuple[Choice, ...]


def fields(given: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the filters with what is chosen."""
    return tuple(
        Field(name, label, _choices((_ANY, *options), given.get(name, "")))
        for name, (label, options) in _FIELDS.items()
    )


def chosen(given: Mapping[str, str]) -> dict[str, str]:
    """Return the filters that are set. Raise InvalidInput for what no form of ours offers."""
    found = {name: given[name] for name in _FIELDS if given.get(name)}
    for name, value in found.items():
        if value not in dict(_FIELDS[name][1]):
            raise InvalidInput("There is no such filter. Open the feed anew and choose again.")
    return found


def audit_filter(client_id: UUID | None, given: Mapping[str, str]) -> AuditFilter:
    """Return the same for the service. Raise InvalidInput."""
    found = chosen(given)
    outcome = found.get("outcome")
    return AuditFilter(
        client_id=client_id,
        action=found.get("action"),
        severity=found.get("severity"),
        dispositions=_OUTCOMES[outcome] if outcome else None,
        status=found.get("dealt"),
        service=found.get("service"),
        cursor=given.get(OLDER) or None,
        limit=PAGE_SIZE,
    )


def _choices(options: tuple[tuple[str, str], ...], wanted: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value == wanted) for value, label in options)
