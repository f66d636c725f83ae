"""AI services that were reached: reported by browsers, or taken from a DNS or proxy log."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import msgspec
from quart import Blueprint, request
from quart_schema import validate_response
from werkzeug.exceptions import UnsupportedMediaType

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.v1.fields import ClientQuery, PageSize
from backend.api.validation import validate_querystring, validate_request
from backend.core.errors import InvalidInput
from backend.core.permissions import Reach
from backend.services.service_sightings import Imported, Sighting
from backend.services.sighted_hosts import read_log

blueprint = Blueprint("service_sightings", __name__)
Host = Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
MEDIA_TYPES = {"text/csv", "application/json", "application/x-ndjson"}


class SightingQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose sightings; `cursor` is the `next` of the page before."""

    client_id: UUID | None = None
    cursor: Host | None = None
    limit: PageSize = 50


class SeenHost(msgspec.Struct, forbid_unknown_fields=True):
    """A host of the signed list, and how often a tab was there."""

    host: Host
    count: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class SeenHosts(msgspec.Struct, forbid_unknown_fields=True):
    """What a browser saw since it last told."""

    hosts: Annotated[list[SeenHost], msgspec.Meta(min_length=1, max_length=500)]


class SightingShape(msgspec.Struct):
    """A host, how often it was seen, and the AI service it belongs to where one is known."""

    host: str
    count: int
    first_at: datetime
    last_at: datetime
    ai_service_id: str | None
    name: str | None
    status: str

    @classmethod
    def of(cls, sighting: Sighting) -> Self:
        """Shape a sighting."""
        return msgspec.convert(sighting, cls, from_attributes=True)


class SightingPage(msgspec.Struct):
    """Sightings by host, and where the next page starts."""

    items: list[SightingShape]
    next: str | None = None


class ImportShape(msgspec.Struct):
    """What became of it; lines that say nothing about AI were ignored, and are kept nowhere."""

    lines: int
    ignored: int
    hosts: int
    first_seen: list[str]

    @classmethod
    def of(cls, imported: Imported) -> Self:
        """Shape an import."""
        return cls(imported.lines, imported.ignored, imported.hosts, list(imported.first_seen))


@blueprint.get("/service-sightings")
@requires("ai_service:review")
@validate_querystring(SightingQuery)
@validate_response(SightingPage)
async def list_sightings(query_args: SightingQuery) -> SightingPage:
    """List the AI services that were reached at a client, unknown ones too."""
    caller = principal()
    page = await services().service_sightings.listed(
        caller, query_args.client_id or caller.own_client(), query_args.cursor, query_args.limit
    )
    return SightingPage([SightingShape.of(one) for one in page.items], page.next)


@blueprint.post("/service-sightings")
@requires("ai_service:discover", Reach.SELF)
@validate_request(SeenHosts)
@validate_response(ImportShape)
async def report_hosts(data: SeenHosts) -> ImportShape:
    """Count AI services that a browser saw in tabs it may see: hosts and counts."""
    lines = [(one.host, one.count) for one in data.hosts]
    return ImportShape.of(await services().service_sightings.report(principal(), lines))


@blueprint.post("/service-sightings/import")
@requires("ai_service:discover")
@validate_querystring(ClientQuery)
@validate_response(ImportShape)
async def import_log(query_args: ClientQuery) -> ImportShape:
    """Count the AI services in a DNS or proxy log: CSV with `host` and `count`, or JSON."""
    if request.mimetype not in MEDIA_TYPES:
        raise UnsupportedMediaType
    content = await request.get_data(as_text=False)
    try:
        text = bytes(content).decode("utf-8")  # type: ignore[arg-type]
    except UnicodeDecodeError:
        raise InvalidInput("The file is not in UTF-8. Save it in UTF-8.") from None
    caller = principal()
    made = await services().service_sightings.import_log(
        caller, query_args.client_id or caller.own_client(), read_log(text, request.mimetype)
    )
    return ImportShape.of(made)
