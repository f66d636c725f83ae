"""`quillgate serve`: the server alone, on a database that is already migrated."""

import argparse
import contextlib
import os
import socket

from backend.commands.databases import external
from backend.commands.listening import bind, stop_on_signals
from backend.commands.listening import run as run_loop
from backend.commands.server import server
from backend.core.config import Settings
from backend.core.errors import ConfigurationError
from backend.core.signing import KeyRing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    parser.add_argument("--host", help="address to listen on")
    parser.add_argument("--port", help="port to listen on")


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM."""
    settings = Settings.from_environment(os.environ, host=arguments.host, port=arguments.port)
    if settings.database_url is None:
        raise ConfigurationError(
            "`quillgate serve` needs DATABASE_URL. To start with an embedded database, use "
            "`quillgate up`."
        )
    with contextlib.closing(bind(settings)) as listener:
        run_loop(_run(settings, listener))
    return 0


async def _run(settings: Settings, listener: socket.socket) -> None:
    stop = stop_on_signals()
    database = external(settings, KeyRing.from_master(settings.master_key))
    serve = server(settings)
    await serve(
        database.app.text(), listener, stop,
        lambda: print(f"Serving {settings.public_url}", flush=True),
    )  # fmt: skip
