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
        part = reading.part_within(self._reach)
        spans = self.search.every(part.encoded)
        if not spans:
            return ()
        if part.is_plain():
            return [Candidate(*match, *value) for match, value in spans]
        places = part.places(
            [place for match, value in spans for place in (match[0], *value, match[1])]
        )
        return [
            Candidate(places[n], places[n + 3], places[n + 1], places[n + 2])
            for n in range(0, len(places), 4)
        ]
