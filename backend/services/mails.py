"""The outbox: a mail is written in the transaction of what it tells, and sent afterwards."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID, uuid5

from asyncpg import Record

from backend.core.database import Connection
from backend.core.identifiers import uuid7
from backend.core.sealing import opened, sealed
from backend.services.mail_texts import written

NOTICE_HOLDS: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a mail is for, and as whose account."""

    tenant_id: UUID
    msp_id: UUID
    user_id: UUID
    email: str
    name: str

    @classmethod
    def of(cls, user: Any) -> "Recipient":
        """Return the recipient of a row of `users`."""
        return cls(
            user["tenant_id"], user["msp_id"], user["id"], user["email"], user["display_name"]
        )


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """What a mail says."""

    to: str
    subject: str
    text: str


class Mails:
    """Writes mails, sealed: many hold a link that lets its reader in."""

    def __init__(self, key: bytes, public_url: str) -> None:
        self._key = key
        self._console = f"{public_url}/console"

    def page(self, name: str) -> str:
        """Return the address of a page of the console."""
        return f"{self._console}/{name}"

    async def notify(self, connection: Connection, user: Any, kind: str, language: str) -> None:
        """Tell somebody what has just happened to their account."""
        await self.write(connection, Recipient.of(user), kind, language, {}, NOTICE_HOLDS)

    async def write(
        self,
        connection: Connection,
        to: Recipient,
        kind: str,
        language: str,
        values: Mapping[str, str],
        holds: timedelta,
        once: str = "",
    ) -> bool:
        """Put a mail into the outbox; after that time it is not worth sending.

        What is said `once` to somebody is not written again; return whether it was written.
        """
        mail_id = uuid5(to.user_id, f"{kind} {once}") if once else uuid7()
        organisation = await connection.fetchval(_ORGANISATION, to.tenant_id, to.msp_id)
        filled = {
            "name": to.name, "organisation": organisation or "Quillgate",
            "console": self._console, **values,
        }  # fmt: skip
        subject, text = written(kind, language, filled)
        content = json.dumps({"to": to.email, "subject": subject, "text": text})
        written_rows = await connection.execute(
            _WRITE, to.tenant_id, mail_id, to.msp_id, to.user_id, kind,
            sealed(self._key, content, _owner(mail_id)), holds,
        )  # fmt: skip
        return written_rows.endswith("1")

    def read(self, row: Record) -> WrittenMail | None:
        """Return what a row of `mails` says; None when it is wiped or cannot be opened."""
        content = opened(self._key, row["sealed"] or "", _owner(row["id"]))
        return None if content is None else WrittenMail(**json.loads(content))


def _owner(mail_id: UUID) -> str:
    return f"mail:{mail_id}"


_ORGANISATION: Final = """
SELECT coalesce((SELECT name FROM clients WHERE tenant_id = $1),
    (SELECT name FROM msps WHERE msp_id = $1 AND msp_id = $2))
"""
_WRITE: Final = """
INSERT INTO mails (tenant_id, id, msp_id, user_id, kind, sealed, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, now() + $7::interval) ON CONFLICT DO NOTHING
"""
