"""A database server of our own, migrated and empty, for as long as a measurement takes."""

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from backend.core.postgres import EmbeddedPostgres
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.migration import LOGIN_ROLE, Migration


@dataclass(frozen=True, slots=True)
class Migrated:
    """Its owner's address, and the master key that its logins come from."""

    url: DatabaseUrl
    master: bytes
    keys: KeyRing

    @property
    def login(self) -> str:
        """The server's own way in."""
        return self.url.login(LOGIN_ROLE, self.keys.database_password).text()


@contextlib.asynccontextmanager
async def migrated() -> AsyncIterator[Migrated]:
    """Start one; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="qg-bench-"))
    folder.chmod(0o755)
    master = secrets.token_bytes(32)
    keys = KeyRing.from_master(master)
    postgres = EmbeddedPostgres(folder / "data")
    try:
        url = await postgres.start()
        await Migration(url, keys).apply()
        yield Migrated(url, master, keys)
    finally:
        await postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
