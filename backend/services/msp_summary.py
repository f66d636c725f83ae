"""One row per client: who is protected, what was stopped, what left, how it scores; one query."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final
from uuid import UUID

import msgspec
from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.principal import Principal
from backend.core.recent import Recent
from backend.services.client_cache import MOST_CLIENTS
from backend.services.fleet import SILENT_AFTER
from backend.services.past_days import Days, PastDaysKept
from backend.services.posture import Facts, posture_controls
from backend.services.scoring import SEVERITY, WINDOW_DAYS, Exposed, Inputs, Score, score
from backend.services.summary_query import SUMMARY

DAY: Final = timedelta(days=1)
STAYED: Final = frozenset({"prevented", "redacted_sent", "abandoned"})
LEFT: Final = frozenset({"justified_sent", "overridden_sent", "sent_unflagged"})
ACTIONS: Final = ("flag", "warn", "block")
DISPOSITIONS: Final = (*STAYED, *LEFT, "false_positive")
_PROMPTS: Final = itemgetter(0)
_VIOLATIONS: Final = itemgetter(1)


@dataclass(frozen=True, slots=True)
class ClientSummary:
    """One client; violations and dispositions are those of the last 30 days, in UTC.

    `open` are violations nobody has finished with, of any age, by severity. `trend` has the
    prompts and the violations of each of the last 30 days, oldest first. `score` is None for sums.
    """

    client_id: UUID
    name: str
    status: str
    seats: int
    policy_version: int
    browsers: int
    browsers_current: int
    prompts_24h: int
    prompts_30d: int
    people_30d: int
    actions: Mapping[str, int]
    dispositions: Mapping[str, int]
    open: Mapping[str, int]
    trend: tuple[tuple[int, int], ...]
    coverage: float
    score: Score | None
    last_event_at: datetime | None

    @property
    def violations(self) -> int:
        """How many submissions were not simply allowed."""
        return sum(self.actions.values())

    @property
    def prevented(self) -> int:
        """In how many of them nothing sensitive left the browser."""
        return _of(self.dispositions, STAYED)

    @property
    def left(self) -> int:
        """In how many of them it did."""
        return _of(self.dispositions, LEFT)


@dataclass(frozen=True, slots=True)
class Summary:
    """All clients a principal may see, by name, and their sums."""

    clients: tuple[ClientSummary, ...]
    totals: ClientSummary


@dataclass(frozen=True, slots=True)
class _Made:
    """A summary, and what it follows from."""

    row: Record
    past: Days
    summary: ClientSummary


class MspSummary:
    """Reads the dashboard's figures."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._past = PastDaysKept()
        self._made: Recent[UUID, _Made] = Recent(MOST_CLIENTS)
        self._summaries: Recent[UUID, Summary] = Recent(MOST_CLIENTS)

    async def of(self, principal: Principal) -> Summary:
        """Return each client of the principal's MSP, or its own client alone."""
        principal.require("msp:read")
        now = self._clock.now()
        arguments = summary_arguments(now)
        async with self._database.scoped(principal.scope()) as connection:
            # Planning it anew each time would take a quarter of the whole.
            await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            rows = await connection.fetch(SUMMARY, *arguments)
            past = await self._past.of(connection, rows, now.date())
        clients = tuple(self._client(row, past[row["client_id"]]) for row in rows)
        return self._summed(principal.msp_id, clients)

    def _client(self, row: Record, past: Days) -> ClientSummary:
        """Return a row's summary: the one made last time, when nothing it follows from changed."""
        made = self._made.get(row["client_id"])
        if made is None or made.past is not past or made.row != row:
            made = _Made(row, past, _client(row, past.and_today(row)))
            self._made.keep(row["client_id"], made)
        return made.summary

    def _summed(self, msp_id: UUID, clients: tuple[ClientSummary, ...]) -> Summary:
        """Return clients with their sums: those of last time, when no client is another one."""
        found = self._summaries.get(msp_id)
        if found is None or found.clients != clients:
            found = Summary(clients, _totals(msp_id, clients))
            self._summaries.keep(msp_id, found)
        return found


def summary_arguments(now: datetime) -> tuple[Any, ...]:
    """Return what the query asks for at a moment."""
    today = now.date()
    hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    since = today - timedelta(days=WINDOW_DAYS - 1)
    return hour, since, now - SILENT_AFTER, now - DAY, today


_attested: Final = msgspec.json.Decoder(dict[str, int])


def _client(row: Record, month: Days) -> ClientSummary:
    facts = facts_of(row, month)
    inputs = Inputs(
        controls=posture_controls(facts),
        # The database has weighed and aged them already, by the same weights.
        exposed=(Exposed("low", "sent_unflagged", "unreviewed", month.points, 0),),
        prompts=month.prompts,
        people=row["people_30d"],
        seats_healthy=row["healthy"],
        seats_licensed=row["seats"],
        open_disclosures=row["disclosures"],
    )
    return ClientSummary(
        client_id=row["client_id"], name=row["name"], status=row["status"], seats=row["seats"],
        policy_version=row["policy_version"], browsers=row["browsers"],
        browsers_current=row["browsers_current"], prompts_24h=row["prompts_24h"],
        prompts_30d=month.prompts, people_30d=row["people_30d"],
        actions={name: month.counts[name] for name in ACTIONS if month.counts[name]},
        dispositions=facts.dispositions,
        open={name: row[f"open_{name}"] for name in SEVERITY if row[f"open_{name}"]},
        trend=month.trend,
        coverage=inputs.coverage, score=score(inputs), last_event_at=month.last_at,
    )  # fmt: skip


def facts_of(row: Record, month: Days) -> Facts:
    """Return what the posture's tests look at."""
    said = _attested.decode(row["said"]) if row["said"] else {}
    return Facts(
        default_action=row["default_action"],
        phi_action=row["phi_action"],
        approved_services=row["approved"],
        services_with_agreement=row["agreed"],
        seats_healthy=row["healthy"],
        seats_licensed=row["seats"],
        criticals=row["criticals"],
        criticals_new=row["criticals_new"],
        dispositions={name: month.counts[name] for name in DISPOSITIONS if month.counts[name]},
        attested={name: percent / 100 for name, percent in said.items()},
    )


def _summed_trend(trends: Iterable[tuple[tuple[int, int], ...]]) -> tuple[tuple[int, int], ...]:
    return tuple(
        (sum(map(_PROMPTS, day)), sum(map(_VIOLATIONS, day))) for day in zip(*trends, strict=True)
    )


def _totals(msp_id: UUID, clients: tuple[ClientSummary, ...]) -> ClientSummary:
    moments = [client.last_event_at for client in clients if client.last_event_at is not None]
    seats = sum(client.seats for client in clients)
    covered = sum(client.coverage * client.seats for client in clients)
    return ClientSummary(
        client_id=msp_id,
        name="All clients",
        status="active",
        seats=seats,
        policy_version=0,
        browsers=sum(client.browsers for client in clients),
        browsers_current=sum(client.browsers_current for client in clients),
        prompts_24h=sum(client.prompts_24h for client in clients),
        prompts_30d=sum(client.prompts_30d for client in clients),
        people_30d=sum(client.people_30d for client in clients),
        actions=_summed(client.actions for client in clients),
        dispositions=_summed(client.dispositions for client in clients),
        open=_summed(client.open for client in clients),
        trend=_summed_trend(client.trend for client in clients),
        coverage=covered / seats if seats else 0.0,
        score=None,
        last_event_at=max(moments, default=None),
    )


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(total)


def _of(dispositions: Mapping[str, int], wanted: frozenset[str]) -> int:
    return sum(count for disposition, count in dispositions.items() if disposition in wanted)
