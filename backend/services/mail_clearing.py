"""Clears away what is left of mails that are done with, and of links that hold no more."""

from typing import Final

from backend.core.database import Database
from backend.core.scope import Scope

_CLEAR: Final = "SELECT qg_clear_mail($1)"


class MailClearing:
    """Deletes rows some days after a mail was sent or given up, and a link used or run out."""

    def __init__(self, database: Database, days: int) -> None:
        self._database = database
        self._days = days

    async def clear(self) -> int:
        """Return how many rows went; in several processes at once each row goes once."""
        async with self._database.scoped(Scope.relay()) as connection:
            return int(await connection.fetchval(_CLEAR, self._days))
