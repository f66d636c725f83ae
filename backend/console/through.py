"""Signing in through an organisation's own provider: there, back, and a code where one is set."""

from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from quart import Response, redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import cookies, failures
from backend.console.room import PREFIX, blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.sign_in_page import PROVIDER_COOKIE, sign_in_page
from backend.console.visitors import public_page, refuse_without_console
from backend.core.agents import agent_of
from backend.core.errors import Forbidden, QuillgateError, TooMany, Unauthenticated
from backend.services.provider_sign_in import CODE_HOLDS, FLOW_HOLDS, Begun, CodeNeeded
from backend.services.sessions import SignedIn

FLOW_COOKIE: Final = "qg_console_flow"
PENDING_COOKIE: Final = "qg_console_pending"
_WITHIN: Final = f"{PREFIX}/sign-in"
_A_YEAR: Final = timedelta(days=365)
_LONGEST: Final = 4096


@blueprint.get("/sign-in/through/<uuid:tenant_id>")
@public_page
async def through(tenant_id: UUID) -> ResponseReturnValue:
    """Send somebody to where their organisation signs in; whom another site sent is asked first."""
    try:
        if not _is_own_wish():
            host = await services().provider_sign_in.host(tenant_id)
            return await screen("through.html", "Sign in", host=host, onward="")
        begun = await services().provider_sign_in.begin(tenant_id, _address())
    except QuillgateError as error:
        return await _refused(error)
    return _keeping(_response(redirect(begun.url, 303)), tenant_id, begun)


@blueprint.post("/sign-in/through/<uuid:tenant_id>", endpoint="through_wanted")
@public_page
async def through_wanted(tenant_id: UUID) -> ResponseReturnValue:
    """Lead somebody on who was asked. By a page: a form may not end at another site (CSP)."""
    try:
        begun = await services().provider_sign_in.begin(tenant_id, _address())
    except QuillgateError as error:
        return await _refused(error)
    host = urlsplit(begun.url).hostname
    page = await screen("through.html", "Sign in", host=host, onward=begun.url)
    return _keeping(Response(page), tenant_id, begun)


def _is_own_wish() -> bool:
    """Return whether a page of ours, or a person by themselves, asked for the present page.

    Another site could sign somebody in as whom it likes. Browsers that do not say count as that.
    """
    return request.headers.get("Sec-Fetch-Site", "") in {"same-origin", "none"}


def _keeping(response: Response, tenant_id: UUID, begun: Begun) -> Response:
    # Lax, not Strict: the provider's answer is a navigation that comes from its site.
    cookies.put(response, FLOW_COOKIE, begun.kept, FLOW_HOLDS, _WITHIN, "Lax")
    cookies.put(response, PROVIDER_COOKIE, str(tenant_id), _A_YEAR)
    return response


@blueprint.get("/sign-in/callback")
@public_page
async def came_back() -> ResponseReturnValue:
    """Take the provider's answer."""
    given = request.args
    try:
        if "error" in given:
            raise Unauthenticated(
                "Your organisation's sign-in was broken off there, so nobody was signed in here. "
                "Try once more, or sign in with your password."
            )
        found = await services().provider_sign_in.finish(
            cookies.held(FLOW_COOKIE), given.get("state", "")[:_LONGEST],
            given.get("code", "")[:_LONGEST], given.get("iss"), _agent(),
        )  # fmt: skip
        if isinstance(found, SignedIn):
            return await _let_in(found)
    except QuillgateError as error:
        return await _refused(error)
    return await _ask_code(found)


@blueprint.post("/sign-in/code")
@public_page
async def code_given() -> ResponseReturnValue:
    """Take the code of somebody the provider has vouched for."""
    kept, form = cookies.held(PENDING_COOKIE), await request.form
    try:
        made = await services().provider_sign_in.finish_with_code(
            kept, form.get("totp", "").strip()[:24], _agent()
        )
        return await _let_in(made)
    except (Unauthenticated, TooMany) as error:
        if error.stable_code == "provider-refused":
            return await _refused(error)
        return await _ask_code(CodeNeeded(kept), error)
    except Forbidden as error:
        return await _refused(error)


async def _let_in(made: SignedIn) -> ResponseReturnValue:
    """Start the session on a page of our own: from the provider's, Strict cookies are not sent."""
    try:
        refuse_without_console(made.principal)
    except Forbidden:
        await services().sessions.end(made.refresh_token)
        raise
    cookies.keep(made)
    page = await screen("signed_in.html", "You are signed in", home_href=url_for("console.home"))
    return _forgetting(Response(page), FLOW_COOKIE, PENDING_COOKIE)


async def _ask_code(needed: CodeNeeded, error: QuillgateError | None = None) -> Response:
    problem = failures.words(error) if error else None
    page = await screen("sign_in_code.html", "Your second factor", problem=problem)
    response = Response(page, status=failures.status(error) if error else 200)
    cookies.put(response, PENDING_COOKIE, needed.kept, CODE_HOLDS, _WITHIN)
    return _forgetting(response, FLOW_COOKIE)


async def _refused(error: QuillgateError) -> ResponseReturnValue:
    title = (
        "You are not signed in"
        if isinstance(error, Unauthenticated)
        else failures.words(error).title
    )
    page = await sign_in_page("", Notice(title, error.message))
    response = Response(page, status=failures.status(error))
    return _forgetting(response, FLOW_COOKIE, PENDING_COOKIE)


def _forgetting(response: Response, *names: str) -> Response:
    cookies.take_away(response, _WITHIN, *names)
    return response


def _response(answer: Any) -> Response:
    response: Response = answer
    return response


def _agent() -> str:
    return agent_of(request.headers.get("User-Agent", ""))


def _address() -> str:
    return request.remote_addr or "unknown"
