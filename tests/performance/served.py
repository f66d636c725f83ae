"""A server process of its own for the benches, on a database of its own."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import msgspec
from quart import Quart, Response, request

from backend.app import create_app
from backend.commands.listening import bind, run, stop_on_signals
from backend.commands.serving import serve
from backend.core.config import Settings
from backend.core.signing import KeyRing
from backend.core.tokens import AccessTokens
from backend.services.audit_entries import AuditEntry, Receipt
from tests.conftest import free_port
from tests.integration.policy.worlds import Client, World
from tests.performance.databases import migrated

CLIENTS = 8
SERVICE_HOST = "chat.example"
_KEY = "QUILLGATE_BENCH_KEY"


class NoAudit:
    """Stands where the audit log is, and answers at once: the price of everything else."""

    def __init__(self) -> None:
        self._sequence = 0

    async def record(self, entry: AuditEntry) -> Receipt:
        """Return a receipt that means nothing."""
        self._sequence += 1
        now = datetime.now(UTC)
        return Receipt(entry.event_id, entry.submission_id, self._sequence, now, False)


@dataclass(frozen=True)
class Bench:
    """A filled database, and whom to speak for."""

    database_url: str
    master: bytes
    clients: tuple[Client, ...]
    owner_url: str = ""

    def token(self, client: Client) -> str:
        """Return an access token of somebody of a client."""
        keys = KeyRing.from_master(self.master)
        return AccessTokens(keys.access_tokens).issue(client.principal(), datetime.now(UTC))

    @contextlib.asynccontextmanager
    async def server(self, kind: str = "durable") -> AsyncIterator[tuple[int, int]]:
        """Serve in a process of its own, `durable`, `unrecorded` or `bare`; give port and pid."""
        port = free_port()
        program = [sys.executable, "-m", "tests.performance.served", str(port), kind]
        environ = {**os.environ, "DATABASE_URL": self.database_url, _KEY: self.master.hex()}
        process = await asyncio.create_subprocess_exec(*program, env=environ)
        try:
            await _answering(port)
            yield port, process.pid
        finally:
            process.terminate()
            await asyncio.wait_for(process.wait(), 20)


@contextlib.asynccontextmanager
async def bench() -> AsyncIterator[Bench]:
    """Start a database and fill it with some clients."""
    async with migrated() as made:
        owner = await asyncpg.connect(made.url.text())
        clients = await _filled(World(owner))
        await owner.close()
        yield Bench(made.login, made.master, clients, made.url.text())


async def _filled(world: World) -> tuple[Client, ...]:
    msp = await world.msp()
    clients = tuple([await world.client(msp, f"Client {number}") for number in range(CLIENTS)])
    service = await world.ai_service([SERVICE_HOST])
    for client in clients:
        await world.approval(client, service, "approved")
    return clients


async def _answering(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await asyncio.sleep(0.5)
                return
            await asyncio.sleep(0.05)


def cpu_seconds(pid: int) -> float:
    """Return the processor time a process has used (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def figures(lines: list[str]) -> None:
    """Print measurements."""
    sys.stdout.write("\n".join([*lines, ""]))


def git_version() -> str:
    """Return which commit was measured."""
    command = ["git", "rev-parse", "--short", "HEAD"]  # fixed words
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def _application(settings: Settings, keys: KeyRing, database_url: str, kind: str) -> Quart:
    if kind == "bare":
        return _bare()
    app = create_app(settings, keys, database_url)
    if kind == "unrecorded":
        analysis = app.extensions["quillgate"].prompt_analysis
        analysis._audit_log = NoAudit()  # noqa: SLF001 -- the same app without its audit log
    return app


class _Asked(msgspec.Struct):
    text: str
    service: str
    channel: str


def _bare() -> Quart:
    """Return the yardstick: one Quart route that reads such a body and answers a constant."""
    app = Quart("bare")
    app.extensions["quillgate"] = SimpleNamespace(hub=SimpleNamespace(drain=_nothing))
    answer = msgspec.json.encode({"action": "allow", "findings": [], "remedies": []})

    @app.post("/api/v1/analyze/prompt")
    async def judge() -> Response:
        msgspec.json.decode(await request.get_data(), type=_Asked)
        return Response(answer, content_type="application/json")

    return app


async def _nothing() -> None: ...


async def _serve(port: str, kind: str) -> None:
    database_url = os.environ["DATABASE_URL"]
    keys = KeyRing.from_master(bytes.fromhex(os.environ[_KEY]))
    environ = {"DATABASE_URL": database_url, "PORT": port, "MASTER_KEY": "A" * 43 + "=",
               "LOG_LEVEL": "error", "CALLS_PER_MINUTE": "1000000"}  # fmt: skip
    settings = Settings.from_environment(environ)
    app = _application(settings, keys, database_url, kind)
    await serve(app, bind(settings), stop_on_signals())


if __name__ == "__main__":
    run(_serve(sys.argv[1], sys.argv[2]))
