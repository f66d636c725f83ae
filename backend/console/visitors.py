"""Who is at the console: the principal of a page, its permission, and where a POST came from."""

import contextlib
import functools
from collections.abc import Awaitable, Callable
from typing import Final, ParamSpec, cast

from quart import Response, g, redirect, request, url_for
from quart.typing import ResponseReturnValue
from quart_schema import hide

from backend.console import cookies
from backend.console.kept import KeptForm, keep_form, next_of
from backend.console.room import services
from backend.console.screens import has_console
from backend.console.shapes import Notice
from backend.console.sign_in_page import sign_in_page
from backend.console.step_up_page import step_up_page
from backend.core.errors import Forbidden, StepUpRequired, Unauthenticated
from backend.core.own_machine import is_of_own_machine
from backend.core.principal import Principal

Page = ParamSpec("Page")
View = Callable[Page, Awaitable[ResponseReturnValue]]
PERMISSION: Final = "required_permission"
PUBLIC: Final = "public"
STEP_UP: Final = "step_up"
ANY_VISITOR: Final = "console"
OWN_ACCOUNT: Final = "account"
"""Of pages about oneself, which are open before a needed second factor is set up."""
_ENDED: Final = Notice(
    "Your session has ended",
    "Sign in again. What you changed is kept on this page and is not published yet.",
)


def page(
    permission: str = ANY_VISITOR,
    *,
    is_fragment: bool = False,
    keeps_form: bool = False,
    needs_step_up: bool = False,
) -> Callable[[View[Page]], View[Page]]:
    """Let people of the console through who hold `permission`; send others to the sign-in.

    With `keeps_form`, what somebody typed before the session ended goes there with them. What
    `needs_step_up`, or a service raises StepUpRequired for, waits for a second factor.
    """

    def guard(view: View[Page]) -> View[Page]:
        @functools.wraps(view)
        async def guarded(*args: Page.args, **kwargs: Page.kwargs) -> ResponseReturnValue:
            _refuse_other_sites()
            try:
                caller = await _caller()
            except Unauthenticated:
                cookies.forget()
                return await _to_sign_in(is_fragment=is_fragment, keeps_form=keeps_form)
            g.principal = caller
            services().allowances.take(caller)
            if keeps_form and request.method == "POST":
                keep_form(KeptForm.of(request.path, (await request.form).to_dict()))
            refuse_without_console(caller)
            if caller.is_limited and permission != OWN_ACCOUNT:
                return await _to_account(is_fragment=is_fragment)
            if permission not in {ANY_VISITOR, OWN_ACCOUNT}:
                caller.require(permission)
            try:
                if needs_step_up:
                    services().fresh_factors.require(caller)
                return await view(*args, **kwargs)
            except StepUpRequired:
                return await _to_step_up(caller)

        setattr(guarded, STEP_UP, needs_step_up)
        return _marked(guarded, permission)

    return guard


def public_page(view: View[Page]) -> View[Page]:
    """Let everybody through, and mark the view so that the route sweep knows it is meant."""

    @functools.wraps(view)
    async def checked(*args: Page.args, **kwargs: Page.kwargs) -> ResponseReturnValue:
        _refuse_other_sites()
        return await view(*args, **kwargs)

    return _marked(checked, PUBLIC)


async def recognise() -> None:
    """Have a page for everybody know who looks at it, where that is somebody with a console."""
    with contextlib.suppress(Unauthenticated):
        caller = await _caller()
        services().allowances.take(caller)
        if has_console(caller):
            g.principal = caller


def visitor() -> Principal:
    """Return who looks at the present page; `page` has put it there."""
    return cast("Principal", g.principal)


def refuse_without_console(caller: Principal) -> None:
    """Raise Forbidden for people who only use the extension."""
    if not has_console(caller):
        raise Forbidden(
            "The console is for administrators and auditors. You need nothing here: the extension "
            "in your browser protects you. Ask your administrator if you expected more."
        )


def _marked(view: View[Page], permission: str) -> View[Page]:
    setattr(view, PERMISSION, permission)
    hide(view)
    return view


async def _caller() -> Principal:
    sessions = services().sessions
    try:
        return sessions.principal_of(cookies.held(cookies.ACCESS_COOKIE))
    except Unauthenticated:
        development = services().development
        if development is not None and is_of_own_machine(
            request.remote_addr, dict(request.headers), services().settings.public_url
        ):
            signed_in = await development.start()
        else:
            signed_in = await sessions.refresh(cookies.held(cookies.REFRESH_COOKIE))
        cookies.keep(signed_in)
        return signed_in.principal


async def _to_sign_in(*, is_fragment: bool, keeps_form: bool) -> ResponseReturnValue:
    if is_fragment or request.headers.get("Accept", "") == "application/json":
        return Response("Sign in again.\n", status=401, content_type="text/plain; charset=utf-8")
    if request.method == "POST" and keeps_form:
        kept = KeptForm.of(request.path, (await request.form).to_dict()).without_values()
        return await sign_in_page("", _ENDED, kept), 401
    return redirect(url_for("console.sign_in", **next_of(request.full_path)), 303)


async def _to_step_up(caller: Principal) -> ResponseReturnValue:
    """Ask for a second factor; a form that was sent waits until it is shown."""
    if request.method == "POST":
        kept = KeptForm.whole(request.path, await request.form)
        return await step_up_page(caller, "", kept)
    return redirect(url_for("console.step_up", **next_of(request.full_path)), 303)


async def _to_account(*, is_fragment: bool) -> ResponseReturnValue:
    if is_fragment:
        return Response(
            "Set up a second factor first.\n", 403, content_type="text/plain; charset=utf-8"
        )
    return redirect(url_for("console.account"), 303)


def _refuse_other_sites() -> None:
    if request.method in {"GET", "HEAD"}:
        return
    ours = {services().settings.public_url, request.host_url.rstrip("/")}
    if request.headers.get("Origin", "") not in ours:
        raise Forbidden("This form was sent from another site. Open the console and try again.")
