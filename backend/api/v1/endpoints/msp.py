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
from backend.services.scoring import Score

blueprint = Blueprint("msp", __name__)


class Figures(msgspec.Struct, kw_only=True):
    """Counts; violations and what became of them are those of the last 30 days.

    `open` are violations nobody has finished with, by severity; `trend` is prompts and violations
    of each of the last 30 days, oldest first; `coverage` is healthy seats over licensed ones.
    """

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
    people_30d: int
    coverage: float
    open: dict[str, int]
    trend: list[tuple[int, int]]
    last_event_at: datetime | None

    @classmethod
    def of(cls, summary: ClientSummary) -> Self:
        """Shape the figures of one client or of all."""
        return msgspec.convert(summary, cls, from_attributes=True)


class ScoreShape(msgspec.Struct):
    """qg-score-1 with its parts; without enough prompts or people there is no grade."""

    score: float
    grade: str | None
    is_enough: bool
    posture: float
    exposure: float
    coverage: float
    cap: float

    @classmethod
    def of(cls, found: Score) -> Self:
        """Shape a score: one decimal, as it is shown."""
        return cls(
            round(found.score, 1), found.grade, found.is_enough, round(found.posture, 1),
            round(found.exposure, 1), round(found.coverage, 3), round(found.cap, 1),
        )  # fmt: skip


class ClientFigures(Figures, kw_only=True):
    """One client's row."""

    score: ScoreShape | None

    client_id: UUID
    name: str
    status: str
    policy_version: int

    @classmethod
    def of(cls, summary: ClientSummary) -> Self:
        """Shape the row of one client."""
        given = {name: getattr(summary, name) for name in cls.__struct_fields__ if name != "score"}
        score = ScoreShape.of(summary.score) if summary.score else None
        return msgspec.convert(given | {"score": score}, cls)


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
