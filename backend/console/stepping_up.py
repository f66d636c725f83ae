"""The page that asks for a second factor once more, and goes on to where somebody was going."""

from typing import Final

from quart import request
from quart.typing import ResponseReturnValue

from backend.console import cookies, failures
from backend.console.kept import NEXT, local
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.visitors import page, visitor
from backend.core.errors import QuillgateError

_LONGEST: Final = 256


@blueprint.get("/step-up")
@page()
async def step_up() -> ResponseReturnValue:
    """Ask for a second factor."""
    return await _asked(local(request.args.get(NEXT, "")))


@blueprint.post("/step-up", endpoint="stepped_up")
@page()
async def stepped_up() -> ResponseReturnValue:
    """Take a code, and lead on; a file then comes by itself, and the page stays."""
    form = await request.form
    wanted = local(form.get(NEXT, ""))
    try:
        token = await services().second_factors.step_up(visitor(), form.get("code", "")[:_LONGEST])
    except QuillgateError as error:
        return await _asked(wanted, error)
    cookies.keep_access(token)
    return await screen("stepped_up.html", "Thank you", wanted=wanted)


async def _asked(wanted: str, error: QuillgateError | None = None) -> ResponseReturnValue:
    text = await screen(
        "step_up.html",
        "Your second factor",
        wanted=wanted,
        factor=await services().second_factors.state(visitor()),
        minutes=services().fresh_factors.minutes,
        problem=failures.words(error) if error else None,
    )
    return text, failures.status(error) if error else 200
