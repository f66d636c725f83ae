"""How soon suspending and reactivating hold at another server: people, clients and open sockets.

Target: p99 at most one second, with Redis dead too. Yardstick: what the same request itself takes.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg

from backend.commands.listening import run
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.signing import KeyRing
from tests.integration.live.conftest import OwnRedis
from tests.integration.live.server import LiveServer
from tests.integration.policy.worlds import Client, Msp, World
from tests.performance.served import Bench, bench

ROUNDS = 40
WHY = {"reason": "Bench"}
BETWEEN_SECONDS = 0.017
HALTED = 403


class Two:
    """Two servers on one database: what is said at one must hold at the other."""

    def __init__(self, here: LiveServer, there: LiveServer, owner: Any, msp: Msp) -> None:
        self.here, self.there, self.owner, self.msp = here, there, owner, msp
        self.took: dict[str, list[float]] = {}

    def note(self, name: str, begun: float) -> None:
        """Remember how long something took."""
        self.took.setdefault(name, []).append(1000 * (time.perf_counter() - begun))

    async def step(self, path: str, verb: str) -> float:
        """Suspend or reactivate at the one server; return when it was asked."""
        begun = time.perf_counter()
        status, _, said = await self.here.request(
            "POST", f"/api/v1/{path}/{verb}", self.msp.principal(), WHY
        )
        assert status == 200, said
        self.note(f"yardstick: the request to {verb} itself", begun)
        return begun

    async def person(self, somebody: Principal) -> None:
        """Suspend somebody whose socket is open at the other server, let them in again."""
        user = await self.owner.fetchrow("SELECT * FROM users WHERE id = $1", somebody.user_id)
        started = await self.there.services.sessions.start(self.owner, user)
        async with self.there.socket() as socket:
            await socket.say("hello", token=started.access_token)
            await socket.hear()
            begun = await self.step(f"users/{somebody.user_id}", "suspend")
            assert await socket.closed_with() == 4503
            self.note("a suspended person's socket is closed", begun)
        begun = await self.step(f"users/{somebody.user_id}", "reactivate")
        user = await self.owner.fetchrow("SELECT * FROM users WHERE id = $1", somebody.user_id)
        started = await self.there.services.sessions.start(self.owner, user)
        async with self.there.socket() as socket:
            await socket.say("hello", token=started.access_token)
            assert (await socket.hear())["t"] == "welcome"
            self.note("a reactivated person's new socket is welcome", begun)

    async def client(self, client: Client) -> None:
        """Suspend a client and wait until the other server takes no change; and back."""
        for verb, is_halted in (("suspend", True), ("reactivate", False)):
            begun = await self.step(f"clients/{client.id}", verb)
            while await self._is_halted(client) != is_halted:
                await asyncio.sleep(0.001)
            self.note(f"a client that was told to {verb} is so", begun)

    async def _is_halted(self, client: Client) -> bool:
        path, body = f"/api/v1/clients/{client.id}/groups", {"name": f"G {time.perf_counter_ns()}"}
        status, _, _ = await self.there.request("POST", path, client.principal(), body)
        assert status in {201, HALTED, 409, 423}, status
        return status != 201


async def told(made: Bench, redis: OwnRedis, *, is_redis_dead: bool) -> None:
    """Measure all, print the delays."""
    owner = await asyncpg.connect(made.owner_url)
    world = World(owner)
    keys, client = KeyRing.from_master(made.master), made.clients[0]
    admin = await owner.fetchval(
        "SELECT id FROM users WHERE tenant_id = $1 AND role = 'msp_admin'", client.msp_id
    )
    async with AsyncExitStack() as stack:
        servers = [LiveServer(keys, made.database_url, redis.url) for _ in range(2)]
        for server in servers:
            await server.start()
            stack.push_async_callback(server.stop)
        two = Two(servers[0], servers[1], owner, Msp(client.msp_id, admin))
        if is_redis_dead:
            redis.stop()
        somebody = await world.person(client, Role.CLIENT_ADMIN)
        each: tuple[Callable[[], Awaitable[None]], ...] = (
            lambda: two.person(somebody), lambda: two.client(client),
        )  # fmt: skip
        for _ in range(ROUNDS):
            for once in each:
                await once()
                await asyncio.sleep(BETWEEN_SECONDS)
    await owner.close()
    print("Redis dead" if is_redis_dead else "Redis there")
    for name, delays in sorted(two.took.items(), reverse=True):
        cuts = statistics.quantiles(delays, n=100)
        print(f"  {name:46} p50 {cuts[49]:5.0f} ms   p99 {cuts[98]:5.0f} ms   target <= 1000")


async def main() -> None:
    """Print a line a figure."""
    with tempfile.TemporaryDirectory(prefix="qg-") as folder:
        redis = OwnRedis(Path(folder))
        await redis.start()
        async with bench() as made:
            await told(made, redis, is_redis_dead=False)
            await told(made, redis, is_redis_dead=True)
        redis.stop()


if __name__ == "__main__":
    run(main())
