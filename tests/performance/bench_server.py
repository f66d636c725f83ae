"""The running server: its start, its memory, and how long news takes to feed and browser.

The yardstick of the warm start is importing the libraries every such server needs, no more.
"""

import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import websockets

from backend.core.identifiers import uuid7
from tests.conftest import free_port

YARDSTICK = "import asyncpg, quart_schema, tortoise, uvicorn"


class Running:
    """A server in a process of its own."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> "Running":
        begun = time.perf_counter()
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "backend", "up", "--port", str(self.port), "--data",
            str(self.data), stdout=asyncio.subprocess.DEVNULL,
            env={**os.environ, "LOG_LEVEL": "error"},
        )  # fmt: skip
        async with httpx.AsyncClient() as http:
            while self.process.returncode is None:
                try:
                    if (await http.get(f"{self.url}/health/ready")).is_success:
                        break
                except httpx.TransportError:
                    await asyncio.sleep(0.02)
        self.seconds = time.perf_counter() - begun
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        await self.process.wait()

    def resident_mib(self) -> float:
        """Return the server's resident memory."""
        assert self.process is not None
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    async def device(self) -> dict[str, Any]:
        """Enrol a browser."""
        credentials = json.loads((self.data / "demo-credentials.json").read_text())
        about = {"name": "b", "browser": "b", "extension_version": "0.1.0"}
        about["code"] = credentials["enrolment_codes"][0]["code"]
        async with httpx.AsyncClient() as http:
            answer = await http.post(f"{self.url}/api/v1/enrolment/devices", json=about)
            content: dict[str, Any] = answer.json()
            return content

    async def admin(self) -> dict[str, Any]:
        """Sign the client's administrator in."""
        users = json.loads((self.data / "demo-credentials.json").read_text())["users"]
        user = next(u for u in users if u["role"] == "client_admin")
        async with httpx.AsyncClient() as http:
            body = {"email": user["email"], "password": user["password"]}
            answer = await http.post(f"{self.url}/api/v1/auth/login", json=body)
            content: dict[str, Any] = answer.json()
            return content


def bare_imports() -> float:
    """Return the seconds Python takes to import web framework, ORM, driver and server alone."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", YARDSTICK], check=True)
    return time.perf_counter() - begun


async def latencies(count: int, once: Callable[[], Awaitable[float]]) -> tuple[float, float]:
    """Return median and maximum of `once` in milliseconds."""
    times = [await once() * 1000 for _ in range(count)]
    return statistics.median(times), max(times)


async def _hello(server: Running, token: str, channel: str) -> Any:
    socket = await websockets.connect(
        f"{server.url.replace('http', 'ws')}/api/v1/live",
        subprotocols=[websockets.Subprotocol("quillgate.v1")],
        origin=websockets.Origin(server.url),
    )
    subs = [{"ch": channel, "client": None}]
    await socket.send(json.dumps({"t": "hello", "d": {"token": token, "subs": subs}}))
    await socket.recv()
    return socket


async def _until(socket: Any, kind: str) -> dict[str, Any]:
    while True:
        message: dict[str, Any] = json.loads(await asyncio.wait_for(socket.recv(), 10))
        if message["t"] == kind:
            return message


async def push(server: Running) -> None:
    """Print how long a block takes to the feed, and a policy to a browser."""
    device, admin = await server.device(), await server.admin()
    asks = {"Authorization": f"Bearer {device['access_token']}"}
    rules = {"Authorization": f"Bearer {admin['access_token']}"}
    feed = await _hello(server, admin["access_token"], "feed")
    news = await _hello(server, device["access_token"], "policy")
    await _until(news, "policy.changed")
    async with httpx.AsyncClient(base_url=f"{server.url}/api/v1") as http:

        async def block() -> float:
            body = {"text": "SSN 536-90-4399", "service": "chatgpt.com", "channel": "typed"}
            begun = time.perf_counter()
            await http.post("/analyze/prompt", json=body | {"event_id": str(uuid4())}, headers=asks)
            await _until(feed, "feed.event")
            return time.perf_counter() - begun

        async def publish() -> float:
            client_id = admin["user"]["client_id"]
            chain = await http.get(f"/policies?client_id={client_id}", headers=rules)
            policy = chain.json()["items"][-1]
            action = "warn" if policy["version"] % 2 else "flag"
            patch = {"entities": {"VIN": {"action": action}}}
            body = {"base_version": policy["version"], "reason": str(uuid7()), "patch": patch}
            begun = time.perf_counter()
            await http.post(f"/policies/{policy['id']}/versions", json=body, headers=rules)
            await _until(news, "policy.changed")
            return time.perf_counter() - begun

        p50, worst = await latencies(100, block)
        print(f"  block to live feed        p50 {p50:6.1f} ms  worst of 100 {worst:6.1f} ms")
        p50, worst = await latencies(50, publish)
        print(f"  publish to told browser   p50 {p50:6.1f} ms  worst of 50  {worst:6.1f} ms")
    await feed.close()
    await news.close()


async def main() -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory(prefix="qg-bench-") as folder:
        Path(folder).chmod(0o755)
        data = Path(folder) / "data"
        async with Running(data) as server:
            print(f"  cold start                {server.seconds:6.2f} s   target <= 10")
        async with Running(data) as server:
            bare = min(bare_imports() for _ in range(3))
            print(
                f"  warm start                {server.seconds:6.2f} s   target <= 2"
                f"   {server.seconds / bare:.2f} times importing the libraries alone ({bare:.2f} s)"
            )
            await asyncio.sleep(1)
            print(f"  resident, idle            {server.resident_mib():6.1f} MiB target <= 150")
            await push(server)


if __name__ == "__main__":
    asyncio.run(main())
