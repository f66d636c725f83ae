"""The database a command works on: the embedded one, or the operator's own."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from backend.core.config import Settings
from backend.core.postgres import EmbeddedPostgres
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.migration import LOGIN_ROLE


@dataclass(frozen=True, slots=True)
class DatabaseInUse:
    """Where the database is for its owner and for the server; `owner` is None when not known."""

    owner: DatabaseUrl | None
    app: DatabaseUrl
    keys: KeyRing
    words: str


def external(settings: Settings, keys: KeyRing) -> DatabaseInUse:
    """Return the operator's own database.

    With DATABASE_OWNER_URL, DATABASE_URL is the server's login. Alone, DATABASE_URL is the owner's,
    unless it already names the server's login role. The server's password is derived when absent.
    """
    given = DatabaseUrl.parse(settings.database_url or "")
    if settings.database_owner_url is not None:
        owner: DatabaseUrl | None = DatabaseUrl.parse(
            settings.database_owner_url, "DATABASE_OWNER_URL"
        )
    else:
        owner = given if given.user != LOGIN_ROLE else None
    login: DatabaseUrl | None = (
        given if given.user == LOGIN_ROLE or settings.database_owner_url else None
    )
    if login is None or login.password is None:
        login = given.login(LOGIN_ROLE, keys.database_password)
    return DatabaseInUse(owner, login, keys, f"PostgreSQL at {given.host}")


@contextlib.asynccontextmanager
async def database_in_use(settings: Settings) -> AsyncIterator[DatabaseInUse]:
    """Give the operator's database, or start the embedded one and stop it afterwards."""
    keys = KeyRing.from_master(settings.master_key)
    if settings.database_url is not None:
        yield external(settings, keys)
        return
    print("Starting PostgreSQL ...", flush=True)
    postgres = EmbeddedPostgres(settings.data_dir)
    owner = await postgres.start()
    try:
        app = owner.login(LOGIN_ROLE, keys.database_password)
        yield DatabaseInUse(owner, app, keys, f"embedded PostgreSQL in {settings.data_dir}")
    finally:
        await postgres.stop()
