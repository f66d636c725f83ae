"""Somebody asks to use an AI service, for a time; somebody else answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from backend.core.identifiers import uuid7
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.policy.actions import ServiceStatus
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.given_reasons import GivenReasons
from backend.services.keyset import cursor_at, place_of
from backend.services.memberships import refuse_group
from backend.services.policy_lookup import PolicyLookup
from backend.services.service_announcements import ServiceAnnouncements, ServicesChanged
from backend.services.service_hosts import service_host
from backend.services.service_notices import ServiceNotices
from backend.services.suspensions import refuse_suspended
from backend.services.wording import said_reason

LONGEST_DAYS: Final = 366
_USABLE: Final = frozenset({ServiceStatus.APPROVED, ServiceStatus.TOLERATED})


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to use, why, for how long; for a group they are in, or themselves."""

    service: str
    reason: str
    days: int
    group_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a request; `days` may be fewer than were asked for."""

    approves: bool
    reason: str
    days: int | None = None


@dataclass(frozen=True, slots=True)
class ServiceRequest:
    """One request and what became of it; `state` also says when it has run out."""

    id: UUID
    client_id: UUID
    service: str
    ai_service_id: str | None
    service_name: str | None
    user_id: UUID | None
    group_id: UUID | None
    group_name: str | None
    requested_by: UUID
    person: str
    reason: str
    days: int
    status: str
    decided_by: UUID | None
    author: str
    decided_at: datetime | None
    decision: str | None
    ends_at: datetime | None
    version: int
    created_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Requests, newest first, and where the next page starts."""

    items: tuple[ServiceRequest, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a reason is looked through with: the asker's own rules."""

    lookup: PolicyLookup
    given: GivenReasons


class ServiceRequests:
    """Takes requests in and lets approvers answer; what is approved ends by itself."""

    def __init__(
        self,
        database: Database,
        registry: AiServiceRegistry,
        announcements: ServiceAnnouncements,
        notices: ServiceNotices,
        reasons: Reasons,
        clock: Clock,
    ) -> None:
        self._reasons = reasons
        self._database = database
        self._registry = registry
        self._announcements = announcements
        self._notices = notices
        self._clock = clock

    async def ask(self, principal: Principal, asked: Asked) -> ServiceRequest:
        """Keep a request for whoever decides.

        Raise Conflict where there is nothing to ask for, InvalidInput for a reason that says
        nothing or holds data itself.
        """
        principal.require("ai_service:request", Reach.SELF)
        client_id, host = principal.own_client(), service_host(asked.service)
        scope = principal.scope_for(client_id)
        policy = await self._reasons.lookup.effective(scope, client_id, principal.user_id)
        refuse_suspended(policy.suspension)
        reason = self._reasons.given.fit(asked.reason, policy)
        found = (await self._registry.of_client(scope, client_id, principal.user_id)).find(host)
        if found is not None and found.status in _USABLE and asked.group_id is None:
            raise Conflict(f"You may use {found.name} already.", code="service-usable")
        made, name = uuid7(), found.id if found else host
        async with self._database.scoped(scope) as connection:
            await refuse_group(connection, principal, asked.group_id)
            if await connection.fetchval(_WAITS, client_id, principal.user_id, name):
                raise Conflict(
                    "You have asked for this service already. Wait for the answer.",
                    code="service-asked",
                )
            await connection.execute(
                _ASK, made, name, found.id if found else None,
                None if asked.group_id else principal.user_id, asked.group_id, principal.user_id,
                reason, asked.days, self._clock.now(),
            )  # fmt: skip
            await AdminTrail.record(
                connection, principal, "ai_service.request", Subject("service_request", made),
                reason, service=name, days=asked.days, group=asked.group_id,
            )  # fmt: skip
            await self._notices.write(connection, "service.requested", name, request=str(made))
            row = await connection.fetchrow(_ONE, client_id, made)
        await self._notices.tell(client_id, principal.msp_id, "service.requested", name)
        return self._shown(row)

    async def decide(
        self, principal: Principal, client_id: UUID, request_id: UUID, answer: Answer
    ) -> ServiceRequest:
        """Approve for a time, or reject. Raise NotFound, Conflict, Forbidden to who asked."""
        principal.require("ai_service:decide")
        reason, change = said_reason(answer.reason), None
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            held = await _locked(connection, client_id, request_id)
            if held["status"] != "pending":
                raise Conflict("This request is answered already.", code="request-answered")
            if held["requested_by"] == principal.user_id:
                raise Forbidden(
                    "You asked for this yourself, so somebody else has to answer.",
                    code="request-own",
                )
            days = _days(answer, held)
            ends_at = self._clock.now() + timedelta(days=days) if answer.approves else None
            status = "approved" if answer.approves else "rejected"
            await connection.execute(
                _ANSWER, client_id, request_id, status, principal.user_id, self._clock.now(),
                reason, ends_at,
            )  # fmt: skip
            change = await self._changed(
                connection, principal, client_id, request_id, status, reason
            )
            row = await connection.fetchrow(_ONE, client_id, request_id)
        await self._tell(change, principal, held["service"])
        return self._shown(row)

    async def end(
        self, principal: Principal, client_id: UUID, request_id: UUID, reason: str
    ) -> ServiceRequest:
        """End earlier what was approved. Raise NotFound, Conflict when it is not running."""
        principal.require("ai_service:decide")
        words, now = said_reason(reason), self._clock.now()
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            held = await _locked(connection, client_id, request_id)
            if held["status"] != "approved" or held["ends_at"] <= now:
                raise Conflict("This request allows nothing now.", code="request-not-running")
            await connection.execute(_END, client_id, request_id, now)
            change = await self._changed(
                connection, principal, client_id, request_id, "ended", words
            )
            row = await connection.fetchrow(_ONE, client_id, request_id)
        await self._tell(change, principal, held["service"])
        return self._shown(row)

    async def listed(
        self, principal: Principal, client_id: UUID, status: str | None = None,
        cursor: str | None = None, limit: int = 50,
    ) -> RequestPage:  # fmt: skip
        """Return requests, newest first; who reviews sees all of a client, others their own."""
        principal.require("ai_service:read")
        is_reviewer = principal.may("ai_service:review")
        at, last = place_of(cursor)
        only = None if is_reviewer else principal.user_id
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            if not await connection.fetchval(_CLIENT, client_id):
                raise NotFound("There is no such client. Check the client id.")
            rows = await connection.fetch(_LIST, client_id, status, only, at, last, limit + 1)
        items = tuple(self._shown(row) for row in rows[:limit])
        more = len(rows) > limit
        return RequestPage(items, cursor_at(items[-1].created_at, items[-1].id) if more else None)

    async def _changed(
        self, connection: Connection, principal: Principal, client_id: UUID, request_id: UUID,
        status: str, reason: str,
    ) -> ServicesChanged:  # fmt: skip
        await AdminTrail.record(
            connection, principal, f"ai_service.request_{status}",
            Subject("service_request", request_id), reason,
        )  # fmt: skip
        return await self._announcements.note(connection, client_id, principal.msp_id)

    async def _tell(self, change: ServicesChanged, principal: Principal, service: str) -> None:
        self._registry.invalidate(change.client_id)
        await self._announcements.announce(change)
        await self._notices.tell(change.client_id, principal.msp_id, "service.decided", service)

    def _shown(self, row: Record | None) -> ServiceRequest:
        if row is None:
            raise _no_such_request()
        has_ended = row["status"] == "approved" and row["ends_at"] <= self._clock.now()
        return ServiceRequest(**dict(row), state="ended" if has_ended else row["status"])


def _days(answer: Answer, held: Record) -> int:
    if answer.approves and held["ai_service_id"] is None:
        raise Conflict(
            "The registry does not know this service, so nothing can be allowed about it yet. "
            "Reject the request, or wait until the service is in the registry.",
            code="service-unlisted",
        )
    days: int = answer.days or held["days"]
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput(f"A request is approved for 1 to {LONGEST_DAYS} days.")
    return days


async def _locked(connection: Connection, client_id: UUID, request_id: UUID) -> Record:
    row = await connection.fetchrow(_LOCK, client_id, request_id)
    if row is None:
        raise _no_such_request()
    return row


def _no_such_request() -> NotFound:
    return NotFound("There is no such request. List the requests to find its id.")


_CLIENT: Final = "SELECT EXISTS (SELECT FROM clients WHERE tenant_id = $1)"
_WAITS: Final = """
SELECT EXISTS (SELECT FROM service_requests
    WHERE tenant_id = $1 AND requested_by = $2 AND service = $3 AND status = 'pending')
"""
_ASK: Final = """
INSERT INTO service_requests (tenant_id, id, msp_id, service, ai_service_id, user_id, group_id,
    requested_by, reason, days, created_at)
VALUES (qg_tenant(), $1, qg_tenant_msp(), $2, $3, $4, $5, $6, $7, $8, $9)
"""
_LOCK: Final = """
SELECT status, requested_by, ai_service_id, service, days, ends_at FROM service_requests
WHERE tenant_id = $1 AND id = $2 FOR UPDATE
"""
_ANSWER: Final = """
UPDATE service_requests SET status = $3, decided_by = $4, decided_at = $5, decision = $6,
    ends_at = $7, version = version + 1
WHERE tenant_id = $1 AND id = $2
"""
_END: Final = """
UPDATE service_requests SET status = 'ended', ends_at = $3, version = version + 1
WHERE tenant_id = $1 AND id = $2
"""
# A client cannot see its MSP's staff, so their names stay with the MSP.
_COLUMNS: Final = """
SELECT r.id, r.tenant_id AS client_id, r.service, r.ai_service_id, s.name AS service_name,
    r.user_id, r.group_id, g.name AS group_name, r.requested_by,
    coalesce(p.display_name, '') AS person, r.reason, r.days, r.status, r.decided_by,
    CASE WHEN r.decided_by IS NULL THEN ''
        ELSE coalesce(u.display_name, 'Your service provider') END AS author,
    r.decided_at, r.decision, r.ends_at, r.version, r.created_at
FROM service_requests r
LEFT JOIN ai_services s ON s.id = r.ai_service_id
LEFT JOIN groups g ON g.tenant_id = r.tenant_id AND g.id = r.group_id
LEFT JOIN users p ON p.tenant_id = r.tenant_id AND p.id = r.requested_by
LEFT JOIN users u ON u.id = r.decided_by AND u.tenant_id IN (r.tenant_id, r.msp_id)
WHERE r.tenant_id = $1"""
_ONE: Final = f"{_COLUMNS} AND r.id = $2"
_LIST: Final = f"""{_COLUMNS} AND ($2::text IS NULL OR r.status = $2)
    AND ($3::uuid IS NULL OR r.requested_by = $3)
    AND ($4::timestamptz IS NULL OR (r.created_at, r.id) < ($4, $5::uuid))
ORDER BY r.created_at DESC, r.id DESC LIMIT $6"""
