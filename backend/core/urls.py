"""Database URLs taken apart and put together, with unix sockets in the `host` parameter."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from backend.core.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """Where a PostgreSQL database is and who logs in."""

    user: str
    password: str | None
    host: str
    port: int
    database: str
    sslmode: str | None = None

    @classmethod
    def parse(cls, url: str, setting: str = "DATABASE_URL") -> "DatabaseUrl":
        """Take a `postgresql://` URL apart. Raise ConfigurationError naming `setting`."""
        try:
            parts = urlsplit(url)
            options = parse_qs(parts.query)
            port = parts.port or int(options.get("port", ["5432"])[0])
        except ValueError:
            raise ConfigurationError(_wrong(setting)) from None
        database = parts.path.lstrip("/")
        if parts.scheme not in {"postgresql", "postgres"} or not database or not parts.username:
            raise ConfigurationError(_wrong(setting))
        host = options.get("host", [parts.hostname or "127.0.0.1"])[0]
        sslmode = options.get("sslmode", [None])[0]
        password = unquote(parts.password) if parts.password else None
        return cls(unquote(parts.username), password, host, port, unquote(database), sslmode)

    def login(self, user: str, password: str) -> "DatabaseUrl":
        """Return the same database for another login."""
        return replace(self, user=user, password=password)

    def text(self) -> str:
        """Return the URL; it holds the password, so it is never logged."""
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        where, query = (
            ("", f"?host={quote(self.host, safe='/')}&port={self.port}")
            if self.host.startswith("/")
            else (f"{self.host}:{self.port}", "")
        )
        user = quote(self.user, safe="")
        if self.sslmode:
            query += f"{'&' if query else '?'}sslmode={quote(self.sslmode, safe='')}"
        return f"postgresql://{user}{secret}@{where}/{quote(self.database)}{query}"

    def tortoise_credentials(self) -> dict[str, Any]:
        """Return what Tortoise's own asyncpg client wants."""
        return {
            "user": self.user,
            "password": self.password,
            "host": self.host,
            "port": self.port,
            "database": self.database,
            "minsize": 1,
            "maxsize": 1,
            **({"ssl": self.sslmode} if self.sslmode else {}),
        }


def _wrong(setting: str) -> str:
    return (
        f"{setting} is not a PostgreSQL address. "
        "Write it as postgresql://user:password@host:5432/database."
    )
