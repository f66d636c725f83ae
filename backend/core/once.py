"""What may happen once only: marks that are remembered until they cannot come again."""

import time
from typing import Final, Protocol

from backend.core.errors import Unavailable

SPAN_SECONDS: Final = 30
MOST_MARKS: Final = 1_000_000


class Once(Protocol):
    """Remembers marks; `is_lasting` says whether also those of a process before this one."""

    is_lasting: bool

    async def take(self, mark: bytes, until: int) -> bool:
        """Return True the first time; False for a mark seen before. `until` in epoch seconds."""
        ...

    async def close(self) -> None:
        """Let go of what is held."""
        ...


class MemoryOnce:
    """The memory of one process. Full it refuses everything new rather than let a mark pass twice.

    Marks are kept by the half minute in which they end, so that forgetting drops whole sets. A mark
    and its place in a set take about 100 bytes: 100 MB when full.
    """

    is_lasting = False

    def __init__(self, most: int = MOST_MARKS) -> None:
        self._most = most
        self._spans: dict[int, set[bytes]] = {}
        self._count = 0

    async def take(self, mark: bytes, until: int) -> bool:
        """Return True the first time; False for a mark seen before. Raise Unavailable when full."""
        return self.take_here(mark, until, time.time())

    async def close(self) -> None:
        """Hold nothing."""

    def take_here(self, mark: bytes, until: int, now: float) -> bool:
        """Take without waiting; `now` in epoch seconds."""
        span = until // SPAN_SECONDS
        marks = self._spans.get(span)
        if marks is None:
            self._forget(now)
            marks = self._spans[span] = set()
        if mark in marks:
            return False
        if self._count >= self._most:
            self._forget(now)
            if self._count >= self._most:
                raise Unavailable(
                    "Too many signed requests came in the last minutes to tell a new one from a "
                    "repeated one. Wait a little and send it again.",
                    retry_after_seconds=SPAN_SECONDS,
                )
        marks.add(mark)
        self._count += 1
        return True

    def _forget(self, now: float) -> None:
        for span in [one for one in self._spans if (one + 1) * SPAN_SECONDS <= now]:
            self._count -= len(self._spans.pop(span))
