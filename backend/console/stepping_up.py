"""A second factor is shown once more, and leads on to where somebody was going."""

from typing import Final

from quart import request
from quart.typing import ResponseReturnValue

from backend.console import cookies
from backend.console.kept import NEXT, KeptForm, local
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.step_up_page import step_up_page
from backend.console.visitors import page, visitor
from backend.core.errors import QuillgateError

_LONGEST: Final = 256


@blueprint.get("/step-up")
@page()
async def step_up() -> ResponseReturnValue:
    """Ask for a second factor."""
    return await step_up_page(visitor(), local(request.args.get(NEXT, "")))


@blueprint.post("/step-up", endpoint="stepped_up")
@page()
async def stepped_up() -> ResponseReturnValue:
    """Take a code, and lead on; a file then comes by itself, and a form is sent once more."""
    form = await request.form
    wanted, kept = local(form.get(NEXT, "")), KeptForm.carried_whole(form)
    try:
        token = await services().second_factors.step_up(visitor(), form.get("code", "")[:_LONGEST])
    except QuillgateError as error:
        return await step_up_page(visitor(), wanted, kept, error)
    cookies.keep_access(token)
    return await screen("stepped_up.html", "Thank you", wanted=wanted, kept=kept)
