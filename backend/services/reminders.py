"""What ends soon is said once, by mail and in the feed, to those who can do something about it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.scope import Scope
from backend.services.mail_texts import language_of_country
from backend.services.mails import Mails, Recipient
from backend.services.service_notices import Noted

MOST_ADMINS: Final = 20
ABOUT: Final[Mapping[str, str]] = {
    "review_due": "service.review_due",
    "exception_ending": "exception.ending",
    "key_ending": "api_key.ending",
}


class Reminders:
    """Writes reminders into the outbox; the mail's id says what it is about, so it comes once."""

    def __init__(self, database: Database, mails: Mails, publisher: Noted, clock: Clock) -> None:
        self._database = database
        self._mails = mails
        self._publisher = publisher
        self._clock = clock

    async def write_due(self) -> int:
        """Remind of reviews and keys that end within 14 days, and of exceptions of a day or more.

        Return of how many. Several processes may run it, as often as they like.
        """
        async with self._database.scoped(Scope.relay()) as connection:
            rows = await connection.fetch("SELECT * FROM qg_ending($1)", self._clock.now())
        return sum([await self._remind(row) for row in rows])

    async def _remind(self, row: Record) -> bool:
        scope = Scope.administration(row["tenant_id"], row["msp_id"])
        until = row["ends_at"]
        values = {"subject": row["name"], "until": f"{until:%Y-%m-%d %H:%M} UTC"}
        holds = until - self._clock.now()
        once = f"{row['subject']} {until.isoformat()}"
        is_new = False
        async with self._database.scoped(scope) as connection:
            for person, language in await _recipients(connection, row):
                is_new |= await self._mails.write(
                    connection, person, row["kind"], language, values, holds, once
                )
        if is_new:
            content = {"about": ABOUT[row["kind"]], "subject": row["subject"]}
            await self._publisher.noted(row["tenant_id"], row["msp_id"], content)
        return is_new


async def _recipients(connection: Connection, row: Record) -> list[tuple[Recipient, str]]:
    """Return whose matter it is; where that is nobody here, the client's administrators."""
    person: UUID | None = row["person_id"]
    users: list[Any] = await connection.fetch(_PERSON, person)
    if row["kind"] == "exception_ending" or not users:
        users += await connection.fetch(_ADMINS, person, MOST_ADMINS)
    country = await connection.fetchval("SELECT country FROM clients")
    return [(Recipient.of(user), language_of_country(country)) for user in users]


_COLUMNS: Final = "SELECT tenant_id, id, msp_id, email, display_name FROM users"
_PERSON: Final = f"{_COLUMNS} WHERE id = $1 AND status = 'active'"
_ADMINS: Final = f"""
{_COLUMNS} WHERE role = 'client_admin' AND status = 'active' AND id IS DISTINCT FROM $1
ORDER BY created_at, id LIMIT $2
"""
