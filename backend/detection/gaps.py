"""How far a match may go without a digit: a rule is then looked for near digits only."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from backend.detection.dialect import constants, parsed

_DIGITS: Final = range(ord("0"), ord("9") + 1)


@lru_cache(maxsize=4096)
def widest_gap(pattern: str) -> int | None:
    """Return the most characters of any match with no digit among them.

    None where a match need not hold a digit at all.
    """
    stretch = _of(parsed(pattern))
    return None if stretch.bare is not None else stretch.best


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Most characters without a digit: of what holds none, at the start, anywhere, at the end.

    `bare` is None for what always holds a digit.
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
_DIGIT: Final = _Stretch(bare=None, prefix=0, best=0, suffix=0)
_OTHER: Final = _Stretch(bare=1, prefix=1, best=1, suffix=1)


def _of(items: Any) -> _Stretch:
    stretch = _NOTHING
    for operation, argument in items:
        stretch = stretch.then(_one(operation, argument))
    return stretch


def _one(operation: Any, argument: Any) -> _Stretch:
    if operation is constants.SUBPATTERN:
        return _of(argument[3])
    if operation is constants.BRANCH:
        first, *others = (_of(branch) for branch in argument[1])
        for other in others:
            first = first.either(other)
        return first
    if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
        return _repeated(argument[0], argument[1], _of(argument[2]))
    return _DIGIT if _is_digit(operation, argument) else _OTHER


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
