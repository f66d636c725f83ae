"""Decisions about one AI service in, how it stands for one person at one moment out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from backend.policy.actions import ServiceStatus

_STRICTEST_FIRST: Final = (
    ServiceStatus.PROHIBITED, ServiceStatus.UNDER_REVIEW, ServiceStatus.TOLERATED,
    ServiceStatus.APPROVED,
)  # fmt: skip
_REVIEWED: Final = frozenset({ServiceStatus.APPROVED, ServiceStatus.TOLERATED})


@dataclass(frozen=True, slots=True)
class Decision:
    """The newest word about a service under one framework, or all, for one group, or everybody."""

    status: ServiceStatus
    review_due: date | None = None
    agreement: str = "none"
    group_id: UUID | None = None

    def lapses_at(self) -> datetime | None:
        """Return the first moment after the day on which it had to be looked at again."""
        if self.review_due is None or self.status not in _REVIEWED:
            return None
        return datetime.combine(self.review_due + timedelta(days=1), time(), UTC)

    def has_lapsed(self, moment: datetime) -> bool:
        """Return whether its review is overdue."""
        lapses_at = self.lapses_at()
        return lapses_at is not None and lapses_at <= moment


@dataclass(frozen=True, slots=True)
class Grant:
    """Somebody's request to use a service was approved, until a moment."""

    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How a service stands; `until` is when that ends by itself, `otherwise` what holds then."""

    status: ServiceStatus
    agreement: str = "none"
    review_due: date | None = None
    because: str = "nobody"
    """`client`, `group`, `request`, or `nobody` has decided."""
    until: datetime | None = None
    otherwise: ServiceStatus | None = None


def standing(decisions: Sequence[Decision], grants: Sequence[Grant], moment: datetime) -> Standing:
    """Return how a service stands for somebody whom all these decisions and grants are about.

    A running grant goes before a decision of a group, and that before the client's own. Of several
    the strictest holds. A group's decision whose review is overdue falls away; the client's counts
    as under review.
    """
    now = _at(decisions, grants, moment)
    for later in sorted(_turns(decisions, grants, moment)):
        then = _at(decisions, grants, later)
        if then.status is not now.status:
            return Standing(
                now.status, now.agreement, now.review_due, now.because, later, then.status
            )
    return now


def _at(decisions: Sequence[Decision], grants: Sequence[Grant], moment: datetime) -> Standing:
    if any(moment < grant.ends_at for grant in grants):
        return Standing(ServiceStatus.TOLERATED, because="request")
    of_groups = [
        one for one in decisions if one.group_id is not None and not one.has_lapsed(moment)
    ]
    if of_groups:
        return _strictest(of_groups, moment, "group")
    of_client = [one for one in decisions if one.group_id is None]
    if of_client:
        return _strictest(of_client, moment, "client")
    return Standing(ServiceStatus.UNKNOWN)


def _strictest(decisions: Iterable[Decision], moment: datetime, because: str) -> Standing:
    def strictness(one: Decision) -> tuple[int, date]:
        place = _STRICTEST_FIRST.index(_derived(one, moment))
        return place, one.review_due or date.max

    found = min(decisions, key=strictness)
    return Standing(_derived(found, moment), found.agreement, found.review_due, because)


def _derived(decision: Decision, moment: datetime) -> ServiceStatus:
    return ServiceStatus.UNDER_REVIEW if decision.has_lapsed(moment) else decision.status


def _turns(
    decisions: Sequence[Decision], grants: Sequence[Grant], moment: datetime
) -> set[datetime]:
    """Return every later moment at which something ends."""
    ends = [grant.ends_at for grant in grants] + [one.lapses_at() for one in decisions]
    return {end for end in ends if end is not None and end > moment}
