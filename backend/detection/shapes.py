"""Which rules the longest runs of a text leave possible: most hold no long number or token."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import or_
from typing import Final

from backend.detection.gates import runs_reached, tokens_reached, unbroken_reached
from backend.detection.numbers import Numbers
from backend.detection.rulebook import LONGEST_ALONE, Rule

_DIGITS: Final = tuple(range(21))
_TOKENS: Final = (0, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 64, 96, 128)
"""Needs are rounded down to these."""
_WORDS: Final = re.compile(rb"[a-z]+")


class Shapes:
    """The runs that each rule of a rulebook needs, by the rule's number."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._by_digits = _by_reach([rule.least_digits for rule in rules], _DIGITS)
        self._by_tokens = _by_reach([rule.least_token for rule in rules], _TOKENS)
        self._by_unbroken = _by_reach([rule.least_unbroken for rule in rules], _TOKENS)

    def possible(self, flat: bytes) -> Numbers:
        """Return the rules whose runs of digits, of letters and without white space a text has."""
        digits = self._by_digits[runs_reached(flat, _DIGITS)]
        tokens = self._by_tokens[tokens_reached(flat, _TOKENS)]
        return digits & tokens & self._by_unbroken[unbroken_reached(flat, _TOKENS)]


class Alone:
    """Rules that find a value in a text that is nothing else, by the rule's number."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._by_word = [0] * (LONGEST_ALONE + 1)
        for number, rule in enumerate(rules):
            is_opened = bool(rule.literals) and not rule.keywords  # by what it always holds
            if rule.may_stand_alone and not is_opened:
                longest = LONGEST_ALONE if rule.longest_word is None else rule.longest_word
                for length in range(min(longest, LONGEST_ALONE) + 1):
                    self._by_word[length] |= 1 << number

    def possible(self, flat: bytes) -> Numbers:
        """Return the rules that may match all words of a text in lower case, but for signs."""
        if len(flat) > LONGEST_ALONE:
            return 0
        return self._by_word[max(map(len, _WORDS.findall(flat)), default=0)]


def _by_reach(needs: Sequence[int], lengths: Sequence[int]) -> list[Numbers]:
    """Return the rules that need no more than the first n of `lengths`, for each n."""
    needing = [0] * (len(lengths) + 1)
    for number, need in enumerate(needs):
        needing[bisect_right(lengths, need)] |= 1 << number
    return list(accumulate(needing, or_))
