"""Hints between processes: what every bus can do, and the bus of a single process."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

from backend.core.arrivals import MOST_WAITING, Arrivals

Reconnected = Callable[[], Awaitable[None]]


class Bus(Protocol):
    """Carries hints. Losing one loses nothing: state is in the database."""

    @property
    def is_healthy(self) -> bool:
        """Whether messages reach other processes right now."""
        ...

    async def open(self) -> None:
        """Begin to connect; a bus that cannot connect yet does not fail the start."""
        ...

    async def close(self) -> None:
        """Disconnect and end `messages`."""
        ...

    async def publish(self, channel: str, payload: bytes) -> None:
        """Hand over for sending, in order; never waits for the network and never raises."""
        ...

    async def subscribe(self, channel: str) -> None:
        """Receive `channel` from now on: what is published after this returns arrives."""
        ...

    async def unsubscribe(self, channel: str) -> None:
        """Receive `channel` no longer."""
        ...

    def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield (channel, payload) until closed; for one consumer."""
        ...

    def on_reconnect(self, call: Reconnected) -> None:
        """Call whenever messages may have been lost and arrive again."""
        ...


class InProcessBus:
    """A bus for the only process there is."""

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._channels: set[str] = set()
        self._arrivals = Arrivals(most_waiting)

    @property
    def is_healthy(self) -> bool:
        """There is nothing that could be away."""
        return True

    async def open(self) -> None:
        """Need nothing."""

    async def close(self) -> None:
        """End `messages` at once."""
        self._arrivals.close()

    async def publish(self, channel: str, payload: bytes) -> None:
        """Hand over to this process's consumer, if it listens."""
        if channel in self._channels:
            self._arrivals.put(channel, payload)

    async def subscribe(self, channel: str) -> None:
        """Receive `channel` from now on."""
        self._channels.add(channel)

    async def unsubscribe(self, channel: str) -> None:
        """Receive `channel` no longer."""
        self._channels.discard(channel)

    def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield (channel, payload) until closed."""
        return self._arrivals.messages()

    def on_reconnect(self, call: Reconnected) -> None:
        """Call after an overflow, the only way to lose anything here."""
        self._arrivals.on_loss(call)
