"""A client's lockbox: whether its MSP may come in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.v1.fields import Reason
from backend.api.validation import validate_request
from backend.services.lockboxes import Lockbox

blueprint = Blueprint("lockboxes", __name__)


class LockboxShape(msgspec.Struct):
    """Closed, the MSP stays out, but until `open_until`. Seats are counted all the same."""

    client_id: UUID
    is_closed: bool
    open_until: datetime | None
    reason: str
    set_at: datetime | None


class LockboxChange(msgspec.Struct, forbid_unknown_fields=True):
    """How the lockbox shall be, and why."""

    is_closed: bool
    reason: Reason
    open_until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


@blueprint.get("/clients/<uuid:client_id>/lockbox")
@requires("client:read")
@validate_response(LockboxShape)
async def get_lockbox(client_id: UUID) -> LockboxShape:
    """Return a client's lockbox."""
    return _shape(await services().lockboxes.of_client(principal(), client_id))


@blueprint.put("/clients/<uuid:client_id>/lockbox")
@requires("lockbox:write")
@validate_request(LockboxChange)
@validate_response(LockboxShape)
async def set_lockbox(client_id: UUID, data: LockboxChange) -> LockboxShape:
    """Refuse the MSP's access, allow it for a time, or allow it for good."""
    box = await services().lockboxes.set(
        principal(), client_id, data.reason, is_closed=data.is_closed, open_until=data.open_until
    )
    return _shape(box)


def _shape(box: Lockbox) -> LockboxShape:
    return msgspec.convert(box, LockboxShape, from_attributes=True)
