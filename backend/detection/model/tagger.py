"""Marks names and addresses in a text: linear scores in whole numbers, best paths by Viterbi."""

import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from backend.detection.model.decoding import AHEAD, Gain, best_spans
from backend.detection.model.document import Model, Scores
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
from backend.detection.model.tokens import Places, Tokens, tokenised

_MOST_KEPT: Final = 1 << 15
_EDGE: Final = ""


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
        tokens = tokenised(text)
        if not tokens.words:
            return []
        known = self._known(tokens)
        starts, ends = tokens.starts, tokens.ends
        found = []
        for sort, first, last, margin in self._spans(known):
            name = self._model.spans[sort]
            sureness = self._model.sureness_of(name, margin)
            found.append(Tagged(name, int(starts[first]), int(ends[last]), margin, sureness))
        return found

    def scores(self, text: str) -> Scores:
        """Return what each label is worth at each token by itself: tokens by labels."""
        tokens = tokenised(text)
        return self._scores(self._known(tokens), np.arange(len(tokens.words)))

    def _spans(self, known: "_Known") -> Iterator[Gain]:
        """Yield the best spans. Where none may begin, or began not long ago, none is looked for."""
        cued = np.flatnonzero(may_begin(known.cues[REACH:-REACH]))
        begins, _ = self._model.gains(self._scores(known, cued))
        rows, sorts = np.nonzero(begins >= self._least)
        if not len(rows):
            return
        begun: defaultdict[int, list[int]] = defaultdict(list)
        for place, sort in zip(cued[rows].tolist(), sorts.tolist(), strict=True):
            begun[place].append(sort)
        reached = cued[rows][:, None] + np.arange(AHEAD + 1)
        places = np.unique(reached[reached < len(known.joints) - 1])
        begins, insides = self._model.gains(self._scores(known, places))
        yield from best_spans(
            self._model, places.tolist(), begins.tolist(), insides.tolist(), begun
        )

    def _scores(self, known: "_Known", places: Places) -> Scores:
        total = np.zeros((len(places), self._weights.shape[1]), np.int32)
        for place in range(PLACES):
            total += known.memory.scores[known.rows[places + (2 * REACH - place)], place]
        inner = slice(REACH - EDGES, len(known.rows) - REACH + EDGES)
        pairs = together(
            known.letters[inner], known.kinds[inner], known.forms[inner], known.joints, places
        )
        total += self._weights[pairs & self._mask].sum(axis=0, dtype=np.int32)
        return total

    def _known(self, tokens: Tokens) -> "_Known":
        """Return what is known of a text's tokens, of new ones after working it out."""
        edges = [_EDGE] * REACH
        words = [*edges, *tokens.words, *edges]
        names = [_name(word) for word in words]
        memory = self._memory
        rows = list(map(memory.rows.get, names))
        if None in rows:
            memory = self._learned(dict(zip(names, words, strict=True)))
            rows = list(map(memory.rows.__getitem__, names))
        return _Known.of(memory, np.array(rows, np.int64), joints(tokens))

    def _learned(self, words: Mapping[int, str]) -> "_Memory":
        """Return a memory that knows these words, by their names.

        It is begun anew where there is no room. Somebody else may have done so since the words were
        looked for, so what is new is what the memory of this moment does not know.
        """
        with self._learning:
            memory = self._memory
            new = memory.lacking(words)
            if len(memory.rows) + len(new) > memory.size:
                memory = self._empty(max(_MOST_KEPT, 2 * len(words)))
                if memory.size == _MOST_KEPT:
                    self._memory = memory
                new = memory.lacking(words)
            if new:
                memory.keep(list(new), self._made(list(new.values())))
        return memory

    def _made(self, tokens: Sequence[str]) -> "_Made":
        words = self._looks.at(tokens)
        scores = self._worth(words.given)
        of_words = words.is_word[:, None, None]
        scores[:, NEIGHBOURS] += self._worth(words.beside) * of_words
        scores[:, REACH] += self._worth(words.own) * of_words[:, 0]
        return _Made(words.letters, words.kinds, words.forms, words.cues, scores)

    def _worth(self, features: Hashes) -> npt.NDArray[np.int16]:
        rows = self._weights[features & self._mask]
        worth: npt.NDArray[np.int16] = rows.sum(axis=-2, dtype=np.int16)
        return worth

    def _empty(self, size: int) -> "_Memory":
        memory = _Memory(self._weights.shape[1], size)
        memory.keep([_name(_EDGE)], self._made([_EDGE]))
        return memory


class _Made(NamedTuple):
    """What was worked out of tokens, a row each: scores are for those around it, by places."""

    letters: Hashes
    kinds: Hashes
    forms: Hashes
    cues: Hashes
    scores: npt.NDArray[np.int16]


class _Memory:
    """What was worked out of single tokens. It knows them by a keyed hash, so it holds no text."""

    def __init__(self, labels: int, size: int) -> None:
        self.size = size
        self.rows: dict[int, int] = {}
        self.hashes = np.zeros((4, size), np.uint32)
        """Letters, kinds, forms and cues."""
        self.scores = np.zeros((size, PLACES, labels), np.int16)

    def lacking(self, words: Mapping[int, str]) -> Mapping[int, str]:
        """Return those of some words, by their names, that are not known here."""
        return {name: word for name, word in words.items() if name not in self.rows}

    def keep(self, names: Sequence[int], made: _Made) -> None:
        """Keep rows of names that are new. Who reads finds a name only once its row is there."""
        first = len(self.rows)
        part = slice(first, first + len(names))
        self.hashes[:, part] = np.stack(made[:4])
        self.scores[part] = made.scores
        self.rows.update(zip(names, range(first, part.stop), strict=True))


class _Known(NamedTuple):
    """The tokens of a text, with REACH edges before and behind them; `rows` are the memory's."""

    memory: _Memory
    rows: npt.NDArray[np.int64]
    joints: Hashes
    letters: Hashes
    kinds: Hashes
    forms: Hashes
    cues: Hashes

    @classmethod
    def of(cls, memory: _Memory, rows: npt.NDArray[np.int64], joints: Hashes) -> "_Known":
        return cls(memory, rows, joints, *memory.hashes[:, rows])


def _name(token: str) -> int:
    """Return the keyed hash of a token.

    Python's hash is one of the bytes a string happens to be kept in: without its length "gq" would
    be U+7167.
    """
    return hash(token) ^ len(token)


def joints(tokens: Tokens) -> Hashes:
    """Return 1 for each token before which no space stands, and 0 behind the last."""
    joints = np.zeros(len(tokens.words) + 1, np.uint32)
    joints[1:-1] = tokens.starts[1:] == tokens.ends[:-1]
    return joints
