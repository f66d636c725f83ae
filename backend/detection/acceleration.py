"""Which rules may match, found by hyperscan in one pass: quicker, never another answer.

Compiling takes seconds, so it goes on beside the first texts, which are answered without it.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from backend.detection.recognizers.pattern import BOUNDARIES
from backend.detection.rulebook import Rule

try:
    import hyperscan
except ImportError:  # no wheel for this platform
    hyperscan = None  # type: ignore[assignment]

LONGEST_PATTERN: Final = 2000


class Accelerator:
    """Opens rules for ASCII texts. Until it is ready, and for other texts, it says nothing."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._always: frozenset[int] = frozenset()
        self._opens: list[tuple[int, ...]] = []
        self._ready: Any = None
        self._thread = threading.Thread(target=self._compile, name="hyperscan", daemon=True)
        self._local = threading.local()

    def start(self) -> None:
        """Begin to compile, where there is hyperscan."""
        if hyperscan is not None:
            self._thread.start()

    def wait(self) -> bool:
        """Wait until it is ready; return whether it ever will be."""
        if hyperscan is not None:
            self._thread.join()
        return self._ready is not None

    def opened(self, encoded: bytes) -> set[int] | None:
        """Return the rules that may match an ASCII text, None when that is not known here."""
        if self._ready is None or not encoded.isascii():
            return None
        seen: list[int] = []
        self._ready.scan(
            encoded,
            match_event_handler=lambda number, *_: seen.append(number),
            scratch=self._scratch(),
        )
        opened = set(self._always)
        for number in seen:
            opened.update(self._opens[number])
        return opened

    def _scratch(self) -> Any:
        if not hasattr(self._local, "scratch"):
            self._local.scratch = hyperscan.Scratch(self._ready)
        return self._local.scratch

    def _compile(self) -> None:
        patterns, always = self._patterns()
        try:
            database = _database(patterns)
        except hyperscan.error:
            refused = {n for n, pattern in enumerate(patterns) if not _is_accepted(pattern)}
            always |= {number for n in refused for number in patterns[n].opens}
            patterns = [pattern for n, pattern in enumerate(patterns) if n not in refused]
            database = _database(patterns)
        self._opens = [pattern.opens for pattern in patterns]
        self._always = frozenset(always)
        self._ready = database

    def _patterns(self) -> tuple[list["_Pattern"], set[int]]:
        """Return a pattern for each literal and each rule without one, and the rules left open."""
        literals: dict[str, list[int]] = {}
        patterns: list[_Pattern] = []
        always: set[int] = set()
        for number, rule in enumerate(self._rules):
            for literal in rule.gate:
                if literal.isascii():
                    literals.setdefault(literal, []).append(number)
            if not rule.gate and (expression := _bounded(rule)) is not None:
                patterns.append(_Pattern(expression, is_literal=False, opens=(number,)))
            elif not rule.gate:
                always.add(number)
        patterns += [
            _Pattern(_escaped(literal), is_literal=True, opens=tuple(numbers))
            for literal, numbers in literals.items()
        ]
        return patterns, always


@dataclass(frozen=True, slots=True)
class _Pattern:
    """An expression for bytes, and the rules a match of it opens."""

    expression: bytes
    is_literal: bool
    opens: tuple[int, ...]

    @property
    def flags(self) -> int:
        """One match is enough; literals are in lower case."""
        caseless = hyperscan.HS_FLAG_CASELESS if self.is_literal else 0
        return int(hyperscan.HS_FLAG_SINGLEMATCH | caseless)


def _database(patterns: Sequence[_Pattern]) -> Any:
    database = hyperscan.Database()
    database.compile(
        expressions=[pattern.expression for pattern in patterns],
        ids=list(range(len(patterns))),
        flags=[pattern.flags for pattern in patterns],
        elements=len(patterns),
    )
    return database


def _is_accepted(pattern: _Pattern) -> bool:
    try:
        _database([pattern])
    except hyperscan.error:
        return False
    return True


def _bounded(rule: Rule) -> bytes | None:
    """Return a rule's pattern for bytes, None for one that is not for plain ASCII or too dear."""
    if not rule.pattern or not rule.pattern.isascii() or "\\p" in rule.pattern:
        return None
    if len(rule.pattern) > LONGEST_PATTERN:
        return None
    inside = BOUNDARIES[rule.boundary]
    flag = "(?i)" if rule.ignore_case else ""
    if inside is None:
        return f"{flag}{rule.pattern}".encode()
    return f"{flag}(?:^|[^{inside}])(?:{rule.pattern})(?:[^{inside}]|$)".encode()


def _escaped(literal: str) -> bytes:
    return "".join(f"\\x{ord(letter):02x}" for letter in literal).encode()
