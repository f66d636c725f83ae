"""One open socket: what it asks for, what it is told, and when it has to go."""

import asyncio
import base64
import json
import time
from collections.abc import Coroutine
from typing import Any, Final
from uuid import UUID

import structlog
from quart import websocket

from backend.api.context import services
from backend.core.errors import QuillgateError, Unauthenticated
from backend.core.principal import Principal
from backend.live.channels import FEED, POLICY
from backend.live.connection import Connection
from backend.live.messages import (
    EPOCH,
    LARGEST_IN,
    Ack,
    AuthRefresh,
    Close,
    Hello,
    Inbound,
    Ping,
    Pong,
    Subscription,
    envelope,
    read,
)

PING_SECONDS: Final = 20
TOKEN_GRACE_SECONDS: Final = 30
REFRESH_BEFORE_SECONDS: Final = 60
MESSAGES_PER_SECOND: Final = 20
LINGER_SECONDS: Final = 1.0
_log = structlog.get_logger(__name__)


class ClosingError(Exception):
    """The socket must be closed with this code."""

    def __init__(self, code: Close) -> None:
        super().__init__(code)
        self.code = code


async def received() -> Inbound:
    """Return the next message. Raise ClosingError for a frame that is none, such as binary."""
    text = await websocket.receive()
    if not isinstance(text, str) or not text or len(text.encode()) > LARGEST_IN:
        raise ClosingError(Close.BAD_MESSAGE)
    message = read(text)
    if message is None:
        raise ClosingError(Close.BAD_MESSAGE)
    return message


class Conversation:
    """A reader, a writer and a pinger around one `Connection`; the first to end ends all."""

    def __init__(self, principal: Principal, hello: Hello) -> None:
        self._principal = principal
        self._subscriptions = hello.subs
        self._socket = Connection(principal)
        self._out = self._socket.outgoing
        self._build = hello.client_version
        self._expires = _expiry(hello.token)
        self._allowance = _Allowance(MESSAGES_PER_SECOND)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Talk until either side ends it."""
        self._subscribe()
        await self._limit()
        self._welcome()
        hub = services().hub
        try:
            # First the local set, then the database: nothing falls between the two.
            if await hub.add(self._socket):
                _ = self._start(self._bring_up_to_date())
            ending = {
                self._start(part)
                for part in (self._write(), self._read(), self._ping(), self._until_closed())
            }
            await asyncio.wait(ending, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await hub.remove(self._socket)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        await _close(self._out.closed_with)

    def _start(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        return task

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        """Let a mistake of ours end the conversation, so that the peer takes it up anew."""
        try:
            await work
        except OSError:
            return  # the peer went first
        except Exception as error:  # noqa: BLE001 -- whatever it was; its message may hold text
            _log.error("conversation_failed", kind=type(error).__name__)
            self._out.close(Close.RESYNC)

    def _subscribe(self) -> None:
        """Take what the token allows of what was asked for."""
        asked = {subscription.ch for subscription in self._subscriptions}
        own_client = self._principal.client_id
        self._socket.wants_policy = POLICY in asked and self._principal.may("policy:read")
        if FEED not in asked or not self._principal.may("violation:feed"):
            return
        self._socket.catch_up_feed = self._replay_lately
        named = frozenset(s.client for s in self._subscriptions if s.ch == FEED)
        if own_client is not None:
            self._socket.feed_clients = frozenset({own_client})
        else:
            clients = frozenset(client for client in named if client is not None)
            self._socket.feed_clients = None if None in named else clients

    async def _limit(self) -> None:
        """Keep staff to the clients they may enter: what is pushed never passes the database."""
        if self._principal.client_id is None:
            within = await services().clients.within_reach(self._principal)
            self._socket.reachable, self._socket.hidden = within.reachable, within.hidden

    def _welcome(self) -> None:
        content = {
            "session": str(self._principal.session_id), "heartbeat": PING_SECONDS, "epoch": EPOCH,
            "server_time": services().clock.now().isoformat(),
        }  # fmt: skip
        self._out.put(envelope("welcome", content))

    async def _bring_up_to_date(self) -> None:
        """Tell the state behind the subscriptions; live events wait until it is told."""
        try:
            await self._tell_policy()
            for subscription in self._subscriptions:
                if subscription.ch == FEED:
                    await self._replay(subscription)
        except QuillgateError:
            self._out.close(Close.RESYNC)
        finally:
            self._socket.release()

    async def _tell_policy(self) -> None:
        client_id = self._principal.client_id
        if not self._socket.wants_policy or client_id is None:
            return
        services().policy_lookup.invalidate(client_id)
        scope = self._principal.scope_for(client_id)
        policy = await services().policy_lookup.effective(scope, client_id)
        self._socket.offer_policy(client_id, policy.version, policy.etag)

    async def _replay(self, asked: Subscription) -> None:
        client_id = self._principal.client_id or asked.client
        if client_id is None or asked.offset is None or not self._socket.wants_feed(client_id):
            return
        offset = asked.offset
        if asked.epoch not in {None, EPOCH}:
            await self._tell_gap(client_id, 0, offset)
            offset = 0
        missed = await services().violation_feed.since(self._principal, client_id, offset)
        if missed.gap is not None:
            await self._tell_gap(client_id, *missed.gap)
        await self._tell(missed.events)

    async def _tell_gap(self, client_id: UUID, first: int, last: int) -> None:
        content = {"client_id": str(client_id), "from": first, "to": last}
        await self._out.put_when_room(envelope("gap", content, FEED))

    async def _tell(self, events: tuple[dict[str, Any], ...]) -> None:
        for event in events:
            client_id, offset = UUID(event["client_id"]), event["sequence"]
            if self._socket.wants_feed(client_id):
                frame = envelope("feed.event", event, FEED, offset)
                await self._socket.replay_event(frame, client_id, offset)

    async def _replay_lately(self, seconds: float) -> None:
        """Tell what the bus may have lost; sent at the peer's pace, so nobody waits for it here."""
        events = await services().violation_feed.lately(self._principal, seconds)
        self._start(self._tell(events)).add_done_callback(self._tasks.discard)

    async def _write(self) -> None:
        while (frame := await self._out.next()) is not None:
            await websocket.send(frame)

    async def _read(self) -> None:
        """Read without a pause: what nobody reads piles up in the server without bound."""
        try:
            while True:
                message = await received()
                self._allowance.take()
                await self._handle(message)
        except ClosingError as refused:
            self._out.close(refused.code)

    async def _handle(self, message: Inbound) -> None:
        try:
            match message:
                case Pong():
                    await services().fleet.touch(self._principal)
                case Ping():
                    self._out.put(envelope("pong", {}))
                case Ack():
                    # A bundle brings policy and rulebook together: unnamed, it is the current one.
                    rulebook = message.rulebook_version or services().rulebook.version
                    health = {one.id: tuple(one.problems) for one in message.adapters}
                    await services().fleet.record_ack(
                        self._principal, message.version, rulebook, health, self._build
                    )
                    if message.delivered is not None:
                        await services().missing_events.note_word(
                            self._principal, message.delivered
                        )
                case AuthRefresh():
                    self._renew(message.token)
                case _:
                    raise ClosingError(Close.BAD_MESSAGE)
        except QuillgateError as error:
            problem = {"code": error.stable_code, "detail": error.message}
            self._out.put(envelope("error", problem))

    def _renew(self, token: str) -> None:
        try:
            fresh = services().sessions.principal_of(token, self._principal.key_thumbprint)
        except Unauthenticated:
            raise ClosingError(Close.BAD_TOKEN) from None
        if fresh.session_id != self._principal.session_id:
            raise ClosingError(Close.BAD_TOKEN)
        self._expires = _expiry(token)
        self._out.put(envelope("auth.ok", {}))

    async def _ping(self) -> None:
        while (left := self._seconds_left()) > 0:
            await asyncio.sleep(min(PING_SECONDS, left))
            if self._seconds_left() < TOKEN_GRACE_SECONDS + REFRESH_BEFORE_SECONDS:
                self._out.put(envelope("auth.refresh", {}))
            self._out.put(envelope("ping", {}))
        self._out.close(Close.TOKEN_EXPIRED)

    def _seconds_left(self) -> float:
        return self._expires + TOKEN_GRACE_SECONDS - services().clock.now().timestamp()

    async def _until_closed(self) -> None:
        """Give the writer a moment for what waits; a peer that does not read gets none."""
        await self._out.closed.wait()
        if self._out.closed_with is not Close.SLOW:
            await asyncio.sleep(LINGER_SECONDS)


class _Allowance:
    """A token bucket of one second's worth of messages."""

    def __init__(self, per_second: int) -> None:
        self._per_second = per_second
        self._left = float(per_second)
        self._counted_at = time.monotonic()

    def take(self) -> None:
        """Use one up. Raise ClosingError when none is left."""
        now = time.monotonic()
        refilled = self._left + (now - self._counted_at) * self._per_second
        self._left, self._counted_at = min(float(self._per_second), refilled) - 1, now
        if self._left < 0:
            raise ClosingError(Close.RATE_LIMITED)


def _expiry(token: str) -> float:
    """Return when a token ends, in epoch seconds; it has been verified before."""
    body = token.split(".")[1]
    return float(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["exp"])


async def _close(code: Close | None) -> None:
    """Close the socket; a peer that does not even take the close frame is cut off."""
    if code is None:
        return
    try:
        await asyncio.wait_for(websocket.close(code), LINGER_SECONDS)
    except TimeoutError:
        transport = _transport()
        if transport is not None:
            transport.abort()
    except OSError:
        return  # the peer went first


def _transport() -> Any:
    """Return what is below Quart where the server lets us see it, as uvicorn does; else None."""
    send = getattr(websocket._send, "args", (None,))[0]  # noqa: SLF001 -- Quart shows no transport
    return getattr(getattr(send, "__self__", None), "transport", None)
