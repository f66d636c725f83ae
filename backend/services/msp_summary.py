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
from backend.services.fleet import SILENT_AFTER
from backend.services.posture import Facts, posture_controls
from backend.services.scoring import WINDOW_DAYS, Exposed, Inputs, Score, score
from backend.services.summary_query import SUMMARY

DAY: Final = timedelta(days=1)
STAYED: Final = frozenset({"prevented", "redacted_sent", "abandoned"})
LEFT: Final = frozenset({"justified_sent", "overridden_sent", "sent_unflagged"})
ACTIONS: Final = ("flag", "warn", "block")
DISPOSITIONS: Final = (*STAYED, *LEFT, "false_positive")
_PROMPTS: Final = itemgetter(0)
_VIOLATIONS: Final = itemgetter(1)
DECAY: Final = tuple(2.0 ** (-age / WINDOW_DAYS) for age in range(WINDOW_DAYS + 1))


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


class MspSummary:
    """Reads the dashboard's figures."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, principal: Principal) -> Summary:
        """Return each client of the principal's MSP, or its own client alone."""
        principal.require("msp:read")
        now = self._clock.now()
        arguments = summary_arguments(now)
        async with self._database.scoped(principal.scope()) as connection:
            # Planning it anew each time would take a quarter of the whole.
            await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            rows = await connection.fetch(SUMMARY, *arguments)
        clients = tuple(_client(row) for row in rows)
        return Summary(clients, _totals(principal.msp_id, clients))


def summary_arguments(now: datetime) -> tuple[Any, ...]:
    """Return what the query asks for at a moment."""
    today = now.date()
    hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    since = today - timedelta(days=WINDOW_DAYS - 1)
    return hour, since, now - SILENT_AFTER, now - DAY, list(DECAY), today


class _State(msgspec.Struct, array_like=True):
    """How many violations stand where."""

    severity: str
    status: str
    has_left: bool
    count: int


_states: Final = msgspec.json.Decoder(list[_State])
_attested: Final = msgspec.json.Decoder(dict[str, int])


def _client(row: Record) -> ClientSummary:
    facts, open_disclosures = facts_of(row)
    inputs = Inputs(
        controls=posture_controls(facts),
        # The database has weighed and aged them already, by the same weights.
        exposed=(Exposed("low", "sent_unflagged", "unreviewed", row["points"], 0),),
        prompts=row["prompts_30d"],
        people=row["people_30d"],
        seats_healthy=row["healthy"],
        seats_licensed=row["seats"],
        open_disclosures=open_disclosures,
    )
    return ClientSummary(
        client_id=row["client_id"], name=row["name"], status=row["status"], seats=row["seats"],
        policy_version=row["policy_version"], browsers=row["browsers"],
        browsers_current=row["browsers_current"], prompts_24h=row["prompts_24h"],
        prompts_30d=row["prompts_30d"], people_30d=row["people_30d"],
        actions={name: row[name] for name in ACTIONS if row[name]},
        dispositions=facts.dispositions, open=_open(row),
        trend=_trend(row),
        coverage=inputs.coverage, score=score(inputs), last_event_at=row["last_event_at"],
    )  # fmt: skip


def facts_of(row: Record) -> tuple[Facts, int]:
    """Return what the posture's tests look at, and how many disclosures nobody has assessed."""
    states = _states.decode(row["states"])
    critical = [state for state in states if state.severity == "critical"]
    unread = [state for state in critical if state.status == "new"]
    facts = Facts(
        default_action=row["default_action"],
        phi_action=row["phi_action"],
        approved_services=row["approved"],
        services_with_agreement=row["agreed"],
        seats_healthy=row["healthy"],
        seats_licensed=row["seats"],
        criticals=sum(state.count for state in critical),
        criticals_new=sum(state.count for state in unread),
        dispositions={name: row[name] for name in DISPOSITIONS if row[name]},
        attested={name: percent / 100 for name, percent in _attested.decode(row["said"]).items()},
    )
    return facts, sum(state.count for state in unread if state.has_left)


def _open(row: Record) -> dict[str, int]:
    found: Counter[str] = Counter()
    for state in _states.decode(row["states"]):
        if state.status in {"new", "triaged", "escalated"} and state.count:
            found[state.severity] += state.count
    return dict(found)


def _trend(row: Record) -> tuple[tuple[int, int], ...]:
    trend = [(0, 0)] * WINDOW_DAYS
    if row["numbers"]:
        days = zip(row["numbers"], row["of_prompts"], row["of_violations"], strict=True)
        for number, prompts, violations in days:
            trend[number] = (prompts, violations)
    return tuple(trend)


def _summed_trend(trends: Iterable[tuple[tuple[int, int], ...]]) -> tuple[tuple[int, int], ...]:
    days = zip(*trends, strict=True)
    return tuple((sum(map(_PROMPTS, day)), sum(map(_VIOLATIONS, day))) for day in days)


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
