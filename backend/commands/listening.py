"""The socket, the loop and the signals of a command that serves; light, so that they come first."""

import asyncio
import errno
import signal
import socket
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from backend.core.config import Settings
from backend.core.errors import ConfigurationError

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def bind(settings: Settings) -> socket.socket:
    """Take the address at once, so that a taken port is told before anything else is started."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise ConfigurationError(_why_not(settings, error)) from None
    listener.setblocking(False)
    return listener


def _why_not(settings: Settings, error: OSError) -> str:
    where = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"Another program already listens on {where}, so Quillgate was not started. "
            f"Stop it, or choose another port with --port."
        )
    return (
        f"Quillgate cannot listen on {where} ({error.strerror or error}). "
        f"Choose another address with --host or another port with --port."
    )


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run to the end on the fastest loop there is: uvloop, where the platform has it."""
    factory = None if sys.platform == "win32" else _uvloop()
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(work)


def _uvloop() -> Callable[[], asyncio.AbstractEventLoop]:
    import uvloop  # noqa: PLC0415 -- there is none for Windows

    make: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return make


def stop_on_signals(tell: Callable[[], None] = lambda: None) -> asyncio.Event:
    """Return an event that SIGINT and SIGTERM set; further signals change nothing.

    `tell` is called at once, since what has been begun may take seconds to end.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def heard() -> None:
        if not stop.is_set():
            stop.set()
            tell()

    for number in STOP_SIGNALS:
        try:
            loop.add_signal_handler(number, heard)
        except NotImplementedError:  # Windows has no loop signal handlers
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(heard))
    return stop
