"""Several serving processes on one listening socket, each started anew when it dies."""

import asyncio
import base64
import contextlib
import json
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, Final

import structlog

from backend.commands.listening import run, stop_on_signals
from backend.core.config import Settings
from backend.core.errors import ConfigurationError
from backend.core.signing import KeyRing

STOP_SECONDS: Final = 15.0
_log = structlog.get_logger(__name__)


class Workers:
    """The processes of one server; settings and keys reach them through a pipe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._count_ready = 0

    async def serve(
        self,
        database_url: str,
        listener: socket.socket,
        stop: asyncio.Event,
        when_ready: Callable[[], None],
    ) -> None:
        """Serve until `stop`. Raise ConfigurationError when a process does not come up."""
        if sys.platform == "win32":
            raise ConfigurationError(
                "WORKERS above 1 does not work on Windows, where processes cannot share a socket. "
                "Set WORKERS=1, or run several servers behind a load balancer."
            )
        handed = json.dumps(_environment(self._settings, database_url)).encode() + b"\n"
        start = partial(_started, handed, listener.fileno())
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._settings.workers):
                    group.create_task(self._keep(start, stop, when_ready))
        except* ConfigurationError as failed:
            raise failed.exceptions[0] from None

    async def _keep(
        self,
        start: Callable[[], Awaitable[Process]],
        stop: asyncio.Event,
        when_ready: Callable[[], None],
    ) -> None:
        while not stop.is_set():
            process = await start()
            try:
                assert process.stdout is not None  # noqa: S101 -- a pipe was asked for
                if not await process.stdout.readline() and not stop.is_set():
                    raise ConfigurationError(
                        "A serving process could not start; the lines above say why. "
                        "Nothing was changed."
                    )
                self._count_ready += 1
                if self._count_ready == self._settings.workers:
                    when_ready()
                await _first_of(process.wait(), stop.wait())
            finally:
                await _ended(process)
            if not stop.is_set():
                _log.warning("worker_restarted", exit_code=process.returncode)


async def _started(handed: bytes, descriptor: int) -> Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, str(descriptor), pass_fds=(descriptor,),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None  # noqa: S101 -- a pipe was asked for
    process.stdin.write(handed)
    return process


async def _first_of(*waits: Coroutine[Any, Any, Any]) -> None:
    tasks = [asyncio.create_task(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()


async def _ended(process: Process) -> None:
    """End a process: it finishes what it was asked, for a while; then it is killed."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()


def _environment(settings: Settings, database_url: str) -> dict[str, str]:
    """Return the settings as a process of ours reads them, command line included."""
    return {
        **os.environ,
        "HOST": settings.host,
        "PORT": str(settings.port),
        "PUBLIC_URL": settings.public_url,
        "DATA_DIR": str(settings.data_dir),
        "DATABASE_URL": database_url,
        "MASTER_KEY": base64.b64encode(settings.master_key).decode(),
    }


async def _serve(environment: dict[str, str], listener: socket.socket) -> None:
    from backend.app import create_app  # noqa: PLC0415 -- the keeper of the processes needs none
    from backend.commands.serving import serve  # noqa: PLC0415 -- the same

    stop = stop_on_signals()
    # The keeper holds the other end; when it is gone, so are we.
    asyncio.get_running_loop().add_reader(sys.stdin, stop.set)
    settings = Settings.from_environment(environment)
    keys = KeyRing.from_master(settings.master_key)
    app = create_app(settings, keys, environment["DATABASE_URL"])
    await serve(app, listener, stop, lambda: print("ready", flush=True))


def main() -> int:
    """Serve on the socket whose descriptor is the first argument."""
    environment: dict[str, str] = json.loads(sys.stdin.readline())
    with socket.socket(fileno=int(sys.argv[1])) as listener:
        listener.setblocking(False)
        try:
            run(_serve(environment, listener))
        except ConfigurationError as error:
            print(f"quillgate: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
