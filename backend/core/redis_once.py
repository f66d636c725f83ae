"""Marks that several processes remember together, in Redis; while it is away each for itself."""

import asyncio
import time
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from backend.core.once import MemoryOnce

ANSWER_SECONDS: Final = 0.25
AWAY_SECONDS: Final = 1.0
LARGEST_GROUP: Final = 500
_PREFIX: Final = b"qg:once:"
_AWAY: Final = (RedisError, OSError, TimeoutError, RuntimeError)
_log = structlog.get_logger(__name__)
Wanted = tuple[bytes, int, "asyncio.Future[bool]"]


class RedisOnce:
    """Asks its own memory first, then Redis, many marks in one round trip.

    With Redis dead a mark can pass once in each process, for two minutes at most: what is said in
    the name of a browser is still signed by its key.
    """

    is_lasting = True

    def __init__(self, url: str, patience: float = ANSWER_SECONDS) -> None:
        """Take `redis://` or `rediss://`, and how many seconds an answer is waited for."""
        self._patience = patience
        self._redis: Redis = Redis.from_url(
            url, socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 0)
        )
        self._memory = MemoryOnce()
        self._waiting: list[Wanted] = []
        self._asking: asyncio.Task[None] | None = None
        self._away_until = 0.0

    async def take(self, mark: bytes, until: int) -> bool:
        """Return True the first time; False for a mark seen before, in whichever process."""
        now = time.time()
        if not self._memory.take_here(mark, until, now):
            return False
        if self._away_until > time.monotonic():
            return True
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((mark, max(1, until - int(now) + 1), answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_all())
        return await answer

    async def close(self) -> None:
        """Hang up."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        await self._redis.aclose()

    async def _ask_all(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = (
                    self._waiting[:LARGEST_GROUP],
                    self._waiting[LARGEST_GROUP:],
                )
                answers = await self._ask(group)
                for (_, _, answer), is_new in zip(group, answers, strict=True):
                    if not answer.done():
                        answer.set_result(is_new)
        finally:
            self._asking = None

    async def _ask(self, group: list[Wanted]) -> list[bool]:
        pipeline = self._redis.pipeline(transaction=False)
        for mark, seconds, _ in group:
            _ = pipeline.set(_PREFIX + mark, b"", nx=True, ex=seconds)
        asked = asyncio.ensure_future(pipeline.execute())
        try:
            # In halves: a process kept busy past the first has not waited, it has not looked yet.
            for _ in range(2):
                await asyncio.wait({asked}, timeout=self._patience / 2)
            if not asked.done():
                raise TimeoutError
            return [bool(answer) for answer in asked.result()]
        except _AWAY as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            _log.warning("once_in_memory_only", kind=type(error).__name__)
            return [True] * len(group)
        finally:
            asked.cancel()
