"""Sessions that ended while their last access token is still unexpired."""

from collections import OrderedDict
from datetime import datetime
from typing import Final
from uuid import UUID

from backend.core.tokens import ACCESS_SECONDS

MOST: Final = 100_000


class EndedSessions:
    """Remembers ended sessions for as long as an access token lives, and no longer."""

    def __init__(self) -> None:
        self._until: OrderedDict[UUID, float] = OrderedDict()

    def add(self, session_id: UUID, now: datetime) -> None:
        """Refuse this session's access tokens from now on."""
        self._until[session_id] = now.timestamp() + ACCESS_SECONDS
        self._until.move_to_end(session_id)
        while len(self._until) > MOST or self._is_oldest_over(now):
            self._until.popitem(last=False)

    def __contains__(self, session_id: UUID) -> bool:
        return session_id in self._until

    def _is_oldest_over(self, now: datetime) -> bool:
        return next(iter(self._until.values())) <= now.timestamp()
