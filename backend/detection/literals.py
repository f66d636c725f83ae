"""Where the literals and context words of a rulebook stand in a text."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple

import ahocorasick_rs

from backend.detection.columns import Columns
from backend.detection.context import (
    Words,
    endings_of_many,
    is_part_of_name,
    is_whole_word,
    stands_apart,
)
from backend.detection.normalise import beyond_ascii
from backend.detection.numbers import Numbers
from backend.detection.rulebook import Rule

Opens = Mapping[str, Numbers]
"""Which rules a literal or word opens."""
Place = tuple[int, int, int]
"""Number, start and end."""


class Standing(NamedTuple):
    """Where literals stand in a text, and the numbers of those that do."""

    places: Sequence[Place]
    numbers: AbstractSet[int]


_NFA: Final = ahocorasick_rs.Implementation.ContiguousNFA
"""A DFA is twice as quick, but ten times as large and made in ten times the time."""
_WORDLY: Final = b"abcdefghijklmnopqrstuvwxyz0123456789"
_ONLY_WORDS: Final = bytes(byte if byte in _WORDLY else ord(" ") for byte in range(256))


def flattened(plain: str) -> bytes:
    """Return a byte for each character of a text in lower case; what is not ASCII becomes `?`."""
    return plain.encode("ascii", "replace")


class Literals:
    """Literals and context words anywhere in a text, and rules they open."""

    def __init__(self, opens: Opens, parts: Opens) -> None:
        self._literals = sorted({*opens, *parts})
        self._parts = {number for number, one in enumerate(self._literals) if one in parts}
        self._opens = [opens.get(literal, 0) | parts.get(literal, 0) for literal in self._literals]
        self._unsure = {n for n, one in enumerate(self._literals) if not one.isascii()}
        self._automaton: Any = ahocorasick_rs.BytesAhoCorasick(
            [flattened(literal) for literal in self._literals], implementation=_NFA
        )

    def standing(self, plain: str, flat: bytes) -> Standing:
        """Return which of them stand in a text, and where."""
        found: list[Place] = self._automaton.find_matches_as_indexes(flat, overlapping=True)
        numbers = {number for number, _, _ in found}
        if not self._unsure.isdisjoint(numbers):
            found = [one for one in found if plain.startswith(self._literals[one[0]], one[1])]
            numbers = {number for number, _, _ in found}
        return Standing(found, numbers)

    def opened(self, numbers: AbstractSet[int]) -> Numbers:
        """Return the rules opened by what stands in a text."""
        opened = 0
        for literal in numbers:
            opened |= self._opens[literal]
        return opened

    def parts(self, text: str, plain: str, standing: Standing) -> Words:
        """Return which context words stand as words, or as parts of names in code."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        parts = self._parts & standing.numbers
        for literal, start, end in standing.places if parts else ():
            if literal in parts and (
                is_whole_word(plain, start, end) or is_part_of_name(text, plain, start, end)
            ):
                places[self._literals[literal]].append(start)
        return Words(plain, places, frozenset(places), Columns(plain))


class WholeWords:
    """Words and phrases that stand whole: no ASCII letter or digit directly beside them.

    Those of `labels` may have the ending that means many of them.
    """

    def __init__(self, opens: Opens, labels: AbstractSet[str] = frozenset()) -> None:
        self._opens = opens
        alike: dict[bytes, tuple[str, ...]] = {}
        for word, spaced in _each_spaced(sorted(opens)):
            alike[spaced] = (*alike.get(spaced, ()), word)
            for ending in endings_of_many(word) if word in labels else ():
                many = b"%s%s " % (spaced[:-1], ending.encode())
                alike[many] = (*alike.get(many, ()), word)
        others = [
            word for spaced in list(alike) if not spaced.strip() for word in alike.pop(spaced)
        ]
        self._alike = list(alike.values())
        self._is_sure = [
            len(words) == 1 and spaced[1:-1].isalnum() for spaced, words in alike.items()
        ]
        self._automaton: Any = ahocorasick_rs.BytesAhoCorasick(list(alike), implementation=_NFA)
        self._others = _InOtherLetters(others)

    def standing(self, plain: str, flat: bytes) -> Words:
        """Return which words stand in a text and where."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        found = self._automaton.find_matches_as_indexes(_spaced(flat), overlapping=True)
        for number, start, _ in found:
            is_sure = self._is_sure[number]
            for word in self._alike[number]:
                if is_sure or plain.startswith(word, start):
                    places[word].append(start)
        for word, start in self._others.places(plain):
            places[word].append(start)
        return Words(plain, places, frozenset(places), Columns(plain))

    def opened(self, words: AbstractSet[str]) -> Numbers:
        """Return the rules opened by words."""
        opened = 0
        for word in words:
            opened |= self._opens[word]
        return opened


class _InOtherLetters:
    """Words without an ASCII letter or digit, looked for where their letters stand only."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._letters = frozenset("".join(words)) - frozenset(map(chr, range(128)))
        self._automaton: Any = ahocorasick_rs.BytesAhoCorasick(
            [word.encode() for word in words], implementation=_NFA
        )

    def places(self, plain: str) -> Iterator[tuple[str, int]]:
        """Yield each that stands whole, with its start, in order of their ends."""
        if plain.isascii() or self._letters.isdisjoint(beyond_ascii(plain)):
            return
        encoded = plain.encode("utf-8", "surrogatepass")
        for number, first, last in self._automaton.find_matches_as_indexes(
            encoded, overlapping=True
        ):
            start, end = _characters(encoded, first), _characters(encoded, last)
            if stands_apart(plain, start, end):
                yield self._words[number], start


def _characters(encoded: bytes, end: int) -> int:
    return len(encoded[:end].decode("utf-8", "surrogatepass"))


def _spaced(flat: bytes) -> bytes:
    """Return a text with a space around it and for each sign in it."""
    return b" " + flat.translate(_ONLY_WORDS) + b" "


def _each_spaced(words: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield each word with what `_spaced` makes of it, which it does once for all of them."""
    together, start = _spaced(flattened("\n".join(words))), 0
    for word in words:
        end = start + len(word) + 2
        yield word, together[start:end]
        start = end - 1


def by_literal(rules: Sequence[Rule]) -> Opens:
    """Return the literals and keywords that open rules."""
    opens: defaultdict[str, Numbers] = defaultdict(int)
    for number, rule in enumerate(rules):
        for literal in rule.keywords or rule.literals:
            opens[literal] |= 1 << number
    return opens


def words_of_labels(rules: Sequence[Rule]) -> frozenset[str]:
    """Return the words that name numbers."""
    return frozenset(
        word
        for rule in rules
        if rule.context.need == "label" or (rule.context.need == "word" and rule.least_digits)
        for word in rule.context.words
    )


def by_word(rules: Sequence[Rule], edges: str) -> Opens:
    """Return the context words of rules with such edges, and which rules they open."""
    opens: defaultdict[str, Numbers] = defaultdict(int)
    for number, rule in enumerate(rules):
        if rule.context.edges == edges:
            opened = 1 << number if rule.is_opened_by_words else 0
            for word in rule.context.words:
                opens[word] |= opened
    return opens
