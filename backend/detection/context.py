"""Words beside a match that make it more than a number."""

import re
import string
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_ALPHANUMERIC: Final = frozenset(string.ascii_letters + string.digits)
_FILLER = (
    r"(?:[ \t\n:=#.,'\"`*_~|()[{>/-]|(?<![A-Za-z0-9])"
    r"(?:no|nr|num|number|id|is|was|are|of|code|the|my|your|and|for)(?![A-Za-z0-9]))*"
)
_ONLY_FILLER = re.compile(_FILLER)
_SIGNS: Final = " \t\n:=#.,'\"`*_~|()[{>/-"
_LABEL_REACH = 24


@dataclass(frozen=True, slots=True)
class Words:
    """Where each context word stands in one text: `places[word]` are its starts, ascending."""

    folded: str
    places: Mapping[str, Sequence[int]]

    @classmethod
    def whole(cls, folded: str, occurrences: Iterable[tuple[str, int, int]]) -> "Words":
        """Keep of `(word, start, end)`, in text order, those that stand as whole words."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for word, start, end in occurrences:
            if is_whole_word(folded, start, end):
                places[word].append(start)
        return cls(folded, places)

    def present(self, words: Iterable[str]) -> tuple[str, ...]:
        """Return those of `words` that stand anywhere in the text."""
        return tuple(word for word in words if word in self.places)

    def near(self, words: Iterable[str], start: int, end: int, within: int) -> str | None:
        """Return the nearest word with at most `within` code points between it and [start, end)."""
        best: tuple[int, str] | None = None
        for word in words:
            for place in self._between(word, start - within - len(word), end + within):
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
                if (last is None or (stop, word) > last) and _is_filler(self.folded[stop:start]):
                    last = stop, word
        return last[1] if last else None

    def _between(self, word: str, first: int, last: int) -> Sequence[int]:
        places = self.places.get(word)
        if not places:
            return ()
        return places[bisect_left(places, first) : bisect_left(places, last + 1)]


def is_whole_word(text: str, start: int, end: int) -> bool:
    """Return whether neither neighbour of [start, end) is an ASCII letter or digit."""
    return (start == 0 or text[start - 1] not in _ALPHANUMERIC) and (
        end == len(text) or text[end] not in _ALPHANUMERIC
    )


def _is_filler(between: str) -> bool:
    return not between.strip(_SIGNS) or _ONLY_FILLER.fullmatch(between) is not None
