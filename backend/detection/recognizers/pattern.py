"""Applies a rule's pattern with google-re2: linear time, whatever the text."""

from collections.abc import Callable, Sequence

from backend.detection.excerpts import reach
from backend.detection.linear import Span
from backend.detection.recognizers.base import Candidate, Reading
from backend.detection.recognizers.search import search_for
from backend.detection.rulebook import Rule


class PatternRecognizer:
    """One rule's pattern."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self._reach = reach(rule)
        self.search = search_for(rule.pattern, rule.boundary, ignore_case=rule.ignore_case)

    def candidates(self, reading: Reading) -> Sequence[Candidate]:
        """Return matches, left to right, never overlapping."""
        part, first = reading.part_within(self._reach), self.search.first
        spans = first(part.encoded, 0)
        if spans is None:
            return ()
        places, found = part.places(), []
        while spans is not None:
            match, value = spans
            if value[1] > value[0]:
                found.append(_candidate(match, value, places))
            spans = first(part.encoded, match[1])
        return found


def _candidate(match: Span, value: Span, place: Callable[[int], int] | None) -> Candidate:
    if place is None:
        return Candidate(*match, *value)
    start = place(match[0])
    if value == match:
        end = place(match[1])
        return Candidate(start, end, start, end)
    first, last = place(value[0]), place(value[1])
    return Candidate(start, place(match[1]), first, last)
