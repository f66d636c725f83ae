"""Values in the shape of a pattern, and the nearest values a check accepts."""

import string
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from backend.detection.dialect import constants, parsed

_ALPHABET = string.digits + string.ascii_uppercase


def sample(pattern: str, chance: Random) -> str:
    """Return a text that `pattern` matches."""
    return _sequence(parsed(pattern), chance)


def _sequence(items: Any, chance: Random) -> str:
    return "".join(_one(operation, argument, chance) for operation, argument in items)


def _one(operation: Any, argument: Any, chance: Random) -> str:
    if operation is constants.LITERAL:
        return chr(argument)
    if operation is constants.NOT_LITERAL:
        return "~"
    if operation is constants.IN:
        return _member(argument, chance)
    if operation is constants.SUBPATTERN:
        return _sequence(argument[3], chance)
    if operation is constants.BRANCH:
        return _sequence(chance.choice(argument[1]), chance)
    least, most, inside = argument
    times = chance.randint(least, min(most, least + 6))
    return "".join(_sequence(inside, chance) for _ in range(times))


def _member(members: Any, chance: Random) -> str:
    if members[0][0] is constants.NEGATE:
        return "~"
    kind, value = chance.choice(members)
    return (
        chr(value)
        if kind is constants.LITERAL
        else chr(chance.randint(value[0], min(value[1], max(value[0], 122))))
    )


def mended(value: str, is_valid: Callable[[str], bool], chance: Random) -> str | None:
    """Return a valid value that differs in one character or two neighbouring digits, or None."""
    places = [n for n, letter in enumerate(value) if letter.isalnum()]
    return next(filter(is_valid, _neighbours(value, places, chance)), None)


def _neighbours(value: str, places: list[int], chance: Random) -> Iterator[str]:
    for place in sorted(places, key=lambda _: chance.random())[:6]:
        for letter in _alike(value[place]):
            yield value[:place] + letter + value[place + 1 :]
    for place in places[-2:-1] + places[2:3]:
        for pair in range(100):
            yield value[:place] + f"{pair:02}" + value[place + 2 :]


def _alike(letter: str) -> str:
    return string.digits if letter.isdigit() else _ALPHABET[10:]
