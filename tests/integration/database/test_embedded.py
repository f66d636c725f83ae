"""The embedded PostgreSQL: starts, stops, survives being killed, and refuses with one line."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from backend.core.errors import ConfigurationError
from backend.core.postgres import EmbeddedPostgres
from backend.core.urls import DatabaseUrl


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="qg-pg-"))
    made.chmod(0o755)
    yield made / "data"
    shutil.rmtree(made, ignore_errors=True)


async def _ask(url: DatabaseUrl, query: str) -> str:
    connection = await asyncpg.connect(url.text())
    try:
        return str(await connection.fetchval(query))
    finally:
        await connection.close()


async def test_rows_survive_a_stop_and_a_start(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder)
    url = await postgres.start()
    try:
        await _ask(url, "CREATE TABLE kept AS SELECT 7 AS seven")
    finally:
        await postgres.stop()
    assert not (folder / "postgres" / "postmaster.pid").exists()
    url = await postgres.start()
    try:
        assert await _ask(url, "SELECT seven FROM kept") == "7"
    finally:
        await postgres.stop()


async def test_only_a_password_lets_in_and_nothing_listens_on_the_network(folder: Path) -> None:
    postgres = EmbeddedPostgres(folder)
    url = await postgres.start()
    try:
        assert await _ask(url, "SHOW listen_addresses") == ""
        assert await _ask(url, "SELECT string_agg(DISTINCT auth_method, ',')"
                               " FROM pg_hba_file_rules") == "scram-sha-256"  # fmt: skip
        with pytest.raises(asyncpg.InvalidPasswordError):
            await _ask(url.login(url.user, "wrong"), "SELECT 1")
        assert (folder / "postgres-password.json").stat().st_mode & 0o777 == 0o600
        assert Path(url.host).stat().st_mode & 0o777 == 0o700
    finally:
        await postgres.stop()


async def test_a_second_quillgate_in_the_same_directory_is_told_so(folder: Path) -> None:
    first, second = EmbeddedPostgres(folder), EmbeddedPostgres(folder)
    url = await first.start()
    try:
        with pytest.raises(ConfigurationError, match="already works in"):
            await second.start()
        await second.stop()
        assert await _ask(url, "SELECT 'alive'") == "alive"
    finally:
        await first.stop()


async def test_after_kill_9_the_next_start_takes_over_and_loses_nothing(folder: Path) -> None:
    program = (
        "import asyncio, sys, pathlib\n"
        "from backend.core.postgres import EmbeddedPostgres\n"
        "async def main():\n"
        "    url = await EmbeddedPostgres(pathlib.Path(sys.argv[1])).start()\n"
        "    print(url.text(), flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    url = DatabaseUrl.parse(await asyncio.to_thread(process.stdout.readline))
    await _ask(url, "CREATE TABLE acknowledged AS SELECT 1 AS one")
    process.send_signal(signal.SIGKILL)
    await asyncio.to_thread(process.wait)
    process.stdout.close()
    postgres = EmbeddedPostgres(folder)
    try:
        assert await _ask(await postgres.start(), "SELECT one FROM acknowledged") == "1"
    finally:
        await postgres.stop()


async def test_a_stale_process_number_harms_neither_us_nor_its_new_owner(folder: Path) -> None:
    bystander = subprocess.Popen(["sleep", "60"])  # noqa: S607 -- any program will do
    pid_file = folder / "postgres" / "postmaster.pid"
    pid_file.write_text(f"{bystander.pid}\n{folder / 'postgres'}\n1\n5432\n\n\n\nready\n")
    shutil.chown(pid_file, *_owner_of(folder / "postgres"))
    postgres = EmbeddedPostgres(folder)
    try:
        assert await _ask(await postgres.start(), "SELECT 'up'") == "up"
        assert bystander.poll() is None
    finally:
        await postgres.stop()
        bystander.terminate()
        bystander.wait()


def _owner_of(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_uid, found.st_gid


async def test_data_of_another_major_version_is_left_alone(folder: Path) -> None:
    version = folder / "postgres" / "PG_VERSION"
    before = version.read_text()
    version.write_text("15\n")
    try:
        with pytest.raises(ConfigurationError, match="written by PostgreSQL 15"):
            await EmbeddedPostgres(folder).start()
        assert version.read_text() == "15\n"
    finally:
        version.write_text(before)


async def test_a_lost_password_file_is_named(folder: Path) -> None:
    password = folder / "postgres-password.json"
    away = password.with_suffix(".away")
    password.rename(away)
    try:
        with pytest.raises(ConfigurationError, match=r"postgres-password\.json is missing"):
            await EmbeddedPostgres(folder).start()
    finally:
        away.rename(password)


async def test_a_directory_that_cannot_be_made_is_named(folder: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be written"):
        await EmbeddedPostgres(folder / "postgres-password.json" / "below").start()


def test_no_server_is_left_behind(folder: Path) -> None:
    numbers = [name for name in os.listdir("/proc") if name.isdecimal()]  # noqa: PTH208 -- names only
    lines = []
    for number in numbers:
        try:
            lines.append(Path(f"/proc/{number}/cmdline").read_bytes())
        except OSError:
            continue
    assert not [line for line in lines if str(folder).encode() in line]
