"""Invitations: accepted by whoever got the mail, sent again and withdrawn by administrators."""

from uuid import UUID

import msgspec
from quart import Blueprint

from backend.api.authentication import public, requires
from backend.api.context import caller_address, principal, services
from backend.api.documentation import answers
from backend.api.v1.fields import LinkToken, NewPassword
from backend.api.validation import validate_request

blueprint = Blueprint("invitations", __name__)


class AcceptedInvitation(msgspec.Struct, forbid_unknown_fields=True):
    """What the mail holds, and the password to sign in with from now on."""

    token: LinkToken
    password: NewPassword


@blueprint.post("/auth/invitations/accept")
@public
@validate_request(AcceptedInvitation)
@answers(204, "The account is active; sign in with the password.")
async def accept_invitation(data: AcceptedInvitation) -> tuple[str, int]:
    """Accept an invitation. One that was used, withdrawn or has run out is refused alike."""
    await services().invitations.accept(data.token, data.password, caller_address())
    return "", 204


@blueprint.post("/users/<uuid:user_id>/invitation")
@requires("user:write")
@answers(202, "A new invitation is on its way; earlier ones no longer hold.")
async def send_invitation_again(user_id: UUID) -> tuple[str, int]:
    """Send somebody who has not accepted yet another invitation."""
    await services().invitations.send_again(principal(), user_id)
    return "", 202


@blueprint.delete("/users/<uuid:user_id>/invitation")
@requires("user:write")
@answers(204, "No invitation of this person holds any more.")
async def withdraw_invitation(user_id: UUID) -> tuple[str, int]:
    """Withdraw the invitation of somebody who has not accepted yet."""
    await services().invitations.withdraw(principal(), user_id)
    return "", 204
