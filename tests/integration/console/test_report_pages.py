"""Reports, keys, browsers and clients: shown, taken along, found, ended."""

import json
import re
import time
from dataclasses import replace

import pytest
from quart.typing import TestClientProtocol as HttpClient

from backend.console.permission_words import WORDS
from backend.core.permissions import ALL, Role
from backend.services.api_keys import NEVER
from tests.integration.console.conftest import Visit
from tests.integration.console.test_template_pages import step, text_of
from tests.integration.policy.worlds import Client, Msp, World


@pytest.fixture
def http(visit: Visit, msp: Msp) -> HttpClient:
    return visit(msp.principal())


async def test_a_report_without_prompts_says_what_to_do_next(
    http: HttpClient, client: Client
) -> None:
    page = await text_of(http, f"/console/clients/{client.id}/report")
    assert "Not enough data for a grade" in page
    assert "no prompt was checked" in page
    assert "Fix first" in page


async def test_a_report_is_taken_along_with_the_scores_inputs(
    visit: Visit, msp: Msp, client: Client
) -> None:
    http = visit(replace(msp.principal(), stepped_up_at=int(time.time())))
    here = f"/console/clients/{client.id}/report"
    found = json.loads(await text_of(http, f"{here}.json?framework=hipaa"))
    assert found["report"]["framework"] == "hipaa"
    assert found["score"]["inputs"]["controls"]
    csv = await text_of(http, f"{here}.csv?from=2026-01-01&to=2026-01-31")
    assert csv.startswith("section,name,title,value")
    assert csv.count("days,2026-01-") == 31 * 5
    answer = await visit(msp.principal()).get(f"{here}.csv")
    assert answer.headers["Location"].startswith("/console/step-up")


@pytest.mark.parametrize("asked", ["from=x", "from=2026-02-01&to=2026-01-01", "framework=no"])
async def test_a_wrong_period_or_framework_is_explained(
    http: HttpClient, client: Client, asked: str
) -> None:
    answer = await http.get(f"/console/clients/{client.id}/report?{asked}")
    assert answer.status_code == 422
    assert "That does not fit" in await answer.get_data(as_text=True)


async def test_what_a_client_says_itself_counts_in_the_score(
    http: HttpClient, client: Client
) -> None:
    here = f"/console/clients/{client.id}/report"
    page = await text_of(http, here)
    day = re.search(r'id="expires_on"[^>]* value="([^"]+)"', page)
    assert day is not None
    form = {"control": "training", "percent": "80", "evidence": "Course list", "expires_on": day[1]}
    status, page, _ = await step(http, here, form)
    assert status == 303
    assert "80 %, until" in page
    assert (await step(http, here, {**form, "percent": "101"}))[0] == 422
    assert (await step(http, here, {**form, "control": "coverage"}))[0] == 422


async def test_a_key_is_shown_once_exchanged_and_ended(visit: Visit, msp: Msp) -> None:
    http = visit(replace(msp.principal(), stepped_up_at=int(time.time())))
    form = {"name": "Tickets", "days": "30", "scope": ["report:read", "client:read"]}
    status, page, _ = await step(http, "/console/api-keys", form)
    assert status == 200
    shown = re.search(r"qgk_[0-9a-f]{12}_[A-Za-z0-9_-]{43}", page)
    assert shown is not None
    page = await text_of(http, "/console/api-keys")
    assert shown[0] not in page
    assert "read reports and scores" in page
    ways = re.findall(r'action="(/console/api-keys/[^"]+)"', page)
    exchange, end = sorted(ways, key=lambda way: way.endswith("/end"))
    _, page, _ = await step(http, exchange, {})
    assert "The key “Tickets”" in page
    status, page, _ = await step(http, end, {})
    assert status == 303
    assert "The key works no longer" in page


@pytest.mark.parametrize(
    "form",
    [
        {"name": "", "days": "30", "scope": "report:read"},
        {"name": "x", "days": "30"},
        {"name": "x", "days": "31", "scope": "report:read"},
        {"name": "x", "days": "30", "scope": "system:write"},
    ],
)
async def test_a_key_that_makes_no_sense_is_not_made(
    visit: Visit, msp: Msp, form: dict[str, str]
) -> None:
    http = visit(replace(msp.principal(), stepped_up_at=int(time.time())))
    status, page, _ = await step(http, "/console/api-keys", form)
    assert status == 422
    assert "No program has a key yet" in page


def test_everything_a_key_may_hold_has_words() -> None:
    assert set(WORDS) == set(ALL) - NEVER


async def test_browsers_are_found_and_disconnected_and_a_code_is_shown_once(
    http: HttpClient, visit: Visit, world: World, client: Client
) -> None:
    await world.device(client)
    here = f"/console/clients/{client.id}/fleet"
    assert "Desk 1" in await text_of(http, f"{here}?q=carl")
    assert "No browser is called so" in await text_of(http, f"{here}?q=nobody")
    page = await text_of(http, here)
    found = re.search(r'action="([^"]+/disconnect)"', page)
    assert found is not None
    auditor = await world.person(client, Role.AUDITOR)
    assert "disconnect" not in await text_of(visit(auditor), here)
    status, page, _ = await step(http, found[1], {})
    assert status == 303
    assert "Desk 1" not in page
    status, page, _ = await step(http, f"{here}/codes", {"uses": "2", "days": "1"})
    assert status == 200
    assert re.search(r'class="secret">[A-Z0-9-]{9,}<', page)
    assert (await step(http, f"{here}/codes", {"uses": "0", "days": "1"}))[0] == 422


async def test_clients_are_found_by_name_and_ordered(
    http: HttpClient, world: World, msp: Msp, client: Client
) -> None:
    await world.client(msp, "Cedar")
    page = await text_of(http, "/console/clients?order=left")
    assert client.name in page
    page = await text_of(http, "/console/clients?q=ced&order=nonsense&from=x")
    assert "Cedar" in page
    assert "Lakeside" not in page
    assert "1 of 2 clients" in page


async def test_exceptions_are_shown_of_one_ai_service(
    http: HttpClient, world: World, client: Client
) -> None:
    await world.exception(client, await world.person(client, Role.END_USER))
    assert "Pat Person" in await text_of(http, "/console/exceptions?service=chat.example")
    page = await text_of(http, "/console/exceptions?service=other.example")
    assert "Pat Person" not in page
    assert "Nobody waits for this AI service" in page


async def test_a_draft_is_tried_on_the_past_without_publishing_it(
    http: HttpClient, client: Client
) -> None:
    here = f"/console/clients/{client.id}/policy"
    form = {"base_version": "1", "family-name": "block", "step": "replay", "days": "7"}
    status, page, _ = await step(http, here, form)
    assert status == 200
    assert "On the last 7 days" in page
    assert "the past says nothing about this change" in page
    assert "Policy, version 1" in await text_of(http, here)
    watch = {"base_version": "1", "family-name": "shadow:block", "reason": "x", "step": "publish"}
    assert (await step(http, here, watch))[0] == 303
    assert "Names of people" in await text_of(http, f"{here}/watched?days=7")
