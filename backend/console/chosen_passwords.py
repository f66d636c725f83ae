"""Choosing a password with the link of a mail: after an invitation, and when it is forgotten."""

from collections.abc import Mapping
from typing import Final

from quart import request
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.demonstrating import has_outbox
from backend.console.languages import reading
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.sign_in_page import sign_in_page
from backend.console.visitors import public_page
from backend.core.errors import InvalidInput, QuillgateError
from backend.core.password_rules import SHORTEST

LONGEST_EMAIL: Final = 254
_LONGEST: Final = 256
_ASKED: Final = Notice(
    "Look into your mailbox",
    "Whoever has an account with this address gets a mail with a link that holds for one hour. "
    "Nothing there? Look among unwanted mail, check the address, or ask your administrator.",
)
_TITLES: Final = {"invitation": "Accept your invitation", "new-password": "Choose a new password"}


@blueprint.get("/forgotten")
@public_page
async def forgotten() -> ResponseReturnValue:
    """Ask whose password is forgotten."""
    return await _asking()


@blueprint.post("/forgotten", endpoint="asked")
@public_page
async def asked() -> ResponseReturnValue:
    """Say the same to everybody, and see to a mail for whoever has an account."""
    email = (await request.form).get("email", "")[:LONGEST_EMAIL]
    services().password_resets.request(email, _address(), reading())
    return await _asking(_ASKED)


@blueprint.get("/new-password")
@public_page
async def new_password() -> ResponseReturnValue:
    """Show the form that the link of a mail leads to; opening it uses nothing up."""
    return await _form("new-password")


@blueprint.post("/new-password", endpoint="new_password_chosen")
@public_page
async def new_password_chosen() -> ResponseReturnValue:
    """Put a forgotten password's successor in force."""
    form = (await request.form).to_dict()
    try:
        token, password = _chosen(form)
        email = await services().password_resets.confirm(token, password, _address(), reading())
    except QuillgateError as error:
        return await _form("new-password", error, form.get("token", ""))
    done = Notice(
        "Your new password holds", "Every earlier sign-in and API key has ended. Sign in with it."
    )
    return await sign_in_page(email, done=done)


@blueprint.get("/invitation")
@public_page
async def invitation() -> ResponseReturnValue:
    """Show the form that an invitation leads to; opening it uses nothing up."""
    return await _form("invitation")


@blueprint.post("/invitation", endpoint="invitation_accepted")
@public_page
async def invitation_accepted() -> ResponseReturnValue:
    """Make an invited person active."""
    form = (await request.form).to_dict()
    try:
        token, password = _chosen(form)
        email = await services().invitations.accept(token, password, _address())
    except QuillgateError as error:
        return await _form("invitation", error, form.get("token", ""))
    done = Notice(
        "Welcome to Quillgate",
        "Your account is active. Administrators and auditors sign in here; whoever only uses AI "
        "chat sites needs nothing more than the extension in the browser.",
    )
    return await sign_in_page(email, done=done)


def _chosen(form: Mapping[str, str]) -> tuple[str, str]:
    """Return the code and the password of a form. Raise InvalidInput."""
    token, password = form.get("token", "").strip(), form.get("password", "")
    if password != form.get("again", ""):
        raise InvalidInput(
            "The two passwords are not the same, so nothing was changed. Type both once more."
        )
    return token[:_LONGEST], password[: _LONGEST + 1]


async def _asking(done: Notice | None = None) -> str:
    return await screen(
        "forgotten.html", "Forgotten password", done=done, is_asked=done is not None,
        has_outbox=has_outbox(),
    )  # fmt: skip


async def _form(
    page: str, error: QuillgateError | None = None, token: str = ""
) -> ResponseReturnValue:
    text = await screen(
        "chosen_password.html",
        _TITLES[page],
        page=page,
        token=token[:_LONGEST],
        shortest=SHORTEST,
        problem=failures.words(error) if error else None,
    )
    return text, failures.status(error) if error else 200


def _address() -> str:
    return request.remote_addr or "unknown"
