"""What is new about AI services at each client: requests that wait, services first seen."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.principal import Principal

FRESH: Final = timedelta(days=7)
MOST_CLIENTS: Final = 5


@dataclass(frozen=True, slots=True)
class ClientNews:
    """How many requests wait at a client, and which hosts were first seen within a week."""

    client_id: UUID
    client: str
    waiting: int
    fresh: int
    newest: str | None


class ServiceNews:
    """Reads the news of one client, or of all that somebody looks after."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, principal: Principal, client_id: UUID | None) -> tuple[ClientNews, ...]:
        """Return the clients with news, the ones with most requests first; at most five."""
        principal.require("ai_service:review")
        scope = principal.scope_for(client_id) if client_id else principal.scope()
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(_NEWS, client_id, self._clock.now() - FRESH, MOST_CLIENTS)
        return tuple(ClientNews(**row) for row in rows)


_NEWS: Final = """
SELECT c.tenant_id AS client_id, c.name AS client, coalesce(r.waiting, 0) AS waiting,
    coalesce(s.fresh, 0) AS fresh, s.newest
FROM clients c
LEFT JOIN (SELECT tenant_id, count(*) AS waiting FROM service_requests WHERE status = 'pending'
    GROUP BY tenant_id) AS r USING (tenant_id)
LEFT JOIN (SELECT tenant_id, count(*) AS fresh, (array_agg(host ORDER BY first_at DESC, host))[1]
    AS newest FROM service_sightings WHERE first_at > $2 GROUP BY tenant_id) AS s USING (tenant_id)
WHERE ($1::uuid IS NULL OR c.tenant_id = $1) AND c.status <> 'archived'
    AND (r.waiting > 0 OR s.fresh > 0)
ORDER BY coalesce(r.waiting, 0) DESC, coalesce(s.fresh, 0) DESC, c.name LIMIT $3
"""
