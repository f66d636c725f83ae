"""Which spans gain most together, when a span's gain does not depend on others (Viterbi 1967)."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from backend.detection.model.document import Model

Scores = npt.NDArray[np.int32]


class Gain(NamedTuple):
    """A span of a sort, from its first to its last token, and by how much it beats nothing."""

    sort: int
    first: int
    last: int
    margin: int


def best_spans(model: Model, scores: Scores) -> Iterator[Gain]:
    """Yield the best spans of a text, given each label's worth at each token, in text order."""
    begins, insides = model.gains(scores)
    may_begin = np.flatnonzero(begins.max(axis=1) >= -model.sure).tolist()
    done = 0
    for start in may_begin:
        if start >= done:
            spans, done = _from(model, begins, insides, start)
            yield from spans


def _from(model: Model, begins: Scores, insides: Scores, start: int) -> tuple[Sequence[Gain], int]:
    """Return the best spans from a token on, and where all that is open has fallen behind.

    That is by more than `sure`. On a tie nothing is taken, then the sort that comes first.
    """
    sorts = range(len(model.spans))
    leave_begin, leave_inside, stay_begin, stay_inside = model.moves
    worths, ended = [0], list[tuple[int, int] | None]()
    opened: list[tuple[int, int, int]] = []  # worth if it goes on, sort, first token
    place = start
    while place < len(begins):
        worth, best, how = worths[-1], worths[-1], None
        following = []
        row, inner = begins[place].tolist(), insides[place].tolist()
        goes_on = {sort: (value, first) for value, sort, first in opened}
        for sort in sorts:
            begun = worth + row[sort]
            if begun + leave_begin[sort] > best:
                best, how = begun + leave_begin[sort], (sort, place)
            going, first = begun + stay_begin[sort], place
            if sort in goes_on:
                former = goes_on[sort][0] + inner[sort]
                if former + leave_inside[sort] > best:
                    best, how = former + leave_inside[sort], (sort, goes_on[sort][1])
                if former + stay_inside[sort] >= going:
                    going, first = former + stay_inside[sort], goes_on[sort][1]
            following.append((going, sort, first))
        worths.append(best)
        ended.append(how)
        opened = [one for one in following if one[0] >= best - model.sure]
        place += 1
        if not opened:
            break
    return list(_backwards(worths, ended, start))[::-1], place


def _backwards(
    worths: Sequence[int], ended: Sequence[tuple[int, int] | None], start: int
) -> Iterator[Gain]:
    place = len(ended)
    while place:
        how = ended[place - 1]
        if how is None:
            place -= 1
            continue
        sort, first = how
        margin = worths[place] - worths[first - start]
        yield Gain(sort, first, start + place - 1, margin)
        place = first - start
