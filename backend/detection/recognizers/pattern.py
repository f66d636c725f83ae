"""Applies a rule's pattern with google-re2: linear time, whatever the text."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final

import re2

from backend.detection.recognizers.base import Candidate, Reading
from backend.detection.rulebook import Rule

BOUNDARIES: Final = {
    "none": None,
    "digit": "0-9",
    "word": "A-Za-z0-9_",
    "token": "A-Za-z0-9_\\-",
    "path": "A-Za-z0-9_/+\\-",
}
_Match = Callable[[object, bytes, int, int], Sequence[tuple[int, int]]]
_ANYWHERE: Final = re2._re2.RE2.Anchor.UNANCHORED  # noqa: SLF001 -- has no public name
_NOWHERE: Final = (-1, -1)
_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 64 << 20


def compile_pattern(rule: Rule) -> "re2._Regexp":
    """Compile with its boundaries; group 1 is the whole match, group 2 the value if captured."""
    flags = "(?i)" if rule.ignore_case else ""
    inside = BOUNDARIES[rule.boundary]
    if inside is None:
        return re2.compile(f"{flags}({rule.pattern})", _OPTIONS)
    return re2.compile(f"{flags}(?:^|[^{inside}])({rule.pattern})(?:[^{inside}]|$)", _OPTIONS)


def matcher(pattern: "re2._Regexp") -> "_Match":
    """Return what finds the spans of a pattern's groups, all of them -1 where there is no match.

    It is what the module's own methods call; they take as long again for making objects.
    """
    match: _Match = pattern._regexp.Match  # noqa: SLF001 -- see above
    return match


def is_found(pattern: "re2._Regexp", encoded: bytes) -> bool:
    """Return whether a pattern matches anywhere."""
    return matcher(pattern)(_ANYWHERE, encoded, 0, len(encoded))[0] != _NOWHERE


class PatternRecognizer:
    """One rule's compiled pattern."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    @cached_property
    def _match(self) -> "_Match":
        """Compiled when first tried: most texts open few of hundreds of rules."""
        return matcher(compile_pattern(self.rule))

    def candidates(self, reading: Reading) -> Sequence[Candidate]:
        """Return matches, left to right, never overlapping."""
        encoded, match = reading.encoded, self._match
        length = len(encoded)
        spans = match(_ANYWHERE, encoded, 0, length)
        if spans[0] == _NOWHERE:
            return ()
        place, position = _character_places(reading), 0
        found = []
        while spans[0] != _NOWHERE:
            start, end = spans[1]
            value_start, value_end = spans[-1]
            if value_start < 0:
                value_start, value_end = start, end
            if end > start and value_end > value_start:
                found.append(
                    Candidate(place(start), place(end), place(value_start), place(value_end))
                )
            position = max(end, position + 1)
            spans = match(_ANYWHERE, encoded, position, length)
        return found


def _character_places(reading: Reading) -> Callable[[int], int]:
    """Return how to turn a byte offset into a character offset; offsets must not go backwards."""
    if len(reading.encoded) == len(reading.text):
        return int
    known = [0, 0]

    def place(offset: int) -> int:
        start, characters = known if offset >= known[0] else (0, 0)
        characters += len(reading.encoded[start:offset].decode())
        known[:] = offset, characters
        return characters

    return place
