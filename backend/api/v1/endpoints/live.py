"""The push socket: policy news to extensions, violations to admins."""

import asyncio
import time
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from quart import Blueprint, websocket

from backend.api.authentication import PERMISSION, PUBLIC
from backend.api.context import services
from backend.api.headers import is_trusted_origin
from backend.core.errors import QuillgateError, Unauthenticated
from backend.core.monitoring import SOCKETS
from backend.core.principal import Principal
from backend.core.tokens import ACCESS_SECONDS
from backend.live.connection import Connection, readable
from backend.live.messages import EPOCH, LARGEST_IN, SUBPROTOCOL, Close, envelope

blueprint = Blueprint("live", __name__)
HELLO_SECONDS: Final = 10
PING_SECONDS: Final = 20
TOKEN_GRACE_SECONDS: Final = 30
MESSAGES_PER_SECOND: Final = 20


class _Refused(Exception):
    """The socket must be closed with this code."""

    def __init__(self, code: Close) -> None:
        super().__init__(code)
        self.code = code


@blueprint.websocket("/live")
async def live() -> None:
    """Speak `quillgate.v1`: `hello` with the token first; then events, pings, acknowledgements."""
    origin = websocket.headers.get("Origin", "")
    if not is_trusted_origin(origin, services().settings):
        await websocket.close(Close.BAD_TOKEN, "origin")
        return
    if SUBPROTOCOL not in websocket.requested_subprotocols:
        await websocket.close(Close.UPGRADE_REQUIRED, "subprotocol")
        return
    await websocket.accept(subprotocol=SUBPROTOCOL)
    try:
        principal, hello = await _greet()
    except _Refused as refused:
        await websocket.close(refused.code)
        return
    kind = principal.kind
    SOCKETS.labels(kind).inc()
    try:
        await _Conversation(principal, hello).run()
    finally:
        SOCKETS.labels(kind).dec()


setattr(live, PERMISSION, PUBLIC)


async def _greet() -> tuple[Principal, dict[str, Any]]:
    try:
        message = await asyncio.wait_for(_received(), HELLO_SECONDS)
    except TimeoutError:
        raise _Refused(Close.BAD_MESSAGE) from None
    content = message.get("d") or {k: v for k, v in message.items() if k != "t"}
    if message.get("t") != "hello" or not isinstance(content, dict):
        raise _Refused(Close.BAD_MESSAGE)
    try:
        return services().sessions.principal_of(str(content.get("token", ""))), content
    except Unauthenticated as error:
        is_old = error.stable_code == "token-expired"
        raise _Refused(Close.TOKEN_EXPIRED if is_old else Close.BAD_TOKEN) from None


async def _received() -> dict[str, Any]:
    """Return the next message. An empty frame arrives as None; binary ones are not ours."""
    text = await websocket.receive()
    if not isinstance(text, str) or not text or len(text) > LARGEST_IN:
        raise _Refused(Close.BAD_MESSAGE)
    message = readable(text)
    if message is None:
        raise _Refused(Close.BAD_MESSAGE)
    return message


class _Conversation:
    """One open socket: a reader, a writer, a pinger, and the client's own clock for the token."""

    def __init__(self, principal: Principal, hello: dict[str, Any]) -> None:
        self._principal = principal
        self._hello = hello
        self._socket = Connection(principal.msp_id, principal.tenant_id, principal.client_id)
        self._expires = time.monotonic() + ACCESS_SECONDS + TOKEN_GRACE_SECONDS
        self._tokens = float(MESSAGES_PER_SECOND)
        self._counted = time.monotonic()

    async def run(self) -> None:
        tasks = [
            asyncio.create_task(self._write()),
            asyncio.create_task(self._read()),
            asyncio.create_task(self._ping()),
        ]
        hub = services().hub
        try:
            # First the local set, then the database: nothing falls between the two.
            self._subscribe()
            await hub.add(self._socket)
            await self._bring_up_to_date()
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        except QuillgateError:
            await websocket.close(Close.RESYNC)
        finally:
            await hub.remove(self._socket)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _subscribe(self) -> None:
        """Take what the token allows of what was asked for."""
        asked = self._hello.get("subs")
        subs = [sub for sub in asked if isinstance(sub, dict)] if isinstance(asked, list) else []
        channels = {sub.get("ch") for sub in subs}
        self._socket.wants_policy = "policy" in channels and self._principal.client_id is not None
        if not self._principal.may("violation:feed") or "feed" not in channels:
            return
        feeds = [sub for sub in subs if sub.get("ch") == "feed"]
        wanted = {_uuid(sub.get("client")) for sub in feeds}
        if self._principal.client_id is not None:
            self._socket.feed_clients = {self._principal.client_id}
        else:
            self._socket.feed_clients = None if None in wanted else {w for w in wanted if w}

    async def _bring_up_to_date(self) -> None:
        welcome = {
            "session": str(self._principal.session_id), "heartbeat": PING_SECONDS, "epoch": EPOCH,
            "server_time": datetime.now().astimezone().isoformat(),
        }  # fmt: skip
        self._socket.send(envelope("welcome", welcome))
        client_id = self._principal.client_id
        if self._socket.wants_policy and client_id is not None:
            scope = self._principal.scope_for(client_id)
            services().policy_lookup.invalidate(client_id)
            policy = await services().policy_lookup.effective(scope, client_id)
            self._socket.offer_policy(policy.version, policy.etag, str(client_id))
        for sub in self._hello.get("subs") or ():
            if isinstance(sub, dict) and sub.get("ch") == "feed":
                await self._replay(sub)
        self._socket.release()

    async def _replay(self, sub: dict[str, Any]) -> None:
        client_id = self._principal.client_id or _uuid(sub.get("client"))
        offset = sub.get("offset")
        if client_id is None or type(offset) is not int or not self._socket.wants_feed(client_id):
            return
        if sub.get("epoch") not in {None, EPOCH}:
            self._socket.send(envelope("gap", {"from": 0, "to": offset}, "feed"))
            offset = 0
        missed = await services().violation_feed.since(self._principal, client_id, offset)
        if missed.gap is not None:
            gap = {"client_id": str(client_id), "from": missed.gap[0], "to": missed.gap[1]}
            self._socket.send(envelope("gap", gap, "feed"))
        for event in missed.events:
            self._socket.offsets[client_id] = event["sequence"]
            self._socket.send(envelope("feed.event", event, "feed", event["sequence"]))

    async def _write(self) -> None:
        while True:
            frame = await self._socket.next_frame()
            if isinstance(frame, Close):
                await websocket.close(frame)
                return
            await websocket.send(frame)

    async def _read(self) -> None:
        try:
            while True:
                message = await _received()
                self._count()
                await self._handle(message)
        except _Refused as refused:
            self._socket.close(refused.code)
            await asyncio.sleep(1)

    def _count(self) -> None:
        now = time.monotonic()
        refilled = self._tokens + (now - self._counted) * MESSAGES_PER_SECOND
        self._tokens, self._counted = min(float(MESSAGES_PER_SECOND), refilled) - 1, now
        if self._tokens < 0:
            raise _Refused(Close.RATE_LIMITED)

    async def _handle(self, message: dict[str, Any]) -> None:
        kind = message["t"]
        content = message.get("d")
        if kind == "pong":
            await services().fleet.touch(self._principal)
        elif kind == "ping":
            self._socket.send(envelope("pong", {}))
        elif kind == "ack" and isinstance(content, dict):
            await self._acknowledge(content)
        elif kind == "auth.refresh" and isinstance(content, dict):
            self._renew(str(content.get("token", "")))
        else:
            raise _Refused(Close.BAD_MESSAGE)

    async def _acknowledge(self, content: dict[str, Any]) -> None:
        version, rulebook = content.get("version"), content.get("rulebook_version", "")
        if type(version) is not int or not isinstance(rulebook, str):
            raise _Refused(Close.BAD_MESSAGE)
        try:
            await services().fleet.record_ack(self._principal, version, rulebook)
        except QuillgateError as error:
            problem = {"code": error.stable_code, "detail": error.message}
            self._socket.send(envelope("error", problem))

    def _renew(self, token: str) -> None:
        try:
            fresh = services().sessions.principal_of(token)
        except Unauthenticated:
            raise _Refused(Close.BAD_TOKEN) from None
        if fresh.session_id != self._principal.session_id:
            raise _Refused(Close.BAD_TOKEN)
        self._expires = time.monotonic() + ACCESS_SECONDS + TOKEN_GRACE_SECONDS
        self._socket.send(envelope("auth.ok", {}))

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            left = self._expires - time.monotonic()
            if left <= 0:
                self._socket.close(Close.TOKEN_EXPIRED)
                await asyncio.sleep(1)
                return
            if left < TOKEN_GRACE_SECONDS + 3 * PING_SECONDS:
                self._socket.send(envelope("auth.refresh", {}))
            self._socket.send(envelope("ping", {}))


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
