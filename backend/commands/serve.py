"""`quillgate serve`: the server alone, on a database that is already migrated."""

import argparse
import contextlib
import os
import socket

from backend.app import create_app
from backend.commands.databases import external
from backend.commands.serving import bind, serve, stop_on_signals
from backend.commands.serving import run as run_loop
from backend.core.config import Settings
from backend.core.errors import ConfigurationError
from backend.core.signing import KeyRing


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command and its arguments."""
    parser = subparsers.add_parser("serve", help="serve with your own PostgreSQL (DATABASE_URL)")
    parser.add_argument("--host", help="address to listen on")
    parser.add_argument("--port", help="port to listen on")
    parser.set_defaults(run=run)


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
    keys = KeyRing.from_master(settings.master_key)
    app = create_app(settings, keys, external(settings, keys).app.text())
    print(f"Serving {settings.public_url}", flush=True)
    await serve(app, listener, stop)
