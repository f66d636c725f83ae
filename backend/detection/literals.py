"""Where the literals and context words of a rulebook stand in a text."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

import ahocorasick_rs

from backend.detection.context import Words, is_part_of_name, is_whole_word
from backend.detection.numbers import Numbers, numbered
from backend.detection.rulebook import Rule

Opens = Mapping[str, Sequence[int]]
"""Which rules, by number, a literal or word opens."""
_Place = tuple[int, int, int]
_NFA: Final = ahocorasick_rs.Implementation.ContiguousNFA
"""A DFA is twice as quick, but ten times as large and made in ten times the time."""
_WORDLY: Final = b"abcdefghijklmnopqrstuvwxyz0123456789"
_ONLY_WORDS: Final = bytes(byte if byte in _WORDLY else ord(" ") for byte in range(256))
_ONE_WORD: Final = re.compile("[a-z0-9]+")


def flattened(plain: str) -> bytes:
    """Return a byte for each character of a text in lower case; what is not ASCII becomes `?`."""
    return plain.encode("ascii", "replace")


class Literals:
    """Literals anywhere in a text, and rules they open."""

    def __init__(self, opens: Opens) -> None:
        self._literals = sorted(opens, key=lambda literal: (not literal.isascii(), literal))
        self._opens = [numbered(opens[literal]) for literal in self._literals]
        plain = [literal.encode() for literal in self._literals if literal.isascii()]
        self._count = len(plain)
        self._automaton: Any = ahocorasick_rs.BytesAhoCorasick(plain, implementation=_NFA)
        self._others = _BeyondAscii(self._literals[self._count :])

    def opened(self, plain: str, flat: bytes) -> Numbers:
        """Return the rules opened by what stands in a text."""
        opened = 0
        for literal in {place[0] for place in self._places(plain, flat)}:
            opened |= self._opens[literal]
        return opened

    def parts(self, text: str, plain: str, flat: bytes) -> Words:
        """Return where they stand as words, or as parts of names in code."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        for literal, start, end in self._places(plain, flat):
            if is_whole_word(plain, start, end) or is_part_of_name(text, plain, start, end):
                places[self._literals[literal]].append(start)
        return Words(plain, places, frozenset(places))

    def _places(self, plain: str, flat: bytes) -> Sequence[_Place]:
        found: list[_Place] = self._automaton.find_matches_as_indexes(flat, overlapping=True)
        others = self._others.places(plain)
        return found + [(self._count + n, start, end) for n, start, end in others]


class _BeyondAscii:
    """Literals that are not ASCII, looked for in other than ASCII texts only."""

    def __init__(self, literals: Sequence[str]) -> None:
        encoded = [literal.encode() for literal in literals]
        self._automaton: Any = (
            ahocorasick_rs.BytesAhoCorasick(encoded, implementation=_NFA) if encoded else None
        )

    def places(self, plain: str) -> Sequence[_Place]:
        """Return number, start and end of each, in order of their ends."""
        if self._automaton is None or plain.isascii():
            return ()
        encoded = plain.encode("utf-8", "surrogatepass")
        found = self._automaton.find_matches_as_indexes(encoded, overlapping=True)
        return [
            (number, _characters(encoded, start), _characters(encoded, end))
            for number, start, end in found
        ]


def _characters(encoded: bytes, end: int) -> int:
    return len(encoded[:end].decode("utf-8", "surrogatepass"))


class WholeWords:
    """Words and phrases that stand whole: no ASCII letter or digit directly beside them."""

    def __init__(self, opens: Opens) -> None:
        self._opens = {word: numbered(rules) for word, rules in opens.items()}
        alike: defaultdict[bytes, list[str]] = defaultdict(list)
        for word in sorted(opens):
            if word.isascii():
                alike[_spaced(word.encode())].append(word)
        self._alike = [tuple(words) for words in alike.values()]
        self._is_sure = [
            len(words) == 1 and _ONE_WORD.fullmatch(words[0]) is not None for words in self._alike
        ]
        self._automaton: Any = ahocorasick_rs.BytesAhoCorasick(list(alike), implementation=_NFA)
        self._others = [word for word in sorted(opens) if not word.isascii()]
        self._beyond_ascii = _BeyondAscii(self._others)

    def standing(self, plain: str, flat: bytes) -> Words:
        """Return which words stand in a text and where."""
        places: defaultdict[str, list[int]] = defaultdict(list)
        found = self._automaton.find_matches_as_indexes(_spaced(flat), overlapping=True)
        for number, start, _ in found:
            is_sure = self._is_sure[number]
            for word in self._alike[number]:
                if is_sure or plain.startswith(word, start):
                    places[word].append(start)
        for number, start, end in self._beyond_ascii.places(plain):
            if is_whole_word(plain, start, end):
                places[self._others[number]].append(start)
        return Words(plain, places, frozenset(places))

    def opened(self, words: AbstractSet[str]) -> Numbers:
        """Return the rules opened by words."""
        opened = 0
        for word in words:
            opened |= self._opens[word]
        return opened


def _spaced(flat: bytes) -> bytes:
    """Return a text with a space around it and for each sign in it."""
    return b" " + flat.translate(_ONLY_WORDS) + b" "


def by_literal(rules: Sequence[Rule]) -> Opens:
    """Return the literals and keywords that open rules."""
    opens: defaultdict[str, list[int]] = defaultdict(list)
    for number, rule in enumerate(rules):
        for literal in rule.keywords or rule.literals:
            opens[literal].append(number)
    return opens


def by_word(rules: Sequence[Rule], edges: str) -> Opens:
    """Return the context words of rules with such edges, and which rules they open."""
    opens: defaultdict[str, list[int]] = defaultdict(list)
    for number, rule in enumerate(rules):
        if rule.context.edges == edges:
            is_gate = rule.is_opened_by_words
            for word in rule.context.words:
                opens[word] += [number] if is_gate else []
    return opens
