"""Exceptions on their page and in the feed, and what is done about violations with one button."""

import re

import pytest
from quart.typing import TestClientProtocol as HttpClient

from backend.core.permissions import Role
from tests.integration.console.conftest import SITE, Visit
from tests.integration.console.test_feed_page import rows, text_of
from tests.integration.policy.worlds import Client, Msp, World

WHY = "The insurer asks for it today."


@pytest.fixture
def http(visit: Visit, msp: Msp) -> HttpClient:
    return visit(msp.principal())


async def posted(http: HttpClient, path: str, **form: str) -> tuple[int, str]:
    answer = await http.post(path, form=form, headers={"Origin": SITE})
    return answer.status_code, await answer.get_data(as_text=True)


async def test_the_page_shows_what_waits_and_why_somebody_cannot_decide(
    http: HttpClient, visit: Visit, world: World, client: Client
) -> None:
    person = await world.person(client, Role.CLIENT_ADMIN)
    await world.exception(client, person, approvers_needed=2)
    page = await text_of(http, "/console/exceptions")
    for words in ("Pat Person", "US SSN", "chat.example", WHY, "Lakeside", "Needs two people"):
        assert words in page
    assert "Approve" in page
    own = await text_of(visit(person), f"/console/clients/{client.id}/exceptions")
    assert "You asked for this yourself" in own
    assert "Approve" not in own
    auditor = visit(await world.person(client, Role.AUDITOR))
    read = await text_of(auditor, f"/console/clients/{client.id}/exceptions")
    assert "may read this but not decide" in read


async def test_an_answer_that_does_not_fit_is_said_and_keeps_the_reason(
    http: HttpClient, world: World, client: Client
) -> None:
    exception = await world.exception(client, await world.person(client, Role.END_USER))
    path = f"/console/exceptions/{exception}"
    for step, minutes, reason in (
        ("approve", "30", ""), ("approve", "61", "why"), ("approve", "1e3", "why"),
        ("allow", "30", "why"),
    ):  # fmt: skip
        status, page = await posted(http, path, step=step, minutes=minutes, reason=reason)
        assert status == 422
        assert "That does not fit" in page
        assert f'value="{reason}"' in page
    state = "SELECT status FROM exceptions WHERE id = $1"
    assert await world.owner.fetchval(state, exception) == "pending"


async def test_a_row_of_the_feed_says_who_asks_and_leads_to_the_answer(
    http: HttpClient, world: World, client: Client
) -> None:
    person = await world.person(client, Role.END_USER)
    stopped = await world.submission(client, "block", "abandoned", kinds={"US_SSN": 1})
    await world.exception(client, person, submission=stopped)
    await world.owner.execute(
        "INSERT INTO justifications (tenant_id, event_id, msp_id, submission_id, user_id,"
        " justification, words) VALUES ($1, $2, $3, $2, $4, 'legal', $5)",
        client.id, stopped, client.msp_id, person.user_id, WHY,
    )  # fmt: skip
    page = await text_of(http, "/console/feed")
    (row,) = rows(page)
    assert "Asks for an exception" in row
    assert f"A legal duty or a claim: {WHY}" in row
    assert f"/console/clients/{client.id}/exceptions" in page


async def test_one_button_takes_up_all_that_a_row_stands_for(
    http: HttpClient, world: World, client: Client
) -> None:
    for _ in range(3):
        await world.submission(client, "block", "prevented", kinds={"US_SSN": 1})
    page = await text_of(http, "/console/feed")
    [members] = re.findall(r'name="members" value="([^"]+)"', page)
    path = f"/console/clients/{client.id}/violations"
    status, _ = await posted(http, path, members=members, step="triaged", back="/console/feed")
    assert status == 303
    (row,) = rows(await text_of(http, "/console/feed"))
    assert "Taken up by Mia Msp" in row
    assert "Close it" in row
    status, _ = await posted(http, path, members=members, step="resolved", back="//evil.example")
    assert status == 303
    (row,) = rows(await text_of(http, "/console/feed"))
    assert "Taken up by Mia Msp" in row, "what was read earlier is stale and changes nothing"
    for wrong in ({"members": "x:1"}, {"members": members, "step": "new"}):
        assert (await posted(http, path, **{"step": "triaged", **wrong}))[0] == 422


async def test_a_violation_has_a_page_with_its_history(
    http: HttpClient, world: World, client: Client
) -> None:
    stopped = await world.submission(client, "block", "false_positive", kinds={"US_SSN": 1})
    path = f"/console/clients/{client.id}/violations/{stopped}"
    step = {"base_version": "1", "status": "false_positive", "owner": "me", "comment": "A test id",
            "exempt_minutes": "15"}  # fmt: skip
    assert (await posted(http, path, **step))[0] == 303
    page = await text_of(http, path)
    for words in ("Accepted as a mistake", "Mia Msp", "A test id", "reported as a mistake"):
        assert words in page
    assert (await posted(http, path, **step))[0] == 412
    shown = await text_of(http, f"/console/clients/{client.id}/exceptions")
    assert "Reported as a mistake" not in shown, "the reason is the approver's"
    assert "A test id" in shown
