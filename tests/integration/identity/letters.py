"""What waits in the outbox, opened as only this installation can."""

import re
from typing import Any
from uuid import UUID

from asyncpg import Connection

from backend.services.mails import Mails, WrittenMail


class Letters:
    """Reads the mails of people, oldest first."""

    def __init__(self, owner: "Connection[Any]", mails: Mails) -> None:
        self._owner = owner
        self._mails = mails

    async def to(self, user_id: UUID) -> list[WrittenMail]:
        rows = await self._owner.fetch(
            "SELECT * FROM mails WHERE user_id = $1 ORDER BY id", user_id
        )
        return [mail for mail in map(self._mails.read, rows) if mail is not None]

    async def code_for(self, user_id: UUID) -> str:
        """Return the code of the newest mail."""
        found = re.search(r"#([A-Za-z0-9_-]{43})\n", (await self.to(user_id))[-1].text)
        assert found
        return found[1]
