"""Tells browsers and consoles that a policy version exists, at once or, after a crash, soon."""

import json
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

import structlog

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.scope import Scope

CHANGED: Final = "policy.changed"
MOST_AT_ONCE: Final = 200
_log = structlog.get_logger(__name__)


class Announcer(Protocol):
    """Whoever reaches the browsers of a client."""

    async def policy_changed(
        self, tenant_id: UUID, msp_id: UUID, version: int, etag: str
    ) -> object:
        """Announce that `version` exists; whoever hears it fetches."""
        ...


@dataclass(frozen=True, slots=True)
class Announcement:
    """One committed version that browsers should hear of."""

    outbox_id: UUID
    client_id: UUID
    msp_id: UUID
    version: int
    etag: str


class PolicyAnnouncements:
    """The outbox's reader. What is announced twice is only a hint twice."""

    def __init__(self, database: Database, announcer: Announcer, clock: Clock) -> None:
        self._database = database
        self._announcer = announcer
        self._clock = clock

    async def announce(self, announcement: Announcement) -> bool:
        """Announce a version that is committed; return False when `publish_pending` has to."""
        try:
            await self._tell(announcement)
            async with self._database.scoped(Scope.relay()) as connection:
                await connection.execute(_MARK, [announcement.outbox_id], self._clock.now())
        except Exception as error:  # noqa: BLE001 -- the commit stands whatever fails afterwards
            _log.warning("policy.announcement_delayed", error=type(error).__name__)
            return False
        return True

    async def publish_pending(self) -> int:
        """Announce versions whose announcement was lost, the newest per client; return how many.

        Rows of the last two seconds are left to whoever committed them; rows another process works
        on are left to it.
        """
        async with self._database.scoped(Scope.relay()) as connection:
            rows = await connection.fetch(_PENDING, CHANGED, MOST_AT_ONCE)
            newest: dict[UUID, Announcement] = {}
            for row in rows:
                said = json.loads(row["payload"])
                newest[row["tenant_id"]] = Announcement(
                    row["id"], row["tenant_id"], row["msp_id"], said["version"], said["etag"]
                )
            for announcement in newest.values():
                await self._tell(announcement)
            await connection.execute(_MARK, [row["id"] for row in rows], self._clock.now())
        return len(newest)

    async def _tell(self, announcement: Announcement) -> None:
        await self._announcer.policy_changed(
            announcement.client_id, announcement.msp_id, announcement.version, announcement.etag
        )


_MARK: Final = "UPDATE outbox SET published_at = $2 WHERE id = ANY($1::uuid[])"
_PENDING: Final = """
SELECT id, tenant_id, msp_id, payload FROM outbox
WHERE published_at IS NULL AND kind = $1 AND created_at < now() - interval '2 seconds'
ORDER BY created_at, id
LIMIT $2
FOR UPDATE SKIP LOCKED
"""
