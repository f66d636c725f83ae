"""What a detector answers: spans with a rule, never the text."""

from dataclasses import dataclass
from typing import Final, Literal

Tie = Literal["label", "near", "behind"]
SEVERITIES: Final = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Finding:
    """One recognised span, half-open in Unicode code points of the text as it was given.

    `tie` says how its context word stands to it: as its label, near it, or only behind it.
    """

    rule: str
    type: str
    category: str
    family: str
    severity: str
    start: int
    end: int
    confidence: float
    context: str | None = None
    validator: str | None = None
    tie: Tie = "near"

    @property
    def length(self) -> int:
        """The span's length in code points."""
        return self.end - self.start
