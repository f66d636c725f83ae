"""Real servers for the tests: an embedded PostgreSQL, migrated once, and a Redis of our own."""

import asyncio
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import settings

from backend.core.database import Database
from backend.core.postgres import EmbeddedPostgres
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.migration import LOGIN_ROLE, Migration

# How long an example takes is the machine's affair: benchmarks measure, tests do not.
# The same commit is tried with the same examples, in `make quick` with the first of them;
# `make search` looks for new ones.
settings.register_profile("repeatable", deadline=None, derandomize=True, max_examples=40)
settings.register_profile("quick", deadline=None, derandomize=True, max_examples=10)
settings.register_profile("searching", deadline=None, max_examples=1000)
settings.load_profile("repeatable")
ALONE = {
    "end_to_end/test_console*": "console",
    "end_to_end/*": "extension",
    "integration/start/*": "servers",
    "integration/live/*": "servers",
}
"""Tests that start browsers or servers, or wait for a moment: one at a time of each group."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test` runs by itself, after everything that can share the machine."""
    here = Path(__file__).parent
    for item in items:
        name = item.path.relative_to(here).as_posix() if item.path.is_relative_to(here) else ""
        group = next((group for room, group in ALONE.items() if fnmatch(name, room)), None)
        if group is not None:
            item.add_marker(pytest.mark.alone)
            item.add_marker(pytest.mark.xdist_group(group))


@pytest.fixture(scope="session")
def keys() -> KeyRing:
    """Keys of this run."""
    return KeyRing.from_master(secrets.token_bytes(32))


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """Give a short path, so that unix sockets fit."""
    folder = Path(tempfile.mkdtemp(prefix="qg-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(scope="session")
async def owner_url(server_folder: Path, keys: KeyRing) -> AsyncIterator[DatabaseUrl]:
    """Give the owner's address of a migrated database."""
    postgres = EmbeddedPostgres(server_folder / "data")
    url = await postgres.start()
    await Migration(url, keys).apply()
    yield url
    await postgres.stop()


@pytest_asyncio.fixture(scope="session")
async def owner(owner_url: DatabaseUrl) -> AsyncIterator[Any]:
    """Give a connection that row-level security does not bind."""
    connection = await asyncpg.connect(owner_url.text())
    yield connection
    await connection.close()


@pytest_asyncio.fixture(scope="session")
async def database(owner_url: DatabaseUrl, keys: KeyRing) -> AsyncIterator[Database]:
    """Give the server's own way in."""
    opened = Database(owner_url.login(LOGIN_ROLE, keys.database_password).text(), keys.scope_key, 8)
    await opened.open()
    yield opened
    await opened.close()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest_asyncio.fixture(scope="session")
async def redis_url(server_folder: Path) -> AsyncIterator[str]:
    """Start a Redis of our own, without persistence."""
    program = shutil.which("redis-server")
    assert program, "redis-server is missing: `make test` installs it, or names it"
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        cwd=server_folder,
        stdout=subprocess.DEVNULL,
    )
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        await asyncio.sleep(0.05)
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(10)
