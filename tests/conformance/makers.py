"""Valid values of checks that changing a sign or two of a random value does not satisfy."""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from stdnum.ar import cbu

Maker = Callable[[Random], str]


def _digits(chance: Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def _ar_cbu(chance: Random) -> str:
    blocks = _digits(chance, 7), _digits(chance, 13)
    return "".join(block + cbu.calc_check_digit(block) for block in blocks)


MAKERS: Final[Mapping[str, Maker]] = {
    "ar_cbu": _ar_cbu,
}
