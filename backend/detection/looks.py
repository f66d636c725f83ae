"""Rules that are tried on most texts, several at a time: one pass says that none can match."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import re2

from backend.detection.recognizers.pattern import is_found
from backend.detection.rulebook import Rule

TOGETHER: Final = 12
"""A dozen alternatives make a small automaton; fifty one that is rebuilt all the time."""
LONGEST: Final = 150
"""Longer patterns are lists of words; beside others they too make one that is rebuilt."""
SHORT_TOKEN: Final = 12
"""Most texts have no longer one."""
_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 16 << 20


@dataclass(frozen=True, slots=True)
class Look:
    """Some rules, by number, and a pattern that matches wherever one of them does."""

    rules: frozenset[int]
    pattern: "re2._Regexp"

    def matches(self, encoded: bytes) -> bool:
        """Return whether one of the rules may match."""
        return is_found(self.pattern, encoded)


def looks(rules: Sequence[tuple[int, Rule]]) -> Iterator[Look]:
    """Yield looks for rules with a pattern, without their boundaries.

    Rules that need runs alike go together: the same texts leave them possible.
    """
    patterned = [(n, rule) for n, rule in rules if 0 < len(rule.pattern) <= LONGEST]
    patterned.sort(key=_needs)
    for first in range(0, len(patterned), TOGETHER):
        some = patterned[first : first + TOGETHER]
        source = "|".join(_alternative(rule) for _, rule in some)
        yield Look(frozenset(number for number, _ in some), re2.compile(source, _OPTIONS))


def _alternative(rule: Rule) -> str:
    return f"(?{'i' if rule.ignore_case else ''}:{rule.pattern})"


def _needs(one: tuple[int, Rule]) -> tuple[bool, int, int, int]:
    number, rule = one
    return rule.least_token > SHORT_TOKEN, rule.least_digits, rule.least_token, number
