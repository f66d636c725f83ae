"""Rules that are mostly tried in vain, several at a time: one pass says which of them match."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import ceil
from typing import Final

from backend.detection.excerpts import reach
from backend.detection.linear import LinearSet
from backend.detection.loosening import loosened, without_groups
from backend.detection.numbers import Numbers, numbered
from backend.detection.recognizers.base import Reading
from backend.detection.recognizers.search import bounded
from backend.detection.rulebook import Rule

TOGETHER: Final = 8
"""A few patterns of words make a small automaton; many make one that grows with every text."""
TOGETHER_NEAR_DIGITS: Final = 30
_MEGABYTES: Final = 32
_MANY: Final = frozenset({"name", "location", "secret"})
"""Families with many patterns of words."""


@dataclass(frozen=True)
class Look:
    """Some rules, by number, all looked for in the same part of a text."""

    rules: Numbers
    numbers: Sequence[int]
    reach: int
    tried: Sequence[Rule]

    def matching(self, reading: Reading) -> Numbers:
        """Return those of the rules whose pattern matches."""
        part = reading.part_within(self.reach)
        return numbered(self.numbers[place] for place in self._patterns.matching(part.encoded))

    def prepare(self) -> None:
        """Compile the patterns, which else the first text does that they are looked for in."""
        self._patterns  # noqa: B018 -- a property that keeps what it made

    @cached_property
    def _patterns(self) -> LinearSet:
        return LinearSet([_loose(rule) for rule in self.tried], megabytes=_MEGABYTES)


def looks(rules: Sequence[Rule]) -> Iterator[Look]:
    """Yield looks for the rules that ordinary texts open in vain.

    Rules that are looked for in the same part of a text go together. So do those that need runs
    alike, which the same texts leave possible, and on whole texts those of one family.
    """
    tried = sorted(((n, rule) for n, rule in enumerate(rules) if rule.in_vain), key=_needs)
    for _, alike in groupby(tried, key=lambda one: _part(one[1])):
        together = list(alike)
        if len(together) == 1:
            continue
        most = TOGETHER_NEAR_DIGITS if reach(together[0][1]) else TOGETHER
        size = ceil(len(together) / ceil(len(together) / most))
        for first in range(0, len(together), size):
            numbers, some = zip(*together[first : first + size], strict=True)
            yield Look(numbered(numbers), numbers, reach(some[0]), some)


def _part(rule: Rule) -> tuple[int, str]:
    is_many = not reach(rule) and rule.family in _MANY
    return reach(rule), rule.family if is_many else ""


def _needs(one: tuple[int, Rule]) -> tuple[tuple[int, str], bool, int, int, int]:
    number, rule = one
    longest = max(rule.least_token, rule.least_unbroken)
    return _part(rule), bool(rule.gate), rule.least_digits, longest, number


def _loose(rule: Rule) -> str:
    loose = without_groups(loosened(rule.pattern, ignore_case=rule.ignore_case).pattern)
    return bounded(loose, rule.boundary, ignore_case=rule.ignore_case, group="(?:")
