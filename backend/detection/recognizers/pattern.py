"""Applies a rule's pattern with google-re2: linear time, whatever the text."""

from collections.abc import Sequence

from backend.detection.excerpts import reach
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
        place, found = part.places(), []
        while spans is not None:
            (start, end), (value, stop) = spans
            if stop > value:
                found.append(Candidate(place(start), place(end), place(value), place(stop)))
            spans = first(part.encoded, end)
        return found
