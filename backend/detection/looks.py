"""Rules that are tried on most texts, a dozen at a time: one pass says which of them match."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from backend.detection.excerpts import reach
from backend.detection.linear import LinearSet
from backend.detection.numbers import Numbers, numbered
from backend.detection.recognizers.base import Reading
from backend.detection.loosening import loosened, without_groups
from backend.detection.recognizers.search import bounded
from backend.detection.rulebook import Rule

TOGETHER: Final = 12
"""A dozen patterns make a small automaton; fifty one that grows with every text."""
LONGEST: Final = 150
"""Longer patterns are lists of words; beside others they too make one that grows."""
SHORT_TOKEN: Final = 12
"""Most texts have no longer one."""
COMMON: Final = 3
"""Some literal of so many characters is in most texts."""
_MEGABYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Look:
    """Some rules, by number, all looked for in the same part of a text."""

    rules: Numbers
    numbers: Sequence[int]
    one: Rule
    patterns: LinearSet

    def matching(self, reading: Reading) -> Numbers:
        """Return those of the rules whose pattern matches."""
        part = reading.part_for(self.one)
        return numbered(self.numbers[place] for place in self.patterns.matching(part.encoded))


def looks(rules: Sequence[Rule]) -> Iterator[Look]:
    """Yield looks for the rules that are tried on most texts.

    Rules that need runs alike go together: the same texts leave them possible. So do those that
    are looked for in the same part of a text.
    """
    tried = [(n, rule) for n, rule in enumerate(rules) if _is_tried_often(rule)]
    for _, alike in groupby(sorted(tried, key=_needs), key=lambda one: reach(one[1])):
        together = list(alike)
        for first in range(0, len(together), TOGETHER):
            numbers, some = zip(*together[first : first + TOGETHER], strict=True)
            patterns = LinearSet([_loose(rule) for rule in some], megabytes=_MEGABYTES)
            yield Look(numbered(numbers), numbers, some[0], patterns)


def _is_tried_often(rule: Rule) -> bool:
    if not 0 < len(rule.pattern) <= LONGEST:
        return False
    return not rule.gate or (not rule.is_opened_by_words and min(map(len, rule.gate)) <= COMMON)


def _needs(one: tuple[int, Rule]) -> tuple[int, bool, bool, int, int, int]:
    number, rule = one
    is_long = rule.least_token > SHORT_TOKEN
    return reach(rule), bool(rule.gate), is_long, rule.least_digits, rule.least_token, number


def _loose(rule: Rule) -> str:
    loose = without_groups(loosened(rule.pattern, ignore_case=rule.ignore_case).pattern)
    return bounded(loose, rule.boundary, ignore_case=rule.ignore_case, group="(?:")
