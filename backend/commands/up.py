"""`quillgate up`: database, migrations, demonstration, extension and server with one command."""

import argparse
import asyncio
import contextlib
import os
import socket
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from backend.commands.databases import DatabaseInUse, database_in_use
from backend.commands.extension import write_extension
from backend.commands.listening import bind, stop_on_signals
from backend.commands.listening import run as run_loop
from backend.commands.server import server
from backend.core.config import Settings
from backend.core.crx import public_bytes
from backend.detection.rulebook import Rulebook
from backend.services.demonstration.writing import Demonstration
from backend.services.extension_package import signing_key
from backend.services.migration import Migration


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", help="port to listen on (default 8080)")
    parser.add_argument("--data", metavar="DIR", help="where data is kept (default .data)")
    parser.add_argument("--no-demo", action="store_true", help="start without demo tenants")


def run(arguments: argparse.Namespace) -> int:
    """Start, serve until SIGINT or SIGTERM, stop everything."""
    settings = Settings.from_environment(
        os.environ, host=arguments.host, port=arguments.port, data_dir=arguments.data
    )
    if not arguments.no_demo and settings.smtp_url is None and settings.is_of_one_machine():
        settings = replace(settings, demonstration=True)
    with contextlib.closing(bind(settings)) as listener:
        run_loop(_run(settings, listener, with_demo=not arguments.no_demo))
    return 0


async def _run(settings: Settings, listener: socket.socket, *, with_demo: bool) -> None:
    stop = stop_on_signals(partial(_say, "Stopping ..."))
    # Importing the application is most of a warm start: it goes on while PostgreSQL starts.
    loading = asyncio.create_task(asyncio.to_thread(server, settings))
    async with database_in_use(settings) as database:
        if database.owner is not None:
            migrated = await Migration(database.owner, database.keys).apply()
            _say(f"Database ready ({database.words}; {migrated.words}).")
        credentials = settings.data_dir / "demo-credentials.json"
        if with_demo and not stop.is_set():
            await _demonstrate(database, credentials)
        extension = settings.data_dir / "extension"
        key = public_bytes(signing_key(settings.data_dir))
        write_extension(extension, settings.public_url, None, key=key)
        if not stop.is_set():
            serve = await loading
            shown = credentials if credentials.exists() else None
            tell = partial(_tell_where, settings, extension, shown)
            await serve(database.app.text(), listener, stop, tell)
    _say("Stopped. Nothing was lost; the same command starts again.")


async def _demonstrate(database: DatabaseInUse, credentials: Path) -> None:
    if database.owner is None:
        _say("No demonstration: writing it needs the database's owner (DATABASE_OWNER_URL).")
        return
    demonstration = Demonstration(database.owner, Rulebook.load().version)
    if await demonstration.is_present():
        if not credentials.exists():
            _say(f"The demonstration is there, its sign-ins ({credentials}) are not; they were")
            _say("shown to the start that wrote it. Use --no-demo, or another database.")
        return
    _say("Writing the demonstration: two MSPs, six clients, thirty days of made-up use ...")
    await demonstration.write(credentials)


def _tell_where(settings: Settings, extension: Path, credentials: Path | None) -> None:
    _say("")
    _say(f"  Console      {settings.public_url}/console")
    _say(f"  API          {settings.public_url}/openapi.json")
    _say(f"  Extension    {extension.resolve()}")
    _say("               chrome://extensions, Developer mode, Load unpacked, choose that folder")
    if credentials is not None:
        _say(f"  Sign-in      {credentials.resolve()}  (demo people, passwords, enrolment codes)")
    if settings.demonstration:
        _say(f"  Mail         {settings.public_url}/console/outbox  (none leaves this machine)")
    _say("")
    _say("Ready. Ctrl+C stops everything, also the database.")


def _say(line: str) -> None:
    print(line, file=sys.stdout, flush=True)
