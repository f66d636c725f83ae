"""One's own account: where one is signed in, the password, the second factor."""

import contextlib
from typing import Final
from uuid import UUID

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import cookies, failures
from backend.console.account_view import SignInRow, sign_in_rows
from backend.console.languages import reading
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.visitors import OWN_ACCOUNT, page, visitor
from backend.core.agents import agent_of
from backend.core.errors import InvalidInput, QuillgateError, Unauthenticated
from backend.core.password_rules import SHORTEST
from backend.services.second_factors import Offer

_LONGEST: Final = 256
_DONE: Final = {
    "ended": Notice("The sign-in has ended", "There it asks for the password again."),
    "password": Notice(
        "Your new password holds", "Every other sign-in has ended; this one goes on."
    ),
    "factor-gone": Notice("The second factor is gone", "Your password alone is enough now."),
}


@blueprint.get("/account")
@page(OWN_ACCOUNT)
async def account() -> ResponseReturnValue:
    """Show the account of whoever looks."""
    return await _shown(done=_DONE.get(request.args.get("done", "")))


@blueprint.post("/account/sessions/<uuid:session_id>/end")
@page(OWN_ACCOUNT)
async def end_session(session_id: UUID) -> ResponseReturnValue:
    """End one of one's own sign-ins."""
    try:
        await services().own_sessions.end(visitor(), session_id)
    except QuillgateError as error:
        return await _shown(error)
    return redirect(url_for("console.account", done="ended"), 303)


@blueprint.post("/account/sessions/end-all")
@page(OWN_ACCOUNT)
async def end_sessions() -> ResponseReturnValue:
    """End all of one's sign-ins, this one too."""
    await services().own_sessions.end_all(visitor())
    cookies.forget()
    return redirect(url_for("console.sign_in", signed_out=1), 303)


@blueprint.post("/account/password")
@page(OWN_ACCOUNT)
async def change_password() -> ResponseReturnValue:
    """Exchange the password; every other sign-in ends."""
    form = await request.form
    present, wanted = form.get("present", "")[:_LONGEST], form.get("password", "")[: _LONGEST + 1]
    try:
        if wanted != form.get("again", ""):
            raise InvalidInput("The two new passwords are not the same, so nothing was changed.")
        agent = agent_of(request.headers.get("User-Agent", ""))
        made = await services().own_password.change(
            visitor(), present, wanted, agent, reading(), ends_keys="end_keys" in form
        )
    except QuillgateError as error:
        return await _shown(error)
    cookies.keep(made)
    return redirect(url_for("console.account", done="password"), 303)


@blueprint.post("/account/second-factor")
@page(OWN_ACCOUNT)
async def offer_factor() -> ResponseReturnValue:
    """Show a secret for an authenticator app; it holds once a code of it was typed."""
    try:
        offer = await services().second_factors.offer(
            visitor(), await _field("present"), await _field("code")
        )
    except QuillgateError as error:
        return await _shown(error)
    return await _shown(offer=offer)


@blueprint.post("/account/second-factor/confirm")
@page(OWN_ACCOUNT)
async def confirm_factor() -> ResponseReturnValue:
    """Put the secret in force and show the recovery codes, this once."""
    try:
        codes = await services().second_factors.confirm(visitor(), await _field("code"), reading())
    except QuillgateError as error:
        return await _shown(error)
    # The sign-in was one without a second factor; renewed, it is one with it.
    token = cookies.held(cookies.REFRESH_COOKIE)
    with contextlib.suppress(Unauthenticated):  # the codes are shown this once, whatever happens
        cookies.keep(await services().sessions.refresh(token))
    return await _shown(codes=codes)


@blueprint.post("/account/second-factor/remove")
@page(OWN_ACCOUNT)
async def remove_factor() -> ResponseReturnValue:
    """Go back to the password alone, where the role allows it."""
    try:
        await services().second_factors.remove(
            visitor(), await _field("present"), await _field("code"), reading()
        )
    except QuillgateError as error:
        return await _shown(error)
    return redirect(url_for("console.account", done="factor-gone"), 303)


@blueprint.post("/account/recovery-codes")
@page(OWN_ACCOUNT)
async def renew_codes() -> ResponseReturnValue:
    """Exchange all recovery codes for new ones, shown this once."""
    try:
        codes = await services().second_factors.renew_codes(visitor(), await _field("code"))
    except QuillgateError as error:
        return await _shown(error)
    return await _shown(codes=codes)


async def _field(name: str) -> str:
    return str((await request.form).get(name, ""))[:_LONGEST]


async def _shown(
    error: QuillgateError | None = None,
    *,
    offer: Offer | None = None,
    codes: tuple[str, ...] = (),
    done: Notice | None = None,
) -> ResponseReturnValue:
    rows: tuple[SignInRow, ...] = sign_in_rows(await services().own_sessions.of(visitor()))
    text = await screen(
        "account.html",
        "Your account",
        rows=rows,
        factor=await services().second_factors.state(visitor()),
        who=await services().users.self_card(visitor()),
        offer=offer,
        codes=codes,
        shortest=SHORTEST,
        problem=failures.words(error) if error else None,
        done=done,
    )
    return text, failures.status(error) if error else 200
