"""Waiting for what comes in its own time; of what does not, it is said what was there instead."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TypeVar, overload

Seen = TypeVar("Seen")
SECONDS = 30.0
"""As long as a busy machine may take."""
PAUSE = 0.05


@overload
async def until(
    look: Callable[[], Awaitable[Seen]],
    is_there: Callable[[Seen], object] = bool,
    *,
    what: str,
    seconds: float = SECONDS,
) -> Seen: ...


@overload
async def until(
    look: Callable[[], Seen],
    is_there: Callable[[Seen], object] = bool,
    *,
    what: str,
    seconds: float = SECONDS,
) -> Seen: ...


async def until(
    look: Callable[[], Awaitable[Seen] | Seen],
    is_there: Callable[[Seen], object] = bool,
    *,
    what: str,
    seconds: float = SECONDS,
) -> Seen:
    """Look again and again until it is there, and return it."""
    end = monotonic() + seconds
    while True:
        is_last = monotonic() > end
        found = look()
        seen: Seen = await found if inspect.isawaitable(found) else found
        if is_there(seen):
            return seen
        if is_last:
            raise AssertionError(f"not within {seconds:g} s: {what}; there was: {seen!r}")
        await asyncio.sleep(PAUSE)
