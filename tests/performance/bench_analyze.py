"""Judged prompts per second with a durable audit entry each, beside the same app without audit."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from statistics import quantiles

from backend.commands.listening import run
from tests.performance.served import SERVICE_HOST, Bench, bench, cpu_seconds, figures, git_version

CONNECTIONS = 64
WARM_SECONDS = 2.0
SECONDS = 8.0
ORDINARY = (
    "Please rewrite the following paragraph so that it is easier to read, and keep the tone "
    "friendly. Our team met on the second floor to talk about the garden behind the office, the "
    "benches that need paint, and who waters the plants while everybody is away in summer. We "
    "agreed that the shed stays where it is, that the path gets new gravel, and that somebody "
    "brings a ladder for the upper windows. Nothing else was decided, and we meet again soon."
)
SENSITIVE = ORDINARY + " The patient's SSN is 536-90-4399."


@dataclass
class Tally:
    """What the load has seen."""

    latencies: list[float] = field(default_factory=list)
    wrong: int = 0


class Load(asyncio.Protocol):
    """One keep-alive connection that asks again as soon as it is answered."""

    def __init__(self, request: bytes, tally: Tally) -> None:
        self._request = request
        self._tally = tally
        self._buffer = b""
        self._asked_at = 0.0
        self._transport: asyncio.Transport | None = None
        self.is_over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        self._transport = transport  # type: ignore[assignment]
        self._ask()

    def _ask(self) -> None:
        assert self._transport is not None
        self._asked_at = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Count an answer that is complete, and ask again."""
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        lower = head.lower()
        length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < length:
            return
        self._buffer = b""
        self._tally.latencies.append(time.perf_counter() - self._asked_at)
        self._tally.wrong += not head.startswith(b"HTTP/1.1 200")
        if not self.is_over:
            self._ask()

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


def _request(token: str, text: str) -> bytes:
    body = json.dumps({"text": text, "service": SERVICE_HOST, "channel": "typed"}).encode()
    head = (
        "POST /api/v1/analyze/prompt HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@dataclass(frozen=True)
class Measured:
    """What a server did with one kind of prompt."""

    rate: float
    p50: float
    p99: float
    cpu: float
    wrong: int

    def line(self, name: str) -> str:
        """Return it as a line: requests/s, milliseconds, processor time of the server a request."""
        return (
            f"{name:36} {self.rate:7,.0f} req/s   p50 {self.p50:6.1f} ms   p99 {self.p99:6.1f} ms"
            f"   {self.cpu:6.0f} us CPU   {self.wrong} wrong"
        )


async def measure(prepared: Bench, kind: str, text: str) -> Measured:
    """Ask a server of one kind over and over from all connections."""
    loop = asyncio.get_running_loop()
    async with prepared.server(kind) as (port, pid):
        tally = Tally()
        loads: list[Load] = []
        for number in range(CONNECTIONS):
            client = prepared.clients[number % len(prepared.clients)]
            load = Load(_request(prepared.token(client), text), tally)
            await loop.create_connection(lambda load=load: load, "127.0.0.1", port)  # type: ignore[misc]
            loads.append(load)
        await asyncio.sleep(WARM_SECONDS)
        tally.latencies.clear()
        began, used = time.perf_counter(), cpu_seconds(pid)
        await asyncio.sleep(SECONDS)
        count, seconds = len(tally.latencies), time.perf_counter() - began
        used = cpu_seconds(pid) - used
        for load in loads:
            load.is_over = True
        await asyncio.sleep(0.5)
        for load in loads:
            load.close()
    percentiles = quantiles(tally.latencies, n=100)
    return Measured(
        count / seconds, percentiles[49] * 1000, percentiles[98] * 1000, used / count * 1e6,
        tally.wrong,
    )  # fmt: skip


async def measured() -> None:
    """Measure with and without audit, and what Quart alone costs on this machine."""
    lines = [f"{CONNECTIONS} connections, {SECONDS:.0f} s each, commit {git_version()}"]
    async with bench() as prepared:
        bare = await measure(prepared, "bare", ORDINARY)
        lines.append(bare.line("yardstick: a Quart route, nothing else"))
        for name, text in (("ordinary", ORDINARY), ("with an SSN", SENSITIVE)):
            unrecorded = await measure(prepared, "unrecorded", text)
            durable = await measure(prepared, "durable", text)
            lines += [
                unrecorded.line(f"{name}, no audit"), durable.line(f"{name}, durable audit"),
                "    target >= 1,500; durable is"  # noqa: ISC004 -- one line
                f" {durable.rate / unrecorded.rate:.2f} times no audit,"
                f" {durable.rate / bare.rate:.2f} times the yardstick",
            ]  # fmt: skip
    figures(lines)


def main() -> None:
    """Print the table."""
    run(measured())


if __name__ == "__main__":
    main()
