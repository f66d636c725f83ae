"""The push socket when things go wrong: peers that do not read, silence, shutdown, lost Redis."""

import asyncio
import base64
import json
import os
import socket as sockets
import struct
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asyncpg import Connection

from backend.api.v1.endpoints.live import HELLO_SECONDS
from backend.core.database import Database
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.live.messages import Close
from backend.services.migration import LOGIN_ROLE
from tests.integration.live.conftest import OwnRedis, until
from tests.integration.live.server import EXTENSION, LiveServer
from tests.integration.live.test_socket import feed, publish, violate
from tests.integration.policy.worlds import Client, Msp, World

BIG_EVENT = {"sequence": 0, "kinds": {"x" * 1000: 1}}


@pytest.fixture
async def lonely_server(
    owner_url: DatabaseUrl, keys: KeyRing, database: Database, own_redis: OwnRedis
) -> AsyncIterator[LiveServer]:
    """Serve with a Redis that the test may take away."""
    del database
    url = owner_url.login(LOGIN_ROLE, keys.database_password).text()
    server = LiveServer(keys, url, own_redis.url)
    await server.start()
    yield server
    await server.stop()


async def bare_peer(server: LiveServer, token: str) -> sockets.socket:
    """Say hello to a feed over a bare socket with a small window."""
    peer = sockets.socket()
    peer.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    peer.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(peer, ("127.0.0.1", server.port))
    key = base64.b64encode(os.urandom(16)).decode()
    lines = ["GET /api/v1/live HTTP/1.1", "Host: test", "Upgrade: websocket",
             "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
             "Sec-WebSocket-Protocol: quillgate.v1", f"Origin: {EXTENSION}", "", ""]  # fmt: skip
    await loop.sock_sendall(peer, "\r\n".join(lines).encode())
    assert b"101" in await loop.sock_recv(peer, 12)
    await loop.sock_sendall(peer, frame("hello", token=token, subs=[{"ch": "feed"}]))
    return peer


def frame(kind: str, **content: Any) -> bytes:
    """Return one message of 126 bytes or more as it goes over the wire."""
    text = json.dumps({"t": kind, "d": content}).encode().ljust(126)
    return struct.pack("!BBH", 0x81, 0x80 | 126, len(text)) + b"\0\0\0\0" + text


async def test_a_peer_that_does_not_read_is_cut_off_and_hinders_nobody(
    server: LiveServer, client: Client
) -> None:
    hub, publisher = server.services.hub, server.services.publisher
    await until(lambda: hub.count == 0)
    deaf = await bare_peer(server, server.token(client.principal()))
    await until(lambda: hub.count == 1)
    async with server.greeted(client.principal(), feed()) as listener:
        for number in range(1, 6000):
            event = {**BIG_EVENT, "sequence": number, "client_id": str(client.id)}
            await publisher.violation(client.id, client.msp_id, event)
            assert (await listener.hear())["o"] == number
            if hub.count == 1:
                break
        assert hub.count == 1
        assert number * 1000 < 16 * 1024 * 1024
    deaf.close()


async def test_a_flood_while_the_database_keeps_us_waiting_is_not_read(
    server: LiveServer, client: Client, world: World, owner: "Connection[Any]"
) -> None:
    """Else one browser could fill the memory of the server."""
    device_id = await world.device(client)
    await until(lambda: server.services.hub.count == 0)
    flooding = await bare_peer(server, server.token(client.device(device_id)))
    await until(lambda: server.services.hub.count == 1)
    loop = asyncio.get_running_loop()
    async with owner.transaction():
        await owner.execute("SELECT FROM devices WHERE id = $1 FOR UPDATE", device_id)
        await loop.sock_sendall(flooding, frame("ack", version=1))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2):
                await loop.sock_sendall(flooding, frame("ping", more="x" * 60_000) * 500)
    flooding.close()
    await until(lambda: server.services.hub.count == 0)


async def test_a_mistake_of_ours_is_logged_and_the_socket_asked_to_come_back(
    server: LiveServer, world: World, msp: Msp, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = await world.client(msp, format=99)
    async with server.greeted(damaged.principal(), {"ch": "policy"}) as caller:
        assert await caller.closed_with() == Close.RESYNC
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["kind"]) for line in logged] == [
        ("conversation_failed", "PolicyError")
    ]


async def test_a_silent_caller_is_sent_away(server: LiveServer) -> None:
    async with server.socket() as caller:
        with pytest.raises(TimeoutError):
            await caller.closed_with(HELLO_SECONDS / 2)
        assert await caller.closed_with(30) == Close.BAD_MESSAGE


async def test_a_stopping_server_sends_its_sockets_elsewhere(
    lonely_server: LiveServer, client: Client
) -> None:
    async with lonely_server.greeted(client.principal(), feed()) as caller:
        stopping = asyncio.create_task(lonely_server.stop())
        assert await caller.closed_with() == Close.RESTART
        await stopping


async def test_without_redis_everything_goes_on_in_one_process(
    lonely_server: LiveServer, own_redis: OwnRedis, client: Client
) -> None:
    own_redis.stop()
    await until(lambda: not lonely_server.services.bus.is_healthy)
    async with lonely_server.greeted(client.principal(), feed(), {"ch": "policy"}) as admin:
        assert (await admin.hear())["d"]["version"] == 1
        judged = await violate(lonely_server, client)
        assert (await admin.hear())["o"] == judged["checkpoint"]["sequence"]
        await publish(lonely_server, client, 1)
        assert (await admin.hear())["d"]["version"] == 2
    status, _, health = await lonely_server.request("GET", "/health/ready")
    assert (status, health["status"]) == (200, "degraded")


async def test_while_redis_is_away_another_process_is_followed_through_the_database(
    server: LiveServer, lonely_server: LiveServer, own_redis: OwnRedis, client: Client
) -> None:
    own_redis.stop()
    await until(lambda: not lonely_server.services.bus.is_healthy)
    async with lonely_server.greeted(client.principal(), feed(), {"ch": "policy"}) as admin:
        assert (await admin.hear())["d"]["version"] == 1
        judged = await violate(server, client)
        await publish(server, client, 1)
        heard = [await admin.hear(), await admin.hear()]
    assert {message["t"]: message["o"] for message in heard} == {
        "feed.event": judged["checkpoint"]["sequence"], "policy.changed": 2,
    }  # fmt: skip


async def test_what_was_missed_during_an_outage_is_told_after_it_once(
    server: LiveServer, lonely_server: LiveServer, own_redis: OwnRedis, client: Client
) -> None:
    async with lonely_server.greeted(client.principal(), feed()) as admin:
        own_redis.stop()
        await until(lambda: not lonely_server.services.bus.is_healthy)
        judged = await violate(server, client)
        await own_redis.start()
        await until(lambda: lonely_server.services.bus.is_healthy, 20)
        assert (await admin.hear())["o"] == judged["checkpoint"]["sequence"]
        assert await admin.hear_nothing(2.5)
