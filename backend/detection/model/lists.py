"""Which lists words stand in: given names, family names, places, dictionaries; as a Bloom filter.

Bloom, Space/time trade-offs in hash coding (CACM 1970); two hashes stand for all (Kirsch,
Mitzenmacher 2006). A word that stands in no list is taken for one of a list in less than one case
of a hundred, of the shorter lists, which say more, in one of thousands.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np

from backend.detection.model.hashing import Hashes, hashed, mixed

KINDS: Final = ("given", "family", "place", "country", "word", "common")
_PROBES: Final = (6, 6, 6, 10, 5, 8)
"""How many bits stand for a word of each kind."""
_MOST: Final = np.arange(max(_PROBES), dtype=np.uint32)
_IS_PROBED: Final = np.array(_PROBES)[:, None] > _MOST
_BITS_A_WORD: Final = 11
_NUMBERS: Final = np.arange(len(KINDS), dtype=np.uint32)


class WordLists:
    """Words in lower case, all lists in one filter of bits."""

    def __init__(self, bits: bytes) -> None:
        self._bits = np.frombuffer(bits, np.uint8)

    def of(self, words: Hashes) -> Hashes:
        """Return the lists in which words stand whose hashes are given, list n as bit n."""
        places = _places(words[:, None], _NUMBERS, len(self._bits) * 8)
        held = (self._bits[places >> 3] >> (places & 7).astype(np.uint8)) & 1
        stands = (held | ~_IS_PROBED).all(axis=-1)
        lists: Hashes = (stands << _NUMBERS).sum(axis=-1, dtype=np.uint32)
        return lists


def filled(lists: Iterable[Iterable[str]]) -> bytes:
    """Return the filter of lists of words, in the order of KINDS."""
    entries = [(hashed(word), number) for number, words in enumerate(lists) for word in words]
    values, numbers = np.array(entries, np.uint32).T
    size = (len(entries) * _BITS_A_WORD + 7) // 8
    places = _places(values, numbers, size * 8)[_IS_PROBED[numbers]]
    bits = np.zeros(size * 8, np.uint8)
    bits[places] = 1
    return np.packbits(bits, bitorder="little").tobytes()


def _places(values: Hashes, numbers: Hashes, size: int) -> Hashes:
    """Return the bits for words in lists, as many as any list has: an axis behind the others."""
    two = np.uint32(2)
    first = mixed(values, two * numbers + np.uint32(1))
    step = mixed(values, two * numbers + two) | np.uint32(1)
    return (first[..., None] + _MOST * step[..., None]) % np.uint32(size)
