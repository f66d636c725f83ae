"""People of a client as CSV files, in and out."""

from collections.abc import AsyncIterator
from typing import Literal
from uuid import UUID

import msgspec
from quart import Blueprint, Response, request
from werkzeug.exceptions import UnsupportedMediaType

from backend.api.authentication import may_need_step_up, requires, requires_step_up
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.validation import validate_querystring
from backend.core.errors import InvalidInput
from backend.services.user_import import LineVerdict

blueprint = Blueprint("user_files", __name__)


class ImportQuery(msgspec.Struct, forbid_unknown_fields=True):
    """A dry run says what would become of each line and writes nothing."""

    dry_run: Literal["true", "false"] = "true"


class VerdictLine(msgspec.Struct, tag="line", tag_field="kind"):
    """What became of one line."""

    line: int
    email: str
    verdict: str
    why: str


class ImportEnd(msgspec.Struct, tag="end", tag_field="kind"):
    """The last line of the answer; without it the import was cut off."""

    created: int
    refused: int
    dry_run: bool


@blueprint.post("/clients/<uuid:client_id>/users/import")
@requires("user:write")
@may_need_step_up("Where the file is not only tried and gives somebody a role above end user:")
@validate_querystring(ImportQuery)
@answers(200, "A JSON object a line (NDJSON) as the import goes on.", "application/x-ndjson")
async def import_users(client_id: UUID, query_args: ImportQuery) -> Response:
    """Invite the people of a CSV file; each line's verdict is sent as soon as it is known."""
    if request.mimetype != "text/csv":
        raise UnsupportedMediaType
    content = await request.get_data(as_text=False)
    try:
        text = bytes(content).decode("utf-8")  # type: ignore[arg-type]
    except UnicodeDecodeError:
        raise InvalidInput("The file is not in UTF-8. Save it as CSV in UTF-8.") from None
    caller = principal()
    importing, is_trial = services().user_import, query_args.dry_run == "true"
    prepared = await importing.prepare(caller, client_id, text, is_trial=is_trial)
    # The answer is written after the request's context has ended: nothing is looked up then.
    told = _told(importing.run(caller, prepared, is_trial=is_trial), is_trial=is_trial)
    response = Response(told, content_type="application/x-ndjson")
    response.timeout = None
    return response


async def _told(verdicts: AsyncIterator[LineVerdict], *, is_trial: bool) -> AsyncIterator[bytes]:
    created = refused = 0
    async for one in verdicts:
        created += one.verdict == "created"
        refused += one.verdict == "refused"
        yield _line(VerdictLine(one.line, one.email, one.verdict, one.why))
    yield _line(ImportEnd(created, refused, is_trial))


def _line(said: VerdictLine | ImportEnd) -> bytes:
    return msgspec.json.encode(said) + b"\n"


@blueprint.get("/clients/<uuid:client_id>/users.csv")
@requires("user:export")
@requires_step_up
@answers(200, "The people as CSV (RFC 4180); no cell starts a formula.", "text/csv")
async def export_users(client_id: UUID) -> Response:
    """Return a client's people as a file that the import takes again."""
    text = await services().user_import.exported(principal(), client_id)
    headers = {"Content-Disposition": 'attachment; filename="people.csv"'}
    return Response(text, headers=headers, content_type="text/csv")
