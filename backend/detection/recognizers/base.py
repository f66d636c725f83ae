"""What every recognizer is handed and gives back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from backend.detection.context import Words
from backend.detection.rulebook import Rule


@dataclass(frozen=True, slots=True)
class Reading:
    """One text prepared for recognizers: normalised, its bytes, and its context words."""

    text: str
    encoded: bytes
    words: Words


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of the normalised text; the match may be wider than the value inside it."""

    match_start: int
    match_end: int
    start: int
    end: int


class Recognizer(Protocol):
    """Applies one rule to a text."""

    rule: Rule

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Yield the rule's matches, left to right."""
        ...
