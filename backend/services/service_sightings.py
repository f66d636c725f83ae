"""Which AI services were reached, seen by browsers or in a log: host and count, nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.ai_service_registry import AiServiceRegistry, ServiceList
from backend.services.service_notices import ServiceNotices
from backend.services.sighted_hosts import Sorted, sorted_out

MOST_TOLD: Final = 50
"""Notices one import may make; a first log names many at once, and the list shows them all."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A host that was reached, and the service it belongs to, if the registry knows one."""

    host: str
    count: int
    first_at: datetime
    last_at: datetime
    ai_service_id: str | None
    name: str | None
    status: str


@dataclass(frozen=True, slots=True)
class SightingPage:
    """Sightings by host, and where the next page starts."""

    items: tuple[Sighting, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a log: how many lines, how many said nothing, and what was seen first."""

    lines: int
    ignored: int
    hosts: int
    first_seen: tuple[str, ...]


class ServiceSightings:
    """Counts hosts per client; a host seen for the first time is told once."""

    def __init__(
        self,
        database: Database,
        registry: AiServiceRegistry,
        notices: ServiceNotices,
        clock: Clock,
    ) -> None:
        self._database = database
        self._registry = registry
        self._notices = notices
        self._clock = clock

    async def import_log(
        self, principal: Principal, client_id: UUID, lines: Sequence[tuple[str, int]]
    ) -> Imported:
        """Count what a DNS or proxy log says about AI services. Raise NotFound."""
        principal.require("ai_service:discover")
        found = await self._sorted(principal, client_id, lines)
        fresh = await self._count(principal, client_id, found, is_import=True)
        return Imported(found.lines, found.ignored, len(found.sightings), fresh)

    async def report(self, principal: Principal, lines: Sequence[tuple[str, int]]) -> Imported:
        """Count what a browser saw among the hosts of its signed list."""
        principal.require("ai_service:discover", Reach.SELF)
        client_id = principal.own_client()
        found = await self._sorted(principal, client_id, lines)
        fresh = await self._count(principal, client_id, found, is_import=False)
        return Imported(found.lines, found.ignored, len(found.sightings), fresh)

    async def listed(
        self, principal: Principal, client_id: UUID, after: str | None, limit: int
    ) -> SightingPage:
        """Return what was seen at a client, by host. Raise NotFound."""
        principal.require("ai_service:review")
        services = await self._registry.listed(principal, client_id)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            rows = await connection.fetch(_LIST, client_id, after, limit + 1)
        items = tuple(_sighting(dict(row), services) for row in rows[:limit])
        return SightingPage(items, items[-1].host if len(rows) > limit else None)

    async def _sorted(
        self, principal: Principal, client_id: UUID, lines: Sequence[tuple[str, int]]
    ) -> Sorted:
        scope = principal.scope_for(client_id)
        return sorted_out(lines, await self._registry.of_client(scope, client_id))

    async def _count(
        self, principal: Principal, client_id: UUID, found: Sorted, *, is_import: bool
    ) -> tuple[str, ...]:
        """Add up in the database; return the hosts that nobody had seen before."""
        hosts, fresh = sorted(found.sightings), []
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            rows = await connection.fetch(
                _COUNT, hosts, [found.sightings[host] for host in hosts], self._clock.now()
            )
            fresh = [row["host"] for row in rows if row["is_first"]]
            await self._note(connection, fresh[:MOST_TOLD], found.sightings)
            if is_import:
                await AdminTrail.record(
                    connection, principal, "ai_service.import", Subject("client", client_id),
                    lines=found.lines, ignored=found.ignored, hosts=len(hosts),
                )  # fmt: skip
        for host in fresh[:MOST_TOLD]:
            await self._notices.tell(client_id, principal.msp_id, "service.discovered", host)
        return tuple(fresh)

    async def _note(
        self, connection: Connection, hosts: Sequence[str], counts: Mapping[str, int]
    ) -> None:
        for host in hosts:
            await self._notices.write(connection, "service.discovered", host, count=counts[host])


def _sighting(row: dict[str, object], services: ServiceList) -> Sighting:
    found = services.find(str(row["host"]))
    return Sighting(
        **row,  # type: ignore[arg-type]
        ai_service_id=found.id if found else None,
        name=found.name if found else None,
        status=found.status.value if found else "unknown",
    )


_COUNT: Final = """
INSERT INTO service_sightings AS s (tenant_id, host, msp_id, count, first_at, last_at)
SELECT qg_tenant(), g.host, qg_tenant_msp(), g.count, $3, $3
FROM unnest($1::text[], $2::bigint[]) AS g (host, count) ORDER BY g.host
ON CONFLICT (tenant_id, host) DO UPDATE
SET count = s.count + excluded.count, last_at = greatest(s.last_at, excluded.last_at)
RETURNING s.host, s.xmax = 0 AS is_first
"""
_LIST: Final = """
SELECT host, count, first_at, last_at FROM service_sightings
WHERE tenant_id = $1 AND ($2::text IS NULL OR host > $2) ORDER BY host LIMIT $3
"""
