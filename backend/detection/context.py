"""Words beside a match that make it more than a number."""

import string
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backend.detection.columns import Columns
from backend.detection.filler import is_filler
from backend.detection.naming import is_loosely_named, is_meant_again, is_named_behind

_LETTERS: Final = frozenset(string.ascii_letters)
_ALPHANUMERIC: Final = frozenset(string.ascii_letters + string.digits)
_LABEL_REACH = 64
_AGAIN_REACH: Final = 112
_REST: Final = 8
_LEAST_OF_MANY: Final = 3
_SHORT: Final = 4
"""Greek, Cyrillic, Armenian and Georgian words no longer than this are parts of many others."""
_NAMES_END_IN: Final = (
    "access", "account", "api", "app", "auth", "client", "cred", "key", "pass", "secret", "token",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """Where each context word stands in one text: `places[word]` are its starts, ascending."""

    folded: str
    places: Mapping[str, Sequence[int]]
    known: frozenset[str]
    columns: Columns

    def present(self, words: frozenset[str]) -> frozenset[str]:
        """Return those of `words` that stand anywhere in the text."""
        return words & self.known

    def near(self, words: Iterable[str], start: int, end: int, within: int) -> str | None:
        """Return the nearest word with at most `within` code points between it and [start, end).

        Of words that end in each other, here and below, the longest says most.
        """
        best: tuple[int, int, str] | None = None
        for word in words:
            for place in self._between(word, start - within - len(word), end + within):
                stop = place + len(word)
                if stop <= start or place >= end:
                    distance = start - stop if stop <= start else place - end
                    rank = distance, -len(word), word
                    if best is None or rank < best:
                        best = rank
        return best[2] if best else None

    def before(self, words: Iterable[str], start: int, within: int) -> str | None:
        """Return the last word before `start` with at most `within` code points between."""
        last: tuple[int, int, str] | None = None
        for word in words:
            places = self._between(word, start - within - len(word), start - len(word))
            rank = (places[-1] + len(word), len(word), word) if places else None
            if rank and (last is None or rank > last):
                last = rank
        return last[2] if last else None

    def label(self, words: Iterable[str], start: int) -> str | None:
        """Return the word that stands directly before `start`, with only filler between."""
        return self._tied(words, start, is_filler, _LABEL_REACH)

    def loosely(self, words: Iterable[str], start: int) -> str | None:
        """Return the word before `start` that names what begins there, with some words between."""
        word = self._tied(words, start, is_loosely_named, _LABEL_REACH)
        return word if word is not None else self._tied(words, start, is_meant_again, _AGAIN_REACH)

    def heading(self, words: Iterable[str], start: int) -> str | None:
        """Return the longest word that alone names the column of a table `start` is in."""
        head = self.columns.head(start)
        longest: str | None = None
        if head is None:
            return None
        for word in words:
            for place in self._between(word, *head):
                if self._is_all_of(head, place, place + len(word)) and (
                    longest is None or (len(word), word) > (len(longest), longest)
                ):
                    longest = word
        return longest

    def _is_all_of(self, cell: tuple[int, int], start: int, end: int) -> bool:
        return end <= cell[1] and all(
            is_filler(self.folded[first:last]) for first, last in ((cell[0], start), (end, cell[1]))
        )

    def behind(self, words: Iterable[str], end: int) -> str | None:
        """Return the word after `end` that is said to name what ends there."""
        first: tuple[int, int, str] | None = None
        for word in words:
            for place in self._between(word, end, end + _LABEL_REACH):
                rest = self.folded[place + len(word) : place + len(word) + _REST]
                rank = place, -len(word), word
                if (first is None or rank < first) and is_named_behind(
                    self.folded[end:place], rest
                ):
                    first = rank
        return first[2] if first else None

    def _tied(
        self, words: Iterable[str], start: int, are_tied: Callable[[str], bool], reach: int
    ) -> str | None:
        last: tuple[int, int, str] | None = None
        for word in words:
            for place in self._between(word, start - reach - len(word), start - len(word)):
                rank = place + len(word), len(word), word
                if (last is None or rank > last) and are_tied(self.folded[rank[0] : start]):
                    last = rank
        return last[2] if last else None

    def _between(self, word: str, first: int, last: int) -> Sequence[int]:
        places = self.places.get(word)
        if not places:
            return ()
        return places[bisect_left(places, first) : bisect_left(places, last + 1)]


def endings_of_many(word: str) -> tuple[str, ...]:
    """Return what may follow the word of a label where it names many values: "MRNs", "Nummern"."""
    if len(word) < _LEAST_OF_MANY or word[-1] not in _LETTERS:
        return ()
    return ("s", "n") if word.endswith("nummer") else ("s",)


def is_whole_word(folded: str, start: int, end: int) -> bool:
    """Return whether neither neighbour of [start, end) is an ASCII letter or digit."""
    return (start == 0 or folded[start - 1] not in _ALPHANUMERIC) and (
        end == len(folded) or folded[end] not in _ALPHANUMERIC
    )


def stands_apart(folded: str, start: int, end: int) -> bool:
    """Return whether neither neighbour of [start, end), in other letters, is an ASCII letter.

    A digit is no part of such a word: Japanese and Chinese labels touch their values. In scripts
    whose words stand apart it has to begin one, and a short one has to be all of it: others may
    have an ending, as Russian and Greek labels do.
    """
    before = folded[start - 1] if start else " "
    behind = folded[end] if end < len(folded) else " "
    if before in _LETTERS or behind in _LETTERS:
        return False
    if not _is_spaced(folded[start]):
        return True
    return not _is_spaced(before) and (end - start > _SHORT or not _is_spaced(behind))


def _is_spaced(sign: str) -> bool:
    return "\u0370" <= sign <= "\u058f" or "\u10a0" <= sign <= "\u10ff"


def is_part_of_name(text: str, folded: str, start: int, end: int) -> bool:
    """Return whether [start, end) is a word of a name such as `myAcmeKey`, `acme2` or `acmetoken`.

    A word ends where a digit or a capital begins, or one of the words that names of secrets end in.
    """
    is_free = start == 0 or not folded[start - 1].isalpha() or _is_turn(text, start)
    if not is_free:
        return False
    return (
        end == len(text)
        or not folded[end].isalpha()
        or _is_turn(text, end)
        or folded.startswith(_NAMES_END_IN, end)
    )


def _is_turn(text: str, place: int) -> bool:
    return text[place].isupper() and not text[place - 1].isupper()
