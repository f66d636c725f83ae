"""Applies a rule's pattern with google-re2: linear time, whatever the text."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from backend.detection.linear import NOWHERE, Linear
from backend.detection.recognizers.base import Candidate, Reading
from backend.detection.rulebook import Rule

BOUNDARIES: Final = {
    "none": None,
    "digit": "0-9",
    "word": "A-Za-z0-9_",
    "token": "A-Za-z0-9_\\-",
    "path": "A-Za-z0-9_/+\\-",
}
_MEGABYTES: Final = 64


def bounded(rule: Rule) -> str:
    """Return the pattern with its boundaries; group 1 is the match, group 2 the value in it."""
    flags = "(?i)" if rule.ignore_case else ""
    inside = BOUNDARIES[rule.boundary]
    if inside is None:
        return f"{flags}({rule.pattern})"
    return f"{flags}(?:^|[^{inside}])({rule.pattern})(?:[^{inside}]|$)"


class PatternRecognizer:
    """One rule's compiled pattern."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    @cached_property
    def _pattern(self) -> Linear:
        """Compiled when first tried: most texts open few of hundreds of rules."""
        return Linear(bounded(self.rule), megabytes=_MEGABYTES)

    def candidates(self, reading: Reading) -> Sequence[Candidate]:
        """Return matches, left to right, never overlapping."""
        part, groups = reading.part_for(self.rule), self._pattern.groups
        spans = groups(part.encoded)
        if spans[0] == NOWHERE:
            return ()
        place, position = part.places(), 0
        found = []
        while spans[0] != NOWHERE:
            start, end = spans[1]
            value = spans[-1] if spans[-1][0] >= 0 else spans[1]
            if end > start and value[1] > value[0]:
                found.append(Candidate(place(start), place(end), place(value[0]), place(value[1])))
            position = max(end, position + 1)
            spans = groups(part.encoded, position)
        return found
