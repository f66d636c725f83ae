"""Keeps what was read for a client for a short while, so that a hot path need not read it again."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID
from weakref import WeakValueDictionary

from backend.core.recent import Recent
from backend.core.scope import Acting, Scope

Value = TypeVar("Value")
OLDEST_SECONDS: Final = 30.0
MOST_CLIENTS: Final = 4096


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Value]):
    value: Value
    msp_id: UUID
    until: float


class ClientCache(Generic[Value]):
    """One value per client, for the MSP it was read for; the least recently used goes first.

    Rows are read in a scope of both ids, so a value is given only to the MSP it was read for.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._kept: Recent[UUID, _Kept[Value]] = Recent(MOST_CLIENTS)
        self._reading: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self._invalidations = 0

    async def get(
        self, client_id: UUID, scope: Scope, read: Callable[[], Awaitable[Value]]
    ) -> Value:
        """Return the kept value, or read it; many callers at once cause one reading.

        Staff of an MSP always read: whether they may enter the client is for the database to say.
        """
        msp_id = scope.msp_id
        if scope.acting is Acting.STAFF:
            return await read()
        kept = self._fresh(client_id, msp_id)
        if kept is not None:
            return kept.value
        lock = self._reading.setdefault(client_id, asyncio.Lock())
        async with lock:
            kept = self._fresh(client_id, msp_id)
            if kept is not None:
                return kept.value
            before = self._invalidations
            value = await read()
            if before == self._invalidations:
                self._keep(client_id, msp_id, value)
            return value

    def invalidate(self, client_id: UUID) -> None:
        """Forget a client, also when it is being read right now."""
        self._invalidations += 1
        self._kept.forget(client_id)

    def _fresh(self, client_id: UUID, msp_id: UUID) -> _Kept[Value] | None:
        kept = self._kept.get(client_id)
        if kept is None or kept.msp_id != msp_id or kept.until <= self._monotonic():
            return None
        return kept

    def _keep(self, client_id: UUID, msp_id: UUID, value: Value) -> None:
        until = self._monotonic() + OLDEST_SECONDS
        self._kept.keep(client_id, _Kept(value, msp_id, until))
