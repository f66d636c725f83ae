"""One serving process or several: the way every verb serves."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

from backend.commands.workers import Workers
from backend.core.config import Settings
from backend.core.database import Database
from backend.core.signing import KeyRing

Serve = Callable[[str, socket.socket, asyncio.Event, Callable[[], None]], Awaitable[None]]


def server(settings: Settings) -> Serve:
    """Return what serves: called with database URL, socket, when to stop, whom to tell if ready.

    This imports the application, which is most of a warm start.
    """
    if settings.workers > 1:
        return Workers(settings).serve
    from backend.app import create_app  # noqa: PLC0415 -- the keeper of several needs none
    from backend.commands.serving import serve  # noqa: PLC0415 -- the same
    from backend.services.development import refuse_real_clients  # noqa: PLC0415 -- the same

    async def serve_here(
        database_url: str,
        listener: socket.socket,
        stop: asyncio.Event,
        when_ready: Callable[[], None],
    ) -> None:
        keys = KeyRing.from_master(settings.master_key)
        if settings.debug:  # the application refuses too, but without a word to the operator
            database = Database(database_url, keys.scope_key, pool_size=1)
            await database.open()
            try:
                await refuse_real_clients(database)
            finally:
                await database.close()
        app = create_app(settings, keys, database_url)
        await serve(app, listener, stop, when_ready)

    return serve_here
