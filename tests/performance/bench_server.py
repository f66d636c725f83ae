"""The running server: start, memory, durable verdicts a second, and the way to feed and browser.

The yardstick of the verdicts is the same application with an audit log that writes nothing.
"""

import asyncio
import json
import os
import signal
import statistics
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
from backend.services.audit_entries import AuditEntry, Receipt
from backend.services.audit_log import AuditLog
from tests.conftest import free_port

CONNECTIONS = 64
SECONDS = 8
PROMPT = "Summarise this for the team: the launch moved to May and the budget is 12,500 dollars. "


async def _not_written(_: AuditLog, entry: AuditEntry) -> Receipt:
    return Receipt(entry.event_id, entry.submission_id, 1, entry.occurred_at, is_duplicate=False)


def serve_without_audit() -> int:
    """Run `quillgate up` with the yardstick's audit log."""
    from backend.__main__ import main as quillgate

    AuditLog.record = _not_written  # type: ignore[method-assign]
    return quillgate(sys.argv[2:])


class Running:
    """A server in a process of its own."""

    def __init__(self, data: Path, *, with_audit: bool = True) -> None:
        self.data, self.port = data, free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._module = ["-m", "backend"] if with_audit else ["-m", __spec__.name, "without-audit"]
        self.process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> "Running":
        begun = time.perf_counter()
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, *self._module, "up", "--port", str(self.port), "--data", str(self.data),
            stdout=asyncio.subprocess.DEVNULL,
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


async def verdicts(server: Running, token: str) -> tuple[float, float, float]:
    """Return verdicts a second, and p50 and p99 in milliseconds, at 64 connections."""
    body = json.dumps({"text": PROMPT * 4, "service": "chatgpt.com", "channel": "typed"}).encode()
    request = (
        f"POST /api/v1/analyze/prompt HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body
    times: list[float] = []
    until = time.perf_counter() + SECONDS

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        while time.perf_counter() < until:
            begun = time.perf_counter()
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head[:60]
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            times.append((time.perf_counter() - begun) * 1000)
        writer.close()

    await asyncio.gather(*(one() for _ in range(CONNECTIONS)))
    times.sort()
    return len(times) / SECONDS, statistics.median(times), times[int(len(times) * 0.99) - 1]


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
            print(f"  warm start                {server.seconds:6.2f} s   target <= 2")
            await asyncio.sleep(1)
            print(f"  resident, idle            {server.resident_mib():6.1f} MiB target <= 150")
            await push(server)
            durable = await verdicts(server, (await server.device())["access_token"])
        async with Running(data, with_audit=False) as server:
            plain = await verdicts(server, (await server.device())["access_token"])
        for name, (rate, p50, p99) in {"durable": durable, "without audit": plain}.items():
            print(f"  verdicts, {name:<15} {rate:6.0f} a second  p50 {p50:6.1f}  p99 {p99:6.1f} ms")
        print(
            f"  durable / without audit   {durable[0] / plain[0]:6.2f}   target >= 1,500 a second"
        )


if __name__ == "__main__":
    if sys.argv[1:2] == ["without-audit"]:
        sys.exit(serve_without_audit())
    asyncio.run(main())
