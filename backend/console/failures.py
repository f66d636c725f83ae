"""Failures on console pages: words on a page, not problem documents."""

from http import HTTPStatus
from typing import Final

import structlog
from quart import Response, g, request
from werkzeug.exceptions import HTTPException

from backend.console.kept import KeptForm, form_at_hand, local
from backend.console.room import blueprint
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.visitors import public_page, recognise
from backend.core import errors

_log = structlog.get_logger(__name__)
_STATUS: Final[dict[type[errors.QuillgateError], tuple[int, str]]] = {
    errors.Unauthenticated: (401, "Sign in again"),
    errors.Forbidden: (403, "Not for this account"),
    errors.NotFound: (404, "Not found"),
    errors.Conflict: (409, "That is not possible now"),
    errors.PreconditionFailed: (412, "Somebody was faster"),
    errors.InvalidInput: (422, "That does not fit"),
    errors.TooLarge: (413, "That is too much"),
    errors.TooMany: (429, "Too many tries"),
    errors.Unavailable: (503, "Away for a moment"),
}
_BROKEN: Final = (500, "Something went wrong")


def words(error: errors.QuillgateError) -> Notice:
    """Return an error as a notice."""
    return Notice(_kind(error)[1], error.message)


def status(error: errors.QuillgateError) -> int:
    """Return the status number a page shows an error with."""
    return _kind(error)[0]


@blueprint.errorhandler(errors.QuillgateError)
async def ours(error: errors.QuillgateError) -> Response:
    """Show a failure of ours."""
    is_away = isinstance(error, errors.Unavailable)
    if is_away:
        g.pop("principal", None)  # the frame would ask the database who looks
    form = form_at_hand() if is_away else None
    again = local(request.full_path.rstrip("?")) if is_away and request.method == "GET" else ""
    answer = await _page(status(error), words(error), form, again)
    if isinstance(error, errors.TooMany | errors.Unavailable):
        answer.headers["Retry-After"] = str(error.retry_after_seconds)
    return answer


@blueprint.errorhandler(HTTPException)
async def http(error: HTTPException) -> Response:
    """Show a failure of the web server."""
    number = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    return await _page(number, Notice(HTTPStatus(number).phrase, "Go back and try again."))


@blueprint.errorhandler(Exception)
async def unexpected(error: Exception) -> Response:
    """Show a mistake of ours; its class is logged, never its message, which may hold text."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    _log.error(
        "unexpected_error",
        kind=type(error).__name__,
        place=f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "",
        route=str(request.url_rule),
        request_id=g.get("request_id", ""),
    )
    g.pop("principal", None)
    detail = f"It is our mistake. Try again; if it stays, name {g.get('request_id', '')}."
    return await _page(_BROKEN[0], Notice(_BROKEN[1], detail), form_at_hand())


@blueprint.get("/<path:rest>")
@public_page
async def nowhere(rest: str) -> Response:  # noqa: ARG001 -- any address will do
    """Answer for addresses that are no page; who is signed in keeps the menu."""
    await recognise()
    raise errors.NotFound("There is no such page. Go to the start of the console.")


def _kind(error: errors.QuillgateError) -> tuple[int, str]:
    return next((found for kind, found in _STATUS.items() if isinstance(error, kind)), _BROKEN)


async def _page(
    number: int, problem: Notice, kept: KeptForm | None = None, again_href: str = ""
) -> Response:
    text = await screen(
        "problem.html", problem.title, problem=problem, kept=kept, again_href=again_href
    )
    return Response(text, status=number)
