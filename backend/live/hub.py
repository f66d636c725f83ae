"""Brings each event of the bus to every socket of this process that may see it."""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

import structlog

from backend.core.bus import Bus
from backend.live.channels import FEED, of_msp, of_tenant
from backend.live.connection import Connection
from backend.live.messages import Close, envelope

Versions = Callable[[set[UUID]], Awaitable[dict[UUID, tuple[int, str]]]]
Changed = Callable[[UUID], None]
CATCH_UP_SECONDS: Final = 30.0
_YIELD_EVERY: Final = 500
_log = structlog.get_logger(__name__)


class Hub:
    """The sockets of one process, by the channel they listen to."""

    def __init__(self, bus: Bus, versions: Versions, on_policy_hint: Changed) -> None:
        self._bus = bus
        self._versions = versions
        self._on_policy_hint = on_policy_hint
        self._sockets: defaultdict[str, set[Connection]] = defaultdict(set)
        self._tasks: list[asyncio.Task[None]] = []
        bus.on_reconnect(self.catch_up)

    async def start(self) -> None:
        """Begin to listen to the bus and to compare versions now and then."""
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._regularly())]

    async def stop(self) -> None:
        """Close what is open and stop listening."""
        await self.drain()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def drain(self) -> None:
        """Tell every socket to come back to another process."""
        sockets = {socket for sockets in self._sockets.values() for socket in sockets}
        for socket in sockets:
            socket.close(Close.RESTART)
        if sockets:
            await asyncio.sleep(0.05)

    async def add(self, socket: Connection) -> None:
        """Enter a socket; from here on it misses nothing."""
        channel = _channel(socket)
        self._sockets[channel].add(socket)
        if len(self._sockets[channel]) == 1:
            await self._bus.subscribe(channel)

    async def remove(self, socket: Connection) -> None:
        """Forget a socket, and its channel with the last one."""
        channel = _channel(socket)
        self._sockets[channel].discard(socket)
        if not self._sockets[channel]:
            del self._sockets[channel]
            await self._bus.unsubscribe(channel)

    async def catch_up(self) -> None:
        """Compare the version of every client here with the database, in one query."""
        sockets = [s for group in self._sockets.values() for s in group if s.wants_policy]
        newest = await self._versions({s.tenant_id for s in sockets}) if sockets else {}
        for socket in sockets:
            if socket.tenant_id in newest:
                version, etag = newest[socket.tenant_id]
                if version > socket.policy_version:
                    self._on_policy_hint(socket.tenant_id)
                    socket.offer_policy(version, etag)

    async def _listen(self) -> None:
        async for channel, payload in self._bus.messages():
            try:
                await self._deliver(channel, json.loads(payload))
            except (ValueError, KeyError, TypeError) as error:
                _log.warning("bus_message_unreadable", kind=type(error).__name__)

    async def _deliver(self, channel: str, message: dict[str, Any]) -> None:
        content = message["content"]
        if message["kind"] == "policy.changed":
            self._on_policy_hint(UUID(content["client_id"]))
        frame = None
        for count, socket in enumerate(tuple(self._sockets.get(channel, ())), start=1):
            if message["kind"] == "policy.changed":
                socket.offer_policy(content["version"], content["etag"], content["client_id"])
            elif socket.wants_feed(UUID(content["client_id"])):
                if frame is None:  # built once, whatever the number of sockets
                    frame = envelope("feed.event", content, FEED, content["sequence"])
                socket.send_event(frame, UUID(content["client_id"]), content["sequence"])
            if count % _YIELD_EVERY == 0:
                await asyncio.sleep(0)

    async def _regularly(self) -> None:
        while True:
            await asyncio.sleep(CATCH_UP_SECONDS)
            with contextlib.suppress(Exception):
                await self.catch_up()


def _channel(socket: Connection) -> str:
    return of_msp(socket.msp_id) if socket.client_id is None else of_tenant(socket.client_id)
