"""`quillgate up` starts, starts warm, stops cleanly, and says in one line what is wrong."""

import asyncio
import base64
import json
import os
import secrets
import signal
import socket
import sys
from pathlib import Path

import asyncpg
import httpx
import pytest

from backend.core.postgres import EmbeddedPostgres
from backend.core.urls import DatabaseUrl
from tests.conftest import free_port

READY = b"Ready."
EX_CONFIG = 78


async def started(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    """Start a verb."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "backend",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **environment},
    )


async def until_ready(process: asyncio.subprocess.Process) -> str:
    """Return what was printed until it serves."""
    assert process.stdout is not None
    printed = b""
    while READY not in printed:
        line = await asyncio.wait_for(process.stdout.readline(), 60)
        assert line, printed.decode()
        printed += line
    return printed.decode()


async def stopped(process: asyncio.subprocess.Process, number: signal.Signals) -> tuple[int, str]:
    """Stop it; return its exit code and its last words."""
    process.send_signal(number)
    assert process.stdout is not None
    words = await asyncio.wait_for(process.stdout.read(), 30)
    return await process.wait(), words.decode()


async def refused(*arguments: str, **environment: str) -> str:
    """Return the one line a start that must fail ends with."""
    process = await started(*arguments, **environment)
    words, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == EX_CONFIG, words.decode()
    text = words.decode()
    assert "Traceback" not in text
    last = text.strip().splitlines()[-1]
    assert last.startswith("quillgate: ")
    return last


async def test_a_first_start_makes_everything_and_a_second_one_is_warm(
    server_folder: Path,
) -> None:
    data = server_folder / "start"
    for number in (signal.SIGTERM, signal.SIGINT):
        port = str(free_port())
        process = await started("up", "--port", port, "--data", str(data))
        printed = await until_ready(process)
        assert f"http://127.0.0.1:{port}/console" in printed
        async with httpx.AsyncClient() as http:
            ready = await http.get(f"http://127.0.0.1:{port}/health/ready")
        assert ready.json() == {"status": "ready", "database": "up", "bus": "up"}
        code, words = await stopped(process, number)
        assert (code, "Stopped." in words) == (0, True)
        assert not (data / "postgres" / "postmaster.pid").exists()
    credentials = json.loads((data / "demo-credentials.json").read_text())
    assert (data / "demo-credentials.json").stat().st_mode & 0o777 == 0o600
    assert {user["role"] for user in credentials["users"]} == {
        "super_admin", "msp_admin", "msp_technician", "client_admin", "auditor", "end_user",
    }  # fmt: skip
    assert len({user["msp"] for user in credentials["users"]} - {None}) == 2
    assert len(credentials["enrolment_codes"]) == 6
    assert (data / "extension" / "manifest.json").exists()


async def test_after_a_kill_the_next_start_takes_the_database_over(server_folder: Path) -> None:
    data = str(server_folder / "killed")
    process = await started("up", "--port", str(free_port()), "--data", data, "--no-demo")
    await until_ready(process)
    process.kill()
    await process.communicate()
    again = await started("up", "--port", str(free_port()), "--data", data, "--no-demo")
    await until_ready(again)
    assert (await stopped(again, signal.SIGTERM))[0] == 0


async def test_a_port_in_use_is_told_before_anything_is_written(server_folder: Path) -> None:
    data = server_folder / "port"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = await refused("up", "--port", str(port), "--data", str(data))
    assert f"127.0.0.1:{port}" in line
    assert not (data / "postgres").exists()


async def test_a_data_directory_of_another_version_is_left_alone(server_folder: Path) -> None:
    cluster = server_folder / "old" / "postgres"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("14\n")
    line = await refused("up", "--port", str(free_port()), "--data", str(cluster.parent))
    assert "PostgreSQL 14" in line
    assert (cluster / "PG_VERSION").read_text() == "14\n"


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"LOG_LEVEL": "loud"}, "LOG_LEVEL"),
        ({"REDIS_URL": "nonsense"}, "REDIS_URL"),
        ({"DATABASE_URL": "postgresql://u@127.0.0.1:1/d"}, "MASTER_KEY"),
        (
            {
                "DATABASE_URL": "postgresql://u:p@127.0.0.1:1/d",
                "MASTER_KEY": base64.b64encode(b"m" * 32).decode(),
            },
            "127.0.0.1:1",
        ),
    ],
)
async def test_a_wrong_setting_is_one_line_that_names_it(
    environment: dict[str, str], named: str, server_folder: Path
) -> None:
    data = str(server_folder / "wrong")
    line = await refused("up", "--port", str(free_port()), "--data", data, **environment)
    assert named in line


async def test_a_server_runs_on_databases_and_redis_of_ones_own(
    server_folder: Path, redis_url: str
) -> None:
    postgres = EmbeddedPostgres(server_folder / "own")
    owner = await postgres.start()
    try:
        connection = await asyncpg.connect(owner.text())
        await connection.execute("CREATE ROLE keeper LOGIN CREATEROLE PASSWORD 'made-up'")
        await connection.execute("CREATE DATABASE mine OWNER keeper")
        await connection.close()
        mine = DatabaseUrl("keeper", "made-up", owner.host, owner.port, "mine")
        master = base64.b64encode(secrets.token_bytes(32)).decode()
        port = str(free_port())
        process = await started(
            "up", "--port", port, "--data", str(server_folder / "unused"),
            DATABASE_URL=mine.text(), REDIS_URL=redis_url, MASTER_KEY=master,
        )  # fmt: skip
        await until_ready(process)
        async with httpx.AsyncClient() as http:
            for _ in range(50):
                ready = await http.get(f"http://127.0.0.1:{port}/health/ready")
                if ready.json()["status"] == "ready":
                    break
                await asyncio.sleep(0.1)
        assert ready.json() == {"status": "ready", "database": "up", "bus": "up"}
        assert (await stopped(process, signal.SIGTERM))[0] == 0
        port = str(free_port())
        login = DatabaseUrl("qg_app", None, owner.host, owner.port, "mine").text()
        process = await started(
            "serve", "--port", port, DATABASE_URL=login, REDIS_URL=redis_url, MASTER_KEY=master
        )
        answer = None
        async with httpx.AsyncClient() as http, asyncio.timeout(60):
            while answer is None:
                try:
                    answer = await http.get(f"http://127.0.0.1:{port}/health/ready")
                except httpx.TransportError:
                    await asyncio.sleep(0.1)
        assert answer.status_code == httpx.codes.OK
        assert (await stopped(process, signal.SIGTERM))[0] == 0
    finally:
        await postgres.stop()


async def test_of_several_processes_one_that_dies_is_started_anew(
    server_folder: Path, redis_url: str
) -> None:
    port = free_port()
    process = await started(
        "up", "--port", str(port), "--data", str(server_folder / "several"), "--no-demo",
        WORKERS="2", REDIS_URL=redis_url,
    )  # fmt: skip
    await until_ready(process)
    first = serving_processes(process.pid)
    os.kill(min(first), signal.SIGKILL)
    async with asyncio.timeout(60), httpx.AsyncClient() as http:
        while len(serving_processes(process.pid) - first) < 1:
            assert (await http.get(f"http://127.0.0.1:{port}/health/live")).is_success
            await asyncio.sleep(0.1)
    code, words = await stopped(process, signal.SIGTERM)
    assert code == 0, words
    assert not serving_processes(process.pid)


def serving_processes(keeper: int) -> set[int]:
    """Return the processes that serve for `keeper` (Linux)."""
    children = Path(f"/proc/{keeper}/task").glob("*/children")
    numbers = {int(number) for file in children for number in file.read_text().split()}
    return {n for n in numbers if b"workers" in Path(f"/proc/{n}/cmdline").read_bytes()}
