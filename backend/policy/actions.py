"""The closed lists a policy chooses from; only actions have an order."""

from enum import StrEnum
from typing import Final


class Action(StrEnum):
    """What happens to a submission, from mild to strict; comparisons follow that order."""

    ALLOW = "allow"
    FLAG = "flag"
    WARN = "warn"
    BLOCK = "block"

    def __lt__(self, other: str) -> bool:
        return _rank(self) < _rank(other)

    def __le__(self, other: str) -> bool:
        return _rank(self) <= _rank(other)

    def __gt__(self, other: str) -> bool:
        return _rank(self) > _rank(other)

    def __ge__(self, other: str) -> bool:
        return _rank(self) >= _rank(other)

    @property
    def rank(self) -> int:
        """The place in that order, from 0."""
        return _RANKS[self.value]

    @property
    def stops(self) -> bool:
        """Whether the user has to do something before the submission may leave."""
        return self >= Action.WARN


_RANKS: Final = {action.value: rank for rank, action in enumerate(Action)}


def _rank(action: str) -> int:
    return _RANKS[action]


class Remedy(StrEnum):
    """What a stopped user may do next."""

    REDACT = "redact"
    JUSTIFY = "justify"
    ACKNOWLEDGE = "acknowledge"
    REQUEST_EXCEPTION = "request_exception"
    REDIRECT = "redirect"
    REPORT_FALSE_POSITIVE = "report_false_positive"


class ServiceStatus(StrEnum):
    """What a client decided about an AI service; `unknown` when nobody has decided."""

    APPROVED = "approved"
    TOLERATED = "tolerated"
    UNDER_REVIEW = "under_review"
    PROHIBITED = "prohibited"
    UNKNOWN = "unknown"


class ServerVerdict(StrEnum):
    """When the extension asks the server before the submission leaves."""

    NEVER = "never"
    ON_FINDING = "on_finding"
    ALWAYS = "always"


class OnUnavailable(StrEnum):
    """What the extension does when the server it wants to ask does not answer."""

    ENFORCE_CACHED = "enforce_cached"
    WARN = "warn"
    BLOCK = "block"
    ALLOW_AND_QUEUE = "allow_and_queue"


CATEGORIES: Final = ("phi", "pii", "secret")
FAMILIES: Final = (
    "name", "contact", "location", "date", "government-id", "health-id", "financial-id", "card",
    "device", "network", "vehicle", "licence", "online-id", "secret", "health-term", "other",
    "custom",
)  # fmt: skip
