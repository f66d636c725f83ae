"""Tells browsers that decisions about AI services changed, at once or, after a crash, soon."""

from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

import structlog

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.identifiers import uuid7
from backend.core.scope import Scope

CHANGED: Final = "services.changed"
MOST_AT_ONCE: Final = 200
_log = structlog.get_logger(__name__)


class ServiceAnnouncer(Protocol):
    """Whoever reaches the browsers of a client."""

    async def services_changed(self, tenant_id: UUID, msp_id: UUID, mark: str) -> object:
        """Announce that there is something new about AI services; whoever hears it fetches."""
        ...


@dataclass(frozen=True, slots=True)
class ServicesChanged:
    """A committed change that browsers should hear of; its id sorts behind earlier ones."""

    id: UUID
    client_id: UUID
    msp_id: UUID


class ServiceAnnouncements:
    """Writes into the outbox within a change's transaction, and reads it after the commit."""

    def __init__(self, database: Database, announcer: ServiceAnnouncer, clock: Clock) -> None:
        self._database = database
        self._announcer = announcer
        self._clock = clock

    @staticmethod
    async def note(connection: Connection, client_id: UUID, msp_id: UUID) -> ServicesChanged:
        """Write, in the caller's transaction, that something changed. Call `announce` after it."""
        made = ServicesChanged(uuid7(), client_id, msp_id)
        await connection.execute(_NOTE, client_id, made.id, msp_id, CHANGED)
        return made

    async def announce(self, change: ServicesChanged) -> None:
        """Announce a change that is committed; what fails here is left to `publish_pending`."""
        try:
            await self._tell([change])
        except Exception as error:  # noqa: BLE001 -- the commit stands whatever fails afterwards
            _log.warning("services.announcement_delayed", error=type(error).__name__)

    async def publish_pending(self) -> int:
        """Announce what was committed two seconds ago or earlier and not announced since."""
        async with self._database.scoped(Scope.relay()) as connection:
            rows = await connection.fetch(_PENDING, CHANGED, MOST_AT_ONCE)
        await self._tell([ServicesChanged(*row) for row in rows])
        return len(rows)

    async def _tell(self, changes: list[ServicesChanged]) -> None:
        newest = {one.client_id: one for one in changes}
        for one in newest.values():
            await self._announcer.services_changed(one.client_id, one.msp_id, str(one.id))
        if changes:
            async with self._database.scoped(Scope.relay()) as connection:
                await connection.execute(_MARK, [one.id for one in changes], self._clock.now())


_NOTE: Final = """
INSERT INTO outbox (tenant_id, id, msp_id, kind, payload) VALUES ($1, $2, $3, $4, '{}')
"""
_PENDING: Final = """
SELECT id, tenant_id, msp_id FROM outbox
WHERE published_at IS NULL AND kind = $1 AND created_at < now() - interval '2 seconds'
ORDER BY created_at, id
LIMIT $2
"""
_MARK: Final = "UPDATE outbox SET published_at = $2 WHERE id = ANY($1::uuid[])"
