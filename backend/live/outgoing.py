"""Frames on their way to one socket: in order, bounded, given up when the peer does not read."""

import asyncio
from collections import deque
from typing import Final

from backend.live.messages import LARGEST_OUT, Close

MOST_FRAMES: Final = 1000
_PATIENT_BELOW: Final = LARGEST_OUT // 4


class Outgoing:
    """What waits for one socket. Above 256 KiB or 1,000 frames the socket counts as slow.

    The transport behind it holds at most its own high-water mark more, because the writer waits.
    """

    def __init__(self) -> None:
        self.closed_with: Close | None = None
        self.closed = asyncio.Event()
        self._frames: deque[str] = deque()
        self._newest: dict[str, str] = {}
        self._waiting_bytes = 0
        self._changed = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()

    @property
    def waiting_bytes(self) -> int:
        """How much waits."""
        return self._waiting_bytes

    def put(self, frame: str) -> None:
        """Send a frame after those before it."""
        if self.closed_with is not None:
            return
        self._waiting_bytes += _size(frame)
        if self._waiting_bytes > LARGEST_OUT or len(self._frames) >= MOST_FRAMES:
            self.close(Close.SLOW)
            return
        self._frames.append(frame)
        if self._waiting_bytes > _PATIENT_BELOW:
            self._has_room.clear()
        self._changed.set()

    def put_newest(self, key: str, frame: str) -> None:
        """Send a frame soon; a waiting one with the same key is replaced by it."""
        if self.closed_with is None:
            if len(self._newest) >= MOST_FRAMES:
                self.close(Close.SLOW)
            self._newest[key] = frame
            self._changed.set()

    async def put_when_room(self, frame: str) -> None:
        """Send a frame once the peer has read enough of what is before it."""
        await self._has_room.wait()
        self.put(frame)

    def close(self, code: Close) -> None:
        """Close after what waits; a slow peer gets nothing more. The first reason stands."""
        if self.closed_with is None:
            self.closed_with = code
            if code is Close.SLOW:
                self._frames.clear()
                self._newest.clear()
            self.closed.set()
            self._changed.set()
            self._has_room.set()

    async def next(self) -> str | None:
        """Return what to send next; None when closed and nothing waits any more."""
        while not self._frames and not self._newest:
            if self.closed_with is not None:
                return None
            self._changed.clear()
            await self._changed.wait()
        if not self._frames:
            return self._newest.pop(next(iter(self._newest)))
        frame = self._frames.popleft()
        self._waiting_bytes -= _size(frame)
        if self._waiting_bytes <= _PATIENT_BELOW:
            self._has_room.set()
        return frame


def _size(frame: str) -> int:
    return len(frame) if frame.isascii() else len(frame.encode())
