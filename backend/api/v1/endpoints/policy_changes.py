"""Changes that wait for a second person."""

from uuid import UUID

from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.v1.fields import ReasonShape
from backend.api.v1.policy_shapes import PendingPage, PendingShape, pending_shape
from backend.api.validation import validate_request

blueprint = Blueprint("policy_changes", __name__)


@blueprint.get("/policies/<uuid:policy_id>/changes")
@requires("policy:read")
@validate_response(PendingPage)
async def list_changes(policy_id: UUID) -> PendingPage:
    """List the proposed changes of a policy, decided ones too."""
    found = await services().policy_approvals.pending(principal(), policy_id)
    return PendingPage([pending_shape(one) for one in found])


@blueprint.post("/policies/changes/<uuid:change_id>/approve")
@requires("policy:publish")
@validate_request(ReasonShape)
@validate_response(PendingShape)
async def approve_change(change_id: UUID, data: ReasonShape) -> PendingShape:
    """Publish a change that somebody else has proposed."""
    found = await services().policy_approvals.decide(
        principal(), change_id, approves=True, reason=data.reason
    )
    return pending_shape(found)


@blueprint.post("/policies/changes/<uuid:change_id>/reject")
@requires("policy:publish")
@validate_request(ReasonShape)
@validate_response(PendingShape)
async def reject_change(change_id: UUID, data: ReasonShape) -> PendingShape:
    """Reject a change that somebody else has proposed."""
    found = await services().policy_approvals.decide(
        principal(), change_id, approves=False, reason=data.reason
    )
    return pending_shape(found)
