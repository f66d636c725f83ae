"""The counts that follow the log equal a count of everything anew, whatever happened in between."""

import itertools
from datetime import timedelta
from typing import Any

from asyncpg import Connection

from backend.core.database import Database
from backend.services.client_score import ClientScores
from backend.services.msp_summary import MspSummary
from backend.services.scoring import DISPOSITION, SEVERITY, STANDING, Exposed
from tests.integration.policy.worlds import NOW, Client, Msp, StandingClock, World

TABLES = ("client_days", "audit_days", "audit_hours", "service_days", "active_people",
          "violation_days", "violation_states")  # fmt: skip


ENDINGS = (("block", "prevented"), ("warn", "justified_sent"), ("flag", "sent_unflagged"),
           ("allow", "sent"))  # fmt: skip


async def counts_of(owner: "Connection[Any]", client: Client) -> dict[str, set[str]]:
    """Return every count of a client that is not nought."""
    found = {}
    for table in TABLES:
        rows = await owner.fetch(f"SELECT t::text FROM {table} t WHERE tenant_id = $1"
                                 + (" AND count <> 0" if table.startswith("violation") else ""),
                                 client.id)  # fmt: skip
        found[table] = {row[0] for row in rows}
    return found


async def test_the_counts_equal_a_count_anew_after_all_kinds_of_changes(
    owner: "Connection[Any]", world: World, client: Client
) -> None:
    for number, (action, disposition) in enumerate(
        [("allow", "sent"), ("block", "prevented"), ("warn", "justified_sent"),
         ("flag", "sent_unflagged"), ("block", "redacted_sent")] * 3
    ):  # fmt: skip
        severity = list(SEVERITY)[number % 4]
        at = NOW - timedelta(hours=7 * number)
        await world.submission(client, action, disposition, at, severity=severity)
    await owner.execute(
        "UPDATE client_policy_violations SET disposition = 'overridden_sent'"
        " WHERE tenant_id = $1 AND action = 'block'", client.id,
    )  # fmt: skip
    await owner.execute(
        "UPDATE client_policy_violations SET status = 'false_positive'"
        " WHERE tenant_id = $1 AND severity = 'high'", client.id,
    )  # fmt: skip
    kept = await counts_of(owner, client)
    await owner.execute("SELECT qg_private.count_anew()")
    assert await counts_of(owner, client) == kept
    assert [table for table, rows in kept.items() if not rows] == ["audit_days"]  # no kinds here


async def test_an_accepted_false_positive_restores_the_weight_exactly(
    owner: "Connection[Any]", world: World, client: Client
) -> None:
    weight = "SELECT coalesce(sum(qg_score_1), 0) FROM client_days WHERE tenant_id = $1"
    await world.submission(client, "flag", "sent_unflagged", severity="medium")
    before = await owner.fetchval(weight, client.id)
    await world.submission(client, "warn", "overridden_sent", severity="critical")
    assert await owner.fetchval(weight, client.id) > before
    await owner.execute(
        "UPDATE client_policy_violations SET status = 'false_positive'"
        " WHERE tenant_id = $1 AND severity = 'critical'", client.id,
    )  # fmt: skip
    assert await owner.fetchval(weight, client.id) == before


async def test_the_database_weighs_as_the_formula_does(owner: "Connection[Any]") -> None:
    dispositions = (*DISPOSITION, "prevented", "redacted_sent", "abandoned", "false_positive")
    for severity, disposition, standing in itertools.product(SEVERITY, dispositions, STANDING):
        eighths = await owner.fetchval(
            "SELECT qg_private.qg_score_1($1, $2, $3)", severity, disposition, standing
        )
        assert eighths / 8 == Exposed(severity, disposition, standing, 1.0, 0).points


async def test_the_dashboard_and_the_report_say_the_same_score(
    database: Database, world: World, client: Client, msp: Msp, clock: StandingClock
) -> None:
    await world.device(client)
    for number in range(40):
        action, disposition = ENDINGS[number % 4]
        at = NOW - timedelta(hours=17 * number)
        severity = list(SEVERITY)[number % 3]
        await world.submission(client, action, disposition, at, severity=severity)
    (row,) = (await MspSummary(database, clock).of(msp.principal())).clients
    told = await ClientScores(database, clock).of(msp.principal(), client.id)
    assert row.score is not None
    assert abs(row.score.score - told.score.score) < 1e-9
    assert (row.score.posture, row.score.cap) == (told.score.posture, told.score.cap)
    assert (
        row.open == {"critical": 14 - 4, "high": 10, "medium": 10} or sum(row.open.values()) == 30
    )
    assert len(row.trend) == 30
    assert sum(prompts for prompts, _ in row.trend) == row.prompts_30d
