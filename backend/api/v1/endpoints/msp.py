"""The dashboard: who is protected, what was stopped, what left."""

from datetime import datetime
from typing import Self
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.services.msp_summary import ClientSummary

blueprint = Blueprint("msp", __name__)


class Figures(msgspec.Struct, kw_only=True):
    """Counts; violations and what became of them are those of the last 30 days."""

    seats: int
    browsers: int
    browsers_current: int
    prompts_24h: int
    prompts_30d: int
    violations: int
    actions: dict[str, int]
    dispositions: dict[str, int]
    prevented: int
    left: int
    last_event_at: datetime | None

    @classmethod
    def of(cls, summary: ClientSummary) -> Self:
        """Shape the figures of one client or of all."""
        return msgspec.convert(summary, cls, from_attributes=True)


class ClientFigures(Figures, kw_only=True):
    """One client's row."""

    client_id: UUID
    name: str
    status: str
    policy_version: int


class SummaryShape(msgspec.Struct):
    """Every client the caller may see, by name, and the sums."""

    items: list[ClientFigures]
    totals: Figures
    next: str | None = None


@blueprint.get("/msp/summary")
@requires("msp:read")
@validate_response(SummaryShape)
async def show_summary() -> SummaryShape:
    """Return the figures of each client of the caller's MSP, or of its own client."""
    found = await services().msp_summary.of(principal())
    return SummaryShape(
        [ClientFigures.of(client) for client in found.clients], Figures.of(found.totals)
    )
