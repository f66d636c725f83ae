"""Which of a browser's events have come: each has a number, so one that never comes is missed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Self

LARGEST: Final = 2**53 - 1
MOST_GAPS: Final = 100
"""More are counted, and no longer named."""

Gap = tuple[int, int]


@dataclass(frozen=True, slots=True)
class EventNumbers:
    """What is known of one browser's numbers, which count up from 1."""

    highest: int = 0
    gaps: tuple[Gap, ...] = ()
    lost: int = 0
    """Missing ones that are no longer named."""
    restarts: int = 0
    """How often the browser counted anew, as one does whose profile was put back or cleared."""

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Self:
        """Return what was stored; nothing has come yet where nothing was."""
        if not stored:
            return cls()
        gaps = tuple((int(first), int(last)) for first, last in stored["gaps"])
        return cls(stored["highest"], gaps, stored["lost"], stored["restarts"])

    def stored(self) -> dict[str, Any]:
        """Return what is to be stored."""
        return {
            "highest": self.highest, "gaps": self.gaps, "lost": self.lost,
            "restarts": self.restarts,
        }  # fmt: skip

    @property
    def missing(self) -> int:
        """How many events there were that never came."""
        return self.lost + sum(last - first + 1 for first, last in self.gaps)

    def after(self, came: Iterable[tuple[int, bool]]) -> Self:
        """Return this after events came: the number of each, and whether it had come before."""
        now = self
        for number, is_repeated in sorted(came):
            now = now._after_one(number, is_repeated=is_repeated)
        return now

    def after_word(self, told: int) -> Self:
        """Return this after the browser said that all up to `told` were delivered."""
        if told <= self.highest:
            return self
        return replace(self._with((*self.gaps, (self.highest + 1, told))), highest=told)

    def _after_one(self, number: int, *, is_repeated: bool) -> Self:
        if number > self.highest:
            return replace(self.after_word(number - 1), highest=number)
        if any(first <= number <= last for first, last in self.gaps):
            return self._with(part for gap in self.gaps for part in _without(number, gap))
        if is_repeated:
            return self
        return replace(self, highest=number, restarts=self.restarts + 1)

    def _with(self, gaps: Iterable[Gap]) -> Self:
        kept = tuple(gaps)
        gone = kept[:-MOST_GAPS]
        lost = self.lost + sum(last - first + 1 for first, last in gone)
        return replace(self, gaps=kept[-MOST_GAPS:], lost=lost)


def _without(number: int, gap: Gap) -> tuple[Gap, ...]:
    first, last = gap
    if not first <= number <= last:
        return (gap,)
    parts = ((first, number - 1), (number + 1, last))
    return tuple((start, end) for start, end in parts if start <= end)
