"""Which spans gain most together, when a span's gain does not depend on others (Viterbi 1967)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
    may_begin: defaultdict[int, list[int]] = defaultdict(list)
    for place, sort in np.argwhere(begins >= -model.sure).tolist():
        may_begin[place].append(sort)
    done = 0
    for start in list(may_begin):
        if start >= done:
            spans, done = _from(model, begins, insides, may_begin, start)
            yield from spans


def _from(
    model: Model,
    begins: Scores,
    insides: Scores,
    may_begin: Mapping[int, Sequence[int]],
    start: int,
) -> tuple[Sequence[Gain], int]:
    """Return the best spans from a token on, and where all that is open has fallen behind.

    That is by more than `sure`. On a tie nothing is taken, then the sort that comes first.
    """
    leave_begin, leave_inside, stay_begin, stay_inside = model.moves
    worths, ended = [0], list[tuple[int, int] | None]()
    opened: dict[int, tuple[int, int]] = {}  # by sort: worth if it goes on, and first token
    place, count = start, len(begins)
    while place < count:
        worth = best = worths[-1]
        how = None
        begun = may_begin.get(place, ())
        following = {}
        for sort in sorted({*begun, *opened}) if begun else opened:
            if sort in begun:
                value = worth + int(begins[place, sort])
                if value + leave_begin[sort] > best:
                    best, how = value + leave_begin[sort], (sort, place)
                following[sort] = (value + stay_begin[sort], place)
            if sort in opened:
                value, first = opened[sort]
                value += int(insides[place, sort])
                if value + leave_inside[sort] > best:
                    best, how = value + leave_inside[sort], (sort, first)
                value += stay_inside[sort]
                if sort not in following or value >= following[sort][0]:
                    following[sort] = (value, first)
        worths.append(best)
        ended.append(how)
        opened = {sort: one for sort, one in following.items() if one[0] >= best - model.sure}
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
