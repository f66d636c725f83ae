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
_STEP: Final = np.uint32(_PRIME)
BASIS: Final = 0x811C9DC5

Hashes = npt.NDArray[np.uint32]
_STEPS: Final = (
    (np.uint32(16), np.uint32(0x85EBCA6B)), (np.uint32(13), np.uint32(0xC2B2AE35)),
)  # fmt: skip


def hashed(text: str) -> int:
    """Return the hash of a text."""
    return reduce(_further, text, BASIS)


def _further(value: int, letter: str) -> int:
    return ((value ^ ord(letter)) * _PRIME) & _FULL


def hashed_so_far(letters: Hashes) -> Hashes:
    """Return the hashes of texts after none, one, two ... of their letters, a row for each number.

    Row n of `letters` are the code points that stand n-th in the texts.
    """
    reached = np.empty((len(letters) + 1, letters.shape[1]), np.uint32)
    reached[0] = BASIS
    for row, before, now in zip(letters, reached[:-1], reached[1:], strict=True):
        np.bitwise_xor(before, row, out=now)
        np.multiply(now, _STEP, out=now)
    return reached


def mixed(values: Hashes, salts: Hashes) -> Hashes:
    """Return the hash of each value and the salt beside it, or the one salt for all."""
    values = values ^ (salts * np.uint32(0x9E3779B1))
    for shift, factor in _STEPS:
        values ^= values >> shift
        values *= factor
    values ^= values >> np.uint32(16)
    return values
