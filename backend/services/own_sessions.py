"""The sign-ins of one person: seen and ended by that person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import NotFound
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.services.sessions import IDLE, Sessions

MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in that still holds."""

    id: UUID
    started_at: datetime
    last_used_at: datetime
    expires_at: datetime
    agent: str
    is_current: bool


class OwnSessions:
    """Lists and ends the sign-ins of whoever calls; those of browsers are the fleet's."""

    def __init__(self, database: Database, sessions: Sessions, clock: Clock) -> None:
        self._database = database
        self._sessions = sessions
        self._clock = clock

    async def of(self, principal: Principal) -> Sequence[SignIn]:
        """Return what is open, newest first."""
        now = self._clock.now()
        async with self._database.scoped(Scope.sign_in()) as connection:
            rows = await connection.fetch(
                _OPEN, principal.tenant_id, principal.user_id, now, now - IDLE["user"], MOST_SHOWN
            )
        return [SignIn(**dict(row), is_current=row["id"] == principal.session_id) for row in rows]

    async def end(self, principal: Principal, session_id: UUID) -> None:
        """End one of the caller's own sign-ins. Raise NotFound for any other."""
        ended = await self._end(principal, session_id)
        if not ended:
            raise NotFound(
                "There is no such sign-in of yours, or it has ended already. List them again."
            )

    async def end_all(self, principal: Principal) -> int:
        """End all sign-ins of the caller, this one included; return how many."""
        return await self._end(principal, None)

    async def _end(self, principal: Principal, session_id: UUID | None) -> int:
        async with self._database.scoped(Scope.sign_in()) as connection:
            rows = await connection.fetch(_END, principal.tenant_id, principal.user_id, session_id)
        for row in rows:
            self._sessions.forget(row["id"])
        return len(rows)


_OPEN: Final = """
SELECT id, created_at AS started_at, last_used_at, expires_at, agent FROM sessions
WHERE tenant_id = $1 AND user_id = $2 AND device_id IS NULL AND revoked_at IS NULL
  AND expires_at > $3 AND last_used_at > $4
ORDER BY created_at DESC, id DESC LIMIT $5
"""
_END: Final = """
UPDATE sessions SET revoked_at = clock_timestamp(), revoked_reason = 'signed out elsewhere'
WHERE tenant_id = $1 AND user_id = $2 AND device_id IS NULL AND revoked_at IS NULL
  AND ($3::uuid IS NULL OR id = $3)
RETURNING id
"""
