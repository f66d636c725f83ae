"""Patterns in linear time, by google-re2, without the objects its module makes for each match."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import re2

Span = tuple[int, int]
_Groups = Callable[[object, bytes, int, int], Sequence[Span]]
_ANYWHERE: Final = re2._re2.RE2.Anchor.UNANCHORED  # noqa: SLF001 -- has no public name
NOWHERE: Final = (-1, -1)


class Linear:
    """A compiled pattern for bytes."""

    __slots__ = ("_groups",)

    def __init__(self, pattern: str, *, megabytes: int = 8) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = megabytes << 20
        groups: _Groups = re2.compile(pattern, options)._regexp.Match  # noqa: SLF001 -- see above
        self._groups = groups

    def groups(self, encoded: bytes, start: int = 0) -> Sequence[Span]:
        """Return the spans of the first match and its groups; `NOWHERE` where there are none."""
        return self._groups(_ANYWHERE, encoded, start, len(encoded))

    def is_in(self, encoded: bytes) -> bool:
        """Return whether it matches anywhere."""
        return self._groups(_ANYWHERE, encoded, 0, len(encoded))[0] != NOWHERE

    def spans(self, encoded: bytes) -> Iterator[Span]:
        """Yield the matches, left to right, not overlapping; none may be empty."""
        span = self.groups(encoded)[0]
        while span != NOWHERE:
            yield span
            span = self.groups(encoded, span[1])[0]


class LinearSet:
    """Patterns of which one pass says which match."""

    __slots__ = ("_set",)

    def __init__(self, patterns: Sequence[str], *, megabytes: int) -> None:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = megabytes << 20
        self._set = re2._re2.Set(_ANYWHERE, options)  # noqa: SLF001 -- its wrapper takes text only
        for pattern in patterns:
            self._set.Add(pattern.encode())
        self._set.Compile()

    def matching(self, encoded: bytes) -> Sequence[int]:
        """Return the places of the patterns that match anywhere."""
        found: Sequence[int] = self._set.Match(encoded)
        return found
