"""Finds a pattern with its boundaries by google-re2, with few states and few questions."""

from functools import cached_property, lru_cache
from typing import Final

from backend.detection.linear import NOWHERE, Linear, Span
from backend.detection.loosening import Loose, loosened, without_groups

BOUNDARIES: Final = {
    "none": "",
    "digit": "0-9",
    "word": "A-Za-z0-9_",
    "token": "A-Za-z0-9_\\-",
    "path": "A-Za-z0-9_/+\\-",
}
_INSIDE: Final = {
    "digit": frozenset(b"0123456789"),
    "word": frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    "token": frozenset(b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    "path": frozenset(b"+-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
}
_MEGABYTES: Final = 64
_MOST: Final = 4096
"""More patterns than the rulebook has, and those of some clients."""


def bounded(pattern: str, boundary: str, *, ignore_case: bool, group: str = "(") -> str:
    """Return a pattern with its boundaries; group 1 is the match, group 2 the value in it."""
    flags, inside = "(?i)" if ignore_case else "", BOUNDARIES[boundary]
    if not inside:
        return f"{flags}{group}{pattern})"
    return f"{flags}(?:^|[^{inside}]){group}{pattern})(?:[^{inside}]|$)"


@lru_cache(maxsize=_MOST)
def search_for(pattern: str, boundary: str, *, ignore_case: bool) -> "Search":
    """Return the search for a pattern: one, however many rules and detectors have it."""
    return Search(pattern, boundary, ignore_case=ignore_case)


class Search:
    """A pattern, compiled when first looked for: most texts open few of hundreds of rules."""

    def __init__(self, pattern: str, boundary: str, *, ignore_case: bool) -> None:
        self._pattern = pattern
        self._boundary = boundary
        self._ignore_case = ignore_case
        self._inside = _INSIDE.get(boundary)

    def every(self, encoded: bytes) -> list[tuple[Span, Span]]:
        """Return the matches and the values in them that are not empty, left to right."""
        found, position = [], 0
        while (spans := self.first(encoded, position)) is not None:
            match, value = spans
            if value[1] > value[0]:
                found.append(spans)
            position = match[1]
        return found

    def first(self, encoded: bytes, position: int) -> tuple[Span, Span] | None:
        """Return the first match from `position` on and the value in it, None where there is none.

        The value may be empty.
        """
        spans = self._quick.groups(encoded, position)
        start, end = spans[0]
        if start < 0:
            return None
        if end - start > self._always and not self._loose.is_within(encoded[start:end]):
            spans = self._exact.groups(encoded, position)
            if spans[0] == NOWHERE:
                return None
        elif len(spans) == 1:
            span = self._between(encoded, start, end)
            if span is not None:
                return span, span
            spans = self._grouped.groups(encoded, position)
        return spans[1], spans[-1] if spans[-1] != NOWHERE else spans[1]

    def _between(self, encoded: bytes, start: int, end: int) -> Span | None:
        """Return what a match without groups has between its boundaries, each one character.

        None where an end of the text may have been a boundary, or the character beside it.
        """
        inside = self._inside
        if inside is None:
            return start, end
        if start:
            start += _length_of_character(encoded[start])
        elif encoded[0] not in inside:
            return None
        if end < len(encoded):
            end -= 1
            while encoded[end] & 0xC0 == 0x80:  # noqa: PLR2004 -- not its first byte in UTF-8
                end -= 1
        elif encoded[-1] not in inside:
            return None
        return start, end

    @cached_property
    def _loose(self) -> Loose:
        return loosened(self._pattern, ignore_case=self._ignore_case)

    @cached_property
    def _always(self) -> int:
        return self._loose.always

    @cached_property
    def _quick(self) -> Linear:
        """Tells where a match stands; without groups four times as quick."""
        loose = self._loose.pattern
        bare = without_groups(loose)
        return self._grouped if bare != loose else self._linear(bare, "(?:")

    @cached_property
    def _grouped(self) -> Linear:
        return self._linear(self._loose.pattern)

    @cached_property
    def _exact(self) -> Linear:
        return self._linear(self._pattern)

    def _linear(self, pattern: str, group: str = "(") -> Linear:
        whole = bounded(pattern, self._boundary, ignore_case=self._ignore_case, group=group)
        return Linear(whole, megabytes=_MEGABYTES)


def _length_of_character(first: int) -> int:
    """Return how many bytes of UTF-8 a character has that begins with `first`."""
    if first < 0x80:  # noqa: PLR2004
        return 1
    return 2 if first < 0xE0 else 3 if first < 0xF0 else 4  # noqa: PLR2004
