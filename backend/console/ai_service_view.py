"""AI services as the console shows them: rows of the registry, one service with its reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from backend.console.ai_service_words import (
    BANDS,
    STATUSES,
    answer_in_words,
    category_in_words,
)
from backend.console.feed_filters import Field
from backend.console.shapes import Choice
from backend.console.times import Moment, moment, moment_or_none
from backend.policy.actions import ServiceStatus
from backend.services.service_approvals import RecordedDecision
from backend.services.service_listing import RankedService, Sought
from backend.services.service_sightings import Sighting
from backend.services.shared_data import ai_services

MOST_HOSTS: Final = 2


@dataclass(frozen=True, slots=True)
class Pill:
    """A word with the colour of an action."""

    text: str
    look: str


@dataclass(frozen=True, slots=True)
class ServiceRow:
    """One service in the registry's table."""

    id: str
    name: str
    vendor: str
    hosts: str
    category: str
    status: Pill
    risk: Pill
    reasons: tuple[str, ...]
    review_due: date | None
    is_due: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One question about a service, its answer, and what the answer costs."""

    question: str
    answer: str
    points: str
    weight: int
    is_unknown: bool


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision in a service's history; `holds` is None for one that counts no more."""

    status: Pill
    holds: Pill | None
    about: str
    reason: str
    author: str
    owner: str
    review_due: date | None
    evidence: str
    agreement: str
    at: Moment


@dataclass(frozen=True, slots=True)
class SightingRow:
    """A host that was reached."""

    host: str
    service_id: str
    name: str
    count: int
    first: Moment
    last: Moment | None


def status_pill(status: str) -> Pill:
    """Return a status in words."""
    return Pill(*STATUSES[status])


def service_row(one: RankedService) -> ServiceRow:
    """Return a row of the registry."""
    service = one.service
    hosts = ", ".join(service.hosts[:MOST_HOSTS])
    more = len(service.hosts) - MOST_HOSTS
    return ServiceRow(
        id=service.id,
        name=service.name,
        vendor=service.vendor,
        hosts=f"{hosts} and {more} more" if more > 0 else hosts,
        category=category_in_words(service.category),
        status=status_pill(service.status),
        risk=risk_pill(one),
        reasons=tuple(_short_reasons(one)),
        review_due=service.review_due if service.status is not ServiceStatus.UNKNOWN else None,
        is_due=one.risk.is_due,
    )


def risk_pill(one: RankedService) -> Pill:
    """Return a risk in words."""
    return Pill(f"{one.risk.score} {one.risk.band}", BANDS[one.risk.band])


def reasons(one: RankedService) -> tuple[Reason, ...]:
    """Return every question with its answer and its points, in the order of the table."""
    return tuple(
        Reason(
            said.question,
            answer_in_words(said.attribute, said.answer, one.service.regions),
            f"{said.points:g}",
            said.weight,
            said.answer == "unknown",
        )
        for said in one.risk.inputs
    )


def decision_row(decision: RecordedDecision, frameworks: Mapping[str, str]) -> DecisionRow:
    """Return a line of the history."""
    status = "taken back" if decision.status == "withdrawn" else STATUSES[decision.status][0]
    look = "" if decision.status == "withdrawn" else STATUSES[decision.status][1]
    about = [
        frameworks.get(decision.framework_id, decision.framework_id)
        if decision.framework_id
        else "all frameworks",
        decision.group_name or "a group that is gone" if decision.group_id else "everybody",
    ]
    return DecisionRow(
        status=Pill(status, look),
        holds=status_pill(decision.holds) if decision.holds else None,
        about=", ".join(about),
        reason=decision.reason,
        author=decision.author,
        owner=decision.owner,
        review_due=decision.review_due,
        evidence=decision.evidence,
        agreement="" if decision.agreement == "none" else decision.agreement.upper(),
        at=moment(decision.created_at),
    )


def sighting_rows(found: Iterable[Sighting]) -> tuple[SightingRow, ...]:
    """Return the hosts nobody has decided about, the most reached first."""
    undecided = [one for one in found if one.status == "unknown"]
    return tuple(
        SightingRow(
            one.host, one.ai_service_id or "", one.name or "", one.count, moment(one.first_at),
            moment_or_none(one.last_at),
        )
        for one in sorted(undecided, key=lambda one: (-one.count, one.host))
    )  # fmt: skip


def filters(given: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the choices of the registry's form."""
    categories = sorted({one.category for one in ai_services()})
    options: Mapping[str, tuple[str, Sequence[tuple[str, str]]]] = {
        "status": ("Decision", [(name, words) for name, (words, _) in STATUSES.items()]),
        "risk": ("Risk", [(name, name) for name in BANDS]),
        "category": ("Category", [(name, category_in_words(name)) for name in categories]),
    }
    return tuple(
        Field(
            name,
            label,
            tuple(
                Choice(value, words, value == given.get(name, ""))
                for value, words in (("", "any"), *said)
            ),
        )
        for name, (label, said) in options.items()
    )


def sought(given: Mapping[str, str]) -> Sought:
    """Return what a form asks for; a choice that none of ours offers finds nothing."""
    return Sought(
        given.get("q", "")[:120], given.get("category") or None, given.get("status") or None,
        given.get("risk") or None,
    )  # fmt: skip


def _short_reasons(one: RankedService) -> Iterable[str]:
    """Yield what costs most, in a few words."""
    unknown = len(one.risk.inputs) - one.risk.known
    told = {
        ("training", "by_default"): "trains on what is typed",
        ("training", "not_on_business_plans"): "trains on private plans",
    }
    yield from (
        told[said.attribute, said.answer]
        for said in one.risk.inputs
        if (said.attribute, said.answer) in told
    )
    if unknown == len(one.risk.inputs):
        yield "nothing is known of its terms"
    elif unknown:
        yield f"{unknown} of {len(one.risk.inputs)} questions open"
