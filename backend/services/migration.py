"""Brings a database to the newest shape as its owner, and gives the login role its password."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from backend.core.errors import ConfigurationError
from backend.core.scope import hmac_pads
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.shared_rows import write_shared_rows

MIGRATIONS = Path(__file__).parents[2] / "migrations"
OLDEST_POSTGRES = 150000
LOGIN_ROLE = "qg_app"
_ROLE_TRIES = 20
_ROLE_WAIT_SECONDS = 0.1
_ADVISORY_LOCK = 0x7167_6D69  # "qgmi"


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
            applied = await self._upgrade(connection)
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

    async def _upgrade(self, connection: Any) -> list[str]:
        files = {path.name for path in (MIGRATIONS / "models").glob("[0-9]*.py")}
        there = await _versions(connection)
        if there - files:
            raise ConfigurationError(
                "The data directory was written by a newer Quillgate. Start that version, or "
                "point --data at another directory; nothing was changed."
            )
        if there == files:
            return []
        from backend.services.schema_upgrade import upgrade  # noqa: PLC0415 -- see there

        return await upgrade(self._owner, str(MIGRATIONS))

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
            await connection.execute("SELECT qg_private.complete_keys()")
            await write_shared_rows(connection)
        await self._set_password(connection)

    async def _set_password(self, connection: Any) -> None:
        """Give the login role its password; another database of the cluster may do so right now."""
        for _ in range(_ROLE_TRIES):
            with contextlib.suppress(asyncpg.InternalServerError):  # tuple concurrently updated
                # The password is hex of our own making: nothing to escape.
                await connection.execute(
                    f"ALTER ROLE {LOGIN_ROLE} LOGIN PASSWORD '{self._keys.database_password}'"
                )
                return
            await asyncio.sleep(_ROLE_WAIT_SECONDS)
        raise ConfigurationError(
            f"The password of {LOGIN_ROLE} could not be set because something else keeps changing "
            "that role. Stop the other migration and start again."
        )


async def _versions(connection: Any) -> set[str]:
    """Return the names of the migrations that aerich has noted as applied."""
    if await connection.fetchval("SELECT to_regclass('public.aerich')") is None:
        return set()
    rows = await connection.fetch("SELECT version FROM public.aerich WHERE app = 'models'")
    return {row["version"] for row in rows}
