"""People of a client from a CSV file: tried first, then invited."""

from typing import Final
from uuid import UUID

from quart import request
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.people import Place
from backend.console.room import blueprint, services
from backend.console.shapes import Notice, counted
from backend.console.visitors import page, visitor
from backend.core.errors import InvalidInput, QuillgateError, StepUpRequired
from backend.services.user_import import COLUMNS, MOST_LINES, LineVerdict

_SHOWN: Final = 200


@blueprint.get("/clients/<uuid:client_id>/people/import")
@page("user:write")
async def people_import(client_id: UUID) -> ResponseReturnValue:
    """Ask for a file."""
    return await _shown(Place(client_id))


@blueprint.post("/clients/<uuid:client_id>/people/import", endpoint="people_imported")
@page("user:write")
async def people_imported(client_id: UUID) -> ResponseReturnValue:
    """Say what would become of every line, or do it."""
    place, form = Place(client_id), await request.form
    is_trial = form.get("step", "try") != "import"
    text = ""
    try:
        text = await _text()
        importing = services().user_import
        prepared = await importing.prepare(visitor(), client_id, text, is_trial=is_trial)
        running = importing.run(visitor(), prepared, is_trial=is_trial)
        verdicts = [verdict async for verdict in running]
    except StepUpRequired:
        raise
    except QuillgateError as error:
        return await _shown(place, error, text=text)
    return await _shown(place, verdicts=verdicts, text=text if is_trial else "", is_trial=is_trial)


async def _text() -> str:
    """Return the file, or what was pasted instead. Raise InvalidInput for what is no text."""
    file = (await request.files).get("file")
    content: bytes = file.read() if file is not None and file.filename else b""
    if not content:
        return str((await request.form).get("text", ""))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidInput("The file is not in UTF-8. Save it as CSV in UTF-8.") from None


async def _shown(
    place: Place,
    error: QuillgateError | None = None,
    *,
    verdicts: list[LineVerdict] | None = None,
    text: str = "",
    is_trial: bool = True,
) -> ResponseReturnValue:
    found = verdicts or []
    refused = [one for one in found if one.verdict == "refused"]
    created = len(found) - len(refused)
    done = None
    if verdicts is not None and not is_trial:
        done = Notice(
            f"{counted(created, 'person is', 'people are')} invited",
            f"{counted(len(refused), 'line was', 'lines were')} refused. Mails are on their way.",
        )
    page_text = await place.screen(
        "people_import.html",
        "Import people",
        columns=COLUMNS,
        most=MOST_LINES,
        text=text,
        is_tried=verdicts is not None and is_trial,
        would=counted(created, "person", "people"),
        created=created,
        refused=refused[:_SHOWN],
        refused_words=counted(len(refused), "line"),
        problem=failures.words(error) if error else None,
        done=done,
    )
    return page_text, failures.status(error) if error else 200
