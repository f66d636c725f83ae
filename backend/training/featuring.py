"""Texts as the field learns from them: a sparse row of features and a label for each token."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from backend.detection.model.features import (
    EDGES,
    NEIGHBOURS,
    PLACES,
    REACH,
    Looks,
    Words,
    together,
)
from backend.detection.model.hashing import Hashes
from backend.detection.model.tagger import joints
from backend.detection.model.tokens import Tokens, tokenised
from backend.training.corpora import Span
from backend.training.field import Integers, Rows

SORTS: Final = ("PER", "LOC", "ADR", "ORG")
LABELS: Final = ("O", *(f"{edge}-{sort}" for sort in SORTS for edge in "BI"))
_NAMES: Final = 0b00111
"""The lists of given names, family names and places, as bits."""
_HIDDEN: Final = (_NAMES, _NAMES, 0b001, 0b010, 0b011)
_PART_HIDING: Final = 0.7
_LONGEST: Final = 150
"""Tokens of one sequence: what is longer is learned in parts."""

_EDGE: Final = ""
_BESIDE: Final = range(NEIGHBOURS.start, NEIGHBOURS.stop)


@dataclass(frozen=True, slots=True)
class Examples:
    """Rows of tokens, one text behind the other: `sequences` are the rows of each text or part."""

    features: Any
    labels: Integers
    sequences: Sequence[Rows]


def examples(
    texts: Iterable[tuple[str, Sequence[Span]]],
    looks: Looks,
    buckets: int,
    hiding: random.Random | None = None,
) -> Examples:
    """Return texts as examples. `hiding` decides whose names stand in no list, as new ones do."""
    unique: dict[tuple[str, int], int] = {(_EDGE, 0): 0}
    order, joined, firsts, labels = list[int](), list[Hashes](), list[Rows](), list[int]()
    for text, spans in texts:
        tokens = tokenised(text)
        if not tokens.words:
            continue
        firsts.append(np.arange(len(order), len(order) + len(tokens.words)))
        names = zip(tokens.words, _hidden(len(tokens.words), hiding), strict=True)
        order += [0] * REACH
        order += [unique.setdefault(name, len(unique)) for name in names]
        order += [0] * REACH
        joined.append(joints(tokens.starts, tokens.ends))
        labels += labelled(tokens, spans)
    words = looks.at([token for token, _ in unique], [hidden for _, hidden in unique])
    rows = np.array(order)
    pairs = np.concatenate(
        [
            _together(words, rows[one[0] + REACH - EDGES : one[-1] + REACH + EDGES + 1], joint)
            for one, joint in zip(firsts, joined, strict=True)
        ],
        axis=1,
    )
    features = _sum_of_places(words, rows, np.concatenate(firsts), buckets)
    features = features + _sparse(pairs.T, buckets)
    return Examples(features, np.array(labels, np.int32), list(_sequences(map(len, firsts))))


def _hidden(count: int, hiding: random.Random | None) -> list[int]:
    """Return for each token of a text which lists it is taken out of: half of some texts'."""
    if hiding is None or hiding.random() >= _PART_HIDING:
        return [0] * count
    hidden = hiding.choice(_HIDDEN)
    return [hidden if hiding.random() < 0.5 else 0 for _ in range(count)]


def _together(words: Words, rows: Rows, joint: Hashes) -> Hashes:
    places = np.arange(len(joint) - 1)
    looked = np.stack([words.letters[rows], words.kinds[rows], words.forms[rows]])
    return together(looked, joint, places)


def _sum_of_places(words: Words, rows: Any, firsts: Any, buckets: int) -> Any:
    """Return what each token is given by those around it: `firsts` are where it stands in `rows`.

    Minus REACH, that is: a row's edges come first.
    """
    has_letters = words.is_word.astype(bool)
    total = None
    for place in range(PLACES):
        given = _sparse(words.given[:, place], buckets)
        if place in _BESIDE:
            given = given + _sparse(words.beside[:, place - _BESIDE[0]], buckets, has_letters)
        if place == REACH:
            given = given + _sparse(words.own, buckets, has_letters)
        some = given[rows[firsts + 2 * REACH - place]]
        total = some if total is None else total + some
    return total


def _sparse(features: Any, buckets: int, holds: Any = None) -> Any:
    """Return rows of features as a sparse array of counts; rows that do not hold are empty."""
    import scipy.sparse as sp

    ones = np.ones(features.shape, np.float32)
    if holds is not None:
        ones *= holds[:, None]
    places = (features & np.uint32(buckets - 1)).astype(np.int32)
    ends = np.arange(0, features.size + 1, features.shape[1])
    return sp.csr_array((ones.ravel(), places.ravel(), ends), shape=(len(features), buckets))


def _sequences(lengths: Iterable[int]) -> Iterator[Any]:
    row = 0
    for length in lengths:
        for first in range(row, row + length, _LONGEST):
            yield np.arange(first, min(first + _LONGEST, row + length))
        row += length


def labelled(tokens: Tokens, spans: Sequence[Span]) -> list[int]:
    """Return the label of each token: B- for the first of a span, I- for those behind it."""
    labels = [0] * len(tokens.words)
    place = 0
    for start, end, sort in spans:
        edge = "B"
        while place < len(labels) and tokens.starts[place] < end:
            if tokens.ends[place] > start and tokens.words[place][0] != "\n":
                labels[place] = LABELS.index(f"{edge}-{sort}")
                edge = "I"
            place += 1
    return labels
