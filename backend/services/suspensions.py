"""A client that is suspended, itself or with its service provider: since when, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from backend.core.errors import Forbidden
from backend.core.guards import HALTED, refused


@dataclass(frozen=True, slots=True)
class Suspension:
    """For some days of grace browsers go on as ever; what is told after them is `lapsed`."""

    since: datetime
    grace_until: datetime

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self | None:
        """Read it from a client's row joined with its MSP's; None of an active client."""
        moments = [
            row[f"{whose}_suspended_at"]
            for whose in ("client", "msp")
            if row[f"{whose}_status"] == "suspended" and row[f"{whose}_suspended_at"]
        ]
        if not moments:
            return None
        since = min(moments)
        return cls(since, since + timedelta(days=row["grace_days"]))

    def status(self, moment: datetime) -> str:
        """Return `suspended` within the grace, `lapsed` after it."""
        return "suspended" if moment < self.grace_until else "lapsed"

    def document(self, moment: datetime) -> dict[str, str]:
        """Return it as bundles carry it."""
        return {
            "status": self.status(moment),
            "since": self.since.isoformat(),
            "grace_until": self.grace_until.isoformat(),
        }


def refuse_suspended(suspension: Suspension | None) -> None:
    """Raise Forbidden for a wish nobody could answer; browsers act as the system does."""
    if suspension is not None:
        raise refused(HALTED, "suspended")


def refuse_lapsed(suspension: Suspension | None, moment: datetime) -> None:
    """Raise Forbidden for a prompt to be judged after the grace."""
    if suspension is not None and suspension.status(moment) == "lapsed":
        raise Forbidden(
            "Your organisation is suspended and its grace is over, so no prompts are judged here. "
            "The browser goes on by the last policy it holds; ask your service provider.",
            code="client-lapsed",
        )
