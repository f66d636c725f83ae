"""Marks names and addresses in a text: linear scores in whole numbers, best paths by Viterbi."""

import threading
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from backend.detection.model.decoding import Scores, best_spans
from backend.detection.model.document import Model
from backend.detection.model.features import EDGES, NEIGHBOURS, PLACES, REACH, Looks, together
from backend.detection.model.hashing import Hashes
from backend.detection.model.tokens import Tokens, tokenised

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
    """A model ready to be applied. Safe to share between threads."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._weights = model.weights
        self._mask = np.uint32(len(model.weights) - 1)
        self._looks = Looks(model.lists, model.sorts)
        self._learning = threading.Lock()
        self._memory = self._empty(_MOST_KEPT)

    def tagged(self, text: str) -> list[Tagged]:
        """Return what is marked in a text, in its order."""
        tokens = tokenised(text)
        if not tokens.words:
            return []
        starts, ends = tokens.starts, tokens.ends
        found = []
        for sort, first, last, margin in best_spans(self._model, self.scores(tokens)):
            name = self._model.spans[sort]
            sureness = self._model.sureness_of(name, margin)
            found.append(Tagged(name, int(starts[first]), int(ends[last]), margin, sureness))
        return found

    def scores(self, tokens: Tokens) -> Scores:
        """Return what each label is worth at each token by itself: tokens by labels."""
        n = len(tokens.words)
        edges = [_EDGE] * REACH
        known = self._known([*edges, *tokens.words, *edges])
        total = np.zeros((n, self._weights.shape[1]), np.int32)
        for place in range(PLACES):
            first = 2 * REACH - place
            total += known.scores[first : first + n, place]
        inner = slice(REACH - EDGES, REACH + n + EDGES)
        pairs = together(
            known.letters[inner], known.kinds[inner], known.forms[inner], joints(tokens)
        )
        total += self._weights[pairs & self._mask].sum(axis=0, dtype=np.int32)
        return total

    def _known(self, tokens: Sequence[str]) -> "_Known":
        """Return what is known of tokens, of new ones after working it out."""
        names = list(map(hash, tokens))
        memory = self._memory
        rows = list(map(memory.rows.get, names))
        if None not in rows:
            return memory.taken(rows)
        new = {n: t for n, t, row in zip(names, tokens, rows, strict=True) if row is None}
        made = self._made(list(new.values()))
        with self._learning:
            if not memory.has_room_for(len(new)):
                memory = self._empty(max(_MOST_KEPT, 2 * len(set(names))))
                others = {n: t for n, t in zip(names, tokens, strict=True) if n not in new}
                memory.keep(list(others), self._made(list(others.values())))
                self._memory = memory if memory.size == _MOST_KEPT else self._memory
            memory.keep(list(new), made)
        return memory.taken(list(map(memory.rows.__getitem__, names)))

    def _made(self, tokens: Sequence[str]) -> "_Known":
        words = self._looks.at(tokens)
        scores = self._worth(words.given)
        of_words = words.is_word[:, None, None]
        scores[:, NEIGHBOURS] += self._worth(words.beside) * of_words
        scores[:, REACH] += self._worth(words.own) * of_words[:, 0]
        return _Known(words.letters, words.kinds, words.forms, scores)

    def _worth(self, features: Hashes) -> npt.NDArray[np.int16]:
        rows = self._weights[features & self._mask]
        worth: npt.NDArray[np.int16] = rows.sum(axis=-2, dtype=np.int16)
        return worth

    def _empty(self, size: int) -> "_Memory":
        memory = _Memory(self._weights.shape[1], size)
        memory.keep([hash(_EDGE)], self._made([_EDGE]))
        return memory


class _Known(NamedTuple):
    """Rows of tokens: hashes, and scores for the tokens around each, by places and labels."""

    letters: Hashes
    kinds: Hashes
    forms: Hashes
    scores: npt.NDArray[np.int16]


class _Memory:
    """What was worked out of single tokens. It knows them by a keyed hash, so it holds no text."""

    def __init__(self, labels: int, size: int) -> None:
        self.size = size
        self.rows: dict[int, int] = {}
        self._known = _Known(
            np.zeros(size, np.uint32), np.zeros(size, np.uint32), np.zeros(size, np.uint32),
            np.zeros((size, PLACES, labels), np.int16),
        )  # fmt: skip

    def has_room_for(self, count: int) -> bool:
        """Return whether so many more can be kept."""
        return len(self.rows) + count <= self.size

    def keep(self, names: Sequence[int], made: _Known) -> None:
        """Keep rows; of names that another thread has kept meanwhile these are the same."""
        first = len(self.rows)
        new = [n for n, name in enumerate(names) if name not in self.rows]
        part = slice(first, first + len(new))
        self._known.letters[part] = made.letters[new]
        self._known.kinds[part] = made.kinds[new]
        self._known.forms[part] = made.forms[new]
        self._known.scores[part] = made.scores[new]
        self.rows.update({names[n]: first + rank for rank, n in enumerate(new)})

    def taken(self, rows: Sequence[int | None]) -> _Known:
        """Return some rows."""
        chosen = np.array(rows, np.int64)
        letters, kinds, forms, scores = self._known
        return _Known(letters[chosen], kinds[chosen], forms[chosen], scores[chosen])


def joints(tokens: Tokens) -> Hashes:
    """Return 1 for each token before which no space stands, and 0 behind the last."""
    joints = np.zeros(len(tokens.words) + 1, np.uint32)
    joints[1:-1] = tokens.starts[1:] == tokens.ends[:-1]
    return joints
