"""What was worked out of single tokens: by a keyed hash of their letters, so no text is kept.

A token's hash is a polynomial over its signs modulo 2^64, at a secret place with secret numbers for
the signs (Carter, Wegman, Universal classes of hash functions, 1979): of all tokens of a text at
once, from sums over its signs, and again without knowing the tokens of other texts.
"""

import secrets
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from backend.detection.model.document import Worth
from backend.detection.model.features import LONGEST, PLACES, Cues
from backend.detection.model.hashing import Hashes
from backend.detection.model.tokens import Codes, Places, Tokens

Keys = npt.NDArray[np.uint64]
_KEPT_POWERS: Final = 1 << 16
_BITS: Final = 64
_LOW: Final = 8
_HIGHEST: Final = 0x10FFFF >> _LOW
_DIGITS: Final = np.arange(ord("0"), ord("9") + 1, dtype=np.uint32)
_SLOTS_EACH: Final = 8
"""Few tokens meet where there are so many places for each."""


class Keying:
    """Secret numbers by which tokens are known. Numbers of as many digits have the same name."""

    def __init__(self) -> None:
        self._low, self._high = _random(1 << _LOW), _random(_HIGHEST + 1)
        self._ascii = self._low ^ self._high[0]
        self._ascii[_DIGITS] = self._ascii[_DIGITS[0]]
        self._place = secrets.randbits(_BITS) & -8 | 3  # its powers then differ the most
        self._powers = _powers(self._place, _KEPT_POWERS)
        self._inverse = _powers(pow(self._place, -1, 1 << _BITS), _KEPT_POWERS)

    def names(self, tokens: Tokens) -> Keys:
        """Return the hash of the first LONGEST signs of each token."""
        codes, starts = tokens.codes, tokens.starts
        powers, inverse = self._powers, self._inverse
        if len(codes) > len(powers):
            powers = _powers(self._place, len(codes))
            inverse = _powers(pow(self._place, -1, 1 << _BITS), len(codes))
        sums = np.zeros(len(codes) + 1, np.uint64)
        np.cumsum(self._signs(codes) * powers[: len(codes)], out=sums[1:])
        ends = np.minimum(tokens.ends, starts + LONGEST)
        names: Keys = (sums.take(ends) - sums.take(starts)) * inverse.take(starts)
        return names

    def _signs(self, codes: Codes) -> Keys:
        signs: Keys
        if codes.dtype == np.uint8:
            signs = self._ascii.take(codes)
            return signs
        signs = self._low.take(codes & 0xFF) ^ self._high.take(codes >> _LOW)
        signs[codes - _DIGITS[0] < len(_DIGITS)] = self._ascii[_DIGITS[0]]
        return signs


def _random(count: int) -> Keys:
    return np.frombuffer(secrets.token_bytes(8 * count), np.uint64).copy()


def _powers(base: int, count: int) -> Keys:
    powers = np.full(count, base, np.uint64)
    powers[:1] = 1
    return powers.cumprod()


class Made(NamedTuple):
    """What was worked out of tokens.

    `looked` are letters, kinds and forms, a row each, `cues` what may begin a span; `worth` is what
    each token gives to the tokens around it, PLACES rows each.
    """

    looked: Hashes
    cues: Cues
    worth: Worth


class Memory:
    """Rows of what was worked out, found by the names of tokens. The first row is that of an edge.

    A name lies in the slot that its highest bits say, or in the next that was free.
    """

    def __init__(self, edge: Made, size: int) -> None:
        self.size = size
        self.count = 0
        self.looked = np.zeros((len(edge.looked), size), np.uint32)
        self.cues = np.zeros(size, np.uint8)
        self.worth = np.zeros((size * PLACES, edge.worth.shape[1]), np.int16)
        self._names = np.zeros(size, np.uint64)
        slots = 1 << (_SLOTS_EACH * size - 1).bit_length()
        self._slots = np.zeros(slots, np.int32)
        self._shift = np.uint64(_BITS - slots.bit_length() + 1)
        self.keep(np.zeros(1, np.uint64), edge)

    def rows(self, names: Keys) -> Places:
        """Return the rows of tokens, 0 where one is not known."""
        slots = (names >> self._shift).astype(np.int64)
        rows = self._slots.take(slots).astype(np.int64)
        wrong = np.flatnonzero(self._names.take(rows) != names)
        while len(wrong := wrong[rows[wrong] != 0]):
            slots[wrong] += 1
            rows[wrong] = self._slots.take(slots[wrong], mode="wrap")
            wrong = wrong[self._names[rows[wrong]] != names[wrong]]
        return rows

    def keep(self, names: Keys, made: Made) -> None:
        """Keep rows of names that are new. Who reads finds a name only once its row is there."""
        first, end = self.count, self.count + len(names)
        self.looked[:, first:end] = made.looked
        self.cues[first:end] = made.cues
        self.worth[first * PLACES : end * PLACES] = made.worth
        self._names[first:end] = names
        self.count = end
        for row, slot in enumerate((names >> self._shift).tolist(), first):
            self._slots[self._free(slot)] = row

    def _free(self, slot: int) -> int:
        while self._slots[slot]:
            slot = (slot + 1) % len(self._slots)
        return slot
