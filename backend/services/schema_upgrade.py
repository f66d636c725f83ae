"""Applies missing migration files with aerich. Imported only then: it takes most of a second."""

import asyncio
from typing import Any, Final

from aerich import Command
from tortoise import Tortoise
from tortoise.exceptions import OperationalError

from backend.core.orm import tortoise_config
from backend.core.urls import DatabaseUrl

_LOCK_TRIES: Final = 40
_LOCK_WAIT_SECONDS: Final = 0.25


async def upgrade(owner: DatabaseUrl, location: str) -> list[str]:
    """Apply, as the owner, every file in `location` that the database lacks; return their names."""
    command = Command(owner_config(owner), app="models", location=location)
    try:
        for _ in range(_LOCK_TRIES - 1):
            try:
                return await _applied(command)
            except OperationalError as error:
                if "lock timeout" not in str(error):
                    raise
                await asyncio.sleep(_LOCK_WAIT_SECONDS)
        return await _applied(command)
    finally:
        # Whoever migrates may serve afterwards, with Tortoise set up anew; it has no public way.
        await Tortoise._reset_apps()  # noqa: SLF001


async def _applied(command: Command) -> list[str]:
    async with command:
        await command.init()
        applied: list[str] = await command.upgrade(run_in_transaction=True)
        return applied


def owner_config(owner: DatabaseUrl) -> dict[str, Any]:
    """Return Tortoise's settings for migrating: the ordinary client, with aerich's table."""
    config = tortoise_config()
    credentials = {
        **owner.tortoise_credentials(),
        "server_settings": {"lock_timeout": "100ms", "application_name": "quillgate-migrate"},
    }
    config["connections"] = {
        "default": {"engine": "tortoise.backends.asyncpg", "credentials": credentials}
    }
    config["apps"]["models"]["models"] = ["backend.models", "aerich.models"]
    return config
