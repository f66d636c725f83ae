"""Emergency stops of an AI service, or of all of them, at one client."""

from datetime import datetime, timedelta
from typing import Annotated, Literal, Self
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.idempotency import idempotent
from backend.api.v1.fields import ClientQuery, Reason
from backend.api.validation import validate_querystring, validate_request
from backend.services.service_stops import ServiceStop

blueprint = Blueprint("service_stops", __name__)
Stopped = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class NewStop(msgspec.Struct, forbid_unknown_fields=True):
    """What to stop: a service's id, or `*` for all. `observe` records and stops nothing."""

    service_id: Stopped
    reason: Reason
    minutes: Annotated[int, msgspec.Meta(ge=1, le=43_200)] = 60
    effect: Literal["block", "observe"] = "block"


class StopEnd(msgspec.Struct, forbid_unknown_fields=True):
    """Which stop to end before its time, and why."""

    service_id: Stopped
    reason: Reason


class StopShape(msgspec.Struct):
    """A stop that holds now; `by` says whether the client or its service provider threw it.

    One with a template holds for all the template's clients, and is ended there.
    """

    service_id: str
    name: str
    effect: str
    until: datetime
    reason: str
    by: str
    policy_version: int
    template_id: UUID | None
    template: str

    @classmethod
    def of(cls, stop: ServiceStop) -> Self:
        """Shape a stop."""
        return msgspec.convert(stop, cls, from_attributes=True)


class StopPage(msgspec.Struct):
    """The stops that hold now; there is one page of them."""

    items: list[StopShape]
    next: str | None = None


@blueprint.get("/service-stops")
@requires("policy:read")
@validate_querystring(ClientQuery)
@validate_response(StopPage)
async def list_stops(query_args: ClientQuery) -> StopPage:
    """List the emergency stops that hold at a client."""
    found = await services().service_stops.listed(principal(), _client(query_args))
    return StopPage([StopShape.of(one) for one in found])


@blueprint.post("/service-stops")
@requires("policy:publish")
@idempotent
@validate_querystring(ClientQuery)
@validate_request(NewStop)
@validate_response(StopShape, 201)
async def throw_stop(query_args: ClientQuery, data: NewStop) -> tuple[StopShape, int]:
    """Stop a service at once; it ends by itself, and each open tab obeys within a second."""
    made = await services().service_stops.throw(
        principal(), _client(query_args), data.service_id, data.effect,
        timedelta(minutes=data.minutes), data.reason,
    )  # fmt: skip
    return StopShape.of(made), 201


@blueprint.post("/service-stops/lift")
@requires("policy:publish")
@validate_querystring(ClientQuery)
@validate_request(StopEnd)
@validate_response(StopPage)
async def lift_stop(query_args: ClientQuery, data: StopEnd) -> StopPage:
    """End a stop before its time; the answer lists those that still hold."""
    left = await services().service_stops.lift(
        principal(), _client(query_args), data.service_id, data.reason
    )
    return StopPage([StopShape.of(one) for one in left])


def _client(query_args: ClientQuery) -> UUID:
    return query_args.client_id or principal().own_client()
