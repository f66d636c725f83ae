"""How fast sockets are accepted, and how fast one policy edit reaches all of them."""

import asyncio
import base64
import json
import os
import struct
import time
from pathlib import Path
from statistics import median

from tests.performance.served import Bench, bench, cpu_seconds, figures, git_version

SOCKETS = int(os.environ.get("SOCKETS", "1000"))
AT_ONCE = 64
EDITS = 5
ORIGIN = "chrome-extension://" + "a" * 32
_BIG = 126


class Socket(asyncio.Protocol):
    """One extension's socket, just able to read whole frames; it stamps policy news."""

    def __init__(self, hello: bytes) -> None:
        self._hello = hello
        self._buffer = b""
        self._is_upgraded = False
        self.version = 0
        self.heard_at = 0.0
        self.is_current = asyncio.Event()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self.transport = transport  # type: ignore[assignment]
        key = base64.b64encode(os.urandom(16)).decode()
        lines = ["GET /api/v1/live HTTP/1.1", "Host: bench", "Upgrade: websocket",
                 "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
                 "Sec-WebSocket-Protocol: quillgate.v1", f"Origin: {ORIGIN}", "", ""]  # fmt: skip
        assert self.transport is not None
        self.transport.write("\r\n".join(lines).encode())

    def data_received(self, data: bytes) -> None:
        """Say hello after the upgrade; read frames afterwards."""
        self._buffer += data
        if not self._is_upgraded:
            head, separator, rest = self._buffer.partition(b"\r\n\r\n")
            if not separator:
                return
            assert b" 101 " in head
            self._is_upgraded, self._buffer = True, rest
            assert self.transport is not None
            self.transport.write(self._hello)
        self._read_frames()

    def _read_frames(self) -> None:
        while len(self._buffer) >= 4:
            length, start = self._buffer[1], 2
            if length == _BIG:
                length, start = struct.unpack_from("!H", self._buffer, 2)[0], 4
            if len(self._buffer) < start + length:
                return
            payload, self._buffer = (
                self._buffer[start : start + length], self._buffer[start + length :],
            )  # fmt: skip
            if b'"t":"policy.changed"' in payload:
                self.version = json.loads(payload)["d"]["version"]
                self.heard_at = time.perf_counter()
                self.is_current.set()


def _hello(token: str) -> bytes:
    text = json.dumps({"t": "hello", "d": {"token": token, "subs": [{"ch": "policy"}]}}).encode()
    return struct.pack("!BBH", 0x81, 0x80 | _BIG, len(text)) + b"\0\0\0\0" + text


async def _publish(bench: Bench, port: int, version: int) -> None:
    client = bench.clients[0]
    action = "warn" if version % 2 else "flag"
    body = json.dumps({"base_version": version, "reason": "bench",
                       "patch": {"categories": {"pii": {"action": action}}}}).encode()  # fmt: skip
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST /api/v1/policies/{client.policy_id}/versions HTTP/1.1\r\nHost: bench\r\n"
        f"Connection: close\r\nAuthorization: Bearer {bench.token(client)}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    answer = await reader.read()
    writer.close()
    assert b" 201 " in answer.split(b"\r\n")[0], answer[:200]


def _memory_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


async def _connected(prepared: Bench, port: int) -> list[Socket]:
    """Open all sockets, some at once, each until it knows its policy."""
    loop = asyncio.get_running_loop()
    gate = asyncio.Semaphore(AT_ONCE)

    async def one() -> Socket:
        async with gate:
            socket = Socket(_hello(prepared.token(prepared.clients[0])))
            await loop.create_connection(lambda: socket, "127.0.0.1", port)
            await asyncio.wait_for(socket.is_current.wait(), 60)
            return socket

    return list(await asyncio.gather(*[one() for _ in range(SOCKETS)]))


async def run() -> None:
    """Accept, then edit the policy some times."""
    async with bench() as prepared, prepared.server() as (port, pid):
        before, began, used = _memory_kib(pid), time.perf_counter(), cpu_seconds(pid)
        sockets = await _connected(prepared, port)
        seconds, used = time.perf_counter() - began, cpu_seconds(pid) - used
        lines = [
            f"{SOCKETS} sockets of one client, commit {git_version()}",
        ]
        lines.append(
            f"accept until current      {SOCKETS / seconds:8,.0f} /s"
            f"   {used / SOCKETS * 1e6:6.0f} us CPU each"
            f"   {(_memory_kib(pid) - before) / SOCKETS:5.1f} KiB each"
        )
        p50s, p99s, costs = [], [], []
        for version in range(1, EDITS + 1):
            for socket in sockets:
                socket.is_current.clear()
            used = cpu_seconds(pid)
            began = time.perf_counter()
            await _publish(prepared, port, version)
            await asyncio.wait_for(
                asyncio.gather(*[socket.is_current.wait() for socket in sockets]), 60
            )
            costs.append((cpu_seconds(pid) - used) / SOCKETS * 1e6)
            delays = sorted(socket.heard_at - began for socket in sockets)
            p50s.append(delays[len(delays) // 2] * 1000)
            p99s.append(delays[int(len(delays) * 0.99)] * 1000)
        lines.append(
            f"policy edit to sockets    p50 {median(p50s):6.0f} ms   p99 {median(p99s):6.0f} ms"
            f"   {median(costs):6.0f} us CPU each   (from the request, median of {EDITS})"
        )
        for socket in sockets:
            if socket.transport is not None:
                socket.transport.close()
    figures(lines)


def main() -> None:
    """Print the table."""
    asyncio.run(run())


if __name__ == "__main__":
    main()
