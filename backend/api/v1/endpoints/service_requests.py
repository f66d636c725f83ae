"""Requests to use an AI service: asked by people, answered by whoever decides."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.idempotency import idempotent
from backend.api.v1.fields import ClientQuery, PageSize, Reason, ReasonShape
from backend.api.validation import validate_querystring, validate_request
from backend.core.permissions import Reach
from backend.services.service_requests import Answer, Asked, ServiceRequest

blueprint = Blueprint("service_requests", __name__)
Days = Annotated[int, msgspec.Meta(ge=1, le=366)]


class RequestQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose requests; who may not review a client's sees their own."""

    client_id: UUID | None = None
    status: Literal["pending", "approved", "rejected", "ended"] | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    limit: PageSize = 50


class NewRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Which service (id, host or address), why, and for how long; `group_id` for one's group."""

    service: Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
    reason: Reason
    days: Days = 30
    group_id: UUID | None = None

    def to_asked(self) -> Asked:
        """Return what the service is asked for."""
        return Asked(self.service, self.reason, self.days, self.group_id)


class NewAnswer(msgspec.Struct, forbid_unknown_fields=True):
    """Yes for so many days (as many as asked for, if not said), or no; and why."""

    approves: bool
    reason: Reason
    days: Days | None = None


class RequestShape(msgspec.Struct):
    """One request; `state` is its status, or `ended` once its time is over."""

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
    state: str
    decided_by: UUID | None
    author: str
    decided_at: datetime | None
    decision: str | None
    ends_at: datetime | None
    version: int
    created_at: datetime

    @classmethod
    def of(cls, request: ServiceRequest) -> Self:
        """Shape a request."""
        return msgspec.convert(request, cls, from_attributes=True)


class RequestPage(msgspec.Struct):
    """Requests, newest first, and where the next page starts."""

    items: list[RequestShape]
    next: str | None = None


@blueprint.get("/service-requests")
@requires("ai_service:read")
@validate_querystring(RequestQuery)
@validate_response(RequestPage)
async def list_requests(query_args: RequestQuery) -> RequestPage:
    """List requests, newest first: a client's for who reviews them, one's own for others."""
    caller = principal()
    page = await services().service_requests.listed(
        caller, query_args.client_id or caller.own_client(), query_args.status,
        query_args.cursor, query_args.limit,
    )  # fmt: skip
    return RequestPage([RequestShape.of(one) for one in page.items], page.next)


@blueprint.post("/service-requests")
@requires("ai_service:request", Reach.SELF)
@idempotent
@validate_request(NewRequest)
@validate_response(RequestShape, 201)
async def ask(data: NewRequest) -> tuple[RequestShape, int]:
    """Ask to use an AI service."""
    made = await services().service_requests.ask(principal(), data.to_asked())
    return RequestShape.of(made), 201


@blueprint.post("/service-requests/<uuid:request_id>/answer")
@requires("ai_service:decide")
@validate_querystring(ClientQuery)
@validate_request(NewAnswer)
@validate_response(RequestShape)
async def answer(request_id: UUID, query_args: ClientQuery, data: NewAnswer) -> RequestShape:
    """Approve a request for a time, or reject it; the asker's open tabs obey within a second."""
    caller = principal()
    decided = await services().service_requests.decide(
        caller, query_args.client_id or caller.own_client(), request_id,
        Answer(data.approves, data.reason, data.days),
    )  # fmt: skip
    return RequestShape.of(decided)


@blueprint.post("/service-requests/<uuid:request_id>/end")
@requires("ai_service:decide")
@validate_querystring(ClientQuery)
@validate_request(ReasonShape)
@validate_response(RequestShape)
async def end(request_id: UUID, query_args: ClientQuery, data: ReasonShape) -> RequestShape:
    """End what was approved before its time."""
    caller = principal()
    ended = await services().service_requests.end(
        caller, query_args.client_id or caller.own_client(), request_id, data.reason
    )
    return RequestShape.of(ended)
