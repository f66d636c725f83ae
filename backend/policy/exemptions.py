"""Exceptions that were granted: for a while, some kinds of findings at one AI service are noted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from backend.detection.finding import Finding
from backend.policy.actions import Action

MILDEST: Final = Action.FLAG
"""What an exemption turns a stop into: it passes, and is recorded for review."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """The topmost layer of one person's policy; it ends by itself.

    `service` is an AI service's id, or the host of one that nobody lists. `with_service` lets the
    AI service itself pass, where the policy stops everything that goes there.
    """

    id: str
    service: str
    kinds: frozenset[str]
    with_service: bool
    until: datetime

    def document(self) -> dict[str, object]:
        """Return it as bundles carry it."""
        return {
            "id": self.id,
            "service": self.service,
            "kinds": sorted(self.kinds),
            "with_service": self.with_service,
            "until": self.until.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Relief:
    """What the exemptions of this moment let pass."""

    names: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    with_service: bool = False

    def covers(self, findings: Sequence[Finding], positions: Iterable[int]) -> bool:
        """Return whether each of these findings is let pass."""
        return all(findings[position].type in self.kinds for position in positions)


def relief(exemptions: Iterable[Exemption], service: str, moment: datetime | None) -> Relief:
    """Return what is let pass at an AI service now. Without a moment nothing is."""
    if moment is None:
        return Relief()
    held = [one for one in exemptions if one.service == service and moment < one.until]
    return Relief(
        tuple(sorted(one.id for one in held)),
        frozenset(kind for one in held for kind in one.kinds),
        any(one.with_service for one in held),
    )


def eased(action: Action) -> Action:
    """Return what an action becomes under an exemption; never a stricter one."""
    return min(action, MILDEST)
