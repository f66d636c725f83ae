"""Notices sessions that have ended, in any process or by hand, within half a second.

The database is asked, not the bus: so it holds with Redis dead, and after a restart, when nothing
is remembered of the sessions whose last access token has not expired yet.
"""

import asyncio
from collections.abc import Callable
from typing import Final
from uuid import UUID

import structlog

from backend.core.database import Database
from backend.core.scope import Scope
from backend.core.tokens import ACCESS_SECONDS
from backend.services.sessions import Sessions

EVERY_SECONDS: Final = 0.5
LOOK_BACK_SECONDS: Final = 30
"""A transaction may commit this long after the moment it wrote, and clocks may differ."""
_log = structlog.get_logger(__name__)


class SessionWatch:
    """Refuses the tokens of ended sessions and closes their sockets."""

    def __init__(
        self, database: Database, sessions: Sessions, close_sockets: Callable[[UUID], None]
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._close_sockets = close_sockets
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Learn what has ended lately, then go on watching."""
        await self.look(ACCESS_SECONDS + LOOK_BACK_SECONDS)
        self._task = asyncio.create_task(self._regularly())

    async def stop(self) -> None:
        """Stop watching."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def look(self, seconds: float = LOOK_BACK_SECONDS) -> None:
        """End here what the database says has ended in the last `seconds`."""
        async with self._database.scoped(Scope.sign_in()) as connection:
            rows = await connection.fetch(
                "SELECT id FROM sessions WHERE revoked_at > now() - make_interval(secs => $1)",
                seconds,
            )
        for row in rows:
            if not self._sessions.is_ended(row["id"]):
                self._sessions.forget(row["id"])
            # Also of those ended here: their sockets may be open.
            self._close_sockets(row["id"])

    async def _regularly(self) -> None:
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 -- tried again half a second later
                _log.warning("session_watch_failed", kind=type(error).__name__)
