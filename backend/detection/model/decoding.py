"""Which spans gain most together, when a span's gain does not depend on others (Viterbi 1967)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from backend.detection.model.document import Model, Worth
from backend.detection.model.tokens import Places

Gains = Sequence[Sequence[int]]
"""By how much beginning, or being inside, beats nothing: tokens by sorts."""
AHEAD: Final = 6
"""How far behind the last token that may begin a span tokens may be part of one."""
_AHEAD: Final = np.arange(1, AHEAD + 1)
_NEVER: Final = np.int16(-(1 << 14))
"""What no token behind a text's last is worth."""


class Gain(NamedTuple):
    """A span of a sort, from its first to its last token, and by how much it beats nothing."""

    sort: int
    first: int
    last: int
    margin: int


def may_gain(
    model: Model, begins: Worth, insides: Worth, places: Places, rows: Places, sorts: Places
) -> npt.NDArray[np.bool_]:
    """Return which beginnings, of sorts at rows, can be of a span that gains anything.

    A span that gains nothing is in no best path, so beginnings of no other need not be followed.
    `places` are the tokens of all rows, ascending: behind each of `rows` the next AHEAD tokens, or
    as many as the text has.
    """
    leave_begin, leave_inside, stay_begin, stay_inside = np.array(model.moves)[:, sorts]
    ahead = np.minimum(rows[:, None] + _AHEAD, len(insides) - 1)
    is_next = places[ahead] - places[rows][:, None] == _AHEAD
    inside = np.where(is_next, insides[ahead, sorts[:, None]], _NEVER)
    begun = begins[rows, sorts]
    open_ = (begun + stay_begin)[:, None] + (inside + stay_inside[:, None]).cumsum(axis=1)
    ended = open_.max(axis=1) + leave_inside - stay_inside
    least = -np.array(model.sure)[sorts]
    hopes: npt.NDArray[np.bool_] = (begun + leave_begin > 0) | (ended > 0) | (open_[:, -1] >= least)
    return hopes


def best_spans(
    model: Model,
    places: Sequence[int],
    begins: Gains,
    insides: Gains,
    may_begin: Mapping[int, Sequence[int]],
) -> Iterator[Gain]:
    """Yield the best spans of a text, in its order.

    `places` are the tokens that are looked at, ascending, `begins` and `insides` the gains there
    (Model.gains), `may_begin` says which sorts may begin at which token. No other token is part of
    a span.
    """
    row_of = {place: row for row, place in enumerate(places)}
    done = 0
    for start in may_begin:
        if start >= done:
            spans, done = _from(model, begins, insides, may_begin, row_of, start)
            yield from spans


def _from(
    model: Model,
    begins: Gains,
    insides: Gains,
    may_begin: Mapping[int, Sequence[int]],
    row_of: Mapping[int, int],
    start: int,
) -> tuple[Sequence[Gain], int]:
    """Return the best spans from a token on, and where all that is open has fallen behind.

    That is by more than the `sure` of its sort. On a tie nothing is taken, then the sort that comes
    first.
    """
    leave_begin, leave_inside, stay_begin, stay_inside = model.moves
    worths, ended = [0], list[tuple[int, int] | None]()
    opened: dict[int, tuple[int, int]] = {}  # by sort: worth if it goes on, and first token
    place = start
    while (row := row_of.get(place)) is not None:
        worth = best = worths[-1]
        how = None
        begun = may_begin.get(place, ())
        following = {}
        for sort in range(len(leave_begin)) if begun else opened:
            if sort in begun:
                value = worth + begins[row][sort]
                if value + leave_begin[sort] > best:
                    best, how = value + leave_begin[sort], (sort, place)
                following[sort] = (value + stay_begin[sort], place)
            if sort in opened:
                value, first = opened[sort]
                value += insides[row][sort]
                if value + leave_inside[sort] > best:
                    best, how = value + leave_inside[sort], (sort, first)
                value += stay_inside[sort]
                if sort not in following or value >= following[sort][0]:
                    following[sort] = (value, first)
        worths.append(best)
        ended.append(how)
        opened = {sort: one for sort, one in following.items() if one[0] >= best - model.sure[sort]}
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
