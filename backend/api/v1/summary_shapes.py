"""The dashboard as JSON, whose rows are kept for as long as nothing they show has changed."""

from datetime import datetime
from typing import Final, Self
from uuid import UUID

import msgspec

from backend.core.recent import Recent
from backend.services.client_cache import MOST_CLIENTS
from backend.services.msp_summary import ClientSummary
from backend.services.scoring import Score


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
        return cls(**{name: getattr(summary, name) for name in cls.__struct_fields__})


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
        given = {name: getattr(summary, name) for name in cls.__struct_fields__}
        return cls(**given | {"score": ScoreShape.of(summary.score) if summary.score else None})


class SummaryShape(msgspec.Struct):
    """Every client the caller may see, by name, and the sums."""

    items: list[ClientFigures]
    totals: Figures
    next: str | None = None


class WrittenSummary(msgspec.Struct):
    """A SummaryShape whose rows are JSON already."""

    items: list[msgspec.Raw]
    totals: Figures
    next: str | None = None


class WrittenRows:
    """Rows as JSON, for as long as the service gives the same objects; see `MspSummary`."""

    def __init__(self) -> None:
        self._held: Recent[UUID, tuple[ClientSummary, msgspec.Raw]] = Recent(MOST_CLIENTS)

    def of(self, client: ClientSummary) -> msgspec.Raw:
        """Return a client's row."""
        held = self._held.get(client.client_id)
        if held is not None and held[0] is client:
            return held[1]
        row = msgspec.Raw(msgspec.json.encode(ClientFigures.of(client)))
        self._held.keep(client.client_id, (client, row))
        return row


WRITTEN_ROWS: Final = WrittenRows()
