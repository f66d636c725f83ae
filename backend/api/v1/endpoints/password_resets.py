"""Choosing a new password by mail."""

import msgspec
from quart import Blueprint

from backend.api.authentication import public
from backend.api.context import caller_address, language, services
from backend.api.documentation import answers
from backend.api.v1.fields import Email, LinkToken, NewPassword
from backend.api.validation import validate_request

blueprint = Blueprint("password_resets", __name__)


class ForgottenPassword(msgspec.Struct, forbid_unknown_fields=True):
    """Whose password is forgotten."""

    email: Email


class ChosenPassword(msgspec.Struct, forbid_unknown_fields=True):
    """What the mail holds, and the password to sign in with from now on."""

    token: LinkToken
    password: NewPassword


@blueprint.post("/auth/password-resets")
@public
@validate_request(ForgottenPassword)
@answers(202, "Whoever has an account with this address gets a mail.")
async def request_password_reset(data: ForgottenPassword) -> tuple[str, int]:
    """Ask for a new password. The answer is the same whether there is an account or not."""
    services().password_resets.request(data.email, caller_address(), language())
    return "", 202


@blueprint.post("/auth/password-resets/confirm")
@public
@validate_request(ChosenPassword)
@answers(204, "The password holds, and every sign-in has ended.")
async def confirm_password_reset(data: ChosenPassword) -> tuple[str, int]:
    """Choose a new password. A second factor is asked for at the next sign-in as ever."""
    await services().password_resets.confirm(
        data.token, data.password, caller_address(), language()
    )
    return "", 204
