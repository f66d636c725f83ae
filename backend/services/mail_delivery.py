"""Sends what is in the outbox: in any process, each mail by one, again when it did not work."""

import asyncio
import random
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from asyncpg import Record

from backend.core.database import Database
from backend.core.mailing import Letter, NotSent, SmtpServer, Undeliverable
from backend.core.monitoring import MAILS
from backend.core.scope import Scope
from backend.services.mails import Mails, WrittenMail

EVERY_SECONDS: Final = 2.0
LEASE_SECONDS: Final = 120
"""Who has taken a mail and is not heard of for this long has died; somebody else sends it."""
MOST_TRIES: Final = 10
_BATCH: Final = 20
_FIRST_WAIT_SECONDS: Final = 60
_LONGEST_WAIT_SECONDS: Final = 4 * 3600
_SHOWN: Final = 50
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ShownMail:
    """A mail as the outbox page of a demonstration shows it."""

    at: datetime
    to: str
    subject: str
    text: str
    is_made_up: bool
    """Whether the address can be nobody's; else the text stays sealed."""


class MailDelivery:
    """Hands mails to an SMTP server; without one they wait, and run out."""

    def __init__(
        self, database: Database, mails: Mails, server: SmtpServer | None, sender: str
    ) -> None:
        self._database = database
        self._mails = mails
        self._server = server
        self._sender = sender
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to send."""
        self._task = asyncio.create_task(self._regularly())

    async def stop(self) -> None:
        """Stop; what is not sent yet waits in the database."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def send_waiting(self) -> int:
        """Send what is due; return how many mails were tried."""
        async with self._database.scoped(Scope.relay()) as connection:
            await connection.execute(_GIVE_UP_OLD)
            if self._server is None:
                return 0
            rows = await connection.fetch(_TAKE, _BATCH, LEASE_SECONDS)
        for row in rows:
            await self._send(self._server, row)
        return len(rows)

    async def shown(self) -> tuple[ShownMail, ...]:
        """Return the newest mails that wait, for the outbox of a demonstration.

        They let their reader in, so only those to addresses that can be nobody's are opened.
        """
        async with self._database.scoped(Scope.relay()) as connection:
            rows = await connection.fetch(_NEWEST, _SHOWN)
        opened = ((row["created_at"], self._mails.read(row)) for row in rows)
        return tuple(_shown(at, mail) for at, mail in opened if mail is not None)

    async def _send(self, server: SmtpServer, row: Record) -> None:
        mail = self._mails.read(row)
        try:
            if mail is None:
                raise Undeliverable  # noqa: TRY301 -- sealed with another key, and so unreadable
            letter = Letter(str(row["id"]), mail.to, mail.subject, mail.text, row["created_at"])
            await server.send(letter, self._sender)
        except Undeliverable:
            await self._done(row, _GIVE_UP, "undeliverable")
        except NotSent as error:
            _log.warning("mail_not_sent", kind=str(error), tries=row["attempts"])
            await self._later(row)
        else:
            await self._done(row, _SENT, "sent")

    async def _later(self, row: Record) -> None:
        if row["attempts"] >= MOST_TRIES:
            await self._done(row, _GIVE_UP, "given up")
            return
        MAILS.labels("put off").inc()
        async with self._database.scoped(Scope.relay()) as connection:
            wait = waiting_seconds(row["attempts"], random.random())  # noqa: S311 -- spreads load
            await connection.execute(_LATER, row["tenant_id"], row["id"], wait)

    async def _done(self, row: Record, how: str, outcome: str) -> None:
        MAILS.labels(outcome).inc()
        async with self._database.scoped(Scope.relay()) as connection:
            await connection.execute(how, row["tenant_id"], row["id"])

    async def _regularly(self) -> None:
        while True:
            tried = 0
            try:
                tried = await self.send_waiting()
            except Exception as error:  # noqa: BLE001 -- tried again soon
                _log.warning("mail_delivery_failed", kind=type(error).__name__)
            if tried < _BATCH:
                await asyncio.sleep(EVERY_SECONDS)


def _shown(at: datetime, mail: WrittenMail) -> ShownMail:
    is_made_up = is_nobodys(mail.to)
    return ShownMail(at, mail.to, mail.subject, mail.text if is_made_up else "", is_made_up)


def is_nobodys(email: str) -> bool:
    """Return whether an address is of a domain reserved for examples (RFC 2606)."""
    domain = email.rpartition("@")[2].lower().rstrip(".")
    return domain.rpartition(".")[2] in {"example", "test", "invalid", "localhost"} or (
        ".".join(domain.split(".")[-2:]) in {"example.com", "example.net", "example.org"}
    )


def waiting_seconds(tries: int, chance: float) -> float:
    """Return how long to wait after so many tries: doubling, bounded, half of it by chance."""
    longest = min(_FIRST_WAIT_SECONDS * 2.0 ** (tries - 1), _LONGEST_WAIT_SECONDS)
    return float(longest * (0.5 + chance / 2))


_GIVE_UP_OLD: Final = """
UPDATE mails SET given_up_at = now(), sealed = NULL
WHERE sent_at IS NULL AND given_up_at IS NULL AND expires_at <= now()
"""
# Taken and committed before it is sent: no transaction waits for somebody else's server.
_TAKE: Final = """
UPDATE mails m SET attempts = m.attempts + 1, next_try_at = now() + make_interval(secs => $2)
FROM (SELECT tenant_id, id FROM mails
      WHERE sent_at IS NULL AND given_up_at IS NULL AND next_try_at <= now()
      ORDER BY next_try_at LIMIT $1 FOR UPDATE SKIP LOCKED) due
WHERE m.tenant_id = due.tenant_id AND m.id = due.id
RETURNING m.tenant_id, m.id, m.sealed, m.attempts, m.created_at
"""
_SENT: Final = "UPDATE mails SET sent_at = now(), sealed = NULL WHERE tenant_id = $1 AND id = $2"
_GIVE_UP: Final = """
UPDATE mails SET given_up_at = now(), sealed = NULL WHERE tenant_id = $1 AND id = $2
"""
_LATER: Final = """
UPDATE mails SET next_try_at = now() + make_interval(secs => $3) WHERE tenant_id = $1 AND id = $2
"""
_NEWEST: Final = """
SELECT id, sealed, created_at FROM mails
WHERE sent_at IS NULL AND given_up_at IS NULL ORDER BY created_at DESC, id DESC LIMIT $1
"""
