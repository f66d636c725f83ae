"""Style, scripts and the icon."""

from typing import Final

from quart import send_from_directory
from quart.typing import ResponseReturnValue

from backend.console.room import HERE, blueprint
from backend.console.visitors import public_page

KEPT_SECONDS: Final = 60


@blueprint.get("/static/<path:filename>")
@public_page
async def static(filename: str) -> ResponseReturnValue:
    """Serve one file of the console's own."""
    answer = await send_from_directory(HERE / "static", filename)
    answer.cache_control.max_age = KEPT_SECONDS
    answer.cache_control.no_cache = None
    return answer
