"""Which rules the longest runs of a text leave possible: most hold no long number or token."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from operator import or_
from typing import Final

from backend.detection.gates import runs_reached, tokens_reached
from backend.detection.numbers import Numbers
from backend.detection.rulebook import Rule

_DIGITS: Final = tuple(range(21))
_TOKENS: Final = (0, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 64, 96, 128)
"""Needs are rounded down to these."""


class Shapes:
    """The runs that each rule of a rulebook needs, by the rule's number."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._by_digits = _by_reach([rule.least_digits for rule in rules], _DIGITS)
        self._by_tokens = _by_reach([rule.least_token for rule in rules], _TOKENS)

    def possible(self, flat: bytes) -> Numbers:
        """Return the rules whose runs of digits and of letters a text has."""
        digits = self._by_digits[runs_reached(flat, _DIGITS)]
        return digits & self._by_tokens[tokens_reached(flat, _TOKENS)]


def _by_reach(needs: Sequence[int], lengths: Sequence[int]) -> list[Numbers]:
    """Return the rules that need no more than the first n of `lengths`, for each n."""
    needing = [0] * (len(lengths) + 1)
    for number, need in enumerate(needs):
        needing[bisect_right(lengths, need)] |= 1 << number
    return list(accumulate(needing, or_))
