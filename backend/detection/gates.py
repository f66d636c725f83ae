"""What every match of a pattern must hold: one of some literals, runs of digits or of letters.

All are derived from the pattern: a rule whose gate stays shut cannot have matched. Literals with
their alternatives multiplied out are the idea of RE2's FilteredRE2; long enough runs are ours.
"""

import re
import string
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from backend.detection.dialect import constants, parsed

LEAST_LITERAL: Final = 3
MOST_ALTERNATIVES: Final = 64
_RARE_ENOUGH: Final = 12
_DIGITS: Final = frozenset(string.digits)
_SEPARATORS: Final = " .-/()"
_TOKEN: Final = frozenset(string.ascii_lowercase + string.digits + "_-")
_MARK: Final = b"x"
_DIGITS_MARKED: Final = bytes(_MARK[0] if chr(byte) in _DIGITS else ord(" ") for byte in range(256))
_TOKENS_MARKED: Final = bytes(
    _MARK[0] if chr(byte).lower() in _TOKEN and byte < 0x80 else ord(" ")  # noqa: PLR2004 -- ASCII
    for byte in range(256)
)
_SPACES: Final = frozenset(map(ord, " \t\n"))
_UNBROKEN_MARKED: Final = bytes(ord(" ") if byte in _SPACES else _MARK[0] for byte in range(256))
_FEW: Final = 32
_RARE_SIGNS: Final = frozenset("@^~|")
_COMMON: Final = re.compile(r"[0-9 ]")

Alternatives = frozenset[str]
_NOTHING: Final[Alternatives] = frozenset()
_EMPTY: Final[Alternatives] = frozenset({""})


def runs_reached(encoded: bytes, lengths: Sequence[int]) -> int:
    """Return how many of `lengths`, ascending, some run of digits in a text is as long as.

    Nothing but separators may stand between its digits.
    """
    marks = encoded.translate(_DIGITS_MARKED, delete=_SEPARATORS.encode())
    if marks.count(_MARK) <= _FEW:
        return bisect_right(lengths, max(map(len, marks.split()), default=0))
    return bisect_right(lengths, 0, key=lambda length: _MARK * length not in marks)


def tokens_reached(encoded: bytes, lengths: Sequence[int]) -> int:
    """Return how many of `lengths` some run of ASCII letters, digits, `_` and `-` is as long as."""
    return _reached(encoded.translate(_TOKENS_MARKED), lengths)


def unbroken_reached(encoded: bytes, lengths: Sequence[int]) -> int:
    """Return how many of `lengths` some run of characters that are no white space is as long as."""
    return _reached(encoded.translate(_UNBROKEN_MARKED), lengths)


def _reached(marks: bytes, lengths: Sequence[int]) -> int:
    return bisect_right(lengths, 0, key=lambda length: _MARK * length not in marks)


def required_literals(pattern: str) -> tuple[str, ...]:
    """Return literals in lower case, one of which is in every match; empty when there is none."""
    _, required = _sequence(parsed(pattern))
    is_covered = {one for one in required if any(o != one and o in one for o in required)}
    return tuple(sorted(required - is_covered))


def holds_one_of(pattern: str, words: Sequence[str]) -> bool:
    """Return whether every match surely holds one of some words, which are in lower case."""
    return _holds(parsed(pattern), words)


def _holds(items: Any, words: Sequence[str]) -> bool:
    run = _EMPTY
    for place, (operation, argument) in enumerate(items):
        beside = items[max(0, place - 1) : place], items[place + 1 : place + 3]
        if _part_holds(operation, argument, beside, words):
            return True
        exact, _ = _alternatives(operation, argument)
        joined = _joined(run, exact)
        run = exact or _EMPTY if joined is None else joined
        if run and all(any(word in one for word in words) for one in run):
            return True
    return False


def _part_holds(operation: Any, argument: Any, beside: Any, words: Sequence[str]) -> bool:
    """Return whether a part holds one of the words, or each of its branches with what is beside."""
    before, behind = beside
    if operation is constants.SUBPATTERN:
        return _holds([*before, *argument[3], *behind], words)
    if operation is constants.BRANCH:
        return all(_holds([*before, *branch, *behind], words) for branch in argument[1])
    if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
        return argument[0] > 0 and _holds(argument[2], words)
    return False


def least_digits(pattern: str) -> int:
    """Return how many digits the longest run of digits of any match has at least."""
    return _Runs(_of_members(_DIGITS, frozenset(_SEPARATORS))).of(parsed(pattern)).best


def least_token(pattern: str) -> int:
    """Return how long the longest run of letters, digits, `_` and `-` of any match is at least."""
    return _Runs(_of_members(_TOKEN, frozenset())).of(parsed(pattern)).best


def least_unbroken(pattern: str) -> int:
    """Return how long the longest run without white space of any match is at least."""
    return _Runs(_without_space).of(parsed(pattern)).best


def _sequence(items: Any) -> tuple[Alternatives | None, Alternatives]:
    """Return all texts of a sequence when they are few, and its best required literals."""
    run, best, is_exact = _EMPTY, _NOTHING, True
    for operation, argument in items:
        exact, required = _alternatives(operation, argument)
        best = _better(_better(best, run), required)
        joined = _joined(run, exact)
        if joined is None:
            run, is_exact = exact or _EMPTY, False
        else:
            run = joined
    return (run if is_exact else None), _better(best, run)


def _alternatives(operation: Any, argument: Any) -> tuple[Alternatives | None, Alternatives]:
    if operation is constants.SUBPATTERN:
        return _sequence(argument[3])
    if operation is constants.BRANCH:
        return _branches([_sequence(branch) for branch in argument[1]])
    if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
        return _repeated(*argument)
    letters = _letters(operation, argument)
    few = letters if letters is not None and len(letters) <= MOST_ALTERNATIVES else None
    return few, _NOTHING


def _branches(
    branches: list[tuple[Alternatives | None, Alternatives]],
) -> tuple[Alternatives | None, Alternatives]:
    exacts = [exact for exact, _ in branches if exact is not None]
    exact = _few(frozenset().union(*exacts)) if len(exacts) == len(branches) else None
    if not all(required for _, required in branches):
        return exact, _NOTHING
    return exact, frozenset().union(*(required for _, required in branches))


def _repeated(least: int, most: int, inside: Any) -> tuple[Alternatives | None, Alternatives]:
    exact, required = _sequence(inside)
    powers: list[Alternatives | None] = [_EMPTY]
    while len(powers) <= most and powers[-1] is not None:
        powers.append(_joined(powers[-1], exact))
    if powers[-1] is not None:
        exact = _few(frozenset().union(*(power or _NOTHING for power in powers[least:])))
        return exact, required if least else _NOTHING
    return None, required if least else _NOTHING


def _joined(first: Alternatives, second: Alternatives | None) -> Alternatives | None:
    if second is None or len(first) * len(second) > MOST_ALTERNATIVES:
        return None
    return frozenset(a + b for a, b in product(first, second))


def _few(alternatives: Alternatives) -> Alternatives | None:
    return alternatives if len(alternatives) <= MOST_ALTERNATIVES else None


def _better(first: Alternatives, second: Alternatives) -> Alternatives:
    """Return whichever is rarer in ordinary text: longer, then fewer."""
    usable = [one for one in (first, second) if one and all(map(_is_telling, one))]
    return max(usable, key=_rarity, default=_NOTHING)


def _is_telling(literal: str) -> bool:
    return len(literal) >= LEAST_LITERAL or not _RARE_SIGNS.isdisjoint(literal)


def _rarity(alternatives: Alternatives) -> tuple[int, int, list[str]]:
    """Return how rare the commonest of some literals is; digits and spaces are everywhere."""
    shortest = min(len(_COMMON.sub("", one)) for one in alternatives)
    return min(shortest, _RARE_ENOUGH), -len(alternatives), sorted(alternatives)


def _letters(operation: Any, argument: Any) -> Alternatives | None:
    """Return the characters one place of a pattern may hold, in lower case; None for too many."""
    if operation is constants.LITERAL:
        return frozenset({chr(argument).lower()})
    if operation is not constants.IN or argument[0][0] is constants.NEGATE:
        return None
    spans = [_span(kind, value) for kind, value in argument]
    if sum(last - first for first, last in spans) >= 2 * MOST_ALTERNATIVES:
        return None
    return frozenset(chr(code).lower() for first, last in spans for code in range(first, last + 1))


def _span(kind: Any, value: Any) -> tuple[int, int]:
    first, last = (value, value) if kind is constants.LITERAL else value
    return first, last


@dataclass(frozen=True, slots=True)
class _Run:
    """Fewest members at the start, at the end, and in the best run; `is_all` when nothing else."""

    is_all: bool
    prefix: int
    best: int
    suffix: int

    def then(self, other: "_Run") -> "_Run":
        """Return what the two hold one behind the other."""
        return _Run(
            self.is_all and other.is_all,
            self.prefix + other.prefix if self.is_all else self.prefix,
            max(self.best, other.best, self.suffix + other.prefix),
            self.suffix + other.suffix if other.is_all else other.suffix,
        )

    def either(self, other: "_Run") -> "_Run":
        """Return what at least one of the two holds."""
        return _Run(
            self.is_all and other.is_all,
            min(self.prefix, other.prefix),
            min(self.best, other.best),
            min(self.suffix, other.suffix),
        )


_NO_RUN: Final = _Run(is_all=True, prefix=0, best=0, suffix=0)
_BREAK: Final = _Run(is_all=False, prefix=0, best=0, suffix=0)
_ONE: Final = _Run(is_all=True, prefix=1, best=1, suffix=1)


@dataclass(frozen=True, slots=True)
class _Runs:
    """Measures runs; `of_one` says what one place of a pattern, an operation and argument, adds."""

    of_one: Callable[[Any, Any], _Run]

    def of(self, items: Any) -> _Run:
        """Return what every match of a sequence holds."""
        run = _NO_RUN
        for operation, argument in items:
            run = run.then(self._one(operation, argument))
        return run

    def _one(self, operation: Any, argument: Any) -> _Run:
        if operation is constants.SUBPATTERN:
            return self.of(argument[3])
        if operation is constants.BRANCH:
            first, *others = (self.of(branch) for branch in argument[1])
            for other in others:
                first = first.either(other)
            return first
        if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
            return self._repeated(argument[0], argument[2])
        return self.of_one(operation, argument)

    def _repeated(self, least: int, inside: Any) -> _Run:
        once, run = self.of(inside), _NO_RUN
        for _ in range(least):
            run = run.then(once)
        return run if once.is_all or least else run.either(_BREAK)


def _of_members(members: frozenset[str], ignored: frozenset[str]) -> Callable[[Any, Any], _Run]:
    """Return what measures runs of `members`, in lower case.

    What is `ignored` counts not and breaks none.
    """

    def of_one(operation: Any, argument: Any) -> _Run:
        letters = _letters(operation, argument)
        if letters is not None and letters <= members:
            return _ONE
        return _NO_RUN if letters is not None and letters <= ignored else _BREAK

    return of_one


def _without_space(operation: Any, argument: Any) -> _Run:
    if operation is constants.LITERAL:
        return _BREAK if argument in _SPACES else _ONE
    if operation is not constants.IN:
        return _BREAK
    is_negated = argument[0][0] is constants.NEGATE
    spans = [_span(kind, value) for kind, value in argument[is_negated:]]
    held = {space for space in _SPACES if any(first <= space <= last for first, last in spans)}
    may_be_space = held != _SPACES if is_negated else bool(held)
    return _BREAK if may_be_space else _ONE
