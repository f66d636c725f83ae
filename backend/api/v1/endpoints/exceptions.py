"""Exceptions: asked for by who was stopped, answered by somebody else, ending by themselves."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.v1.fields import Category, PageSize, Reason, ReasonShape
from backend.api.validation import validate_querystring, validate_request
from backend.core.permissions import Reach
from backend.services.exception_cards import ExceptionCard
from backend.services.exception_decisions import Answer
from backend.services.exception_list import ExceptionFilter
from backend.services.exception_requests import Wish

blueprint = Blueprint("exceptions", __name__)
State = Literal["pending", "lapsed", "active", "expired", "rejected", "withdrawn", "ended"]


class ExceptionQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose exceptions, in which state, for which service (its id, or a host nobody lists)."""

    client_id: UUID | None = None
    state: State | None = None
    service: Annotated[str, msgspec.Meta(min_length=1, max_length=253)] | None = None
    cursor: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    limit: PageSize = 50


class NewException(msgspec.Struct, forbid_unknown_fields=True):
    """A question about a prompt of one's own that was stopped; the words hold no data.

    With `group_id`, a group of one's own, it is for everybody in it, and two people decide.
    """

    submission_id: UUID
    justification: Category
    words: Reason
    group_id: UUID | None = None


class Approval(msgspec.Struct, forbid_unknown_fields=True):
    """A yes: for how long from now, and why."""

    minutes: Annotated[int, msgspec.Meta(ge=1, le=10_080)]
    reason: Reason


class SaidShape(msgspec.Struct):
    """What one approver said."""

    approver_id: UUID
    approver: str
    decision: str
    minutes: int | None
    reason: str
    at: datetime


class ExceptionShape(msgspec.Struct):
    """One exception; `state` says how it stands now, `answer_until` when a question lapses."""

    id: UUID
    client_id: UUID
    submission_id: UUID | None
    requested_by: UUID
    person: str
    group_id: UUID | None
    group: str
    subject: str
    service: str
    kinds: list[str]
    justification: str
    words: str
    state: str
    approvers_needed: int
    approvals: int
    most_minutes: int
    minutes: int | None
    created_at: datetime
    answer_until: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    version: int
    said: list[SaidShape]

    @classmethod
    def of(cls, card: ExceptionCard) -> Self:
        """Shape an exception."""
        return msgspec.convert(card, cls, from_attributes=True)


class ExceptionPage(msgspec.Struct):
    """Exceptions, newest first."""

    items: list[ExceptionShape]
    next: str | None


@blueprint.get("/exceptions")
@requires("exception:read", Reach.SELF)
@validate_querystring(ExceptionQuery)
@validate_response(ExceptionPage)
async def list_exceptions(query_args: ExceptionQuery) -> ExceptionPage:
    """List exceptions, newest first; who has no more sees their own."""
    wanted = ExceptionFilter(
        query_args.client_id, (query_args.state,) if query_args.state else None,
        service=query_args.service, cursor=query_args.cursor, limit=query_args.limit,
    )  # fmt: skip
    page = await services().exception_list.page(principal(), wanted)
    return ExceptionPage([ExceptionShape.of(one) for one in page.items], page.next)


@blueprint.post("/exceptions")
@requires("exception:request", Reach.SELF)
@validate_request(NewException)
@validate_response(ExceptionShape, 201)
async def ask_for_exception(data: NewException) -> tuple[ExceptionShape, int]:
    """Ask that a prompt of one's own may be sent although the policy stops it."""
    wish = Wish(data.submission_id, data.justification, data.words, data.group_id)
    return ExceptionShape.of(await services().exception_requests.ask(principal(), wish)), 201


@blueprint.get("/exceptions/<uuid:exception_id>")
@requires("exception:read", Reach.SELF)
@validate_response(ExceptionShape)
async def show_exception(exception_id: UUID) -> ExceptionShape:
    """Show one exception and what was said to it."""
    return ExceptionShape.of(await services().exception_list.one(principal(), exception_id))


@blueprint.post("/exceptions/<uuid:exception_id>/approve")
@requires("exception:decide")
@validate_request(Approval)
@validate_response(ExceptionShape)
async def approve_exception(exception_id: UUID, data: Approval) -> ExceptionShape:
    """Say yes, for a while; where two people are needed it holds from the second yes on."""
    answer = Answer(data.minutes, data.reason)
    return ExceptionShape.of(
        await services().exception_decisions.decide(principal(), exception_id, answer)
    )


@blueprint.post("/exceptions/<uuid:exception_id>/reject")
@requires("exception:decide")
@validate_request(ReasonShape)
@validate_response(ExceptionShape)
async def reject_exception(exception_id: UUID, data: ReasonShape) -> ExceptionShape:
    """Say no, and why; whoever asked reads it."""
    answer = Answer(None, data.reason)
    return ExceptionShape.of(
        await services().exception_decisions.decide(principal(), exception_id, answer)
    )


@blueprint.post("/exceptions/<uuid:exception_id>/withdraw")
@requires("exception:request", Reach.SELF)
@validate_response(ExceptionShape)
async def withdraw_exception(exception_id: UUID) -> ExceptionShape:
    """Take back a question of one's own that nobody has decided."""
    return ExceptionShape.of(
        await services().exception_requests.withdraw(principal(), exception_id)
    )


@blueprint.post("/exceptions/<uuid:exception_id>/end")
@requires("exception:decide")
@validate_request(ReasonShape)
@validate_response(ExceptionShape)
async def end_exception(exception_id: UUID, data: ReasonShape) -> ExceptionShape:
    """End a granted exception before its time."""
    return ExceptionShape.of(
        await services().exception_decisions.end(principal(), exception_id, data.reason)
    )
