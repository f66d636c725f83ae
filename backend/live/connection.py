"""One socket: what it may see, what waits to be sent, and when it is too slow."""

import asyncio
import json
from typing import Final
from uuid import UUID

from backend.live.messages import LARGEST_OUT, Close, envelope

_MOST_WAITING: Final = 1000


class Connection:
    """The sending half of a socket. Policy news replace each other; feed events are bounded."""

    def __init__(self, msp_id: UUID, tenant_id: UUID, client_id: UUID | None) -> None:
        self.msp_id = msp_id
        self.tenant_id = tenant_id
        self.client_id = client_id
        self.policy_version = 0
        self.wants_policy = False
        self.feed_clients: set[UUID] | None = set()
        self.offsets: dict[UUID, int] = {}
        self.closed_with: Close | None = None
        self._held: list[tuple[str, UUID, int]] | None = []
        self._frames: asyncio.Queue[str | Close] = asyncio.Queue(_MOST_WAITING)
        self._policy: str | None = None
        self._waiting_bytes = 0

    def wants_feed(self, client_id: UUID) -> bool:
        """Return whether this socket subscribed to a client's violations; None means to all."""
        return self.feed_clients is None or client_id in self.feed_clients

    def offer_policy(self, version: int, etag: str, client_id: str | None = None) -> None:
        """Send a version unless a newer one was sent; an unsent older one is replaced."""
        if not self.wants_policy or (self.client_id and version <= self.policy_version):
            return
        self.policy_version = version
        content = {"version": version, "etag": etag, "client_id": client_id or str(self.client_id)}
        is_waiting = self._policy is not None
        self._policy = envelope("policy.changed", content, "policy", version)
        if not is_waiting:
            self._put("")

    def send_event(self, frame: str, client_id: UUID, offset: int) -> None:
        """Send a feed event once; while history is being read, hold it back."""
        if self._held is not None:
            self._held.append((frame, client_id, offset))
            return
        if offset > self.offsets.get(client_id, 0):
            self.offsets[client_id] = offset
            self._put(frame)

    def release(self) -> None:
        """Send what was held back while history was read, without repeating any of it."""
        held, self._held = self._held or [], None
        for frame, client_id, offset in held:
            self.send_event(frame, client_id, offset)

    def send(self, frame: str) -> None:
        """Send a message of the protocol itself."""
        self._put(frame)

    def close(self, code: Close) -> None:
        """Close after what waits, or at once when too much waits."""
        if self.closed_with is None:
            self.closed_with = code
            if self._frames.full():
                self._frames.get_nowait()
            self._frames.put_nowait(code)

    def _put(self, frame: str) -> None:
        if self.closed_with is not None:
            return
        self._waiting_bytes += len(frame)
        if self._frames.full() or self._waiting_bytes > LARGEST_OUT:
            self.close(Close.SLOW)
        else:
            self._frames.put_nowait(frame)

    async def next_frame(self) -> str | Close:
        """Return what to send next; an empty frame stands for the newest policy."""
        frame = await self._frames.get()
        if isinstance(frame, Close):
            return frame
        self._waiting_bytes -= len(frame)
        if frame == "":
            frame, self._policy = self._policy or "", None
        return frame


def readable(text: str) -> dict[str, object] | None:
    """Return a message as an object, else None."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) and isinstance(message.get("t"), str) else None
