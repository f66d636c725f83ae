"""The page that asks for a second factor; what somebody was about to do waits on it."""

from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.kept import KeptForm
from backend.console.room import services
from backend.console.screens import screen
from backend.core.errors import QuillgateError
from backend.core.principal import Principal


async def step_up_page(
    caller: Principal,
    wanted: str,
    kept: KeptForm | None = None,
    error: QuillgateError | None = None,
) -> ResponseReturnValue:
    """Return the page; what is wanted and kept travels with it."""
    text = await screen(
        "step_up.html",
        "Your second factor",
        wanted=wanted,
        hidden=kept.hidden() if kept else (),
        factor=await services().second_factors.state(caller),
        minutes=services().fresh_factors.minutes,
        problem=failures.words(error) if error else None,
    )
    return text, failures.status(error) if error else 200
