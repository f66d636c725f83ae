"""A server, a PostgreSQL and a Redis of their own, each of which may be killed and come back."""

import asyncio
import base64
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from backend.core.postgres import EmbeddedPostgres
from backend.core.principal import Principal
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from backend.services.migration import LOGIN_ROLE, Migration
from tests.conftest import free_port
from tests.integration.policy.worlds import World

CLIENTS = 4
COMPLAINTS = ("Traceback", "unexpected_error")
BACKENDS = "SELECT pid FROM pg_stat_activity WHERE usename = $1 ORDER BY query_start DESC"


class Subject:
    """What the drill happens to."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder / "server.log"
        self._master = secrets.token_bytes(32)
        self._keys = KeyRing.from_master(self._master)
        self._postgres = EmbeddedPostgres(folder / "data")
        self._ports = free_port(), free_port()
        self._browsers: list[Principal] = []
        self._admins: list[Principal] = []
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where the server listens."""
        return f"http://127.0.0.1:{self._ports[0]}"

    async def start(self) -> None:
        """Start everything and fill the database with some clients."""
        self._address = await self._postgres.start()
        await Migration(self._address, self._keys).apply()
        owner = await self.owner()
        world = World(owner)
        msp = await world.msp()
        for number in range(CLIENTS):
            client = await world.client(msp, f"Client {number}")
            self._browsers.append(client.device(await world.device(client)))
            self._admins.append(client.principal())
        await owner.close()
        self.start_redis()
        await self.start_server()

    async def stop(self) -> None:
        """Stop everything."""
        await self.kill_server()
        self.redis.kill()
        self.redis.wait(10)
        await self._postgres.stop()

    def start_redis(self) -> None:
        """Start Redis, empty."""
        program = shutil.which("redis-server")
        assert program, "redis-server is missing: `make test` installs it, or names it"
        self.redis = subprocess.Popen(
            [program, "--port", str(self._ports[1]), "--bind", "127.0.0.1", "--save", "",
             "--appendonly", "no"],
            cwd=self._folder, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    async def start_server(self) -> None:
        """Start the server as an operator does, and return when it answers."""
        environ = {
            **os.environ,
            "DATABASE_URL": self._address.login(LOGIN_ROLE, self._keys.database_password).text(),
            "MASTER_KEY": base64.b64encode(self._master).decode(),
            "REDIS_URL": f"redis://127.0.0.1:{self._ports[1]}/0",
            "PORT": str(self._ports[0]),
        }
        with self._log.open("ab") as log:
            self._server = subprocess.Popen(
                [sys.executable, "-m", "backend", "serve"], env=environ, stdout=log, stderr=log
            )
        async with asyncio.timeout(30), httpx.AsyncClient() as http:
            while True:
                with contextlib.suppress(httpx.HTTPError):
                    if (await http.get(f"{self.url}/health/ready")).status_code == httpx.codes.OK:
                        return
                await asyncio.sleep(0.05)

    async def kill_server(self) -> None:
        """Kill -9, whatever it is doing."""
        if self._server is not None:
            self._server.kill()
            await asyncio.to_thread(self._server.wait, 10)

    async def restart_postgres(self, how: signal.Signals) -> None:
        """Stop PostgreSQL with a signal to its postmaster, then start it again."""
        pid = int((self._folder / "data/postgres/postmaster.pid").read_text().split()[0])
        os.kill(pid, how)
        while Path(f"/proc/{pid}").exists():
            await asyncio.sleep(0.02)
        await self._postgres.stop()
        await self._postgres.start()

    async def owner(self) -> Any:
        """Return a connection that row-level security does not bind, once there is one."""
        async with asyncio.timeout(60):
            while True:
                with contextlib.suppress(OSError, asyncpg.PostgresError):
                    return await asyncpg.connect(self._address.text())
                await asyncio.sleep(0.05)

    async def backends(self) -> list[int]:
        """Return the process ids behind the server's connections, once it has some."""
        owner = await self.owner()
        async with asyncio.timeout(60):
            while not (rows := await owner.fetch(BACKENDS, LOGIN_ROLE)):
                await asyncio.sleep(0.02)
        await owner.close()
        return [row["pid"] for row in rows]

    def tokens(self) -> tuple[list[str], list[str]]:
        """Return fresh access tokens, of a browser and of an administrator of each client."""
        issue = AccessTokens(self._keys.access_tokens).issue
        now = datetime.now(UTC)
        browsers = [issue(principal, now) for principal in self._browsers]
        return browsers, [issue(principal, now) for principal in self._admins]

    async def lost(self, receipts: Mapping[UUID, int]) -> int:
        """Return how many receipts name an entry that is not there, once, under its sequence."""
        owner = await self.owner()
        rows = await owner.fetch(
            "SELECT event_id, array_agg(sequence) AS at FROM client_audit_logs GROUP BY event_id"
        )
        await owner.close()
        kept = {row["event_id"]: row["at"] for row in rows}
        return sum(kept.get(event_id) != [at] for event_id, at in receipts.items())

    def complaints(self) -> Counter[str]:
        """Count what should never be in the log."""
        text = self._log.read_text()
        return Counter({word: text.count(word) for word in COMPLAINTS})
