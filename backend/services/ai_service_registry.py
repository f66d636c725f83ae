"""Which AI services there are, and how each stands for a client and its people."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock, SystemClock
from backend.core.database import Database
from backend.core.errors import NotFound
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.policy.actions import ServiceStatus
from backend.policy.services import Decision, Grant, standing
from backend.services.client_cache import ClientCache

MOST_LISTS: Final = 256


@dataclass(frozen=True, slots=True)
class ListedService:
    """An AI service and how it stands; `unknown` when nobody decided, or nobody found out."""

    id: str
    name: str
    vendor: str
    hosts: tuple[str, ...]
    category: str
    home_url: str
    source: str
    checked_on: date
    training: str = "unknown"
    baa: str = "unknown"
    dpa: str = "unknown"
    sso: str = "unknown"
    residency: str = "unknown"
    retention: str = "unknown"
    regions: tuple[str, ...] = ()
    plan: str = ""
    shared_hosts: tuple[str, ...] = ()
    status: ServiceStatus = ServiceStatus.UNKNOWN
    review_due: date | None = None
    agreement: str = "none"
    because: str = "nobody"
    until: datetime | None = None
    otherwise: ServiceStatus | None = None

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
    """All AI services as somebody sees them, in order of their ids."""

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
    def for_browsers(self) -> str:
        """What the bundle says of them, as canonical JSON; a list is kept, and so is its text."""
        said = [
            {"id": one.id, "name": one.name, "hosts": one.hosts, "status": one.status, **_end(one)}
            for one in self.services
        ]
        return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @cached_property
    def _by_id(self) -> Mapping[str, ListedService]:
        return {service.id: service for service in self.services}

    @cached_property
    def _by_host(self) -> Mapping[str, ListedService]:
        return {host.lower(): service for service in self.services for host in service.hosts}


class _Decided:
    """What was read of one client; lists made of it are kept until something in them ends."""

    def __init__(self, services: list[Record], decisions: list[Record], grants: list[Record],
                 members: list[Record]) -> None:  # fmt: skip
        self._services = tuple(_listed(row) for row in services)
        self._decisions = tuple((row["ai_service_id"], _decision(row)) for row in decisions)
        self._grants = tuple(
            (row["ai_service_id"], row["subject"], Grant(row["ends_at"])) for row in grants
        )
        self._groups: dict[UUID, set[UUID]] = {}
        for row in members:
            self._groups.setdefault(row["user_id"], set()).add(row["group_id"])
        self._lists: dict[frozenset[UUID], tuple[datetime | None, ServiceList]] = {}

    def seen_by(self, user_id: UUID | None, moment: datetime) -> ServiceList:
        """Return the services as a person sees them now; without one, as the client decided."""
        mine = {user_id, *self._groups.get(user_id, ())} if user_id else set()
        concerned = {subject for _, subject, _ in self._grants}
        concerned |= {one.group_id for _, one in self._decisions if one.group_id}
        name = frozenset(mine & concerned)
        ends_at, kept = self._lists.get(name, (None, None))
        if kept is None or (ends_at is not None and ends_at <= moment):
            kept = self._made(name, moment)
            ends_at = min((one.until for one in kept.services if one.until), default=None)
            if len(self._lists) >= MOST_LISTS:
                self._lists.clear()
            self._lists[name] = ends_at, kept
        return kept

    def _made(self, subjects: frozenset[UUID], moment: datetime) -> ServiceList:
        decisions: dict[str, list[Decision]] = {}
        for service, decision in self._decisions:
            if decision.group_id is None or decision.group_id in subjects:
                decisions.setdefault(service, []).append(decision)
        grants: dict[str, list[Grant]] = {}
        for service, subject, grant in self._grants:
            if subject in subjects:
                grants.setdefault(service, []).append(grant)
        return ServiceList(
            tuple(
                _standing(one, decisions.get(one.id, []), grants.get(one.id, []), moment)
                for one in self._services
            )
        )


class AiServiceRegistry:
    """Reads the registry with a client's decisions; kept for a moment."""

    def __init__(
        self,
        database: Database,
        monotonic: Callable[[], float] = time.monotonic,
        clock: Clock | None = None,
    ) -> None:
        self._database = database
        self._clock = clock or SystemClock()
        self._cache: ClientCache[_Decided] = ClientCache(monotonic)

    async def of_client(
        self, scope: Scope, client_id: UUID, user_id: UUID | None = None
    ) -> ServiceList:
        """Return every AI service with what was decided, at most 30 s old. Raise NotFound.

        With `user_id`, as it stands for this person: decisions of their groups and requests that
        were approved for them come first.
        """

        async def read() -> _Decided:
            async with self._database.scoped(scope) as connection:
                services = await connection.fetch(_SERVICES)
                decisions = await connection.fetch(_DECISIONS, client_id)
                grants = await connection.fetch(_GRANTS, client_id)
                members = await connection.fetch(_MEMBERS, client_id) if decisions or grants else []
                is_there = await connection.fetchval(_IS_THERE, client_id)
            if not is_there:
                raise NotFound("There is no such client. Check the client id.")
            return _Decided(services, decisions, grants, members)

        decided = await self._cache.get(client_id, scope, read)
        return decided.seen_by(user_id, self._clock.now())

    async def listed(
        self, principal: Principal, client_id: UUID, user_id: UUID | None = None
    ) -> ServiceList:
        """Return the same for a principal. Raise NotFound for a client that is not its own."""
        principal.require("ai_service:read")
        return await self.of_client(principal.scope_for(client_id), client_id, user_id)

    def invalidate(self, client_id: UUID) -> None:
        """Forget a client's decisions, because one changed."""
        self._cache.invalidate(client_id)


def _end(service: ListedService) -> dict[str, str]:
    """Return when a status ends by itself: browsers obey that to the second, offline too."""
    if service.until is None or service.otherwise is None:
        return {}
    return {"until": service.until.isoformat(), "otherwise": service.otherwise.value}


def _listed(row: Record) -> ListedService:
    values = dict(row)
    for name in ("hosts", "regions", "shared_hosts"):
        values[name] = tuple(values[name])
    return ListedService(**values)


def _decision(row: Record) -> Decision:
    return Decision(
        ServiceStatus(row["status"]), row["review_due"], row["agreement"], row["group_id"]
    )


def _standing(
    service: ListedService, decisions: list[Decision], grants: list[Grant], moment: datetime
) -> ListedService:
    if not decisions and not grants:
        return service
    found = standing(decisions, grants, moment)
    return replace(
        service, status=found.status, agreement=found.agreement, review_due=found.review_due,
        because=found.because, until=found.until, otherwise=found.otherwise,
    )  # fmt: skip


_IS_THERE: Final = "SELECT EXISTS (SELECT FROM clients WHERE tenant_id = $1)"
_SERVICES: Final = """
SELECT id, name, vendor, hosts, category, home_url, source, checked_on, training, baa, dpa, sso,
    residency, retention, regions, plan, shared_hosts
FROM ai_services ORDER BY id
"""
_DECISIONS: Final = """
SELECT * FROM (
    SELECT DISTINCT ON (ai_service_id, framework_id, group_id)
        ai_service_id, group_id, review_due, agreement, status
    FROM approvals WHERE tenant_id = $1
    ORDER BY ai_service_id, framework_id, group_id, created_at DESC, id DESC
) AS newest WHERE status <> 'withdrawn'
"""
"""The newest word of each series; earlier ones are history."""
_GRANTS: Final = """
SELECT ai_service_id, coalesce(user_id, group_id) AS subject, ends_at FROM service_requests
WHERE tenant_id = $1 AND status = 'approved' AND ends_at > now()
"""
_MEMBERS: Final = "SELECT user_id, group_id FROM group_members WHERE tenant_id = $1"
