"""Tells browsers and consoles that a policy version exists, at once or, after a crash, soon."""

import json
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

import structlog
from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.scope import Scope
from backend.services.policy_lookup import PolicyLookup

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

    def __init__(
        self, database: Database, announcer: Announcer, lookup: PolicyLookup, clock: Clock
    ) -> None:
        self._database = database
        self._announcer = announcer
        self._lookup = lookup
        self._clock = clock

    async def tell(self, *told: Announcement) -> None:
        """Announce versions that are committed; what fails is left to `publish_pending`."""
        for one in told:
            self._lookup.invalidate(one.client_id)
            try:
                await self._announce(one)
                await self._mark([one.outbox_id])
            except Exception as error:  # noqa: BLE001 -- the commit stands whatever fails afterwards
                _log.warning("policy.announcement_delayed", error=type(error).__name__)

    async def publish_pending(self) -> int:
        """Announce versions whose announcement was lost, the newest per client; return how many.

        Rows of the last two seconds are left to whoever committed them. No row is locked: should
        two processes announce the same version, browsers hear one hint twice.
        """
        async with self._database.scoped(Scope.relay()) as connection:
            rows = await connection.fetch(_PENDING, CHANGED, MOST_AT_ONCE)
        newest = {row["tenant_id"]: _announcement(row) for row in rows}
        for announcement in newest.values():
            await self._announce(announcement)
        if rows:
            await self._mark([row["id"] for row in rows])
        return len(newest)

    async def _mark(self, outbox_ids: list[UUID]) -> None:
        async with self._database.scoped(Scope.relay()) as connection:
            await connection.execute(_MARK, outbox_ids, self._clock.now())

    async def _announce(self, announcement: Announcement) -> None:
        await self._announcer.policy_changed(
            announcement.client_id, announcement.msp_id, announcement.version, announcement.etag
        )


def _announcement(row: Record) -> Announcement:
    said = json.loads(row["payload"])
    return Announcement(row["id"], row["tenant_id"], row["msp_id"], said["version"], said["etag"])


_MARK: Final = "UPDATE outbox SET published_at = $2 WHERE id = ANY($1::uuid[])"
_PENDING: Final = """
SELECT id, tenant_id, msp_id, payload FROM outbox
WHERE published_at IS NULL AND kind = $1 AND created_at < now() - interval '2 seconds'
ORDER BY created_at, id
LIMIT $2
"""
