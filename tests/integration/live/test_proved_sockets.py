"""The socket of a browser with a key: no hello without a proof, and closed when it is revoked."""

import asyncio
import contextlib
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from asyncpg import Connection
from websockets.exceptions import ConnectionClosed

from backend.core.once import MemoryOnce
from backend.core.redis_once import RedisOnce
from backend.live.messages import Close
from backend.services.sessions import Bound
from tests.integration.live.conftest import OwnRedis
from tests.integration.live.server import LiveServer
from tests.integration.policy.worlds import Client, World
from tests.keyholder import KeyHolder

SOCKET_PATH = "/api/v1/live"


class Enrolled:
    """A browser of a client, with a key and a session in the database."""

    def __init__(self, key: KeyHolder, device_id: UUID, token: str) -> None:
        self.key, self.device_id, self.token = key, device_id, token

    def proof(self, server: LiveServer, **changed: Any) -> str:
        return self.key.proof("GET", server.url + SOCKET_PATH, self.token, **changed)


async def enrolled(
    server: LiveServer, world: World, client: Client, owner: "Connection[Any]"
) -> Enrolled:
    key, device_id = KeyHolder(), await world.device(client)
    await owner.execute(
        "UPDATE devices SET key_thumbprint = $2 WHERE id = $1", device_id, key.thumbprint
    )
    user = await owner.fetchrow("SELECT * FROM users WHERE id = $1", client.admin_id)
    signed_in = await server.services.sessions.start(owner, user, Bound(device_id, key.thumbprint))
    return Enrolled(key, device_id, signed_in.access_token)


async def closed_with(server: LiveServer, **hello: Any) -> int | None:
    """Say hello and return the code the socket is closed with; None when it is welcome."""
    async with server.socket() as caller:
        await caller.say("hello", **hello)
        with contextlib.suppress(ConnectionClosed):
            assert (await caller.hear())["t"] == "welcome"
            return None
        return await caller.closed_with()


@pytest.fixture
async def browser(
    server: LiveServer, world: World, client: Client, owner: "Connection[Any]"
) -> Enrolled:
    return await enrolled(server, world, client, owner)


async def test_a_hello_with_a_proof_is_welcome(server: LiveServer, browser: Enrolled) -> None:
    hello = {"token": browser.token, "proof": browser.proof(server)}
    assert await closed_with(server, **hello) is None
    assert await closed_with(server, **hello) == Close.BAD_TOKEN  # it counted once


async def test_a_hello_without_its_proof_is_refused(server: LiveServer, browser: Enrolled) -> None:
    assert await closed_with(server, token=browser.token) == Close.BAD_TOKEN
    for proof in (
        KeyHolder().proof("GET", server.url + SOCKET_PATH, browser.token),
        browser.proof(server, htu=server.url + "/api/v1/sync"),
        browser.proof(server, htm="POST"),
        browser.proof(server, iat=1),
        browser.proof(server, ath="A" * 43),
    ):
        assert await closed_with(server, token=browser.token, proof=proof) == Close.BAD_TOKEN


async def test_a_renewal_must_be_bound_to_the_same_key(
    server: LiveServer, browser: Enrolled, client: Client
) -> None:
    async with server.socket() as caller:
        await caller.say("hello", token=browser.token, proof=browser.proof(server))
        assert (await caller.hear())["t"] == "welcome"
        await caller.say("auth.refresh", token=browser.token)
        assert (await caller.hear())["t"] == "auth.ok"
        await caller.say("auth.refresh", token=server.token(client.device(browser.device_id)))
        assert await caller.closed_with() == Close.BAD_TOKEN


async def test_revoking_a_browser_closes_its_socket(
    server: LiveServer, browser: Enrolled, client: Client
) -> None:
    async with server.socket() as caller:
        await caller.say("hello", token=browser.token, proof=browser.proof(server))
        assert (await caller.hear())["t"] == "welcome"
        path = f"/api/v1/clients/{client.id}/devices/{browser.device_id}/revoke"
        reason = {"reason": "Lost"}
        status, _, _ = await server.request("POST", path, client.principal(), reason)
        assert status == 204
        assert await caller.closed_with() == Close.REVOKED


async def test_a_mark_counts_once_in_two_processes_that_share_redis(redis_url: str) -> None:
    first, second = (RedisOnce(redis_url, patience=20) for _ in range(2))
    marks = [uuid4().bytes for _ in range(700)]
    until = 4_000_000_000
    taken = await asyncio.gather(*(first.take(mark, until) for mark in marks))
    again = await asyncio.gather(*(second.take(mark, until) for mark in marks))
    assert (all(taken), any(again)) == (True, False)
    await first.close()
    await second.close()


async def test_with_redis_dead_a_mark_still_counts_once_in_each_process(
    own_redis: OwnRedis,
) -> None:
    once = RedisOnce(own_redis.url)
    assert await once.take(b"before", 4_000_000_000)
    own_redis.stop()
    assert await once.take(b"after", 4_000_000_000)
    assert not await once.take(b"before", 4_000_000_000)
    assert not await once.take(b"after", 4_000_000_000)
    await once.close()


async def test_ten_at_once_with_the_same_mark_are_one(redis_url: str) -> None:
    for once in (RedisOnce(redis_url), MemoryOnce()):
        mark = uuid4().bytes
        taken = await asyncio.gather(*(once.take(mark, 4_000_000_000) for _ in range(10)))
        assert taken.count(True) == 1
        await once.close()


def test_the_socket_s_first_message_holds_no_more_than_it_must() -> None:
    assert len(json.dumps({"proof": KeyHolder().proof("GET", "https://x" + SOCKET_PATH)})) < 700
