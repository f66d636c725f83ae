"""Signing in and out, and the token the live feed's socket needs."""

import contextlib
from collections.abc import Mapping
from typing import Final

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import cookies, failures
from backend.console.kept import NEXT, KeptForm, local
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.sign_in_page import sign_in_page
from backend.console.visitors import page, public_page, refuse_without_console
from backend.core.agents import agent_of
from backend.core.errors import Forbidden, QuillgateError, TooMany, Unauthenticated

LONGEST_EMAIL: Final = 254
LONGEST_PASSWORD: Final = 256
LONGEST_CODE: Final = 24
_SIGNED_OUT: Final = Notice("You are signed out", "Your session has ended here and on the server.")


@blueprint.get("/sign-in")
@public_page
async def sign_in() -> ResponseReturnValue:
    """Ask for e-mail address and password."""
    done = _SIGNED_OUT if "signed_out" in request.args else None
    return await sign_in_page("", wanted=local(request.args.get(NEXT, "")), done=done)


@blueprint.post("/sign-in", endpoint="signed_in")
@public_page
async def signed_in() -> ResponseReturnValue:
    """Start a session, or ask again with the reason."""
    form = (await request.form).to_dict()
    email, password, code = (form.get(name, "") for name in ("email", "password", "totp"))
    try:
        _refuse_impossible(email, password, code)
        made = await services().accounts.sign_in(
            email,
            password,
            code.strip() or None,
            request.remote_addr or "unknown",
            agent_of(request.headers.get("User-Agent", "")),
        )
    except (Unauthenticated, TooMany) as error:
        return await _refused(form, error)
    try:
        refuse_without_console(made.principal)
    except Forbidden as error:
        await services().sessions.end(made.refresh_token)
        return await _refused(form, error)
    cookies.keep(made)
    kept = KeptForm.carried(form)
    if kept is not None:
        return await screen("welcome_back.html", "Go on with your change", kept=kept)
    return redirect(local(form.get(NEXT, "")) or url_for("console.home"), 303)


@blueprint.post("/sign-out")
@public_page
async def sign_out() -> ResponseReturnValue:
    """End the session, here and on the server."""
    with contextlib.suppress(Unauthenticated):  # an unreadable token has nothing to end
        await services().sessions.end(cookies.held(cookies.REFRESH_COOKIE))
    cookies.forget()
    return redirect(url_for("console.sign_in", signed_out=1), 303)


@blueprint.post("/token")
@page(is_fragment=True)
async def token() -> ResponseReturnValue:
    """Hand the page its access token, for the first message on its socket."""
    return {"access_token": cookies.access_token()}


def _refuse_impossible(email: str, password: str, code: str) -> None:
    """Refuse what no account can have before anybody looks it up."""
    is_long = (
        len(email) > LONGEST_EMAIL or len(password) > LONGEST_PASSWORD or len(code) > LONGEST_CODE
    )
    if is_long or not password or "\0" in email + password:
        raise Unauthenticated(
            "E-mail address, password or code is wrong. Check them and try again."
        )


async def _refused(form: Mapping[str, str], error: QuillgateError) -> ResponseReturnValue:
    title = "You are not signed in" if isinstance(error, Unauthenticated) else None
    notice = Notice(title or failures.words(error).title, error.message)
    email = form.get("email", "")[:LONGEST_EMAIL]
    wanted = local(form.get(NEXT, ""))
    text = await sign_in_page(email, notice, KeptForm.carried(form), wanted=wanted)
    return text, failures.status(error)
