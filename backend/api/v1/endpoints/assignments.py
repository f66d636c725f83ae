"""Which technicians of an MSP look after a client."""

from datetime import datetime
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.core.permissions import Reach

blueprint = Blueprint("assignments", __name__)


class AssignmentShape(msgspec.Struct):
    """One technician at one client."""

    client_id: UUID
    user_id: UUID
    display_name: str
    created_at: datetime


class AssignmentPage(msgspec.Struct):
    """The technicians of a client."""

    items: list[AssignmentShape]
    next: str | None = None


@blueprint.get("/clients/<uuid:client_id>/technicians")
@requires("assignment:write", Reach.MSP)
@validate_response(AssignmentPage)
async def list_assignments(client_id: UUID) -> AssignmentPage:
    """List the technicians who look after a client."""
    found = await services().assignments.of_client(principal(), client_id)
    return AssignmentPage(
        [msgspec.convert(one, AssignmentShape, from_attributes=True) for one in found]
    )


@blueprint.put("/clients/<uuid:client_id>/technicians/<uuid:user_id>")
@requires("assignment:write", Reach.MSP)
@answers(204, "The technician looks after the client.")
async def assign(client_id: UUID, user_id: UUID) -> tuple[str, int]:
    """Let a technician look after a client."""
    await services().assignments.assign(principal(), client_id, user_id)
    return "", 204


@blueprint.delete("/clients/<uuid:client_id>/technicians/<uuid:user_id>")
@requires("assignment:write", Reach.MSP)
@answers(204, "The technician no longer looks after the client.")
async def withdraw(client_id: UUID, user_id: UUID) -> tuple[str, int]:
    """End a technician's assignment to a client."""
    await services().assignments.withdraw(principal(), client_id, user_id)
    return "", 204
