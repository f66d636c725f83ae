"""How hard a backtracking engine, such as a browser's, can be made to work by a pattern.

A pattern of the dialect has only bounded repeats, so it unfolds into an automaton without loops.
Counting back from its end, each place costs one step and whatever the places cost that may follow
on one and the same character. An attacker chooses the characters, so the sum is an upper bound of
the steps of one attempt: linear for an unambiguous pattern, exponential for `(a|aa){1,30}`.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from backend.detection.dialect import constants, parsed

MOST_STEPS: Final = 1000
"""So many steps from each of 4,096 characters take V8 some 25 ms."""
_MOST_PLACES: Final = 20_000
_ENDLESS: Final = 10**9
_OTHERS: Final = 0x10FFFF

Span = tuple[int, int]
_Steps = list[tuple[tuple[Span, ...], int]]


class _TooManyPlaces(Exception):
    """The pattern unfolds into more than can be counted."""


def steps_of_one_attempt(pattern: str, *, ignore_case: bool = False) -> int:
    """Return an upper bound of the steps a backtracking engine takes from one place of a text."""
    counted = _Counted(ignore_case=ignore_case)
    try:
        return _cost(counted.before(parsed(pattern), [((), 1)]))
    except _TooManyPlaces:
        return _ENDLESS


class _Counted:
    """Unfolds a pattern from its end: each way on is its characters and what it costs."""

    def __init__(self, *, ignore_case: bool) -> None:
        self._ignore_case = ignore_case
        self._places = 0

    def before(self, items: Any, after: _Steps) -> _Steps:
        """Return the ways into `items` when `after` are the ways on behind them."""
        for operation, argument in reversed(items):
            after = self._one(operation, argument, after)
        return after

    def _one(self, operation: Any, argument: Any, after: _Steps) -> _Steps:
        if operation is constants.SUBPATTERN:
            return self.before(argument[3], after)
        if operation is constants.BRANCH:
            return [way for branch in argument[1] for way in self.before(branch, after)]
        if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
            least, most, inside = argument
            return self._repeat(least, most, inside, after)
        self._places += 1
        if self._places > _MOST_PLACES:
            raise _TooManyPlaces
        return [(self._characters(operation, argument), min(1 + _cost(after), _ENDLESS))]

    def _repeat(self, least: int, most: int, inside: Any, after: _Steps) -> _Steps:
        ways = after
        for _ in range(most - least):
            ways = [*after, *self.before(inside, ways)]
            if len(ways) > _MOST_PLACES:
                raise _TooManyPlaces
        for _ in range(least):
            ways = self.before(inside, ways)
        return ways

    def _characters(self, operation: Any, argument: Any) -> tuple[Span, ...]:
        members = argument if operation is constants.IN else [(operation, argument)]
        if members[0][0] is constants.NEGATE:
            return _complement(_merged(self._spans(members[1:])))
        if operation is constants.NOT_LITERAL:
            return _complement(((argument, argument),))
        return _merged(self._spans(members))

    def _spans(self, members: Any) -> Iterator[Span]:
        for kind, value in members:
            first, last = value if kind is constants.RANGE else (value, value)
            yield first, last
            if self._ignore_case:
                yield from _other_case(first, last)


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(last, merged[-1][1])
        else:
            merged.append((first, last))
    return tuple(merged)


def _other_case(first: int, last: int) -> Iterator[Span]:
    for low, high, shift in ((65, 90, 32), (97, 122, -32)):
        start, end = max(first, low), min(last, high)
        if start <= end:
            yield start + shift, end + shift


def _complement(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    free, place = [], 0
    for first, last in sorted(spans):
        if first > place:
            free.append((place, first - 1))
        place = max(place, last + 1)
    return (*free, (place, _OTHERS))


def _cost(ways: _Steps) -> int:
    """Return the most that the ways cost together which one character leaves open."""
    if len(ways) == 1:
        return ways[0][1]
    ends = sum(cost for spans, cost in ways if not spans)
    changes: dict[int, int] = {}
    for spans, cost in ways:
        for first, last in spans:
            changes[first] = changes.get(first, 0) + cost
            changes[last + 1] = changes.get(last + 1, 0) - cost
    most = now = 0
    for place in sorted(changes):
        now += changes[place]
        most = max(most, now)
    return min(most + ends, _ENDLESS)
