"""The registry of AI services: what is known of each, and what a client decided."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

import msgspec
from quart import Blueprint, Response
from quart_schema import document_response, validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.etags import tagged
from backend.api.idempotency import idempotent
from backend.api.v1.fields import ClientQuery, PageSize, Reason
from backend.api.validation import validate_querystring, validate_request
from backend.services.ai_service_registry import ListedService
from backend.services.service_approvals import RecordedDecision, Wish
from backend.services.service_listing import Sought, ranked
from backend.services.service_risk import ServiceRisk

blueprint = Blueprint("ai_services", __name__)
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Status = Literal["approved", "tolerated", "under_review", "prohibited", "unknown"]


class AiServiceQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which services; what is not given does not filter. `q` looks at names, vendors and hosts."""

    client_id: UUID | None = None
    q: Annotated[str, msgspec.Meta(max_length=120)] | None = None
    category: Key | None = None
    status: Status | None = None
    risk: Literal["low", "medium", "high"] | None = None
    cursor: Key | None = None
    limit: PageSize = 200


class RiskInputShape(msgspec.Struct):
    """What one answer costs, of what it could cost."""

    attribute: str
    question: str
    answer: str
    points: float
    weight: int


class RiskShape(msgspec.Struct):
    """A risk from 0 (best) to 100 with everything it was made of; unknown counts as the worst."""

    score: int
    band: str
    version: str
    known: int
    is_due: bool
    inputs: list[RiskInputShape]

    @classmethod
    def of(cls, risk: ServiceRisk) -> Self:
        """Shape a risk."""
        return msgspec.convert(risk, cls, from_attributes=True)


class AiServiceShape(msgspec.Struct):
    """One AI service, and how it stands with the client; `unknown` where nobody found out."""

    id: str
    name: str
    vendor: str
    hosts: list[str]
    category: str
    home_url: str
    source: str
    checked_on: date
    training: str
    baa: str
    dpa: str
    sso: str
    residency: str
    retention: str
    regions: list[str]
    plan: str
    shared_hosts: list[str]
    status: str
    agreement: str
    review_due: date | None
    until: datetime | None
    otherwise: str | None
    risk: RiskShape | None = None

    @classmethod
    def of(cls, service: ListedService, risk: ServiceRisk) -> Self:
        """Shape a service with its risk."""
        shaped: Self = msgspec.convert(service, cls, from_attributes=True)
        shaped.risk = RiskShape.of(risk)
        return shaped


class AiServicePage(msgspec.Struct):
    """AI services by id, and where the next page starts."""

    items: list[AiServiceShape]
    next: str | None = None


class NewDecision(msgspec.Struct, forbid_unknown_fields=True):
    """A decision about a service. Without a framework it is about all, without a group everybody.

    What is approved or tolerated says in `review_due` when it is looked at again; the day after,
    it counts as under review, and a group's falls away.
    """

    status: Literal["approved", "tolerated", "under_review", "prohibited", "withdrawn"]
    reason: Reason
    framework_id: Key | None = None
    group_id: UUID | None = None
    review_due: date | None = None
    owner_id: UUID | None = None
    evidence: Annotated[str, msgspec.Meta(max_length=500)] = ""
    agreement: Literal["none", "baa", "dpa", "both"] = "none"

    def to_wish(self) -> Wish:
        """Return what the service is asked for."""
        return Wish(**{name: getattr(self, name) for name in self.__struct_fields__})


class DecisionShape(msgspec.Struct):
    """A decision as it was recorded; `holds` is what it amounts to today, null when it is past."""

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
    holds: str | None

    @classmethod
    def of(cls, decision: RecordedDecision) -> Self:
        """Shape a decision."""
        return msgspec.convert(decision, cls, from_attributes=True)


class DecisionPage(msgspec.Struct):
    """Decisions, newest first, and where the next page starts."""

    items: list[DecisionShape]
    next: str | None = None


class DecisionQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose decisions; `cursor` is the `next` of the page before."""

    client_id: UUID | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    limit: PageSize = 50


@blueprint.get("/ai-services")
@requires("ai_service:read")
@validate_querystring(AiServiceQuery)
@document_response(AiServicePage)
@answers(304, "`If-None-Match` names the newest answer.")
async def list_ai_services(query_args: AiServiceQuery) -> Response:
    """List the AI services with their risk and a client's decisions."""
    caller = principal()
    found = await services().ai_service_registry.listed(
        caller, query_args.client_id or caller.own_client()
    )
    sought = Sought(query_args.q or "", query_args.category, query_args.status, query_args.risk)
    shown, rest = ranked(
        found, sought, services().clock.now().date(), query_args.cursor, query_args.limit
    )
    items = [AiServiceShape.of(one.service, one.risk) for one in shown]
    return tagged(AiServicePage(items, items[-1].id if rest else None))


@blueprint.get("/ai-services/<service_id>")
@requires("ai_service:read")
@validate_querystring(ClientQuery)
@document_response(AiServiceShape)
@answers(304, "`If-None-Match` names the newest answer.")
async def get_ai_service(service_id: str, query_args: ClientQuery) -> Response:
    """Return one AI service with the reasons of its risk and how it stands with a client."""
    caller = principal()
    client_id = query_args.client_id or caller.own_client()
    found = await services().service_approvals.one(caller, client_id, service_id)
    return tagged(AiServiceShape.of(found.service, found.risk))


@blueprint.get("/ai-services/<service_id>/decisions")
@requires("ai_service:review")
@validate_querystring(DecisionQuery)
@validate_response(DecisionPage)
async def list_decisions(service_id: str, query_args: DecisionQuery) -> DecisionPage:
    """List what a client decided about a service, newest first."""
    caller = principal()
    page = await services().service_approvals.history(
        caller, query_args.client_id or caller.own_client(), service_id, query_args.cursor,
        query_args.limit,
    )  # fmt: skip
    return DecisionPage([DecisionShape.of(one) for one in page.items], page.next)


@blueprint.post("/ai-services/<service_id>/decisions")
@requires("ai_service:decide")
@idempotent
@validate_querystring(ClientQuery)
@validate_request(NewDecision)
@validate_response(DecisionShape, 201)
async def decide(
    service_id: str, query_args: ClientQuery, data: NewDecision
) -> tuple[DecisionShape, int]:
    """Decide about a service; open tabs of the client obey it within a second."""
    caller = principal()
    client_id = query_args.client_id or caller.own_client()
    made = await services().service_approvals.decide(caller, client_id, service_id, data.to_wish())
    return DecisionShape.of(made), 201
