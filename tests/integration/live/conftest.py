"""Both kinds of bus, a hub on them, and the whole application on a real socket."""

import asyncio
import contextlib
import shutil
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio
from asyncpg import Connection as PostgresConnection

from backend.core.bus import Bus, InProcessBus
from backend.core.database import Database
from backend.core.redis_bus import RedisBus
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.live.hub import Hub
from backend.services.migration import LOGIN_ROLE
from tests.conftest import free_port
from tests.integration.live.server import LiveServer
from tests.integration.policy.worlds import Client, Msp, World

MakeBus = Callable[[], Awaitable[Bus]]
BUS_KEY = b"k" * 32


@pytest.fixture
def world(owner: "PostgresConnection[Any]") -> World:
    return World(owner)


@pytest.fixture
async def msp(world: World) -> Msp:
    return await world.msp()


@pytest.fixture
async def client(world: World, msp: Msp) -> Client:
    return await world.client(msp)


@pytest.fixture(params=["in-process", "redis"])
async def bus(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[Bus]:
    """One bus of each kind: what holds for one holds for the other."""
    opened: Bus = InProcessBus() if request.param == "in-process" else RedisBus(redis_url, BUS_KEY)
    await opened.open()
    await until(lambda: opened.is_healthy)
    yield opened
    await opened.close()


class VersionsInDatabase:
    """Stands where the database's newest versions are read; may fail."""

    def __init__(self) -> None:
        self.newest: dict[UUID, tuple[int, str]] = {}
        self.asked: list[set[UUID]] = []
        self.is_away = False

    async def __call__(self, clients: set[UUID]) -> dict[UUID, tuple[int, str]]:
        self.asked.append(clients)
        if self.is_away:
            raise ConnectionError
        return {client: self.newest[client] for client in clients if client in self.newest}


@pytest.fixture
def versions() -> VersionsInDatabase:
    return VersionsInDatabase()


@pytest.fixture
def forgotten() -> list[UUID]:
    """Return the clients whose kept policy was forgotten."""
    return []


@pytest.fixture
async def hub(bus: Bus, versions: VersionsInDatabase, forgotten: list[UUID]) -> AsyncIterator[Hub]:
    opened = Hub(bus, versions, forgotten.append)
    await opened.start()
    yield opened
    await opened.stop()


@pytest_asyncio.fixture(scope="session")
async def server(
    owner_url: DatabaseUrl, keys: KeyRing, database: Database, redis_url: str
) -> AsyncIterator[LiveServer]:
    """Serve the application on the database and the Redis of the tests."""
    del database  # opened first, so that Tortoise is set up once
    url = owner_url.login(LOGIN_ROLE, keys.database_password).text()
    server = LiveServer(keys, url, redis_url)
    await server.start()
    yield server
    await server.stop()


class OwnRedis:
    """A Redis that a test may stop, hold and start again."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Start and wait until it listens."""
        self._launch()
        await until(self._listens)

    def _launch(self) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is missing: `make test` installs it, or names it"
        self.process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no"],
            cwd=self._folder, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def stop(self) -> None:
        """Kill it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    async def _listens(self) -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
        return True


@pytest.fixture
async def own_redis(server_folder: Path) -> AsyncIterator[OwnRedis]:
    redis = OwnRedis(server_folder)
    await redis.start()
    yield redis
    redis.stop()


async def until(is_so: Callable[[], bool | Awaitable[bool]], seconds: float = 10.0) -> None:
    """Wait until something is so; fail when it does not become so in time."""
    async with asyncio.timeout(seconds):
        while True:
            answer = is_so()
            if answer is True or (not isinstance(answer, bool) and await answer):
                return
            await asyncio.sleep(0.01)
