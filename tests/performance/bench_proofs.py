"""What a proof of possession costs a request, and how fast a revoked browser loses its socket."""

import asyncio
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from backend.core.once import MemoryOnce, Once
from backend.core.proofs import Call, read_proof
from backend.core.redis_once import RedisOnce
from backend.core.signing import KeyRing
from backend.services.sessions import Bound
from tests.integration.live.conftest import OwnRedis
from tests.integration.live.server import LiveServer
from tests.integration.policy.worlds import World
from tests.keyholder import KeyHolder
from tests.performance.served import Bench, bench

PROOFS = 4000
BROWSERS = 100
TOKEN = "a" * 700
URL = "https://quillgate.example/api/v1/analyze/prompt"
CALL = Call("POST", ("https://quillgate.example",), "/api/v1/analyze/prompt")


def reading() -> None:
    """Print the price of reading proofs, none of them seen before."""
    keys = [KeyHolder() for _ in range(50)]
    proofs = [keys[i % 50].proof("POST", URL, TOKEN) for i in range(PROOFS)]
    now, begun = datetime.now(UTC), time.perf_counter()
    for text in proofs:
        read_proof(text, CALL, TOKEN, now)
    each = (time.perf_counter() - begun) / PROOFS * 1e6
    print(f"  read and verify a proof          {each:7.0f} us")


async def counting(name: str, once: Once) -> None:
    """Print the price of counting marks, 64 at a time."""
    marks = iter([i.to_bytes(16) for i in range(PROOFS)])
    until = int(time.time()) + 100

    async def caller() -> None:
        for mark in marks:
            assert await once.take(mark, until)

    begun = time.perf_counter()
    await asyncio.gather(*(caller() for _ in range(64)))
    each = (time.perf_counter() - begun) / PROOFS * 1e6
    print(f"  count it once, {name:<17} {each:7.1f} us")
    await once.close()


async def revoking(made: Bench, redis: OwnRedis, *, is_redis_dead: bool) -> None:
    """Revoke browsers at one server while their sockets are open at another; print the delays."""
    url, keys = made.database_url, KeyRing.from_master(made.master)
    owner = await asyncpg.connect(made.owner_url)
    async with AsyncExitStack() as stack:
        here, there = (LiveServer(keys, url, redis.url) for _ in range(2))
        for server in (here, there):
            await server.start()
            stack.push_async_callback(server.stop)
        sockets = []
        for i in range(BROWSERS):
            client = made.clients[i % len(made.clients)]
            device = await World(owner).device(client)
            user = await owner.fetchrow("SELECT * FROM users WHERE id = $1", client.admin_id)
            started = await there.services.sessions.start(owner, user, Bound(device, None))
            caller = await stack.enter_async_context(there.socket())
            await caller.say("hello", token=started.access_token)
            await caller.hear()
            sockets.append((client, device, caller))
        if is_redis_dead:
            redis.stop()

        async def one(client: Any, device: Any, caller: Any) -> float:
            path = f"/api/v1/clients/{client.id}/devices/{device}/revoke"
            begun = time.perf_counter()
            await here.request("POST", path, client.principal(), {"reason": "Lost"})
            assert await caller.closed_with() == 4503
            return time.perf_counter() - begun

        delays = []
        for parts in sockets:
            delays.append(await one(*parts))
            await asyncio.sleep(0.013)
    await owner.close()
    _print_delays("Redis dead" if is_redis_dead else "Redis there", delays)


def _print_delays(name: str, delays: list[float]) -> None:
    cuts = [seconds * 1000 for seconds in statistics.quantiles(delays, n=100)]
    print(
        f"  revoked elsewhere, {name:<12}  p50 {cuts[49]:4.0f} ms  p99 {cuts[98]:4.0f} ms"
        f"  most {max(delays) * 1000:4.0f} ms  ({len(delays)} browsers)"
    )


async def main() -> None:
    """Print a line a figure."""
    reading()
    await counting("in memory", MemoryOnce())
    with tempfile.TemporaryDirectory(prefix="qg-") as folder:
        redis = OwnRedis(Path(folder))
        await redis.start()
        await counting("in Redis", RedisOnce(redis.url))
        async with bench() as made:
            await revoking(made, redis, is_redis_dead=False)
            await revoking(made, redis, is_redis_dead=True)
        redis.stop()


if __name__ == "__main__":
    asyncio.run(main())
