"""What a client decides about an AI service: recorded beside earlier decisions, pushed at once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import InvalidInput, NotFound, RefusedField
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.policy.actions import ServiceStatus
from backend.policy.services import Decision
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.keyset import cursor_at, place_of
from backend.services.service_announcements import ServiceAnnouncements
from backend.services.service_listing import RankedService, with_risk
from backend.services.wording import said_reason

LONGEST_EVIDENCE: Final = 500
LONGEST_REVIEW: Final = timedelta(days=400)
REVIEWED: Final = frozenset({"approved", "tolerated"})
AGREEMENT_NEEDED: Final = {
    "hipaa": ("baa", "a business associate agreement, as 45 CFR 164.308(b) asks"),
    "gdpr": ("dpa", "a data processing agreement, as article 28 asks"),
}
"""Under these frameworks an approval needs this agreement with the vendor, and why."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A decision somebody wants to record."""

    status: str
    reason: str
    framework_id: str | None = None
    group_id: UUID | None = None
    review_due: date | None = None
    owner_id: UUID | None = None
    evidence: str = ""
    agreement: str = "none"


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A decision as it was recorded; `holds` is what it amounts to today, None when replaced."""

    id: UUID
    client_id: UUID
    ai_service_id: str
    framework_id: str | None
    group_id: UUID | None
    group_name: str | None
    status: str
    reason: str
    review_due: date | None
    owner_id: UUID | None
    owner: str
    evidence: str
    agreement: str
    decided_by: UUID | None
    author: str
    created_at: datetime
    holds: ServiceStatus | None


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """Decisions, newest first, and where the next page starts."""

    items: tuple[RecordedDecision, ...]
    next: str | None


class ServiceApprovals:
    """Records decisions and reads their history; none is ever rewritten."""

    def __init__(
        self,
        database: Database,
        registry: AiServiceRegistry,
        announcements: ServiceAnnouncements,
        clock: Clock,
    ) -> None:
        self._database = database
        self._registry = registry
        self._announcements = announcements
        self._clock = clock

    async def decide(
        self, principal: Principal, client_id: UUID, service_id: str, wish: Wish
    ) -> RecordedDecision:
        """Record a decision and push it. Raise NotFound, InvalidInput or RefusedField."""
        principal.require("ai_service:decide")
        today = self._clock.now().date()
        reason, evidence = said_reason(wish.reason), " ".join(wish.evidence.split())
        _refuse_unfounded(wish, evidence, today)
        made = uuid7()
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            await _refuse_unknown(connection, principal, client_id, service_id, wish)
            await connection.execute(
                _DECIDE, made, service_id, wish.framework_id, wish.status, principal.user_id,
                reason, wish.review_due, wish.owner_id or principal.user_id, evidence,
                wish.agreement, wish.group_id, self._clock.now(),
            )  # fmt: skip
            await AdminTrail.record(
                connection, principal, "ai_service.decide", Subject("ai_service", service_id),
                reason, status=wish.status, framework=wish.framework_id, group=wish.group_id,
                review_due=str(wish.review_due or ""), agreement=wish.agreement,
            )  # fmt: skip
            change = await self._announcements.note(connection, client_id, principal.msp_id)
            row = await connection.fetchrow(_ONE, client_id, made)
        self._registry.invalidate(client_id)
        await self._announcements.announce(change)
        return _recorded(row, self._clock.now())

    async def one(self, principal: Principal, client_id: UUID, service_id: str) -> RankedService:
        """Return one service with its risk and how it stands with a client. Raise NotFound."""
        listed = await self._registry.listed(principal, client_id)
        found = next((one for one in listed.services if one.id == service_id), None)
        if found is None:
            raise no_such_service()
        return with_risk(found, self._clock.now().date())

    async def history(
        self, principal: Principal, client_id: UUID, service_id: str | None,
        cursor: str | None = None, limit: int = 50,
    ) -> DecisionPage:  # fmt: skip
        """Return the decisions about one service or all, newest first. Raise NotFound."""
        principal.require("ai_service:review")
        at, last = place_of(cursor)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            if not await connection.fetchval(_CLIENT, client_id):
                raise _no_such_client()
            if service_id is not None and not await connection.fetchval(_SERVICE, service_id):
                raise no_such_service()
            rows = await connection.fetch(_HISTORY, client_id, service_id, at, last, limit + 1)
        now = self._clock.now()
        items = tuple(_recorded(row, now) for row in rows[:limit])
        more = len(rows) > limit
        return DecisionPage(items, cursor_at(items[-1].created_at, items[-1].id) if more else None)


def no_such_service() -> NotFound:
    """Return the error for an AI service that the registry does not know."""
    return NotFound("The registry has no such AI service. List the AI services to find its id.")


def _no_such_client() -> NotFound:
    return NotFound("There is no such client. Check the client id.")


def _refuse_unfounded(wish: Wish, evidence: str, today: date) -> None:
    """Refuse an approval that nobody would have to look at again, or that shows nothing for it."""
    if wish.status in REVIEWED and wish.review_due is None:
        raise _refused("review_due", "has to say when somebody looks at the approval again")
    if wish.review_due and not today <= wish.review_due <= today + LONGEST_REVIEW:
        raise _refused("review_due", "lies within 400 days from today")
    if len(evidence) > LONGEST_EVIDENCE or "\0" in evidence:
        raise _refused("evidence", f"takes at most {LONGEST_EVIDENCE} characters")
    if wish.agreement != "none" and not evidence:
        raise _refused("evidence", "has to say where the agreement is: a link, or a file's name")
    needed, why = AGREEMENT_NEEDED.get(wish.framework_id or "", ("", ""))
    if needed and wish.status == "approved" and wish.agreement not in {needed, "both"}:
        raise _refused(
            "agreement",
            f"has to name {why}, before the service is approved under this framework; without one "
            "it can be tolerated",
        )


def _refused(field: str, why: str) -> RefusedField:
    return RefusedField(
        f"Nothing was decided: {field} {why}. Correct it and send it again.", field, why,
        code="decision-unfounded",
    )  # fmt: skip


async def _refuse_unknown(
    connection: Connection, principal: Principal, client_id: UUID, service_id: str, wish: Wish
) -> None:
    if not await connection.fetchval(_CLIENT, client_id):
        raise _no_such_client()
    if not await connection.fetchval(_SERVICE, service_id):
        raise no_such_service()
    if wish.framework_id is not None and not await connection.fetchval(
        _FRAMEWORK, wish.framework_id
    ):
        raise InvalidInput(
            "There is no such compliance framework. List them at /api/v1/reports/frameworks.",
            code="unknown-framework",
        )
    if wish.group_id is not None and not await connection.fetchval(
        _GROUP, client_id, wish.group_id
    ):
        raise NotFound("This client has no such group. List its groups to find the id.")
    if wish.owner_id is not None and not await connection.fetchval(
        _OWNER, [client_id, principal.msp_id], wish.owner_id
    ):
        raise NotFound("There is nobody with this id who could own the decision. List the users.")


def _recorded(row: Record | None, moment: datetime) -> RecordedDecision:
    if row is None:
        raise _no_such_client()
    values = dict(row)
    is_newest = values.pop("is_newest")
    holds = None
    if is_newest and row["status"] != "withdrawn":
        said = Decision(ServiceStatus(row["status"]), row["review_due"])
        lapsed = said.has_lapsed(moment)
        holds = ServiceStatus.UNDER_REVIEW if lapsed else said.status
        if lapsed and row["group_id"] is not None:
            holds = None  # the client's own decision holds for the group again
    return RecordedDecision(**values, holds=holds)


_CLIENT: Final = "SELECT EXISTS (SELECT FROM clients WHERE tenant_id = $1)"
_SERVICE: Final = "SELECT EXISTS (SELECT FROM ai_services WHERE id = $1)"
_FRAMEWORK: Final = "SELECT EXISTS (SELECT FROM compliance_frameworks WHERE id = $1)"
_GROUP: Final = "SELECT EXISTS (SELECT FROM groups WHERE tenant_id = $1 AND id = $2)"
_OWNER: Final = "SELECT EXISTS (SELECT FROM users WHERE tenant_id = ANY($1::uuid[]) AND id = $2)"
_DECIDE: Final = """
INSERT INTO approvals (tenant_id, id, msp_id, ai_service_id, framework_id, status, decided_by,
    reason, review_due, owner_id, evidence, agreement, group_id, created_at)
VALUES (qg_tenant(), $1, qg_tenant_msp(), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
# A client cannot see its MSP's staff, so their names stay with the MSP.
_COLUMNS: Final = """
SELECT a.id, a.tenant_id AS client_id, a.ai_service_id, a.framework_id, a.group_id,
    g.name AS group_name, a.status, a.reason, a.review_due, a.owner_id,
    CASE WHEN a.owner_id IS NULL THEN '' ELSE coalesce(o.display_name, 'Your service provider')
        END AS owner,
    a.evidence, a.agreement, a.decided_by,
    CASE WHEN a.decided_by IS NULL THEN 'Quillgate'
        ELSE coalesce(u.display_name, 'Your service provider') END AS author,
    a.created_at,
    NOT EXISTS (SELECT FROM approvals b WHERE b.tenant_id = a.tenant_id
        AND b.ai_service_id = a.ai_service_id
        AND b.framework_id IS NOT DISTINCT FROM a.framework_id
        AND b.group_id IS NOT DISTINCT FROM a.group_id
        AND (b.created_at, b.id) > (a.created_at, a.id)) AS is_newest
FROM approvals a
LEFT JOIN groups g ON g.tenant_id = a.tenant_id AND g.id = a.group_id
LEFT JOIN users u ON u.id = a.decided_by AND u.tenant_id IN (a.tenant_id, a.msp_id)
LEFT JOIN users o ON o.id = a.owner_id AND o.tenant_id IN (a.tenant_id, a.msp_id)
WHERE a.tenant_id = $1"""
_ONE: Final = f"{_COLUMNS} AND a.id = $2"
_HISTORY: Final = f"""{_COLUMNS} AND ($2::text IS NULL OR a.ai_service_id = $2)
    AND ($3::timestamptz IS NULL OR (a.created_at, a.id) < ($3, $4::uuid))
ORDER BY a.created_at DESC, a.id DESC LIMIT $5"""
