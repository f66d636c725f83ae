"""`quillgate migrate`: brings the database to the newest shape, then ends."""

import argparse
import asyncio
import os

from backend.commands.databases import database_in_use
from backend.core.config import Settings
from backend.core.errors import ConfigurationError
from backend.services.migration import Migration


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    parser.add_argument("--data", metavar="DIR", help="where data is kept (default .data)")


def run(arguments: argparse.Namespace) -> int:
    """Apply what is missing and say what it was."""
    settings = Settings.from_environment(os.environ, data_dir=arguments.data)
    asyncio.run(_run(settings))
    return 0


async def _run(settings: Settings) -> None:
    async with database_in_use(settings) as database:
        if database.owner is None:
            raise ConfigurationError(
                "Migrating needs the database's owner. Set DATABASE_OWNER_URL to its login."
            )
        migrated = await Migration(database.owner, database.keys).apply()
        print(f"{database.words}: {migrated.words}.")
