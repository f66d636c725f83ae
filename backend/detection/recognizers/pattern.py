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
        part = reading.part_within(self._reach)
        spans = self.search.every(part.encoded)
        if not spans:
            return ()
        place = part.places()
        if place is None:
            return [Candidate(*match, *value) for match, value in spans]
        return [_candidate(match, value, place) for match, value in spans]


def _candidate(match: Span, value: Span, place: Callable[[int], int]) -> Candidate:
    start = place(match[0])
    if value == match:
        end = place(match[1])
        return Candidate(start, end, start, end)
    first, last = place(value[0]), place(value[1])
    return Candidate(start, place(match[1]), first, last)
