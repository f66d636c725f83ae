"""Which browser obeys which policy version, and ending a browser's enrolment."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.validation import validate_request
from backend.core.permissions import Reach
from backend.services.fleet import BrowserState

blueprint = Blueprint("fleet", __name__)


class BrowserShape(msgspec.Struct):
    """One enrolled browser and what it last said about itself.

    `missing_events` are those it numbered that never came here, `restarts` how often it began to
    count anew, as one does whose profile was put back or cleared.
    """

    id: UUID
    name: str
    browser: str
    person: str
    extension_version: str
    policy_version: int | None
    rulebook_version: str | None
    acknowledged_at: datetime | None
    last_seen_at: datetime
    degraded: list[str]
    missing_events: int
    restarts: int
    state: str


class FleetShape(msgspec.Struct):
    """The browsers of one client; `summary` reads like `47 of 50`.

    `degraded` is how many browsers each site adapter no longer fits in, `missing_events` how many
    events of all of them never came.
    """

    client_id: UUID
    policy_version: int
    summary: str
    current: int
    behind: int
    silent: int
    degraded: dict[str, int]
    missing_events: int
    items: list[BrowserShape]
    next: str | None = None


@blueprint.get("/clients/<uuid:client_id>/fleet")
@requires("device:read")
@validate_response(FleetShape)
async def show_fleet(client_id: UUID) -> FleetShape:
    """Return a client's browsers, those to look after first."""
    view = await services().fleet.of_client(principal(), client_id)
    return FleetShape(
        client_id=view.client_id,
        policy_version=view.policy_version,
        summary=view.summary,
        current=view.count(BrowserState.CURRENT),
        behind=view.count(BrowserState.BEHIND),
        silent=view.count(BrowserState.SILENT),
        degraded=view.degraded,
        missing_events=view.missing_events,
        items=[msgspec.convert(one, BrowserShape, from_attributes=True) for one in view.browsers],
    )


class Revocation(msgspec.Struct, forbid_unknown_fields=True):
    """Why a browser's enrolment ends."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


@blueprint.post("/clients/<uuid:client_id>/devices/<uuid:device_id>/revoke")
@requires("device:revoke", Reach.SELF)
@validate_request(Revocation)
@answers(204, "The browser is no longer enrolled, and its open sockets are closed.")
async def revoke_device(client_id: UUID, device_id: UUID, data: Revocation) -> tuple[str, int]:
    """End a browser's enrolment for good: its tokens are refused and its sockets closed."""
    await services().device_revocation.revoke(principal(), client_id, device_id, data.reason)
    return "", 204
