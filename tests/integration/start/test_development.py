"""DEBUG=true on a real server: who is let in, as whom, and which databases it refuses."""

import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from test_start import refused, started, stopped, until_ready

from backend.core.identifiers import uuid7
from backend.core.postgres import EmbeddedPostgres
from tests.conftest import free_port

SUMMARY = "/api/v1/msp/summary"


async def answers(http: httpx.AsyncClient) -> dict[str, httpx.Response]:
    """Return what callers of several kinds are told."""
    asked: dict[str, dict[str, str]] = {
        "plain": {},
        "as an administrator of the MSP": {"X-Debug-Role": "msp_admin"},
        "as nobody we know": {"X-Debug-Role": "emperor"},
        "behind a proxy": {"X-Forwarded-For": "192.0.2.1"},
        "under a rebound name": {"Host": "rebound.example"},
        "from a page elsewhere": {"Origin": "https://evil.example"},
        "with a wrong token": {"Authorization": "Bearer nonsense"},
    }
    return {name: await http.get(SUMMARY, headers=headers) for name, headers in asked.items()}


async def add_a_real_client(data: Path) -> None:
    """Write an MSP and a client that are not of the demonstration."""
    postgres = EmbeddedPostgres(data)
    owner = await postgres.start()
    connection: Any = await asyncpg.connect(owner.text())
    msp, client, now = uuid7(), uuid7(), datetime.now(UTC)
    await connection.execute("SET ROLE qg_owner")
    await connection.execute(
        "INSERT INTO msps (msp_id, name, slug, created_at) VALUES ($1, 'Real', 'real', $2)",
        msp,
        now,
    )
    await connection.execute(
        "INSERT INTO clients (tenant_id, msp_id, name, slug, created_at)"
        " VALUES ($1, $2, 'Clinic', 'clinic', $3)",
        client, msp, now,
    )  # fmt: skip
    await connection.close()
    await postgres.stop()


async def test_debug_lets_this_machine_in_as_the_demonstration_and_refuses_a_real_client(
    server_folder: Path,
) -> None:
    data, port = server_folder / "debug", free_port()
    arguments = ("up", "--port", str(port), "--data", str(data))
    process = await started(*arguments, DEBUG="true")
    await until_ready(process)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        told = await answers(http)
        assert {name: answer.status_code for name, answer in told.items()} == {
            "plain": 200, "as an administrator of the MSP": 200, "as nobody we know": 422,
            "behind a proxy": 401, "under a rebound name": 401, "from a page elsewhere": 401,
            "with a wrong token": 401,
        }  # fmt: skip
        bypassed = {name for name, answer in told.items() if "X-Debug-Auth" in answer.headers}
        assert bypassed == {"plain", "as an administrator of the MSP"}
        own, all_of_msp = (told[name].json()["items"] for name in list(told)[:2])
        assert (len(own), len(all_of_msp) > 1) == (1, True)
        page = await http.get("/console", follow_redirects=True)
        assert "DEBUG=true lets everybody on this machine in" in page.text
    assert (await stopped(process, signal.SIGTERM))[0] == 0

    await add_a_real_client(data)
    line = await refused(*arguments, DEBUG="true")
    assert "clients that are not of the demonstration" in line
    process = await started(*arguments)
    await until_ready(process)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
        assert (await http.get(SUMMARY)).status_code == 401
    assert (await stopped(process, signal.SIGTERM))[0] == 0


@pytest.mark.parametrize(
    "environment",
    [{"HOST": "0.0.0.0"}, {"ENVIRONMENT": "production"}, {"PUBLIC_URL": "https://q.example"}],  # noqa: S104 -- refused
    ids=" ".join,
)
async def test_debug_does_not_start_where_others_could_reach_it(
    server_folder: Path, environment: dict[str, str]
) -> None:
    data = server_folder / "debug-refused"
    line = await refused("up", "--data", str(data), DEBUG="true", **environment)
    assert line.startswith("quillgate: DEBUG=true is for one's own machine")
    assert not (data / "postgres").exists()
