"""Messages between processes: Redis pub/sub, or the same within one process."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Final, Protocol

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

Reconnected = Callable[[], Awaitable[None]]
_log = structlog.get_logger(__name__)
_LONGEST_WAIT_SECONDS: Final = 5.0
_QUEUE: Final = 100_000


class Bus(Protocol):
    """Carries hints. Losing one loses nothing: state is in the database."""

    @property
    def is_healthy(self) -> bool:
        """Whether messages reach other processes right now."""
        ...

    async def open(self) -> None:
        """Connect."""
        ...

    async def close(self) -> None:
        """Disconnect."""
        ...

    async def publish(self, channel: str, payload: bytes) -> None:
        """Send to every subscriber; never raises, because a hint is never worth a failure."""
        ...

    async def subscribe(self, channel: str) -> None:
        """Receive `channel` from now on."""
        ...

    async def unsubscribe(self, channel: str) -> None:
        """Receive `channel` no longer."""
        ...

    def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield (channel, payload) until closed; one consumer."""
        ...

    def on_reconnect(self, call: Reconnected) -> None:
        """Call after each lost and regained connection: messages may be missing."""
        ...


class InProcessBus:
    """A bus for the only process there is."""

    def __init__(self) -> None:
        self._channels: set[str] = set()
        self._queue: asyncio.Queue[tuple[str, bytes] | None] = asyncio.Queue(_QUEUE)

    @property
    def is_healthy(self) -> bool:
        """There is nothing that could be away."""
        return True

    async def open(self) -> None:
        """Need nothing."""

    async def close(self) -> None:
        """End `messages`."""
        with contextlib.suppress(asyncio.QueueFull):
            self._queue.put_nowait(None)

    async def publish(self, channel: str, payload: bytes) -> None:
        """Hand over to this process's consumer, if it listens."""
        if channel in self._channels:
            with contextlib.suppress(asyncio.QueueFull):
                self._queue.put_nowait((channel, payload))

    async def subscribe(self, channel: str) -> None:
        """Receive `channel` from now on."""
        self._channels.add(channel)

    async def unsubscribe(self, channel: str) -> None:
        """Receive `channel` no longer."""
        self._channels.discard(channel)

    async def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield (channel, payload) until closed."""
        while (message := await self._queue.get()) is not None:
            yield message

    def on_reconnect(self, call: Reconnected) -> None:
        """Never happens here."""


class RedisBus:
    """One publisher and one subscriber connection; both come back by themselves."""

    def __init__(self, url: str) -> None:
        self._redis: Redis = Redis.from_url(
            url, socket_connect_timeout=2, socket_timeout=2, health_check_interval=0
        )
        self._listener: Redis = Redis.from_url(url, socket_connect_timeout=2)
        self._pubsub = self._listener.pubsub(ignore_subscribe_messages=True)
        self._wanted: set[str] = set()
        self._calls: list[Reconnected] = []
        self._is_listening = False
        self._is_closed = False

    @property
    def is_healthy(self) -> bool:
        """Whether the subscriber is connected."""
        return self._is_listening

    async def open(self) -> None:
        """Do nothing: `messages` connects, again and again, and nothing fails the start."""

    async def close(self) -> None:
        """End both connections."""
        self._is_closed = True
        for part in (self._pubsub, self._redis, self._listener):
            with contextlib.suppress(RedisError, OSError):
                await _closed(part)

    async def publish(self, channel: str, payload: bytes) -> None:
        """Send; when Redis is away the periodic catch-up heals what was missed."""
        try:
            await self._redis.publish(channel, payload)
        except (RedisError, OSError, TimeoutError) as error:
            _log.warning("bus_publish_failed", kind=type(error).__name__)

    async def subscribe(self, channel: str) -> None:
        """Receive `channel` from now on, also after a reconnect."""
        self._wanted.add(channel)
        if self._is_listening:
            with contextlib.suppress(RedisError, OSError):
                await self._pubsub.subscribe(channel)

    async def unsubscribe(self, channel: str) -> None:
        """Receive `channel` no longer."""
        self._wanted.discard(channel)
        if self._is_listening:
            with contextlib.suppress(RedisError, OSError):
                await self._pubsub.unsubscribe(channel)

    def on_reconnect(self, call: Reconnected) -> None:
        """Call after each regained connection."""
        self._calls.append(call)

    async def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield (channel, payload); reconnect with jitter until closed."""
        wait, is_first = 0.1, True
        while not self._is_closed:
            try:
                # A channel of our own keeps the connection open while nobody is subscribed.
                await self._pubsub.subscribe("qg:open", *self._wanted)
                self._is_listening = True
                if not is_first:
                    for call in self._calls:
                        await call()
                is_first, wait = False, 0.1
                async for message in self._pubsub.listen():
                    yield message["channel"].decode(), message["data"]
            except (RedisError, OSError, TimeoutError, RuntimeError) as error:
                if not self._is_closed:
                    _log.warning("bus_lost", kind=type(error).__name__)
            is_first = False
            self._is_listening = False
            with contextlib.suppress(RedisError, OSError):
                await _closed(self._pubsub)
            self._pubsub = self._listener.pubsub(ignore_subscribe_messages=True)
            await asyncio.sleep(wait * (0.5 + random.random()))  # noqa: S311 -- jitter, not secrecy
            wait = min(wait * 2, _LONGEST_WAIT_SECONDS)


async def _closed(part: Any) -> None:
    """Close a part of the client, whose method has no types."""
    await part.aclose()
