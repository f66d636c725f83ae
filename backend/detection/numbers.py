"""Sets of rules by their number, as bits of an integer: joining two takes no time."""

from collections.abc import Iterable, Iterator

Numbers = int


def numbered(numbers: Iterable[int]) -> Numbers:
    """Return the set of `numbers`."""
    bits = 0
    for number in numbers:
        bits |= 1 << number
    return bits


def members(numbers: Numbers) -> Iterator[int]:
    """Yield what a set holds, in ascending order."""
    while numbers:
        lowest = numbers & -numbers
        yield lowest.bit_length() - 1
        numbers ^= lowest
