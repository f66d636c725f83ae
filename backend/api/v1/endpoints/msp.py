"""MSPs: who they are, the dashboard of their clients, and the seats they are billed for."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

import msgspec
from quart import Blueprint, Response
from quart_schema import document_response, validate_response

from backend.api.authentication import requires, requires_step_up
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.idempotency import idempotent
from backend.api.v1.fields import Name, PageSize, ReasonShape, Version
from backend.api.v1.summary_shapes import WRITTEN_ROWS, Figures, SummaryShape, WrittenSummary
from backend.api.validation import validate_querystring, validate_request
from backend.core.permissions import Reach
from backend.services.csv_text import csv_text
from backend.services.msps import MspCard

blueprint = Blueprint("msp", __name__)


class MspShape(msgspec.Struct):
    """One managed service provider."""

    id: UUID
    name: str
    slug: str
    status: str
    version: int
    created_at: datetime

    @classmethod
    def of(cls, card: MspCard) -> Self:
        """Shape an MSP."""
        return msgspec.convert(card, cls, from_attributes=True)


class MspPage(msgspec.Struct):
    """MSPs; there is one page of them."""

    items: list[MspShape]
    next: str | None = None


class NewMsp(msgspec.Struct, forbid_unknown_fields=True):
    """An MSP to be made; its first administrator is invited afterwards."""

    name: Name


class MspChange(msgspec.Struct, forbid_unknown_fields=True):
    """What to change, on top of the version that was read."""

    base_version: Version
    name: Name


class StaffQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose staff, and from where on; only the platform's operator names the MSP."""

    msp_id: UUID | None = None
    cursor: UUID | None = None
    limit: PageSize = 50


class StaffShape(msgspec.Struct):
    """One of an MSP's own people."""

    id: UUID
    email: str
    display_name: str
    role: str
    status: str


class StaffPage(msgspec.Struct):
    """Staff, and where the next page starts."""

    items: list[StaffShape]
    next: str | None


class SeatQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which month, like 2026-11; the present one by default."""

    month: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}$(?!\n)")] | None = None


class SeatShape(msgspec.Struct):
    """One client's seats: licensed, active in the month, and browsers ever heard of by then."""

    client_id: UUID
    name: str
    status: str
    seats: int
    active: int
    enrolled: int


class SeatPage(msgspec.Struct):
    """The seats of every client, by name."""

    items: list[SeatShape]
    next: str | None = None


@blueprint.get("/msp")
@requires("msp:read")
@validate_response(MspPage)
async def list_msps() -> MspPage:
    """List every MSP for the platform's operator, the caller's own for everybody else."""
    return MspPage([MspShape.of(card) for card in await services().msps.visible(principal())])


@blueprint.post("/msp")
@requires("msp:write", Reach.PLATFORM)
@idempotent
@validate_request(NewMsp)
@validate_response(MspShape, 201)
async def create_msp(data: NewMsp) -> tuple[MspShape, int]:
    """Make an MSP."""
    return MspShape.of(await services().msps.create(principal(), data.name)), 201


@blueprint.patch("/msp/<uuid:msp_id>")
@requires("msp:write", Reach.MSP)
@validate_request(MspChange)
@validate_response(MspShape)
async def change_msp(msp_id: UUID, data: MspChange) -> MspShape:
    """Rename an MSP."""
    changed = await services().msps.rename(principal(), msp_id, data.base_version, data.name)
    return MspShape.of(changed)


@blueprint.post("/msp/<uuid:msp_id>/suspend")
@requires("msp:write", Reach.PLATFORM)
@validate_request(ReasonShape)
@validate_response(MspShape)
async def suspend_msp(msp_id: UUID, data: ReasonShape) -> MspShape:
    """Suspend an MSP with all its clients: they can be read, not changed; browsers go on."""
    msps = services().msps
    return MspShape.of(await msps.set_suspended(principal(), msp_id, data.reason, suspended=True))


@blueprint.post("/msp/<uuid:msp_id>/reactivate")
@requires("msp:write", Reach.PLATFORM)
@validate_request(ReasonShape)
@validate_response(MspShape)
async def reactivate_msp(msp_id: UUID, data: ReasonShape) -> MspShape:
    """Make a suspended MSP active again."""
    msps = services().msps
    return MspShape.of(await msps.set_suspended(principal(), msp_id, data.reason, suspended=False))


@blueprint.get("/msp/staff")
@requires("user:read", Reach.ASSIGNED)
@validate_querystring(StaffQuery)
@validate_response(StaffPage)
async def list_staff(query_args: StaffQuery) -> StaffPage:
    """List an MSP's own people."""
    found = await services().users.staff(
        principal(), query_args.msp_id, query_args.cursor, query_args.limit + 1
    )
    shown = [
        msgspec.convert(card, StaffShape, from_attributes=True)
        for card in found[: query_args.limit]
    ]
    return StaffPage(shown, str(shown[-1].id) if len(found) > query_args.limit else None)


@blueprint.get("/msp/seats")
@requires("msp:read", Reach.MSP)
@validate_querystring(SeatQuery)
@validate_response(SeatPage)
async def list_seats(query_args: SeatQuery) -> SeatPage:
    """Count each client's seats in a month, whether its lockbox is closed or not."""
    found = await services().seats.of_month(principal(), query_args.month)
    return SeatPage([msgspec.convert(one, SeatShape, from_attributes=True) for one in found])


@blueprint.get("/msp/seats.csv")
@requires("msp:export", Reach.MSP)
@requires_step_up
@validate_querystring(SeatQuery)
@answers(200, "The same as CSV (RFC 4180); no cell starts a formula.", "text/csv")
async def download_seats(query_args: SeatQuery) -> Response:
    """Count the same, as a file for billing."""
    found = await services().seats.of_month(principal(), query_args.month)
    header = ("client_id", "name", "status", "seats", "active", "enrolled")
    lines = [(str(s.client_id), s.name, s.status, s.seats, s.active, s.enrolled) for s in found]
    headers = {"Content-Disposition": 'attachment; filename="seats.csv"'}
    return Response(csv_text(header, lines), headers=headers, content_type="text/csv")


@blueprint.get("/msp/summary")
@requires("msp:read")
@document_response(SummaryShape)
async def show_summary() -> Response:
    """Return the figures of each client of the caller's MSP, or of its own client."""
    found = await services().msp_summary.of(principal())
    rows = [WRITTEN_ROWS.of(client) for client in found.clients]
    # Through quart-schema and Quart's own JSON it would take three times as long.
    shape = WrittenSummary(rows, Figures.of(found.totals))
    return Response(msgspec.json.encode(shape), content_type="application/json")
