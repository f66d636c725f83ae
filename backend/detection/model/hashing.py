"""Hashes of 32 bits that Python, numpy and JavaScript make alike.

Strings by FNV-1a over code points (Fowler, Noll, Vo), numbers by the finaliser of MurmurHash3
(Appleby).
"""

from functools import reduce
from typing import Final

import numpy as np
import numpy.typing as npt

_FULL: Final = 0xFFFFFFFF
_PRIME: Final = 0x01000193
BASIS: Final = 0x811C9DC5

Hashes = npt.NDArray[np.uint32]
_STEPS: Final = (
    (np.uint32(16), np.uint32(0x85EBCA6B)), (np.uint32(13), np.uint32(0xC2B2AE35)),
)  # fmt: skip


def further(value: int, letter: str) -> int:
    """Return the hash that follows when one more letter is read."""
    return ((value ^ ord(letter)) * _PRIME) & _FULL


def hashed(text: str) -> int:
    """Return the hash of a text."""
    return reduce(further, text, BASIS)


def mixed(values: Hashes, salts: Hashes) -> Hashes:
    """Return the hash of each value and the salt beside it, or the one salt for all."""
    values = values ^ (salts * np.uint32(0x9E3779B1))
    for shift, factor in _STEPS:
        values ^= values >> shift
        values *= factor
    values ^= values >> np.uint32(16)
    return values
