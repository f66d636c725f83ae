"""The audit log as a file."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from quart import Blueprint, Response

from backend.api.authentication import requires, requires_step_up
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.validation import validate_querystring
from backend.services.audit_query import AuditFilter

blueprint = Blueprint("audit_export", __name__)
Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class ExportQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Of which client, of what, in which form, and of when."""

    client_id: UUID | None = None
    what: Literal["logs", "violations"] = "logs"
    format: Literal["csv", "json"] = "csv"
    since: Aware | None = None
    until: Aware | None = None


@blueprint.get("/audit/export")
@requires("audit:export")
@requires_step_up
@validate_querystring(ExportQuery)
@answers(200, "", "application/x-ndjson")
@answers(200, "CSV (RFC 4180), no cell starts a formula; or NDJSON with `format=json`.", "text/csv")
async def export_audit(query_args: ExportQuery) -> Response:
    """Hand out a client's audit entries or violations; that it was done stays in the trail."""
    caller, export, what = principal(), services().audit_export, query_args.what
    wanted = AuditFilter(query_args.client_id, since=query_args.since, until=query_args.until)
    is_csv = query_args.format == "csv"
    begun = await export.begin(caller, what, wanted)
    lines = export.lines(caller, what, begun, is_csv=is_csv)
    name = f"{what}.csv" if is_csv else f"{what}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content_type = "text/csv; charset=utf-8" if is_csv else "application/x-ndjson"
    response = Response(lines, headers=headers, content_type=content_type)
    response.timeout = None
    return response
