"""What a client's days before today add up to, kept as long as none of them changes.

Most of a dashboard is the past: it is added up once a day, and again when somebody works on an
older violation. The database counts such changes; a caller who may not see a client's days sees no
number either, and is given nothing that was kept.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Connection
from backend.core.recent import Recent
from backend.services.client_cache import MOST_CLIENTS
from backend.services.scoring import WINDOW_DAYS
from backend.services.summary_query import PAST

COUNTED: Final = (
    "flag", "warn", "block", "prevented", "redacted_sent", "abandoned", "false_positive",
    "justified_sent", "overridden_sent", "sent_unflagged",
)  # fmt: skip
_DECAY: Final = [2.0 ** (-age / WINDOW_DAYS) for age in range(WINDOW_DAYS + 1)]


@dataclass(frozen=True, slots=True)
class Days:
    """Sums of a client's days; the trend has prompts and violations of each, oldest first."""

    prompts: int
    last_at: datetime | None
    counts: Mapping[str, int]
    points: float
    trend: tuple[tuple[int, int], ...]

    def and_today(self, row: Record) -> "Days":
        """Return these days and today, as a summary's row has it; that may have none."""
        if row["prompts"] is None:
            return replace(self, trend=(*self.trend, (0, 0)))
        violations = row["flag"] + row["warn"] + row["block"]
        return Days(
            prompts=self.prompts + row["prompts"],
            last_at=row["last_at"] or self.last_at,
            counts={name: count + row[name] for name, count in self.counts.items()},
            points=self.points + row["points"],
            trend=(*self.trend, (row["prompts"], violations)),
        )


NONE: Final = Days(0, None, dict.fromkeys(COUNTED, 0), 0.0, ((0, 0),) * (WINDOW_DAYS - 1))
_Held = tuple[date | None, int, Days]
_NOTHING: Final[_Held] = (None, -1, NONE)


class PastDaysKept:
    """Sums per client; the longest unasked-for goes first."""

    def __init__(self) -> None:
        self._held: Recent[UUID, _Held] = Recent(MOST_CLIENTS)

    async def of(
        self, connection: Connection, rows: Sequence[Record], today: date
    ) -> dict[UUID, Days]:
        """Return the sums of the clients of a summary's rows, in the scope that read these."""
        found: dict[UUID, Days] = {}
        missing: dict[UUID, int | None] = {}
        for row in rows:
            client, changes = row["client_id"], row["past_changes"]
            day, held_changes, past = self._held.get(client) or _NOTHING
            # A number that may not be seen is None, and equals nothing that was kept.
            if day == today and held_changes == changes:
                found[client] = past
            else:
                missing[client] = changes
        read = await past_days(connection, missing, today)
        for client, changes in missing.items():
            found[client] = read.get(client, NONE)
            self._keep(client, changes, today, found[client])
        return found

    def _keep(self, client: UUID, changes: int | None, today: date, past: Days) -> None:
        if changes is not None:
            self._held.keep(client, (today, changes, past))


async def past_days(
    connection: Connection, clients: Iterable[UUID], today: date
) -> dict[UUID, Days]:
    """Return the sums of clients that have any, from their rows."""
    wanted = list(clients)
    if not wanted:
        return {}
    since = today - timedelta(days=WINDOW_DAYS - 1)
    rows = await connection.fetch(PAST, wanted, since, today, _DECAY)
    return {row["tenant_id"]: _past(row) for row in rows}


def _past(row: Record) -> Days:
    trend = [(0, 0)] * (WINDOW_DAYS - 1)
    days = zip(row["numbers"], row["of_prompts"], row["of_violations"], strict=True)
    for number, prompts, violations in days:
        trend[number] = (prompts, violations)
    return Days(
        prompts=row["prompts"],
        last_at=row["last_at"],
        counts={name: row[name] for name in COUNTED},
        points=row["points"],
        trend=tuple(trend),
    )
