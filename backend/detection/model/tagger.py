"""Marks names and addresses in a text: linear scores in whole numbers, best paths by Viterbi."""

import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np

from backend.detection.model.decoding import AHEAD, Gain, best_spans, may_gain
from backend.detection.model.document import Model, Worth
from backend.detection.model.features import (
    EDGES,
    LONGEST,
    NEIGHBOURS,
    PLACES,
    REACH,
    Cues,
    Looks,
    may_begin,
    together,
)
from backend.detection.model.hashing import Hashes
from backend.detection.model.memory import Keying, Keys, Made, Memory
from backend.detection.model.tokens import Places, Tokens, tokenised

_MOST_KEPT: Final = 1 << 15
_EDGE: Final = ""
_APART: Final = "\0" * AHEAD
"""Stands between texts that are looked at together: so many signs that no token sees another's."""
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
        self._keying = Keying()
        self._memory = self._empty(_MOST_KEPT)

    def tagged(self, text: str) -> list[Tagged]:
        """Return what is marked in a text, in its order."""
        return self.tagged_all([text])[0]

    def tagged_all(self, texts: Sequence[str]) -> list[list[Tagged]]:
        """Return what is marked in each text; many take a fraction of the time each."""
        known = self._known(texts)
        firsts = _firsts(texts)
        gains: list[list[Gain]] = [[] for _ in texts]
        for gain in self._spans(known):
            gains[bisect_right(firsts, known.starts[gain.first]) - 1].append(gain)
        return [
            list(self._marked(known, first, some)) if some else []
            for first, some in zip(firsts, gains, strict=True)
        ]

    def _marked(self, known: "_Known", origin: int, gains: Sequence[Gain]) -> Iterator[Tagged]:
        """Yield the spans of a text that begins at `origin`."""
        marked = [(self._model.spans[gain.sort], gain.margin) for gain in gains]
        for gain, (sort, margin), sureness in zip(
            gains, marked, self._model.sureness_of(marked), strict=True
        ):
            start, end = int(known.starts[gain.first]), int(known.ends[gain.last])
            yield Tagged(sort, start - origin, end - origin, margin, sureness)

    def worth(self, text: str) -> Worth:
        """Return what labels are worth more than nothing at each token by itself.

        A row each, with the labels in their order, without the first.
        """
        known = self._known([text])
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
        starts = cued[rows]
        is_reached = np.zeros(len(known.starts) + AHEAD, np.bool_)
        is_reached[starts[:, None] + np.arange(AHEAD + 1)] = True
        is_reached[known.edges] = False
        places = np.flatnonzero(is_reached[: len(known.starts)])
        begins, insides = self._model.gains(self._worth_at(known, places))
        rows = places.searchsorted(starts)
        hopes = may_gain(self._model, begins, insides, places, rows, sorts)
        starts, rows, sorts = starts[hopes], rows[hopes], sorts[hopes]
        begun: defaultdict[int, list[int]] = defaultdict(list)
        for place, sort in zip(starts.tolist(), sorts.tolist(), strict=True):
            begun[place].append(sort)
        if begun:
            near = _in_a_row_with(rows, places)
            places, begins, insides = places[near], begins[near], insides[near]
            yield from best_spans(
                self._model, places.tolist(), begins.tolist(), insides.tolist(), begun
            )

    def _worth_at(self, known: "_Known", places: Places) -> Worth:
        given = known.rows.take(places + _GIVERS) * PLACES + _GIVEN
        pairs = together(known.looked, known.joints, places)
        total: Worth = known.memory.worth.take(given, axis=0).sum(axis=0, dtype=np.int16)
        total += self._weights.take(pairs & self._mask, axis=0).sum(axis=0, dtype=np.int16)
        return total

    def _known(self, texts: Sequence[str]) -> "_Known":
        """Return what is known of the tokens of texts, of new ones after working it out."""
        tokens = tokenised(_APART.join(texts))
        names = self._keying.names(tokens)
        memory = self._memory
        rows = memory.rows(names)
        if not rows.all():
            memory = self._learned(tokens, names)
            rows = memory.rows(names)
        edges = _edges(tokens, _firsts(texts))
        return _Known.of(memory, rows, tokens, edges)

    def _learned(self, tokens: Tokens, names: Keys) -> Memory:
        """Return a memory that knows these tokens, by their names.

        It is begun anew where there is no room. Somebody else may have done so since the tokens
        were looked for, so what is new is what the memory of this moment does not know.
        """
        with self._learning:
            memory = self._memory
            new = _lacking(memory, names)
            if memory.count + len(new) > memory.size:
                memory = self._empty(max(_MOST_KEPT, 2 * len(names)))
                if memory.size == _MOST_KEPT:
                    self._memory = memory
                new = _lacking(memory, names)
            if len(new):
                starts, ends = tokens.starts[new], tokens.ends[new]
                ends = np.minimum(ends, starts + LONGEST)
                places = zip(starts.tolist(), ends.tolist(), strict=True)
                made = self._made([tokens.text[start:end] for start, end in places])
                memory.keep(names[new], made)
        return memory

    def _made(self, tokens: Sequence[str]) -> Made:
        words = self._looks.at(tokens)
        worth = self._worth_of(words.given)
        of_words = words.is_word[:, None, None]
        worth[:, NEIGHBOURS] += self._worth_of(words.beside) * of_words
        worth[:, REACH] += self._worth_of(words.own) * of_words[:, 0]
        looked = np.stack([words.letters, words.kinds, words.forms])
        return Made(looked, words.cues, worth.reshape(len(tokens) * PLACES, -1))

    def _worth_of(self, features: Hashes) -> Worth:
        worth: Worth = self._weights[features & self._mask].sum(axis=-2, dtype=np.int16)
        return worth

    def _empty(self, size: int) -> Memory:
        return Memory(self._made([_EDGE]), size)


def _lacking(memory: Memory, names: Keys) -> Places:
    """Return where tokens stand that are not known, each once."""
    unknown = np.flatnonzero(memory.rows(names) == 0)
    _, places = np.unique(names[unknown], return_index=True)
    return unknown[places]


def _in_a_row_with(rows: Places, places: Places) -> Places:
    """Return the rows between which and one of `rows` no token is missing among `places`."""
    gaps = np.zeros(len(places), np.int64)
    gaps[1:] = np.cumsum(places[1:] - places[:-1] != 1)
    is_near = np.zeros(gaps[-1] + 1, np.bool_)
    is_near[gaps[rows]] = True
    return np.flatnonzero(is_near[gaps])


def _firsts(texts: Sequence[str]) -> list[int]:
    """Return where each text begins when they stand one behind the other."""
    return list(accumulate((len(text) + len(_APART) for text in texts), initial=0))[:-1]


def _edges(tokens: Tokens, firsts: Sequence[int]) -> Places:
    """Return which tokens stand between texts."""
    ends = np.array(firsts[1:], np.int64)[:, None]
    return tokens.starts.searchsorted((ends - np.arange(len(_APART), 0, -1)).ravel())


class _Known(NamedTuple):
    """The tokens of texts; `rows` are the memory's, with REACH edges before and behind them.

    `looked` are letters, kinds and forms, with EDGES before and behind them; `edges` are the tokens
    between texts.
    """

    memory: Memory
    rows: Places
    starts: Places
    ends: Places
    joints: Hashes
    looked: Hashes
    cues: Cues
    edges: Places

    @classmethod
    def of(cls, memory: Memory, rows: Places, tokens: Tokens, edges: Places) -> "_Known":
        """Return tokens by their rows."""
        framed = np.zeros(len(rows) + 2 * REACH, np.int64)
        framed[REACH:-REACH] = rows
        framed[edges + REACH] = 0
        joined = joints(tokens.starts, tokens.ends)
        joined[edges] = joined[edges + 1] = 0
        looked = memory.looked.take(framed[REACH - EDGES : EDGES - REACH], axis=1)
        cues = memory.cues.take(framed[REACH:-REACH])
        return cls(memory, framed, tokens.starts, tokens.ends, joined, looked, cues, edges)


def joints(starts: Places, ends: Places) -> Hashes:
    """Return 1 for each token before which no space stands, and 0 behind the last."""
    joints = np.zeros(len(starts) + 1, np.uint32)
    joints[1:-1] = starts[1:] == ends[:-1]
    return joints
