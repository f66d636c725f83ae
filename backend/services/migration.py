"""Brings a database to the newest shape as its owner, and gives the login role its password."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from aerich import Command
from aerich.models import Aerich
from tortoise import Tortoise
from tortoise.exceptions import OperationalError

from backend.core.errors import ConfigurationError
from backend.core.orm import tortoise_config
from backend.core.scope import hmac_pads
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl

MIGRATIONS = Path(__file__).parents[2] / "migrations"
OLDEST_POSTGRES = 150000
LOGIN_ROLE = "qg_app"
_ADVISORY_LOCK = 0x7167_6D69  # "qgmi"
_LOCK_TRIES = 40


@dataclass(frozen=True, slots=True)
class Migrated:
    """What a migration did."""

    applied: tuple[str, ...]

    @property
    def words(self) -> str:
        """Say it in a few words."""
        count = len(self.applied)
        return "schema up to date" if not count else f"{count} migration{'s'[: count > 1]} applied"


class Migration:
    """The migrations of one database, applied as its owner."""

    def __init__(self, owner: DatabaseUrl, keys: KeyRing) -> None:
        self._owner = owner
        self._keys = keys

    async def apply(self) -> Migrated:
        """Apply what is missing; running it again changes nothing.

        Raise ConfigurationError when the server is unreachable, too old or the login too weak.
        """
        async with self._connected() as connection:
            await self._check(connection)
            await connection.execute("SELECT pg_advisory_lock($1)", _ADVISORY_LOCK)
            applied = await self._upgrade()
            await self._finish(connection)
            await connection.execute("SELECT pg_advisory_unlock($1)", _ADVISORY_LOCK)
        return Migrated(tuple(applied))

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        try:
            connection = await asyncpg.connect(self._owner.text(), timeout=10)
        except asyncpg.InvalidPasswordError:
            raise ConfigurationError(
                "The database refused the owner's password. Check DATABASE_OWNER_URL (or "
                "DATABASE_URL, when that is the only one set)."
            ) from None
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            raise ConfigurationError(
                f"The database at {self._owner.host}:{self._owner.port} cannot be used "
                f"({type(error).__name__}). Check that it runs and that DATABASE_URL is right."
            ) from None
        try:
            yield connection
        finally:
            await connection.close()

    async def _check(self, connection: Any) -> None:
        version, may = await connection.fetchrow(
            "SELECT current_setting('server_version_num')::int, rolsuper OR rolcreaterole"
            " FROM pg_roles WHERE rolname = current_user"
        )
        if version < OLDEST_POSTGRES:
            raise ConfigurationError(
                f"PostgreSQL {version // 10000} is too old: Quillgate needs 15 or newer."
            )
        if not may:
            raise ConfigurationError(
                "The owner's login may not create roles, which row-level security needs. Set "
                "DATABASE_OWNER_URL to the database's owner with CREATEROLE and try again."
            )

    async def _upgrade(self) -> list[str]:
        config = owner_config(self._owner)
        command = Command(config, app="models", location=str(MIGRATIONS))
        for attempt in range(1, _LOCK_TRIES + 1):
            try:
                async with command:
                    await command.init()
                    await self._refuse_newer()
                    return await command.upgrade(run_in_transaction=True)
            except OperationalError as error:
                if "lock timeout" not in str(error) or attempt == _LOCK_TRIES:
                    raise
                await asyncio.sleep(0.25)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _refuse_newer(self) -> None:
        """Never serve a database that a newer Quillgate has changed."""
        known = {path.name for path in (MIGRATIONS / "models").glob("[0-9]*.py")}
        try:
            there = set(await Aerich.all().values_list("version", flat=True))
        except OperationalError:
            return
        if there - known:
            raise ConfigurationError(
                "The data directory was written by a newer Quillgate. Start that version, or "
                "point --data at another directory; nothing was changed."
            )

    async def _finish(self, connection: Any) -> None:
        inner, outer = hmac_pads(self._keys.scope_key)
        async with connection.transaction():
            await connection.execute("SET LOCAL ROLE qg_owner")
            await connection.execute(
                "INSERT INTO qg_private.scope_key (inner_pad, outer_pad) VALUES ($1, $2)"
                " ON CONFLICT (only_row) DO UPDATE SET inner_pad = excluded.inner_pad,"
                " outer_pad = excluded.outer_pad",
                inner,
                outer,
            )
            await connection.execute("SELECT qg_private.ensure_partitions()")
        # The password is hex of our own making: nothing to escape.
        await connection.execute(
            f"ALTER ROLE {LOGIN_ROLE} LOGIN PASSWORD '{self._keys.database_password}'"
        )


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


async def forget_orm() -> None:
    """Let Tortoise be set up anew; a process that migrates may serve afterwards."""
    await Tortoise._reset_apps()  # noqa: SLF001 -- Tortoise has no public way back
