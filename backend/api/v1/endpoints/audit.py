"""Reading the audit log, and taking in what browsers recorded by themselves."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.preconditions import etag_of, refuse_other_etag
from backend.api.v1.fields import Category, Description, Reason, Version
from backend.api.validation import validate_querystring, validate_request
from backend.core.permissions import Reach
from backend.services.admin_trail import AdminFilter
from backend.services.audit_query import AuditFilter, AuditPage, as_json
from backend.services.event_numbers import LARGEST
from backend.services.extension_events import EventFinding, ExtensionEvent
from backend.services.justifications import GivenReason
from backend.services.violation_work import KEEP, ViolationCard, WorkChange

blueprint = Blueprint("audit", __name__)
Action = Literal["allow", "flag", "warn", "block"]
Status = Literal["new", "triaged", "resolved", "false_positive", "escalated"]
Code = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]
Verb = Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,40}\.[a-z_]{1,40}$(?!\n)")]
Aware = Annotated[datetime, msgspec.Meta(tz=True)]
Count = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class AuditParameters(msgspec.Struct, forbid_unknown_fields=True):
    """Filters; `cursor` is the `next` of the page before."""

    client_id: UUID | None = None
    action: Action | None = None
    service: Annotated[str, msgspec.Meta(max_length=253)] | None = None
    since: Aware | None = None
    until: Aware | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50

    def to_filter(self) -> AuditFilter:
        """Return the filter of the service."""
        return AuditFilter(**msgspec.structs.asdict(self))


class ViolationParameters(AuditParameters, forbid_unknown_fields=True):
    """Filters of violations; `status` is how far somebody has dealt with them."""

    status: Status | None = None


class Page(msgspec.Struct):
    """Entries, newest first, and where the next page starts."""

    items: list[dict[str, Any]]
    next: str | None

    @classmethod
    def of(cls, page: AuditPage) -> "Page":
        """Shape a page."""
        return cls([as_json(row) for row in page.items], page.next)


class AdminParameters(msgspec.Struct, forbid_unknown_fields=True):
    """Filters; `cursor` is the `next` of the page before."""

    client_id: UUID | None = None
    actor: UUID | None = None
    action: Verb | None = None
    subject_kind: Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{1,40}$(?!\n)")] | None = None
    subject: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._:-]{1,128}$(?!\n)")] | None = None
    since: Aware | None = None
    until: Aware | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50

    def to_filter(self) -> AdminFilter:
        """Return the filter of the service."""
        return AdminFilter(**msgspec.structs.asdict(self))


class AdminEventShape(msgspec.Struct):
    """One administrative change; without a client it is about the MSP itself."""

    id: UUID
    client_id: UUID | None
    at: datetime
    actor_id: UUID | None
    actor: str
    actor_role: str
    action: str
    subject_kind: str
    subject_id: str
    reason: str
    details: dict[str, Any]


class AdminEventPage(msgspec.Struct):
    """Changes, newest first, and where the next page starts."""

    items: list[AdminEventShape]
    next: str | None


class WorkStepShape(msgspec.Struct):
    """One thing that was done about a violation."""

    at: datetime
    actor: str
    action: str
    comment: str


class ViolationShape(msgspec.Struct):
    """How a violation stands, and what was done about it, newest first."""

    id: UUID
    client_id: UUID
    user_id: UUID
    status: str
    status_at: datetime | None
    owner_id: UUID | None
    owner: str
    comment: str
    disposition: str
    version: int
    history: list[WorkStepShape]


class ViolationChange(msgspec.Struct, forbid_unknown_fields=True):
    """A step, on top of the version that was read; an `owner_id` of null takes the owner away.

    `exempt_minutes` also lets the same kinds pass for who was stopped, for so long.
    """

    base_version: Version
    status: Status | None = None
    owner_id: UUID | msgspec.UnsetType | None = msgspec.UNSET
    comment: Description = ""
    exempt_minutes: Annotated[int, msgspec.Meta(ge=1, le=10_080)] | None = None

    def to_change(self) -> WorkChange:
        """Return the change of the service."""
        owner = KEEP if isinstance(self.owner_id, msgspec.UnsetType) else self.owner_id
        return WorkChange(self.base_version, self.status, owner, self.comment)


class EventFindingShape(msgspec.Struct, forbid_unknown_fields=True):
    """A finding of the browser; there is no field for text."""

    rule: Code
    type: Code
    category: Literal["phi", "pii", "secret"]
    severity: Literal["low", "medium", "high", "critical"]
    start: Count
    end: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    confidence: Annotated[float, msgspec.Meta(ge=0, le=1)]


class ReasonGiven(msgspec.Struct, forbid_unknown_fields=True):
    """Why somebody went on: what for, and words; findings in them are masked."""

    justification: Category
    words: Reason


class EventShape(msgspec.Struct, forbid_unknown_fields=True):
    """One entry of a browser's queue."""

    event_id: UUID
    submission_id: UUID
    entry_kind: Literal["verdict", "disposition"]
    service: Annotated[
        str, msgspec.Meta(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.:_-]+$(?!\n)")
    ]
    channel: Literal["typed", "pasted", "dropped", "uploaded"]
    size: Count
    action: Action
    disposition: Literal[
        "sent", "prevented", "redacted_sent", "justified_sent", "overridden_sent",
        "sent_unflagged", "abandoned", "false_positive",
    ]  # fmt: skip
    policy_version: Count
    rulebook_version: Code
    occurred_at: Aware
    findings: Annotated[list[EventFindingShape], msgspec.Meta(max_length=500)] = []
    late: bool = False
    reason: ReasonGiven | None = None

    def to_event(self) -> ExtensionEvent:
        """Return the event of the service."""
        given = {name: getattr(self, name) for name in self.__struct_fields__}
        findings = tuple(
            EventFinding(**msgspec.structs.asdict(f)) for f in self.findings if f.end > f.start
        )
        reason = self.reason and GivenReason(self.reason.justification, self.reason.words)
        return ExtensionEvent(**{**given, "findings": findings, "reason": reason})


EventNumber = Annotated[int, msgspec.Meta(ge=1, le=LARGEST)]


class EventBatch(msgspec.Struct, forbid_unknown_fields=True):
    """Up to 200 events, and the browser's own numbers of them: one that never comes is missed.

    There are as many numbers as events, or none; an event that the browser did not number has null.
    """

    events: Annotated[list[EventShape], msgspec.Meta(min_length=1, max_length=200)]
    numbers: Annotated[list[EventNumber | None], msgspec.Meta(max_length=200)] = []


class ReceiptShape(msgspec.Struct):
    """An event that is durable now."""

    event_id: str
    sequence: int
    is_duplicate: bool


class Accepted(msgspec.Struct):
    """Receipts in the order of the events."""

    accepted: list[ReceiptShape]


@blueprint.get("/audit/logs")
@requires("audit:read", Reach.SELF)
@validate_querystring(AuditParameters)
@validate_response(Page)
async def list_logs(query_args: AuditParameters) -> Page:
    """List audit entries, newest first; who has no more sees their own."""
    return Page.of(await services().audit_query.logs(principal(), query_args.to_filter()))


@blueprint.get("/audit/violations")
@requires("audit:read", Reach.SELF)
@validate_querystring(ViolationParameters)
@validate_response(Page)
async def list_violations(query_args: ViolationParameters) -> Page:
    """List violations, newest first; who has no more sees their own."""
    return Page.of(await services().audit_query.violations(principal(), query_args.to_filter()))


@blueprint.get("/audit/violations/<uuid:violation_id>")
@requires("violation:feed")
@validate_response(ViolationShape)
async def show_violation(violation_id: UUID) -> tuple[ViolationShape, int, dict[str, str]]:
    """Show how a violation stands; its ETag is what a change is made on."""
    return _violation(await services().violation_work.one(principal(), violation_id))


@blueprint.patch("/audit/violations/<uuid:violation_id>")
@requires("violation:write")
@validate_request(ViolationChange)
@validate_response(ViolationShape)
async def change_violation(
    violation_id: UUID, data: ViolationChange
) -> tuple[ViolationShape, int, dict[str, str]]:
    """Take a violation up, give it to somebody, close it or comment on it."""
    refuse_other_etag(data.base_version)
    if data.exempt_minutes is not None:
        return _violation(
            await services().false_positives.accept(
                principal(), violation_id, data.to_change(), data.exempt_minutes
            )
        )
    return _violation(
        await services().violation_work.change(principal(), violation_id, data.to_change())
    )


def _violation(card: ViolationCard) -> tuple[ViolationShape, int, dict[str, str]]:
    shape = msgspec.convert(card, ViolationShape, from_attributes=True)
    return shape, 200, {"ETag": etag_of(card.version)}


@blueprint.get("/audit/admin-events")
@requires("audit:read", Reach.SELF)
@validate_querystring(AdminParameters)
@validate_response(AdminEventPage)
async def list_admin_events(query_args: AdminParameters) -> AdminEventPage:
    """List administrative changes, newest first; who has no more sees what names themselves."""
    page = await services().admin_trail.events(principal(), query_args.to_filter())
    items = [msgspec.convert(one, AdminEventShape, from_attributes=True) for one in page.items]
    return AdminEventPage(items, page.next)


@blueprint.post("/audit/events")
@requires("audit:append", Reach.SELF)
@validate_request(EventBatch)
@validate_response(Accepted)
async def append_events(data: EventBatch) -> Accepted:
    """Record what a browser decided by itself, or how a verdict ended."""
    receipts = await services().extension_events.record(
        principal(), [event.to_event() for event in data.events], data.numbers
    )
    return Accepted([ReceiptShape(str(r.event_id), r.sequence, r.is_duplicate) for r in receipts])
