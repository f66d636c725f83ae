"""What happened at a client in a period, always beside what it is a share of."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import InvalidInput, NotFound
from backend.core.principal import Principal
from backend.services.client_score import refuse_unknown
from backend.services.frameworks import frameworks
from backend.services.violation_groups import ViolationGroup, violation_groups

LONGEST: Final = timedelta(days=366)
LEAST_COHORT: Final = 5
"""Below five people a figure says too much about each of them."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days in UTC, both included."""

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Denominators:
    """What every count of the report is a share of. People below five are not counted out."""

    prompts: int
    people: int | None
    seats: int
    seats_healthy: int
    coverage: float


@dataclass(frozen=True, slots=True)
class ReportDay:
    """One day: prompts, and violations by what the policy answered."""

    day: date
    prompts: int
    flag: int
    warn: int
    block: int
    left: int


@dataclass(frozen=True, slots=True)
class Counted:
    """A name with a count; of whom where it is known and at least five people are behind it."""

    name: str
    title: str
    count: int
    people: int | None = None


@dataclass(frozen=True, slots=True)
class ComplianceReport:
    """One client, one framework or none, one period."""

    client_id: UUID
    client: str
    framework: str | None
    edition: str
    period: Period
    made_at: datetime
    denominators: Denominators
    days: tuple[ReportDay, ...]
    severities: tuple[Counted, ...]
    dispositions: tuple[Counted, ...]
    kinds: tuple[Counted, ...]
    controls: tuple[Counted, ...]
    services: tuple[Counted, ...]
    cohorts: tuple[Counted, ...]
    cohorts_withheld: int
    """Groups that are not shown because fewer than five of their people were active."""

    def rows(self) -> Iterator[tuple[str, str, str, int | float | str]]:
        """Yield the report line by line: section, name, title, value."""
        yield ("report", "client", self.client, str(self.client_id))
        yield ("report", "framework", self.edition, self.framework or "all")
        yield ("report", "period", str(self.period.since), str(self.period.until))
        for name in ("prompts", "people", "seats", "seats_healthy", "coverage"):
            value = getattr(self.denominators, name)
            yield ("denominators", name, "", "fewer than 5" if value is None else value)
        for day in self.days:
            for name in ("prompts", "flag", "warn", "block", "left"):
                yield ("days", str(day.day), name, getattr(day, name))
        for section in ("severities", "dispositions", "kinds", "controls", "services", "cohorts"):
            for one in getattr(self, section):
                yield (section, one.name, one.title, one.count)
        yield (
            "cohorts",
            "withheld",
            "groups with fewer than 5 active people",
            self.cohorts_withheld,
        )


class ComplianceReporter:
    """Makes reports from what was recorded."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def report(
        self, principal: Principal, client_id: UUID, framework: str | None, period: Period
    ) -> ComplianceReport:
        """Return the report of a client. Raise NotFound, or InvalidInput for a wrong period."""
        principal.require("report:read")
        refuse_unknown(framework)
        _refuse_wrong(period)
        now = self._clock.now()
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            client = await connection.fetchrow(_CLIENT, client_id, now - timedelta(days=1))
            if client is None:
                raise NotFound("There is no such client. Check the client id.")
            asked = (client_id, period.since, period.until)
            prompts = {row["day"]: row["prompts"] for row in await connection.fetch(_DAYS, *asked)}
            groups = await violation_groups(connection, *asked)
            services = await connection.fetch(_SERVICES, *asked)
            people = await connection.fetchval(_PEOPLE, *asked)
            cohorts, withheld = await _cohorts(connection, asked)
        switched_on = [framework] if framework else list(client["frameworks"])
        concerned = (
            tuple(group for group in groups if group.controls([framework])) if framework else groups
        )
        edition = frameworks()[framework].version if framework else ""
        return ComplianceReport(
            client_id=client_id, client=client["name"], framework=framework, edition=edition,
            period=period, made_at=now,
            denominators=_denominators(client, sum(prompts.values()), people),
            days=_days(period, prompts, concerned),
            severities=_by(concerned, "severity"), dispositions=_by(concerned, "disposition"),
            kinds=_kinds(concerned), controls=_controls(concerned, switched_on),
            services=tuple(
                Counted(row["service"] or "unlisted", row["name"], row["count"],
                        _enough(row["people"]))
                for row in services
            ),
            cohorts=cohorts, cohorts_withheld=withheld,
        )  # fmt: skip


def _refuse_wrong(period: Period) -> None:
    if not timedelta(0) <= period.until - period.since <= LONGEST:
        raise InvalidInput(
            "The period must begin before it ends and last at most 366 days. Choose other days.",
            code="wrong-period",
        )


def _enough(people: int) -> int | None:
    return people if people >= LEAST_COHORT else None


def _denominators(client: Any, prompts: int, people: int) -> Denominators:
    seats, healthy = client["seats"], client["healthy"]
    coverage = min(1.0, healthy / seats) if seats else 0.0
    return Denominators(prompts, _enough(people), seats, healthy, round(coverage, 3))


def _days(
    period: Period, prompts: dict[date, int], groups: Sequence[ViolationGroup]
) -> tuple[ReportDay, ...]:
    actions: Counter[tuple[date, str]] = Counter()
    left: Counter[date] = Counter()
    for group in groups:
        actions[group.day, group.action] += group.count
        if group.disposition in _LEFT:
            left[group.day] += group.count
    length = (period.until - period.since).days + 1
    days = [period.since + timedelta(days=number) for number in range(length)]
    return tuple(
        ReportDay(
            day, prompts.get(day, 0), actions[day, "flag"], actions[day, "warn"],
            actions[day, "block"], left[day],
        )
        for day in days
    )  # fmt: skip


def _ranked(counts: Counter[str], titles: dict[str, str]) -> tuple[Counted, ...]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Counted(name, titles.get(name, ""), count) for name, count in ranked)


def _by(groups: Sequence[ViolationGroup], field: str) -> tuple[Counted, ...]:
    counts: Counter[str] = Counter()
    for group in groups:
        counts[getattr(group, field)] += group.count
    return _ranked(counts, {})


def _kinds(groups: Sequence[ViolationGroup]) -> tuple[Counted, ...]:
    counts: Counter[str] = Counter()
    for group in groups:
        counts.update(dict.fromkeys(group.kinds, group.count))
    return _ranked(counts, {})


def _controls(groups: Sequence[ViolationGroup], switched_on: list[str]) -> tuple[Counted, ...]:
    counts: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for group in groups:
        for control in group.controls(switched_on):
            name = f"{control.framework}:{control.id}"
            counts[name] += group.count
            titles[name] = control.title
    return _ranked(counts, titles)


async def _cohorts(
    connection: Connection, asked: tuple[UUID, date, date]
) -> tuple[tuple[Counted, ...], int]:
    rows = await connection.fetch(_COHORTS, *asked)
    shown = tuple(
        Counted(str(row["id"]), row["name"], row["violations"], row["people"])
        for row in rows
        if row["people"] >= LEAST_COHORT
    )
    return shown, len(rows) - len(shown)


_LEFT: Final = frozenset({"sent_unflagged", "overridden_sent", "justified_sent"})
_WITHIN: Final = """recorded_at >= $2::date::timestamp AT TIME ZONE 'UTC'
    AND recorded_at < ($3::date + 1)::timestamp AT TIME ZONE 'UTC'"""
_CLIENT: Final = """
SELECT c.name, c.seats, c.frameworks, (SELECT count(*) FROM devices d
    WHERE d.tenant_id = c.tenant_id AND d.revoked_at IS NULL AND d.last_seen_at >= $2) AS healthy
FROM clients c WHERE c.tenant_id = $1
"""
_DAYS: Final = """
SELECT day, prompts FROM client_days
WHERE tenant_id = $1 AND day BETWEEN $2::date AND $3::date
"""
_PEOPLE: Final = f"""
SELECT count(DISTINCT user_id) FROM client_audit_logs
WHERE tenant_id = $1 AND entry_kind = 'verdict' AND {_WITHIN}
"""  # noqa: S608 -- made of constants only
_SERVICES: Final = f"""
SELECT coalesce(l.ai_service_id, '') AS service, coalesce(max(s.name), '') AS name,
    count(*) AS count, count(DISTINCT l.user_id) AS people
FROM client_audit_logs l LEFT JOIN ai_services s ON s.id = l.ai_service_id
WHERE l.tenant_id = $1 AND l.entry_kind = 'verdict' AND {_WITHIN}
GROUP BY 1 ORDER BY 3 DESC, 1
"""  # noqa: S608 -- made of constants only
_COHORTS: Final = f"""
SELECT g.id, g.name, count(DISTINCT l.user_id) AS people,
    count(*) FILTER (WHERE l.action <> 'allow') AS violations
FROM client_audit_logs l
JOIN group_members m ON m.tenant_id = l.tenant_id AND m.user_id = l.user_id
JOIN groups g ON g.tenant_id = m.tenant_id AND g.id = m.group_id
WHERE l.tenant_id = $1 AND l.entry_kind = 'verdict' AND {_WITHIN}
GROUP BY 1, 2 ORDER BY 4 DESC, 2
"""  # noqa: S608 -- made of constants only
