"""Runs the web application on one socket until told to stop; live sockets are drained first."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import uvicorn
from quart import Quart

from backend.api.wire import BoundedHttp
from backend.core.errors import ConfigurationError

PREPARED_AFTER_SECONDS: Final = 10.0
"""A start has more urgent work than packing the extension."""


class _Server(uvicorn.Server):
    """uvicorn that says when it is ready, and leaves signals alone.

    With signal handling of its own it would end us before the database stops.
    """

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the caller."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept, then say so."""
        await super().startup(sockets)
        if self.started:
            self._when_ready()


async def serve(
    app: Quart,
    listener: socket.socket,
    stop: asyncio.Event,
    when_ready: Callable[[], None] = lambda: None,
) -> None:
    """Serve until `stop` is set; open requests finish, live sockets are told to come back."""
    server = _Server(
        configuration(app, app.extensions["quillgate"].settings.trusted_proxies), when_ready
    )
    package = app.extensions["quillgate"].extension_package
    beside = [
        asyncio.create_task(_stop_when_told(app, server, stop)),
        asyncio.create_task(package.prepare(PREPARED_AFTER_SECONDS)),
    ]
    try:
        with contextlib.suppress(SystemExit):  # uvicorn's way of saying that it did not start
            await server.serve(sockets=[listener])
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
    if not server.started:
        raise ConfigurationError(
            "The server could not start; the lines above say why. Most often the database cannot "
            "be reached: check DATABASE_URL. Nothing was changed."
        )


def configuration(app: Any, trusted_proxies: Sequence[str]) -> uvicorn.Config:
    """Return how uvicorn serves us.

    Who calls is whoever is at the other end of the connection. Only what a trusted proxy adds
    (X-Forwarded-For, X-Forwarded-Proto) is believed: left to itself uvicorn believes every caller
    on its own machine, and whoever is named in FORWARDED_ALLOW_IPS.
    """
    return uvicorn.Config(
        app,
        lifespan="on",
        access_log=False,
        log_level=logging.WARNING,
        log_config=None,
        http=BoundedHttp,
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),
        timeout_graceful_shutdown=5,
    )


async def _stop_when_told(app: Quart, server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    await app.extensions["quillgate"].hub.drain()
    server.should_exit = True
