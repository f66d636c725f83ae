"""Messages that have arrived and wait for their one consumer; what does not fit is owned up to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

import structlog

MOST_WAITING: Final = 100_000
_log = structlog.get_logger(__name__)


class Arrivals:
    """A bounded queue that knows when it has lost something, and whom to tell."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._waiting: asyncio.Queue[tuple[str, bytes] | None] = asyncio.Queue(most_waiting)
        self._calls: list[Callable[[], Awaitable[None]]] = []
        self._has_lost = False

    def on_loss(self, call: Callable[[], Awaitable[None]]) -> None:
        """Call when messages were lost and the queue is empty again."""
        self._calls.append(call)

    def put(self, channel: str, payload: bytes) -> None:
        """Add a message, or remember that one was lost."""
        try:
            self._waiting.put_nowait((channel, payload))
        except asyncio.QueueFull:
            self._has_lost = True

    async def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield messages until closed."""
        while (message := await self._waiting.get()) is not None:
            yield message
            if self._has_lost and self._waiting.empty():
                self._has_lost = False
                await self.tell_of_loss()

    async def tell_of_loss(self) -> None:
        """Make the calls; one that fails stops neither the others nor us."""
        for call in self._calls:
            try:
                await call()
            except Exception as error:  # noqa: BLE001 -- whoever is told must not stop the bus
                _log.warning("catching_up_failed", kind=type(error).__name__)

    def close(self) -> None:
        """End `messages` at once."""
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put_nowait(None)
