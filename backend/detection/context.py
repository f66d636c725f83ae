"""Words beside a match that make it more than a number."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_ALPHANUMERIC = re.compile(r"[A-Za-z0-9]")
_FILLER = (
    r"(?:[ \t\n:=#.,'\"*_()/-]|(?<![A-Za-z0-9])"
    r"(?:no|nr|num|number|id|is|was|are|of|code|the|my|your|and|for)(?![A-Za-z0-9]))*"
)
_ONLY_FILLER = re.compile(_FILLER)
_LABEL_REACH = 24


@dataclass(frozen=True, slots=True)
class Words:
    """Where each context word stands in one text: `places[word]` are its starts, ascending."""

    folded: str
    places: Mapping[str, Sequence[int]]

    def near(self, words: Iterable[str], start: int, end: int, within: int) -> str | None:
        """Return the nearest word wholly inside `within` code points beside [start, end)."""
        best: tuple[int, str] | None = None
        for word in words:
            for place in self._between(word, start - within, end + within - len(word)):
                stop = place + len(word)
                if stop <= start or place >= end:
                    distance = start - stop if stop <= start else place - end
                    if best is None or (distance, word) < best:
                        best = distance, word
        return best[1] if best else None

    def label(self, words: Iterable[str], start: int) -> str | None:
        """Return the word that stands directly before `start`, with only filler between."""
        last: tuple[int, str] | None = None
        for word in words:
            for place in self._between(word, start - _LABEL_REACH - len(word), start - len(word)):
                stop = place + len(word)
                between = self.folded[stop:start]
                if _ONLY_FILLER.fullmatch(between) and (last is None or (stop, word) > last):
                    last = stop, word
        return last[1] if last else None

    def _between(self, word: str, first: int, last: int) -> Sequence[int]:
        places = self.places.get(word)
        if not places:
            return ()
        return places[bisect_left(places, first) : bisect_left(places, last + 1)]


def is_whole_word(text: str, start: int, end: int) -> bool:
    """Return whether neither neighbour of [start, end) is an ASCII letter or digit."""
    before = start > 0 and _ALPHANUMERIC.match(text[start - 1])
    after = end < len(text) and _ALPHANUMERIC.match(text[end])
    return not before and not after
