"""The bus of many processes: Redis pub/sub that may be away without anybody waiting for it."""

import asyncio
import contextlib
import hmac
import random
import secrets
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import islice
from typing import Any, Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from backend.core.arrivals import Arrivals

MOST_UNSENT: Final = 10_000
LARGEST_GROUP: Final = 500
ANSWER_SECONDS: Final = 1.0
SILENCE_SECONDS: Final = 5.0
FIRST_WAIT_SECONDS: Final = 0.1
LONGEST_WAIT_SECONDS: Final = 5.0
KEEP_OPEN: Final = "qg:open"  # a subscriber without a channel would be closed by its own client
ORIGIN_BYTES: Final = 16
SIGNATURE_BYTES: Final = 16
_HEAD_BYTES: Final = ORIGIN_BYTES + SIGNATURE_BYTES
_AWAY: Final = (RedisError, OSError, TimeoutError, RuntimeError)
_log = structlog.get_logger(__name__)


class RedisBus:
    """One sender and one subscriber, each coming back by itself, with jitter.

    A message reaches this process's own consumer directly, so a single process stays live while
    Redis is away; its echo from Redis is known by its origin and dropped. So is what is not signed
    with our key for the very channel it came on: Redis may be anybody's to write.
    """

    def __init__(self, url: str, key: bytes) -> None:
        self._redis: Redis = Redis.from_url(
            url, socket_connect_timeout=2, socket_timeout=2, retry=Retry(NoBackoff(), 0)
        )
        self._origin = secrets.token_bytes(ORIGIN_BYTES)
        self._key = key
        self._arrivals = Arrivals()
        self._unsent: deque[tuple[str, bytes]] = deque()
        self._has_unsent = asyncio.Event()
        self._all_sent = asyncio.Event()
        self._all_sent.set()
        self._wanted: set[str] = set()
        self._answers: dict[str, asyncio.Future[None]] = {}
        self._pubsub: PubSub | None = None
        self._can_send = True
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_healthy(self) -> bool:
        """Whether we hear others and they have heard all of us."""
        return self._pubsub is not None and self._can_send

    async def open(self) -> None:
        """Begin to connect, again and again until it works; nothing fails the start."""
        self._start(self._send_for_ever())
        self._start(self._receive_for_ever())

    async def close(self) -> None:
        """Send what waits, for a second at most; then end everything."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._all_sent.wait(), ANSWER_SECONDS)
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._drop_subscriber()
        with contextlib.suppress(*_AWAY):
            await self._redis.aclose()
        self._arrivals.close()

    async def publish(self, channel: str, payload: bytes) -> None:
        """Hand over for sending; when too much waits for Redis, the oldest hint is given up."""
        if channel in self._wanted:
            self._arrivals.put(channel, payload)
        if len(self._unsent) >= MOST_UNSENT:
            self._unsent.popleft()
        self._unsent.append((channel, payload))
        self._has_unsent.set()
        self._all_sent.clear()

    async def subscribe(self, channel: str) -> None:
        """Receive `channel` from now on, also after a reconnect; waits for Redis to confirm."""
        self._wanted.add(channel)
        pubsub = self._pubsub
        if pubsub is None:
            return
        answer = self._answers[channel] = asyncio.get_running_loop().create_future()
        try:
            await pubsub.subscribe(channel)
            await asyncio.wait_for(answer, ANSWER_SECONDS)
        except _AWAY:
            await self._drop_subscriber()  # the receiver notices and connects anew
        finally:
            self._answers.pop(channel, None)

    async def unsubscribe(self, channel: str) -> None:
        """Receive `channel` no longer."""
        self._wanted.discard(channel)
        if self._pubsub is not None:
            with contextlib.suppress(*_AWAY):
                await self._pubsub.unsubscribe(channel)

    def messages(self) -> AsyncIterator[tuple[str, bytes]]:
        """Yield (channel, payload) until closed."""
        return self._arrivals.messages()

    def on_reconnect(self, call: Callable[[], Awaitable[None]]) -> None:
        """Call after each regained connection, and after an overflow."""
        self._arrivals.on_loss(call)

    async def _send_for_ever(self) -> None:
        wait = FIRST_WAIT_SECONDS
        while True:
            await self._has_unsent.wait()
            group = list(islice(self._unsent, LARGEST_GROUP))
            try:
                pipeline = self._redis.pipeline(transaction=False)
                for channel, payload in group:
                    pipeline.execute_command("PUBLISH", channel, self._signed(channel, payload))
                await pipeline.execute()
            except Exception as error:  # noqa: BLE001 -- whatever it was, the sender goes on
                _log.warning("bus_publish_failed", kind=type(error).__name__, unsent=len(group))
                self._can_send = False
                wait = await _slept(wait)
                continue
            self._can_send, wait = True, FIRST_WAIT_SECONDS
            self._forget(group)

    def _forget(self, group: list[tuple[str, bytes]]) -> None:
        for message in group:  # an overflow may have given some up meanwhile
            if self._unsent and self._unsent[0] is message:
                self._unsent.popleft()
        if not self._unsent:
            self._has_unsent.clear()
            self._all_sent.set()

    async def _receive_for_ever(self) -> None:
        wait, has_lost = FIRST_WAIT_SECONDS, False
        while True:
            try:
                pubsub = await self._connected()
                if has_lost:
                    self._start(self._arrivals.tell_of_loss())
                wait, has_lost = FIRST_WAIT_SECONDS, True
                await self._receive(pubsub)
            except Exception as error:  # noqa: BLE001 -- whatever it was, the receiver goes on
                has_lost = True
                _log.warning("bus_lost", kind=type(error).__name__)
            await self._drop_subscriber()
            wait = await _slept(wait)

    async def _connected(self) -> PubSub:
        pubsub = self._redis.pubsub()
        asked = {KEEP_OPEN, *self._wanted}
        try:
            await pubsub.subscribe(*asked)
            answer = await pubsub.get_message(timeout=ANSWER_SECONDS)
        except BaseException:
            await _close(pubsub)
            raise
        if answer is None:
            await _close(pubsub)
            raise TimeoutError
        self._pubsub = pubsub
        late = self._wanted - asked  # wanted while we were connecting
        if late:
            await pubsub.subscribe(*late)
        return pubsub

    async def _receive(self, pubsub: PubSub) -> None:
        is_asked = False
        while self._pubsub is pubsub:
            message = await pubsub.get_message(timeout=SILENCE_SECONDS)
            if message is not None:
                is_asked = False
                self._take(message)
            elif is_asked:
                raise TimeoutError
            else:
                is_asked = True
                await pubsub.ping()

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "message":
            channel, data = message["channel"].decode(), message["data"]
            if data[:ORIGIN_BYTES] != self._origin:
                self._take_of_others(channel, data)
        elif message["type"] == "subscribe":
            answer = self._answers.get(message["channel"].decode())
            if answer is not None and not answer.done():
                answer.set_result(None)

    def _take_of_others(self, channel: str, data: bytes) -> None:
        signature, said = data[ORIGIN_BYTES:_HEAD_BYTES], data[:ORIGIN_BYTES] + data[_HEAD_BYTES:]
        if hmac.compare_digest(signature, self._signature(channel, said)):
            self._arrivals.put(channel, data[_HEAD_BYTES:])
        else:
            _log.warning("bus_message_not_ours")

    def _signed(self, channel: str, payload: bytes) -> bytes:
        """Return origin, signature and payload as they travel."""
        return self._origin + self._signature(channel, self._origin + payload) + payload

    def _signature(self, channel: str, said: bytes) -> bytes:
        """Return 128 bits of HMAC-SHA256 (RFC 2104) over the channel and what is said there."""
        return hmac.digest(self._key, channel.encode() + b"\0" + said, "sha256")[:SIGNATURE_BYTES]

    async def _drop_subscriber(self) -> None:
        pubsub, self._pubsub = self._pubsub, None
        if pubsub is not None:
            await _close(pubsub)

    def _start(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _slept(wait: float) -> float:
    """Wait with jitter and return how long to wait the next time."""
    await asyncio.sleep(wait * (0.5 + random.random()))  # noqa: S311 -- jitter, not secrecy
    return min(wait * 2, LONGEST_WAIT_SECONDS)


async def _close(pubsub: PubSub) -> None:
    with contextlib.suppress(*_AWAY):
        await pubsub.aclose()  # type: ignore[no-untyped-call]
