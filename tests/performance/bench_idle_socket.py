"""How long the push socket of an unused browser stays open, without a debugger to keep it so."""

import asyncio
import os
import signal
import tempfile
import time
from pathlib import Path

from backend.commands.extension import write_extension
from tests.conftest import free_port
from tests.end_to_end.conftest import CHROMIUM, Server

MINUTES = float(os.environ.get("QUILLGATE_IDLE_MINUTES", "10"))
START_SECONDS = 60
LOOK_SECONDS = 2.0
#: What is open so long is the socket: the server ends an idle HTTP connection after seconds.
SETTLED_SECONDS = 20
ESTABLISHED = "01"


def open_from(server_port: int) -> set[int]:
    """Return the ports that a connection to the server is open from."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ends = [(row[1], row[2]) for row in rows if row[3] == ESTABLISHED]
    return {
        int(here.split(":")[1], 16)
        for here, there in ends
        if int(there.split(":")[1], 16) == server_port
    }


async def idle(folder: Path) -> tuple[float, float, int]:
    """Return seconds watched, seconds with a socket open, and how often another one was opened."""
    server = await Server(folder / "data", free_port()).start()
    extension = folder / "extension"
    write_extension(extension, server.url, server.code())
    browser = await asyncio.create_subprocess_exec(
        CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-component-update", f"--user-data-dir={folder / 'profile'}",
        f"--disable-extensions-except={extension}", f"--load-extension={extension}", "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        return await _watched(server.port)
    finally:
        os.killpg(browser.pid, signal.SIGTERM)
        await browser.wait()
        await server.stop()


async def _watched(port: int) -> tuple[float, float, int]:
    """Watch from when a connection has outlived those of the start."""
    seen: dict[int, float] = {}
    began, is_open, changes, socket = 0.0, 0.0, -1, 0
    until = time.monotonic() + START_SECONDS + MINUTES * 60
    while time.monotonic() < until and (not began or time.monotonic() - began < MINUTES * 60):
        last = time.monotonic()
        await asyncio.sleep(LOOK_SECONDS)
        now = time.monotonic()
        seen = {one: seen.get(one, now) for one in open_from(port)}
        lasting = {one for one, since in seen.items() if now - since >= SETTLED_SECONDS}
        is_open += now - last if began and seen else 0.0
        began = began or (now if lasting else 0.0)
        if lasting and socket not in lasting:
            socket, changes = min(lasting), changes + 1
    return (time.monotonic() - began if began else 0.0), is_open, changes


async def main() -> None:
    """Print the share of time with a socket."""
    with tempfile.TemporaryDirectory(prefix="qg-idle-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        watched, is_open, changes = await idle(Path(folder))
    print(
        f"idle browser, no debugger: watched {watched / 60:.1f} min, a socket open"
        f" {100 * min(1.0, is_open / watched) if watched else 0:.1f} % of it,"
        f" opened anew {max(changes, 0)} times"
    )


if __name__ == "__main__":
    asyncio.run(main())
