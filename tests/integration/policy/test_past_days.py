"""What is kept of a past is given as long as it is true, and only to who may see it."""

from collections import Counter
from datetime import timedelta
from typing import Any

from asyncpg import Connection

from backend.services.msp_summary import ClientSummary, MspSummary
from backend.services.scoring import WINDOW_DAYS
from tests.integration.policy.worlds import NOW, Client, Msp, World

ENDINGS = (("block", "prevented"), ("warn", "justified_sent"), ("flag", "sent_unflagged"),
           ("allow", "sent"), ("warn", "redacted_sent"))  # fmt: skip
SINCE = NOW.date() - timedelta(days=WINDOW_DAYS - 1)
LOGS = "SELECT recorded_at FROM client_audit_logs WHERE tenant_id = $1 AND entry_kind = 'verdict'"
VIOLATIONS = """
SELECT recorded_at, action, severity, status,
    CASE status WHEN 'false_positive' THEN status ELSE disposition END AS ended
FROM client_policy_violations WHERE tenant_id = $1
"""


async def from_raw_rows(owner: "Connection[Any]", client: Client) -> tuple[Any, ...]:
    """Count a client's figures from the log and its violations alone."""
    logs = [row[0] for row in await owner.fetch(LOGS, client.id)]
    logs = [at for at in logs if SINCE <= at.date() <= NOW.date()]
    rows = await owner.fetch(VIOLATIONS, client.id)
    recent = [row for row in rows if SINCE <= row["recorded_at"].date() <= NOW.date()]
    prompts = Counter((at.date() - SINCE).days for at in logs)
    violated = Counter((row["recorded_at"].date() - SINCE).days for row in recent)
    open_ = [row["severity"] for row in rows if row["status"] in {"new", "triaged", "escalated"}]
    return (
        len(logs), Counter(row["action"] for row in recent),
        Counter(row["ended"] for row in recent), Counter(open_), max(logs),
        tuple((prompts[day], violated[day]) for day in range(WINDOW_DAYS)),
    )  # fmt: skip


def told(row: ClientSummary) -> tuple[Any, ...]:
    return (row.prompts_30d, row.actions, row.dispositions, row.open, row.last_event_at, row.trend)


async def row_of(summary: MspSummary, msp: Msp) -> ClientSummary:
    (row,) = (await summary.of(msp.principal())).clients
    return row


async def test_the_figures_are_those_of_the_raw_rows_after_every_kind_of_change(
    summary: MspSummary, owner: "Connection[Any]", world: World, client: Client, msp: Msp
) -> None:
    for number in range(36):
        action, disposition = ENDINGS[number % 5]
        at = NOW - timedelta(days=number, hours=1)
        await world.submission(client, action, disposition, at, severity="critical")
    asked = [await row_of(summary, msp), await row_of(summary, msp)]
    assert [told(row) for row in asked] == [await from_raw_rows(owner, client)] * 2
    oldest = "recorded_at < $2 AND tenant_id = $1 AND action = 'warn'"
    for change in (
        f"UPDATE client_policy_violations SET disposition = 'abandoned' WHERE {oldest}",
        f"UPDATE client_policy_violations SET status = 'false_positive' WHERE {oldest}",
        f"UPDATE client_policy_violations SET status = 'new' WHERE {oldest}",
    ):
        before = await row_of(summary, msp)
        await owner.execute(change, client.id, NOW - timedelta(days=3))
        row = await row_of(summary, msp)
        assert told(row) == await from_raw_rows(owner, client) != told(before)
        assert row.score == (await row_of(summary, msp)).score
    for age in (timedelta(minutes=1), timedelta(days=9)):
        await world.submission(client, "block", "prevented", NOW - age)
        assert told(await row_of(summary, msp)) == await from_raw_rows(owner, client)
    await owner.execute("SELECT qg_private.count_anew()")
    assert told(await row_of(summary, msp)) == await from_raw_rows(owner, client)


async def test_staff_whom_a_lockbox_keeps_out_are_given_nothing_that_was_kept(
    summary: MspSummary, owner: "Connection[Any]", world: World, client: Client, msp: Msp
) -> None:
    await world.submission(client, "block", "prevented", NOW - timedelta(days=2))
    before = await row_of(summary, msp)
    assert (before.prompts_30d, before.violations) == (1, 1)
    await owner.execute(
        "INSERT INTO lockboxes (tenant_id, msp_id, is_closed, reason, set_by, set_at)"
        " VALUES ($1, $2, true, 'Ours', $3, now())",
        client.id, msp.id, client.admin_id,
    )  # fmt: skip
    locked = await row_of(summary, msp)
    assert (locked.prompts_30d, locked.violations, sum(map(sum, locked.trend))) == (0, 0, 0)
    own = (await summary.of(client.principal())).clients[0]
    assert told(own) == told(before)


async def test_the_past_is_added_up_once_for_as_long_as_nobody_changes_it(
    summary: MspSummary, owner: "Connection[Any]", world: World, client: Client, msp: Msp
) -> None:
    """The control: a change that the database was kept from counting is not seen."""
    await world.submission(client, "block", "prevented", NOW - timedelta(days=2))
    kept = await row_of(summary, msp)
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        await owner.execute("UPDATE client_days SET prompts = 7 WHERE tenant_id = $1", client.id)
    assert await row_of(summary, msp) is kept
    await owner.execute("UPDATE past_changes SET changes = changes + 1 WHERE tenant_id = $1",
                        client.id)  # fmt: skip
    assert (await row_of(summary, msp)).prompts_30d == 7
