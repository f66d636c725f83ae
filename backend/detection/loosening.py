"""A pattern without its upper limits, which google-re2 searches with few states.

An automaton counts how often something was repeated, for every place where a match may have begun:
addresses of the web, each of another length, made it thousands of states a text. Without limits it
has hundreds in all. What it then finds is what the pattern itself finds wherever no limit is
passed, since a way through the pattern that comes first there came first among fewer as well.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

FEWEST: Final = 16
"""Limits below this stay: they make few states. So do those of what is repeated lazily: without
one, it would reach for whatever comes next."""
_TOKEN: Final = re.compile(
    r"\\p\{L[ul]?\}|\\.|\[(?:\\.|[^\]\\])*\]|\{([0-9]+),([0-9]+)\}(?!\?)|\(\?|.", re.DOTALL
)
_LETTERS: Final = {"\\p{L}": "A-Za-z", "\\p{Lu}": "A-Z", "\\p{Ll}": "a-z"}
_IN: Final = b"x"
_ASCII: Final = 0x80


@dataclass(frozen=True)
class Loose:
    """A pattern without its upper limits, and what was repeated how often at most."""

    pattern: str
    limits: tuple[tuple[str, int], ...]
    ignore_case: bool

    @cached_property
    def always(self) -> int:
        """The length in bytes up to which a match passes no limit."""
        return min((most for _, most in self.limits), default=1 << 62)

    def is_within(self, matched: bytes) -> bool:
        """Return whether a match surely passes no limit: no run in it is longer than allowed."""
        return all(too_long not in matched.translate(runs) for runs, too_long in self._runs)

    @cached_property
    def _runs(self) -> tuple[tuple[bytes, bytes], ...]:
        """For each limit a mark of what may be repeated, and a run too long of such marks."""
        return tuple((_marks(one, self.ignore_case), _IN * (n + 1)) for one, n in self.limits)


def loosened(pattern: str, *, ignore_case: bool) -> Loose:
    """Return a pattern of the dialect without the upper limits of single characters."""
    limits: list[tuple[str, int]] = []
    return Loose("".join(_pieces(pattern, limits)), tuple(limits), ignore_case)


def without_groups(pattern: str) -> str:
    """Return a pattern that captures nothing: where a match stands is then found much quicker."""
    return "".join("(?:" if piece[0] == "(" else piece[0] for piece in _TOKEN.finditer(pattern))


def _pieces(pattern: str, limits: list[tuple[str, int]]) -> Iterator[str]:
    before = ""
    for piece in _TOKEN.finditer(pattern):
        least, most = piece[1], piece[2]
        if most is None or int(most) < FEWEST or before == ")":
            yield piece[0]
        else:
            limits.append((before, int(most)))
            yield f"{{{least},}}"
        before = piece[0]


def _marks(repeated: str, ignore_case: bool) -> bytes:  # noqa: FBT001 -- as the rule has it
    """Return a table that marks the bytes of what is repeated; beyond ASCII, all that could be."""
    for name, letters in _LETTERS.items():
        repeated = repeated.replace(name, letters if repeated[0] == "[" else f"[{letters}]")
    one = re.compile(repeated, re.DOTALL | (re.IGNORECASE if ignore_case else 0))
    return bytes(
        _IN[0] if byte >= _ASCII or one.fullmatch(chr(byte)) else ord(" ") for byte in range(256)
    )
