"""Settings from the environment, typed, checked at the start, each error naming its key."""

import base64
import binascii
import ipaddress
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

from backend.core.errors import ConfigurationError
from backend.core.mailing import NO_SENDER, SmtpServer, said_sender
from backend.core.private_files import (
    DATABASE_LOGIN,
    MASTER_KEY,
    read_private_json,
    write_private_json,
)
from backend.core.signing import MASTER_KEY_BYTES
from backend.core.urls import DatabaseUrl

Value = TypeVar("Value")
_ORIGIN = re.compile(r"(?:https?|chrome-extension)://[A-Za-z0-9.:\[\]-]+")
LOOPBACK = frozenset({"127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set; a field is the lower-case name of its environment variable."""

    host: str
    port: int
    public_url: str
    data_dir: Path
    database_url: str | None
    database_owner_url: str | None
    database_pool_size: int
    redis_url: str | None
    master_key: bytes
    trusted_origins: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    workers: int
    environment: str
    debug: bool
    log_level: str
    smtp_url: SmtpServer | None
    mail_from: str
    mail_retention_days: int
    demonstration: bool
    step_up_minutes: int
    calls_per_minute: int

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], **overrides: str | None) -> Self:
        """Read and check every setting; `overrides` come from the command line.

        Raise ConfigurationError with one line that names the setting.
        """
        given = {name: value for name, value in environ.items() if value != ""}
        given |= {name.upper(): value for name, value in overrides.items() if value is not None}
        read = _Reader(given)
        host = given.get("HOST", "127.0.0.1")
        port = read("PORT", "8080", _port)
        database_url = read.optional("DATABASE_URL", lambda text: _database(text, "DATABASE_URL"))
        data_dir = Path(given.get("DATA_DIR", ".data"))
        settings = cls(
            host=host,
            port=port,
            public_url=read("PUBLIC_URL", _address(host, port), _web_address).rstrip("/"),
            data_dir=data_dir,
            database_url=database_url,
            database_owner_url=read.optional(
                "DATABASE_OWNER_URL", lambda text: _database(text, "DATABASE_OWNER_URL")
            ),
            database_pool_size=read("DATABASE_POOL_SIZE", "10", _count(2, 200)),
            redis_url=read.optional("REDIS_URL", _redis),
            master_key=_master_key(given, data_dir, is_embedded=database_url is None),
            trusted_origins=read("TRUSTED_ORIGINS", "", _origins),
            trusted_proxies=read("TRUSTED_PROXIES", "", _networks),
            workers=read("WORKERS", "1", _count(1, 64)),
            environment=read("ENVIRONMENT", "development", _one_of("development", "production")),
            debug=read("DEBUG", "false", _truth),
            log_level=read("LOG_LEVEL", "info", _one_of("debug", "info", "warning", "error")),
            smtp_url=read.optional("SMTP_URL", SmtpServer.parse),
            mail_from=read("MAIL_FROM", NO_SENDER, said_sender),
            mail_retention_days=read("MAIL_RETENTION_DAYS", "30", _count(1, 3650)),
            demonstration=read("DEMONSTRATION", "false", _truth),
            step_up_minutes=read("STEP_UP_MINUTES", "5", _count(1, 60)),
            calls_per_minute=read("CALLS_PER_MINUTE", "3000", _count(60, 1_000_000)),
        )
        settings.refuse_unsafe()
        return settings

    def refuse_unsafe(self) -> None:
        """Raise ConfigurationError for combinations that would not be safe to serve with."""
        if self.debug:
            self._refuse_unsafe("DEBUG")
        if self.demonstration:
            self._refuse_unsafe("DEMONSTRATION")
        if self.smtp_url is not None and self.mail_from == NO_SENDER:
            raise ConfigurationError(
                "SMTP_URL is set and MAIL_FROM is not, so mail would have no sender. Set MAIL_FROM "
                "to an address your mail server sends for: Quillgate <no-reply@example.org>."
            )
        if self.workers > 1 and self.redis_url is None:
            raise ConfigurationError(
                "WORKERS above 1 needs REDIS_URL: without Redis the processes cannot tell each "
                "other about new policies. Set REDIS_URL or WORKERS=1."
            )

    def _refuse_unsafe(self, setting: str) -> None:
        """Refuse what lets everybody in who can reach the server, unless nobody else can."""
        for what, is_so in self._reachable(setting).items():
            if is_so:
                raise ConfigurationError(f"{setting}=true is for one's own machine: {what}.")

    def is_of_one_machine(self) -> bool:
        """Return whether nobody but this machine reaches the server, as far as settings tell."""
        return not any(self._reachable("").values())

    def _reachable(self, setting: str) -> dict[str, bool]:
        return {
            f"it only starts on 127.0.0.1 or ::1, not on {self.host}. Unset {setting} or HOST": (
                self.host not in LOOPBACK
            ),
            f"ENVIRONMENT=production forbids it. Unset {setting}": self.environment == "production",
            f"PUBLIC_URL must be this machine's own http address. Unset {setting} or PUBLIC_URL": (
                not _is_own_address(self.public_url)
            ),
            "pages of TRUSTED_ORIGINS could use it. Unset one of the two": (
                bool(self.trusted_origins)
            ),
            "others come through TRUSTED_PROXIES. Unset one of the two": (
                bool(self.trusted_proxies)
            ),
            f"the database must be on this machine too. Unset {setting} or DATABASE_URL": any(
                url is not None and not _is_local(DatabaseUrl.parse(url).host)
                for url in (self.database_url, self.database_owner_url)
            ),
            f"WORKERS must be 1. Unset {setting} or WORKERS": self.workers > 1,
        }


class _Reader:
    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given

    def __call__(self, name: str, default: str, parse: Callable[[str], Value]) -> Value:
        try:
            return parse(self._given.get(name, default))
        except ValueError as error:
            raise ConfigurationError(f"{name} is wrong: {error}.") from None

    def optional(self, name: str, parse: Callable[[str], Value]) -> Value | None:
        return self(name, "", parse) if name in self._given else None


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**16:
        raise ValueError("write a port number from 1 to 65535")
    return int(text)


def _count(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(text)

    return parse


def _truth(text: str) -> bool:
    if text.lower() not in {"true", "false"}:
        raise ValueError("write true or false")
    return text.lower() == "true"


def _one_of(*names: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in names:
            raise ValueError(f"write one of {', '.join(names)}")
        return text.lower()

    return parse


def _database(text: str, setting: str) -> str:
    DatabaseUrl.parse(text, setting)
    return text


def _redis(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"redis", "rediss", "unix"}:
        raise ValueError("write redis://host:6379/0")
    return text


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ValueError("write the address people type, such as https://quillgate.example")
    return text


def _is_own_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "http" and parts.hostname in {*LOOPBACK, "localhost"}


def _is_local(host: str) -> bool:
    return host in {*LOOPBACK, "localhost"} or host.startswith("/")


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(_listed(text))
    if not all(_ORIGIN.fullmatch(origin) for origin in origins):
        raise ValueError("write origins such as https://intranet.example, with commas between")
    return origins


def _networks(text: str) -> tuple[str, ...]:
    try:
        networks = [ipaddress.ip_network(one, strict=False) for one in _listed(text)]
    except ValueError:
        networks = [ipaddress.ip_network("0.0.0.0/0")]
    if any(one.prefixlen == 0 for one in networks):
        raise ValueError("write addresses or networks of your proxies, such as 172.18.0.0/16")
    return tuple(map(str, networks))


def _listed(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 -- shown, not bound
    return f"http://[{shown}]:{port}" if shown.count(":") > 1 and "[" not in shown else (
        f"http://{shown}:{port}"
    )  # fmt: skip


def _master_key(given: Mapping[str, Any], data_dir: Path, *, is_embedded: bool) -> bytes:
    text = given.get("MASTER_KEY")
    if text is None and not is_embedded:
        raise ConfigurationError(
            "MASTER_KEY is not set. With a database of your own, keep 32 random bytes as base64 "
            "in MASTER_KEY: `openssl rand -base64 32` makes them."
        )
    if text is None:
        text = _kept_master_key(data_dir)
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != MASTER_KEY_BYTES:
        raise ConfigurationError(
            "MASTER_KEY is wrong: it must be 32 bytes as base64. "
            "`openssl rand -base64 32` makes it."
        )
    return key


def _kept_master_key(data_dir: Path) -> str:
    kept = data_dir / MASTER_KEY
    if kept.exists():
        return str(read_private_json(kept).get("master_key", ""))
    if (data_dir / DATABASE_LOGIN).exists():
        raise ConfigurationError(
            f"{kept} is missing, and {data_dir} holds a database: with another key every enrolled "
            "browser would be cut off. Restore that file from your backup, set MASTER_KEY to the "
            "key used before, or choose another directory with --data."
        )
    text = base64.b64encode(secrets.token_bytes(MASTER_KEY_BYTES)).decode()
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private_json(kept, {"master_key": text})
    except OSError as error:
        raise ConfigurationError(
            f"The data directory {data_dir} cannot be written ({error.strerror}). "
            "Choose another one with --data or give this user the right to write it."
        ) from None
    return text
