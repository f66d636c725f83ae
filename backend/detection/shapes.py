"""Which rules the longest runs of a text leave possible: most hold no long number or token."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from backend.detection.gates import longest_run, longest_token
from backend.detection.rulebook import Rule

_DIGITS: Final = tuple(range(21))
_TOKENS: Final = (0, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 64, 96, 128)
"""Needs are rounded down to these, so that the texts of a day make few classes."""


class Shapes:
    """The runs that each rule of a rulebook needs, by the rule's number."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._needs = [
            (bisect_right(_DIGITS, rule.least_digits), bisect_right(_TOKENS, rule.least_token))
            for rule in rules
        ]
        self._of_class = lru_cache(maxsize=len(_DIGITS) * len(_TOKENS))(self._possible)

    def possible(self, encoded: bytes) -> frozenset[int]:
        """Return the rules whose runs of digits and of letters a text has."""
        digits = bisect_right(_DIGITS, longest_run(encoded))
        return self._of_class(digits, bisect_right(_TOKENS, longest_token(encoded)))

    def _possible(self, digits: int, tokens: int) -> frozenset[int]:
        return frozenset(
            number
            for number, (digit, token) in enumerate(self._needs)
            if digit <= digits and token <= tokens
        )
