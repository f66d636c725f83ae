"""Brings each event of the bus to every socket of this process that may see it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

import msgspec
import structlog

from backend.core.bus import Bus
from backend.live.announcements import Announcement, understood
from backend.live.channels import ALL_POLICIES, FEED
from backend.live.connection import Connection
from backend.live.messages import Close, envelope

Versions = Callable[[set[UUID]], Awaitable[dict[UUID, tuple[int, str]]]]
"""The policy version of each client, and a mark of its latest change about AI services."""
Changed = Callable[[UUID], None]
CATCH_UP_SECONDS: Final = 30.0
TICK_SECONDS: Final = 2.0
OVERLAP_SECONDS: Final = 10.0
DRAIN_SECONDS: Final = 3.0
MOST_PER_SESSION: Final = 20
_YIELD_EVERY: Final = 500
_log = structlog.get_logger(__name__)


class Hub:
    """The sockets of one process, by the channel they live on."""

    def __init__(
        self,
        bus: Bus,
        versions: Versions,
        on_policy_hint: Changed,
        tick_seconds: float = TICK_SECONDS,
    ) -> None:
        self._bus = bus
        self._tick_seconds = tick_seconds
        self._versions = versions
        self._on_policy_hint = on_policy_hint
        self._sockets: dict[str, set[Connection]] = {}
        self._of_session: dict[UUID, set[Connection]] = {}
        self._subscribed: set[str] = set()
        self._subscribing = asyncio.Lock()
        self._owes_catching_up = False
        self._tasks: list[asyncio.Task[None]] = []
        self._is_draining = False
        self._is_empty = asyncio.Event()
        self._is_empty.set()
        self._heard_all_at = self._compared_at = time.monotonic()
        bus.on_reconnect(self.catch_up)

    @property
    def count(self) -> int:
        """How many sockets are open here."""
        return sum(map(len, self._sockets.values()))

    async def start(self) -> None:
        """Begin to listen to the bus and to compare versions now and then."""
        await self._bus.subscribe(ALL_POLICIES)
        self._heard_all_at = self._compared_at = time.monotonic()
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._regularly())]

    async def stop(self) -> None:
        """Close what is open and stop listening."""
        await self.drain()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def drain(self) -> None:
        """Tell every socket to come back to another process, and wait a little while they go."""
        self._is_draining = True
        for socket in self._all():
            socket.outgoing.close(Close.RESTART)
        try:
            await asyncio.wait_for(self._is_empty.wait(), DRAIN_SECONDS)
        except TimeoutError:
            _log.warning("sockets_left", count=self.count)

    async def add(self, socket: Connection) -> bool:
        """Enter a socket; from here on it misses nothing. Return False where it may not stay."""
        if self._is_draining:
            socket.outgoing.close(Close.RESTART)
            return False
        others = self._of_session.setdefault(socket.session_id, set())
        if len(others) >= MOST_PER_SESSION:
            socket.outgoing.close(Close.LIMIT)
            return False
        others.add(socket)
        self._is_empty.clear()
        self._sockets.setdefault(socket.channel, set()).add(socket)
        async with self._subscribing:  # the second socket of a channel waits for the first one's
            if socket.channel not in self._subscribed:
                self._subscribed.add(socket.channel)
                await self._bus.subscribe(socket.channel)
        return True

    async def remove(self, socket: Connection) -> None:
        """Forget a socket, and its channel with the last one."""
        here = self._sockets.get(socket.channel, set())
        if socket not in here:
            return
        here.discard(socket)
        others = self._of_session[socket.session_id]
        others.discard(socket)
        if not others:
            del self._of_session[socket.session_id]
        if not here:
            del self._sockets[socket.channel]
        if not self._sockets:
            self._is_empty.set()
        async with self._subscribing:
            if socket.channel in self._subscribed and socket.channel not in self._sockets:
                self._subscribed.discard(socket.channel)
                await self._bus.unsubscribe(socket.channel)

    def end_session(self, session_id: UUID) -> None:
        """Close the sockets of a session that has ended."""
        for socket in tuple(self._of_session.get(session_id, ())):
            _end(socket)

    async def catch_up(self) -> None:
        """Compare every client here with the database, in one query; replay what feeds missed."""
        self._owes_catching_up = True
        missed_seconds = time.monotonic() - self._heard_all_at + OVERLAP_SECONDS
        await self._compare_versions()
        for socket in self._all():
            if socket.catch_up_feed is not None:
                await socket.catch_up_feed(missed_seconds)
        self._owes_catching_up = False
        if self._bus.is_healthy:
            self._heard_all_at = time.monotonic()

    async def _compare_versions(self) -> None:
        told = [(s.client_id, s) for s in self._all() if s.wants_policy and s.client_id is not None]
        newest = await self._versions({client_id for client_id, _ in told}) if told else {}
        self._compared_at = time.monotonic()
        for client_id, socket in told:
            version, mark = newest.get(client_id, (0, ""))
            if version > socket.version_of(client_id):
                self._on_policy_hint(client_id)
                socket.offer_policy(client_id, version, "")
            if socket.is_news_of_services(client_id, mark):
                self._on_policy_hint(client_id)
                socket.offer_services(client_id, mark)

    async def _listen(self) -> None:
        async for channel, payload in self._bus.messages():
            try:
                await self._deliver(channel, understood(payload))
            except msgspec.MsgspecError:
                _log.warning("bus_message_unreadable")
            except Exception as error:  # noqa: BLE001 -- one event must not silence all others
                _log.error("event_not_delivered", kind=type(error).__name__)

    async def _deliver(self, channel: str, announcement: Announcement) -> None:
        if announcement.kind in {"policy.changed", "services.changed", "exception.decided"}:
            self._on_policy_hint(announcement.client_id)
        frame = _frame(announcement)
        for count, socket in enumerate(tuple(self._sockets.get(channel, ())), start=1):
            _tell(socket, announcement, frame)
            if count % _YIELD_EVERY == 0:
                await asyncio.sleep(0)

    async def _regularly(self) -> None:
        """Compare every 30 s; while the bus is away, look for everything every 2 s instead."""
        while True:
            await asyncio.sleep(self._tick_seconds)
            try:
                if self._owes_catching_up or not self._bus.is_healthy:
                    await self.catch_up()
                    continue
                self._heard_all_at = time.monotonic()
                if time.monotonic() - self._compared_at >= CATCH_UP_SECONDS:
                    await self._compare_versions()
            except Exception as error:  # noqa: BLE001 -- tried again at the next tick
                _log.warning("catching_up_failed", kind=type(error).__name__)

    def _all(self) -> list[Connection]:
        return [socket for sockets in self._sockets.values() for socket in sockets]


def _frame(announcement: Announcement) -> str:
    """Return what sockets get, built once whatever their number."""
    if announcement.kind == "feed.event":
        return envelope("feed.event", announcement.content, FEED, announcement.offset)
    if announcement.kind == "feed.note":
        return envelope("feed.event", announcement.content, FEED)  # no place in the sequence
    if announcement.kind == "exception.decided":
        return envelope("exception.decided", announcement.content)
    return ""


def _tell(socket: Connection, announcement: Announcement, frame: str) -> None:
    client_id = announcement.client_id
    if announcement.kind == "policy.changed":
        socket.offer_policy(client_id, announcement.offset, announcement.etag)
    elif announcement.kind == "services.changed":
        socket.offer_services(client_id, announcement.etag)
    elif announcement.kind == "feed.event":
        if socket.wants_feed(client_id):
            socket.send_event(frame, client_id, announcement.offset)
    elif announcement.kind == "feed.note":
        if socket.wants_feed(client_id):
            socket.outgoing.put(frame)
    elif announcement.subject not in socket.identities:
        return
    elif announcement.kind == "exception.decided":
        socket.outgoing.put(frame)
    elif announcement.kind == "rights.changed":
        socket.outgoing.close(Close.RESYNC)
    else:
        _end(socket)


def _end(socket: Connection) -> None:
    socket.outgoing.put(envelope("revoke", {}))
    socket.outgoing.close(Close.REVOKED)
