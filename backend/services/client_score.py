"""One client's score with everything it is made of, whole or for one framework."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import InvalidInput, NotFound
from backend.core.principal import Principal
from backend.services.frameworks import frameworks
from backend.services.msp_summary import facts_of, summary_arguments
from backend.services.past_days import NONE, past_days
from backend.services.posture import posture_controls
from backend.services.scoring import (
    FORMULA,
    WINDOW_DAYS,
    Exposed,
    Gain,
    Inputs,
    Score,
    fix_first,
    score,
)
from backend.services.summary_query import SUMMARY
from backend.services.violation_groups import ViolationGroup, violation_groups


@dataclass(frozen=True, slots=True)
class ClientScore:
    """The score of a client on a day; `inputs` are all that is needed to work it out again."""

    client_id: UUID
    formula: str
    framework: str | None
    day: date
    score: Score
    inputs: Inputs
    fix_first: tuple[Gain, ...]


class ClientScores:
    """Works scores out from the rows themselves."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(
        self, principal: Principal, client_id: UUID, framework: str | None = None
    ) -> ClientScore:
        """Return today's score. Raise NotFound, or InvalidInput for an unknown framework."""
        principal.require("report:read")
        refuse_unknown(framework)
        now = self._clock.now()
        today = now.date()
        since = today - timedelta(days=WINDOW_DAYS - 1)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            row = await connection.fetchrow(SUMMARY, *summary_arguments(now))
            past = await past_days(connection, [client_id], today)
            groups = await violation_groups(connection, client_id, since, today)
        if row is None:
            raise NotFound("There is no such client. Check the client id.")
        concerned = groups if framework is None else _touching(groups, framework)
        dispositions: Counter[str] = Counter()
        for group in concerned:
            dispositions[group.disposition] += group.count
        month = past.get(client_id, NONE).and_today(row)
        facts = facts_of(row, month)
        inputs = Inputs(
            controls=posture_controls(replace(facts, dispositions=dispositions), framework),
            exposed=tuple(_exposed(group, today) for group in concerned),
            prompts=month.prompts,
            people=row["people_30d"],
            seats_healthy=row["healthy"],
            seats_licensed=row["seats"],
            open_disclosures=row["disclosures"],
        )
        return ClientScore(
            client_id, FORMULA, framework, today, score(inputs), inputs, fix_first(inputs)
        )


def refuse_unknown(framework: str | None) -> None:
    """Raise InvalidInput for a framework that is not in the catalogue."""
    if framework is not None and framework not in frameworks():
        raise InvalidInput(
            f"There is no such framework; there are {', '.join(frameworks())}.",
            code="unknown-framework",
        )


def _touching(groups: Iterable[ViolationGroup], framework: str) -> tuple[ViolationGroup, ...]:
    return tuple(group for group in groups if group.controls([framework]))


def _exposed(group: ViolationGroup, today: date) -> Exposed:
    return Exposed(
        group.severity, group.disposition, group.standing, group.confidence_ppm / 1_000_000,
        (today - group.day).days,
    )  # fmt: skip
