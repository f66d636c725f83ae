"""What every recognizer is handed and gives back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from backend.detection.context import Words
from backend.detection.rulebook import Rule
from backend.detection.views import View


@dataclass(frozen=True, slots=True)
class Reading:
    """One view of a text prepared for recognizers: its bytes, and its context words.

    `parts` are the words that may also be a part of a name.
    """

    view: View
    encoded: bytes
    words: Words
    parts: Words

    def words_for(self, rule: Rule) -> Words:
        """Return the words that count for a rule."""
        return self.parts if rule.context.edges == "parts" else self.words

    @property
    def text(self) -> str:
        """The text of the view."""
        return self.view.text


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of the text of a view; the match may be wider than the value inside it."""

    match_start: int
    match_end: int
    start: int
    end: int


class Recognizer(Protocol):
    """Applies one rule to a text."""

    rule: Rule

    def candidates(self, reading: Reading) -> Sequence[Candidate]:
        """Return the rule's matches, left to right."""
        ...
