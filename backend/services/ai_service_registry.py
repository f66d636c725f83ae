"""Which AI services there are, and what a client decided about each."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Database
from backend.core.errors import NotFound
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.policy.actions import ServiceStatus
from backend.services.client_cache import ClientCache


@dataclass(frozen=True, slots=True)
class ListedService:
    """An AI service with one client's decision; `unknown` when the client has made none."""

    id: str
    name: str
    vendor: str
    hosts: tuple[str, ...]
    category: str
    trains_on_input: bool | None
    baa_available: bool | None
    home_url: str
    source: str
    checked_on: date
    status: ServiceStatus
    review_due: date | None
    agreement: str = "none"

    @property
    def standing(self) -> str:
        """How much the client knows about the service, as the score weighs it."""
        if self.status is ServiceStatus.PROHIBITED:
            return "prohibited"
        if self.status is ServiceStatus.APPROVED:
            return "approved" if self.agreement == "none" else "agreement"
        return "unreviewed"


@dataclass(frozen=True)
class ServiceList:
    """All AI services as one client sees them, in order of their ids."""

    services: tuple[ListedService, ...]

    def find(self, service: str) -> ListedService | None:
        """Return the service of an id or a host; a host below a listed one counts as that one."""
        name = service.strip().lower().rstrip(".")
        if name in self._by_id:
            return self._by_id[name]
        labels = name.split(".")
        above = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self._by_host[host] for host in above if host in self._by_host), None)

    def status_of(self, service: str) -> ServiceStatus:
        """Return what the client decided about a service; `unknown` for one nobody lists."""
        found = self.find(service)
        return ServiceStatus.UNKNOWN if found is None else found.status

    def standing_of(self, service: str) -> str:
        """Return how a service stands with the client; `unreviewed` for one nobody lists."""
        found = self.find(service)
        return "unreviewed" if found is None else found.standing

    @cached_property
    def _by_id(self) -> Mapping[str, ListedService]:
        return {service.id: service for service in self.services}

    @cached_property
    def _by_host(self) -> Mapping[str, ListedService]:
        return {host.lower(): service for service in self.services for host in service.hosts}


class AiServiceRegistry:
    """Reads the registry with a client's approvals; kept for a moment."""

    def __init__(self, database: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._cache: ClientCache[ServiceList] = ClientCache(monotonic)

    async def of_client(self, scope: Scope, client_id: UUID) -> ServiceList:
        """Return every AI service with the client's decision, at most 30 s old. Raise NotFound."""

        async def read() -> ServiceList:
            async with self._database.scoped(scope) as connection:
                rows = await connection.fetch(_LIST, client_id)
                is_there = await connection.fetchval(_IS_THERE, client_id)
            if not is_there:
                raise NotFound("There is no such client. Check the client id.")
            return ServiceList(tuple(_listed(row) for row in rows))

        return await self._cache.get(client_id, scope, read)

    async def listed(self, principal: Principal, client_id: UUID) -> ServiceList:
        """Return the same for a principal. Raise NotFound for a client that is not its own."""
        principal.require("ai_service:read")
        return await self.of_client(principal.scope_for(client_id), client_id)

    def invalidate(self, client_id: UUID) -> None:
        """Forget a client's decisions, because one changed."""
        self._cache.invalidate(client_id)


def _listed(row: Record) -> ListedService:
    values = dict(row)
    values["hosts"] = tuple(values["hosts"])
    values["status"] = ServiceStatus(values["status"])
    return ListedService(**values)


_IS_THERE: Final = "SELECT EXISTS (SELECT FROM clients WHERE tenant_id = $1)"
_LIST: Final = """
WITH newest AS (
    SELECT DISTINCT ON (ai_service_id, framework_id) ai_service_id, review_due, agreement, status
    FROM approvals WHERE tenant_id = $1
    ORDER BY ai_service_id, framework_id, created_at DESC, id DESC
), decided AS (
    SELECT ai_service_id, review_due, agreement,
        CASE WHEN status IN ('approved', 'tolerated') AND review_due < current_date
            THEN 'under_review' ELSE status END AS status
    FROM newest
), strictest AS (
    SELECT DISTINCT ON (ai_service_id) ai_service_id, status, review_due, agreement
    FROM decided
    ORDER BY ai_service_id,
        array_position(ARRAY['prohibited', 'under_review', 'tolerated', 'approved'], status),
        review_due NULLS LAST
)
SELECT s.id, s.name, s.vendor, s.hosts, s.category, s.trains_on_input, s.baa_available, s.home_url,
    s.source, s.checked_on, coalesce(d.status, 'unknown') AS status, d.review_due,
    coalesce(d.agreement, 'none') AS agreement
FROM ai_services s
LEFT JOIN strictest d ON d.ai_service_id = s.id
ORDER BY s.id
"""
"""An approval whose review is overdue counts as under review; of several the strictest holds."""
