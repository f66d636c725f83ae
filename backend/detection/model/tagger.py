"""Marks names and addresses in a text: linear scores in whole numbers, best paths by Viterbi."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from operator import xor
from typing import Any, Final, NamedTuple

import numpy as np

from backend.detection.model.decoding import AHEAD, Gain, best_spans, may_gain
from backend.detection.model.document import Model, Worth
from backend.detection.model.features import (
    EDGES,
    NEIGHBOURS,
    PLACES,
    REACH,
    Looks,
    may_begin,
    together,
)
from backend.detection.model.hashing import Hashes
from backend.detection.model.tokens import Places, pieces, token_of

_MOST_KEPT: Final = 1 << 15
_EDGE: Final = ""
_GIVERS: Final = np.arange(PLACES)[::-1, None]
_GIVEN: Final = np.arange(PLACES)[:, None]
"""What a token is given at place n comes from REACH - n tokens ahead of it."""


class Tagged(NamedTuple):
    """A span, half-open in code points.

    `margin` is by how much it beats its being nothing, `sureness` what that is worth as confidence.
    """

    sort: str
    start: int
    end: int
    margin: int
    sureness: float


class Tagger:
    """A model ready to be applied. Safe to share between threads.

    `looks` may look at words in another way than the model's lists would have it, to measure that.
    """

    def __init__(self, model: Model, looks: Looks | None = None) -> None:
        self._model = model
        self._least = -np.array(model.sure, np.int32)
        self._weights = model.weights
        self._mask = np.uint32(len(model.weights) - 1)
        self._looks = looks or Looks(model.lists, model.sorts)
        self._learning = threading.Lock()
        self._memory = self._empty(_MOST_KEPT)

    def tagged(self, text: str) -> list[Tagged]:
        """Return what is marked in a text, in its order."""
        known = self._known(text)
        gains = list(self._spans(known))
        marked = [(self._model.spans[gain.sort], gain.margin) for gain in gains]
        return [
            Tagged(sort, int(known.starts[first]), int(known.ends[last]), margin, sureness)
            for (_, first, last, margin), (sort, _), sureness in zip(
                gains, marked, self._model.sureness_of(marked), strict=True
            )
        ]

    def worth(self, text: str) -> Worth:
        """Return what labels are worth more than nothing at each token by itself.

        A row each, with the labels in their order, without the first.
        """
        known = self._known(text)
        return self._worth_at(known, np.arange(len(known.starts)))

    def _spans(self, known: "_Known") -> Iterator[Gain]:
        """Yield the best spans. Where none may begin, or began not long ago, none is looked for."""
        cued = np.flatnonzero(may_begin(known.cues))
        if not len(cued):
            return
        begins, _ = self._model.gains(self._worth_at(known, cued))
        rows, sorts = np.nonzero(begins >= self._least)
        if not len(rows):
            return
        is_reached = np.zeros(len(known.starts) + AHEAD, np.bool_)
        is_reached[cued[rows][:, None] + np.arange(AHEAD + 1)] = True
        places = np.flatnonzero(is_reached[: len(known.starts)])
        begins, insides = self._model.gains(self._worth_at(known, places))
        begun: defaultdict[int, list[int]] = defaultdict(list)
        starts = cued[rows]
        hopes = may_gain(self._model, begins, insides, places.searchsorted(starts), sorts)
        for place, sort in zip(starts[hopes].tolist(), sorts[hopes].tolist(), strict=True):
            begun[place].append(sort)
        if begun:
            yield from best_spans(
                self._model, places.tolist(), begins.tolist(), insides.tolist(), begun
            )

    def _worth_at(self, known: "_Known", places: Places) -> Worth:
        given = known.rows.take(places + _GIVERS) * PLACES + _GIVEN
        pairs = together(known.looked, known.joints, places)
        total: Worth = known.memory.worth.take(given, axis=0).sum(axis=0, dtype=np.int16)
        total += self._weights.take(pairs & self._mask, axis=0).sum(axis=0, dtype=np.int16)
        return total

    def _known(self, text: str) -> "_Known":
        """Return what is known of a text's tokens, of new ones after working it out."""
        first, parts = pieces(text)
        lengths = list(map(len, parts))
        # Python's hash is one of the bytes a string happens to be kept in: without its length "gq"
        # would be U+7167.
        names = list(map(xor, map(hash, parts), lengths))
        memory = self._memory
        rows: list[Any] = list(map(memory.rows.get, names))
        if None in rows:
            memory = self._learned(dict(zip(names, parts, strict=True)))
            rows = list(map(memory.rows.__getitem__, names))
        return _Known.of(memory, rows, first, lengths)

    def _learned(self, parts: Mapping[int, str]) -> "_Memory":
        """Return a memory that knows these pieces, by their names.

        It is begun anew where there is no room. Somebody else may have done so since the pieces
        were looked for, so what is new is what the memory of this moment does not know.
        """
        with self._learning:
            memory = self._memory
            new = memory.lacking(parts)
            if len(memory.rows) + len(new) > memory.size:
                memory = self._empty(max(_MOST_KEPT, 2 * len(parts)))
                if memory.size == _MOST_KEPT:
                    self._memory = memory
                new = memory.lacking(parts)
            if new:
                memory.keep(list(new), self._made(list(new.values())))
        return memory

    def _made(self, parts: Sequence[str]) -> "_Made":
        tokens = list(map(token_of, parts))
        words = self._looks.at(tokens)
        worth = self._worth_of(words.given)
        of_words = words.is_word[:, None, None]
        worth[:, NEIGHBOURS] += self._worth_of(words.beside) * of_words
        worth[:, REACH] += self._worth_of(words.own) * of_words[:, 0]
        lengths = np.fromiter(map(len, tokens), np.uint32, len(tokens))
        looked = np.stack([words.letters, words.kinds, words.forms, words.cues, lengths])
        return _Made(looked, worth.reshape(len(tokens) * PLACES, -1))

    def _worth_of(self, features: Hashes) -> Worth:
        worth: Worth = self._weights[features & self._mask].sum(axis=-2, dtype=np.int16)
        return worth

    def _empty(self, size: int) -> "_Memory":
        memory = _Memory(self._weights.shape[1], size)
        memory.keep([hash(_EDGE)], self._made([_EDGE]))
        return memory


class _Made(NamedTuple):
    """What was worked out of pieces.

    `looked` are letters, kinds, forms, cues and the token's length, a row each; `worth` is what
    each piece gives to the tokens around it, PLACES rows each.
    """

    looked: Hashes
    worth: Worth


class _Memory:
    """What was worked out of single pieces. It knows them by a keyed hash, so it holds no text.

    Its first row is that of an edge.
    """

    def __init__(self, labels: int, size: int) -> None:
        self.size = size
        self.rows: dict[int, int] = {}
        self.looked = np.zeros((5, size), np.uint32)
        self.worth = np.zeros((size * PLACES, labels), np.int16)

    def lacking(self, parts: Mapping[int, str]) -> Mapping[int, str]:
        """Return those of some pieces, by their names, that are not known here."""
        return {name: piece for name, piece in parts.items() if name not in self.rows}

    def keep(self, names: Sequence[int], made: _Made) -> None:
        """Keep rows of names that are new. Who reads finds a name only once its row is there."""
        first = len(self.rows)
        end = first + len(names)
        self.looked[:, first:end] = made.looked
        self.worth[first * PLACES : end * PLACES] = made.worth
        self.rows.update(zip(names, range(first, end), strict=True))


class _Known(NamedTuple):
    """The tokens of a text; `rows` are the memory's, with REACH edges before and behind them.

    `looked` are letters, kinds and forms, with EDGES before and behind them.
    """

    memory: _Memory
    rows: Places
    starts: Places
    ends: Places
    joints: Hashes
    looked: Hashes
    cues: Hashes

    @classmethod
    def of(
        cls, memory: _Memory, rows: Sequence[int], first: int, lengths: Sequence[int]
    ) -> "_Known":
        """Return them by their rows, of pieces that are so long, the first of them at `first`."""
        framed = np.zeros(len(rows) + 2 * REACH, np.int64)
        framed[REACH:-REACH] = rows
        looked = memory.looked.take(framed, axis=1)
        whole = np.array(lengths, np.int64)
        starts = np.cumsum(whole) - whole + first
        ends = starts + looked[4, REACH:-REACH]
        looked = looked[:, REACH - EDGES : EDGES - REACH]
        return cls(
            memory, framed, starts, ends, joints(starts, ends), looked[:3], looked[3, EDGES:-EDGES]
        )


def joints(starts: Places, ends: Places) -> Hashes:
    """Return 1 for each token before which no space stands, and 0 behind the last."""
    joints = np.zeros(len(starts) + 1, np.uint32)
    joints[1:-1] = starts[1:] == ends[:-1]
    return joints
