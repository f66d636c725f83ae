"""The dashboard's figures are counted from rows, for the clients a principal may see."""

from datetime import timedelta

import pytest

from backend.core.errors import Forbidden
from backend.core.permissions import Role
from backend.services.msp_summary import MspSummary
from tests.integration.policy.worlds import NOW, Client, Msp, World


async def test_each_figure_counts_what_it_says(
    summary: MspSummary, world: World, client: Client, msp: Msp
) -> None:
    await world.device(client)
    await world.device(client, version=None)
    for action, disposition, age in (
        ("allow", "sent", timedelta(hours=1)),
        ("block", "prevented", timedelta(hours=2)),
        ("block", "redacted_sent", timedelta(days=2)),
        ("warn", "justified_sent", timedelta(days=3)),
        ("flag", "sent_unflagged", timedelta(days=29)),
        ("block", "prevented", timedelta(days=31)),
    ):
        await world.submission(client, action, disposition, NOW - age)
    (row,) = (await summary.of(msp.principal())).clients
    assert (row.client_id, row.name, row.seats, row.policy_version) == (
        client.id,
        "Lakeside",
        50,
        1,
    )
    assert (row.browsers, row.browsers_current) == (2, 1)
    assert (row.prompts_24h, row.prompts_30d) == (2, 5)
    assert row.actions == {"block": 2, "warn": 1, "flag": 1}
    assert (row.violations, row.prevented, row.left) == (4, 2, 2)
    assert row.last_event_at == NOW - timedelta(hours=1)


async def test_a_client_without_events_is_a_row_of_noughts(
    summary: MspSummary, client: Client, msp: Msp
) -> None:
    (row,) = (await summary.of(msp.principal())).clients
    assert (row.client_id, row.prompts_30d, row.violations, row.last_event_at) == (
        client.id, 0, 0, None,
    )  # fmt: skip


async def test_totals_are_the_sums_of_the_rows(
    summary: MspSummary, world: World, client: Client, msp: Msp
) -> None:
    sibling = await world.client(msp, "Cedar")
    for one in (client, client, sibling):
        await world.submission(one, "block", "prevented")
        await world.device(one)
    found = await summary.of(msp.principal())
    assert [row.name for row in found.clients] == ["Cedar", "Lakeside"]
    assert (found.totals.seats, found.totals.browsers, found.totals.prompts_30d) == (100, 3, 3)
    assert found.totals.actions == {"block": 3}


async def test_an_msp_never_sees_another_msps_clients(
    summary: MspSummary, world: World, client: Client
) -> None:
    stranger = await world.msp()
    await world.submission(client, "block", "prevented")
    found = await summary.of(stranger.principal())
    assert (found.clients, found.totals.prompts_30d) == ((), 0)


async def test_a_client_sees_its_own_row_alone(
    summary: MspSummary, world: World, client: Client, msp: Msp
) -> None:
    await world.client(msp, "Cedar")
    found = await summary.of(client.principal())
    assert [row.client_id for row in found.clients] == [client.id]


async def test_an_end_user_sees_no_dashboard(summary: MspSummary, client: Client) -> None:
    with pytest.raises(Forbidden):
        await summary.of(client.principal(Role.END_USER))
