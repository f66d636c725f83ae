"""What a text speaks of, told from its words, their beginnings and their pairs, in whole numbers.

A linear model over hashed features (Weinberger and others, Feature Hashing, 2009) that are there or
not. Texts are looked at some dozens of words at a time: what a letter is about stands in a few.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from backend.detection.model.document import ZERO
from backend.detection.model.hashing import Hashes, hashed_so_far, mixed
from backend.detection.model.tokens import Places, tokenised, words_and_numbers
from backend.detection.rulebook import WrittenTopic

WINDOW: Final = 48
STEP: Final = 24
"""Words of a window, and how far on the next one begins."""
MOST: Final = 3
FEWEST: Final = 2
"""So many words are told that say most; where not so many are clear, nothing is said yet."""
_LONGEST: Final = 12
_LEAST: Final = 3
"""Letters of a word that count, and how many one has at least that counts by itself."""
_CLEAR: Final = 8
"""What a word is worth by itself that is clear: two thirds of a nat."""
_TELLING: Final = 5
"""Letters of a word that is told: shorter ones say little to somebody who reads them."""
_BEGINNINGS: Final = tuple((length, np.array([length], np.uint32)) for length in (4, 5, 6, 7))
_PAIRED: Final = 6
_APART: Final = 5
"""How much of a word counts beside its neighbour, and beside the one behind that."""
_WHOLE: Final = np.array([1], np.uint32)
_PAST: Final = np.uint32(0x5BD1E995)
_NOWHERE: Final = np.uint32(0)
_BARE: Final = np.array(
    [ord(unicodedata.normalize("NFD", letter)[0]) for letter in map(chr, range(0x1F00))], np.uint32
)
"""Letters without their marks, up to the last that is a word's."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What words are worth: `weights` by bucket, of which there are a power of two.

    A window speaks of it from `least` on; it begins with `bias`.
    """

    bias: int
    least: int
    weights: npt.NDArray[np.int16]

    @classmethod
    def parse(cls, written: WrittenTopic) -> "Topic":
        """Read it as a rule has it."""
        weights = np.frombuffer(written.weights.encode("ascii"), np.uint8).astype(np.int16)
        return cls(written.bias, written.least, weights - ZERO)

    def words(self, plain: str) -> list[tuple[int, int]]:
        """Return where the words stand that say most, none where a text in lower case is silent."""
        read = features(plain, len(self.weights) - 1)
        best, at = self.least - 1, 0
        for first in windows(len(read.starts)):
            worth = self.worth(read.buckets[first : first + WINDOW])
            if worth > best:
                best, at = worth, first
        if best < self.least:
            return []
        some = read.buckets[at : at + WINDOW]
        own = (self.weights[some] * (some != 0)).sum(axis=1)
        lengths = (read.ends - read.starts)[at : at + WINDOW]
        telling = own >= _CLEAR
        if telling.sum() < FEWEST:
            return []
        is_long = telling & (lengths >= _TELLING)
        places = np.flatnonzero(is_long if is_long.any() else telling)
        order = places[np.argsort(-own[places], kind="stable")[:MOST]]
        return [(int(read.starts[at + n]), int(read.ends[at + n])) for n in sorted(order.tolist())]

    def worth(self, buckets: Hashes) -> int:
        """Return what some words are worth together, each feature once."""
        there = np.unique(buckets)
        return self.bias + int(self.weights[there[there != 0]].sum())


class Features(NamedTuple):
    """The words and numbers of a text, a row each of the buckets of what they are; 0 is none."""

    starts: Places
    ends: Places
    buckets: Hashes


def windows(words: int) -> range:
    """Return with which word each window begins."""
    return range(0, max(1, words - STEP), STEP)


def features(plain: str, mask: int) -> Features:
    """Return what the words of a text in lower case are: in whole, by how they begin, in pairs."""
    tokens = tokenised(plain)
    places, is_word = words_and_numbers(tokens)
    starts, ends = tokens.starts.take(places), tokens.ends.take(places)
    lengths = ends - starts
    bare = _BARE.take(tokens.codes, mode="clip")
    bare = np.append(bare, np.zeros(_LONGEST, np.uint32))
    reached = hashed_so_far(bare[starts + np.arange(_LONGEST)[:, None]])
    every = np.arange(len(lengths))

    def begun(length: int) -> Hashes:
        made: Hashes = reached[np.minimum(lengths, length), every]
        return made

    rows = [np.where(is_word & (lengths >= _LEAST), mixed(begun(_LONGEST), _WHOLE), _NOWHERE)]
    for length, salt in _BEGINNINGS:
        made = mixed(reached[length], salt)
        rows.append(np.where(is_word & (lengths > length), made, _NOWHERE))
    apart = begun(_APART)
    for step, first, second in ((1, begun(_PAIRED), begun(_PAIRED)), (2, apart ^ _PAST, apart)):
        made = np.zeros(len(lengths), np.uint32)
        if len(lengths) > step:
            is_pair = is_word[:-step] & is_word[step:]
            made[:-step] = np.where(is_pair, mixed(first[:-step], second[step:]), _NOWHERE)
        rows.append(made)
    return Features(starts, ends, np.stack(rows, axis=1) & np.uint32(mask))
