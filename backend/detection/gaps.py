"""How far a match may go without a digit, and how long a word it may hold.

A rule is then looked for near digits only, and in no text of longer words for a value alone.
"""

import string
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from backend.detection.dialect import constants, parsed

_DIGITS: Final = range(ord("0"), ord("9") + 1)
_LETTERS: Final = frozenset(map(ord, string.ascii_letters))
_Breaks = Callable[[Any, Any], bool]
"""Whether one place of a pattern, an operation and its argument, ends a stretch."""


@lru_cache(maxsize=4096)
def widest_gap(pattern: str) -> int | None:
    """Return the most characters of any match with no digit among them.

    None where a match need not hold a digit at all.
    """
    stretch = _of(parsed(pattern), _is_digit)
    return None if stretch.bare is not None else stretch.best


def longest_word(pattern: str) -> int:
    """Return the most ASCII letters in a row that any match may hold."""
    return _of(parsed(pattern), _is_no_letter).best


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Most characters without a break: of what holds none, at the start, anywhere, at the end.

    `bare` is None for what always holds a break.
    """

    bare: int | None
    prefix: int
    best: int
    suffix: int

    def then(self, other: "_Stretch") -> "_Stretch":
        """Return what the two may hold one behind the other."""
        mine, theirs = self.bare, other.bare
        return _Stretch(
            None if mine is None or theirs is None else mine + theirs,
            self.prefix if mine is None else max(self.prefix, mine + other.prefix),
            max(self.best, other.best, self.suffix + other.prefix),
            other.suffix if theirs is None else max(other.suffix, theirs + self.suffix),
        )

    def either(self, other: "_Stretch") -> "_Stretch":
        """Return what one of the two may hold."""
        bare = [one for one in (self.bare, other.bare) if one is not None]
        return _Stretch(
            max(bare, default=None),
            max(self.prefix, other.prefix),
            max(self.best, other.best),
            max(self.suffix, other.suffix),
        )


_NOTHING: Final = _Stretch(bare=0, prefix=0, best=0, suffix=0)
_BREAK: Final = _Stretch(bare=None, prefix=0, best=0, suffix=0)
_OTHER: Final = _Stretch(bare=1, prefix=1, best=1, suffix=1)


def _of(items: Any, breaks: _Breaks) -> _Stretch:
    stretch = _NOTHING
    for operation, argument in items:
        stretch = stretch.then(_one(operation, argument, breaks))
    return stretch


def _one(operation: Any, argument: Any, breaks: _Breaks) -> _Stretch:
    if operation is constants.SUBPATTERN:
        return _of(argument[3], breaks)
    if operation is constants.BRANCH:
        first, *others = (_of(branch, breaks) for branch in argument[1])
        for other in others:
            first = first.either(other)
        return first
    if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
        return _repeated(argument[0], argument[1], _of(argument[2], breaks))
    return _BREAK if breaks(operation, argument) else _OTHER


def _repeated(least: int, most: int, once: _Stretch) -> _Stretch:
    if once.bare is not None and once.bare == once.best:
        longest = most * once.bare
        return _Stretch(longest, longest, longest, longest)
    stretch, perhaps = _NOTHING, once.either(_NOTHING)
    for number in range(most):
        before = stretch
        stretch = stretch.then(once if number < least else perhaps)
        if stretch == before:
            break
    return stretch


def _is_digit(operation: Any, argument: Any) -> bool:
    if operation is constants.LITERAL:
        return argument in _DIGITS
    return operation is constants.IN and all(_are_digits(*member) for member in argument)


def _are_digits(kind: Any, value: Any) -> bool:
    if kind is constants.LITERAL:
        return value in _DIGITS
    return kind is constants.RANGE and value[0] in _DIGITS and value[1] in _DIGITS


def _is_no_letter(operation: Any, argument: Any) -> bool:
    if operation is constants.LITERAL:
        return argument not in _LETTERS
    return operation is constants.IN and not any(_may_be_letter(*member) for member in argument)


def _may_be_letter(kind: Any, value: Any) -> bool:
    if kind is constants.LITERAL:
        return value in _LETTERS
    return kind is not constants.RANGE or not _LETTERS.isdisjoint(range(value[0], value[1] + 1))
