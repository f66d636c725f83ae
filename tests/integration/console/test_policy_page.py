"""Publishing from the form: only what changed, and nothing typed is lost."""

import re
from datetime import UTC, datetime

import pytest
from quart.typing import TestClientProtocol as HttpClient

from backend.core.permissions import Role
from tests.integration.console.conftest import SITE, Visit
from tests.integration.policy.worlds import Client, Msp, World

HERE = {"Origin": SITE}


@pytest.fixture
def http(visit: Visit, msp: Msp) -> HttpClient:
    return visit(msp.principal())


async def publish(
    http: HttpClient, client: Client, fields: dict[str, str], version: int = 1
) -> tuple[int, str]:
    form = {"base_version": str(version), "reason": "A test", "step": "publish", **fields}
    path = f"/console/clients/{client.id}/policy"
    answer = await http.post(path, form=form, headers=HERE)
    if answer.status_code == 303:
        shown = await http.get(answer.headers["Location"])
        return 303, await shown.get_data(as_text=True)
    return answer.status_code, await answer.get_data(as_text=True)


def chosen(page: str, name: str) -> str:
    select = re.search(rf'<select id="{name}".*?</select>', page, re.DOTALL)
    assert select is not None
    found = re.search(r"<option[^>]* selected>([^<]*)", select[0])
    return found[1] if found else ""


async def test_a_change_becomes_the_next_version(http: HttpClient, client: Client) -> None:
    status, page = await publish(http, client, {"family-name": "block"})
    assert status == 303
    assert "Version 2 is published" in page
    assert chosen(page, "family-name") == "block"
    assert "set in version 2 by Mia Msp; the template says flag" in page


async def test_an_exception_is_added_and_taken_away(http: HttpClient, client: Client) -> None:
    added = {"new-entity": "us_ssn", "new-entity-action": "warn"}
    _, page = await publish(http, client, added)
    assert chosen(page, "entity-US_SSN") == "warn"
    _, page = await publish(http, client, {"entity-US_SSN": ""}, 2)
    assert "entity-US_SSN" not in page


async def test_what_stays_the_same_publishes_nothing(http: HttpClient, client: Client) -> None:
    status, page = await publish(http, client, {})
    assert status == 200
    assert "Nothing changed" in page
    assert "Policy, version 1" in page


async def test_a_stale_form_keeps_what_was_typed_and_what_the_other_did(
    http: HttpClient, client: Client
) -> None:
    await publish(http, client, {"family-name": "block"})
    status, page = await publish(http, client, {"family-contact": "block"})
    assert status == 412
    assert "Somebody published meanwhile" in page
    assert 'name="base_version" value="2"' in page
    assert 'value="A test"' in page
    assert (chosen(page, "family-name"), chosen(page, "family-contact")) == ("block", "block")


@pytest.mark.parametrize(
    "fields",
    [
        {"family-name": "explode"},
        {"new-entity": "NO_SUCH", "new-entity-action": "warn"},
        {"new-entity": "US_SSN"},
        {"base_version": "9"},
        {"base_version": "x"},
        {"message-warn": ""},
        {"family-name": "block", "reason": " "},
    ],
)
async def test_what_cannot_be_published_is_explained(
    http: HttpClient, client: Client, fields: dict[str, str]
) -> None:
    status, page = await publish(http, client, fields)
    assert status == 422
    assert 'role="alert"' in page


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MSP_TECHNICIAN])
async def test_who_may_only_read_cannot_publish(
    visit: Visit, msp: Msp, client: Client, role: Role
) -> None:
    who = client.principal(role) if role is Role.AUDITOR else msp.principal(role)
    status, _ = await publish(visit(who), client, {"family-name": "block"})
    assert status == 403


async def test_looking_at_a_change_shows_its_differences_and_publishes_nothing(
    http: HttpClient, client: Client
) -> None:
    fields = {"step": "preview", "family-name": "block", "family-contact": "allow"}
    status, page = await publish(http, client, fields)
    assert status == 200
    text = plain(page)
    assert "2 differences" in text
    assert "Names of people flag block stricter" in text
    assert "Contact details warn allow milder" in text
    assert "Milder than before Contact details" in text
    assert "Publish version 2 for Lakeside" in text
    assert "Policy, version 1" in await shown(http, client)


async def test_a_preview_carries_the_change_on_and_back(http: HttpClient, client: Client) -> None:
    fields = {"family-name": "block", "message-warn": "Ask Ann first."}
    _, preview = await publish(http, client, {"step": "preview", **fields})
    carried = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', preview))
    assert carried == {"base_version": "1", **fields}
    status, form = await publish(http, client, {"step": "edit", **carried})
    assert status == 200
    assert chosen(form, "family-name") == "block"
    assert "Ask Ann first." in form
    assert "not published yet" in form
    status, page = await publish(http, client, {"step": "publish", **carried})
    assert status == 303
    assert "Ask Ann first." in page


async def test_without_a_reason_the_differences_stay_on_the_page(
    http: HttpClient, client: Client
) -> None:
    status, page = await publish(http, client, {"family-name": "block", "reason": " "})
    assert status == 422
    assert 'name="family-name" value="block"' in page
    assert "Say in 1 to 500 characters" in page


async def test_a_stale_form_says_who_published_what_meanwhile(
    http: HttpClient, client: Client
) -> None:
    await publish(http, client, {"family-name": "block", "reason": "Names must stay."})
    for step in ("preview", "publish"):
        status, page = await publish(http, client, {"family-contact": "block", "step": step})
        assert status == 412
        text = plain(page)
        assert "Version 2 by Mia Msp" in text
        assert "“Names must stay.” Names of people: flag → becomes block stricter" in text


async def test_an_unfinished_exception_does_not_lose_the_rest(
    http: HttpClient, client: Client
) -> None:
    fields = {"step": "preview", "family-name": "block", "new-entity": "US_SSN"}
    status, page = await publish(http, client, fields)
    assert status == 422
    assert chosen(page, "family-name") == "block"
    assert 'value="US_SSN"' in page


async def test_a_message_typed_on_several_lines_is_one_line(
    http: HttpClient, client: Client
) -> None:
    status, page = await publish(http, client, {"message-warn": "Look\r\nagain.\r\n"})
    assert status == 303
    assert ">Look again.</textarea>" in page


async def test_every_choice_says_what_it_means_and_where_it_comes_from(
    http: HttpClient, client: Client
) -> None:
    text = plain(await shown(http, client))
    assert "the person sees nothing" in text
    assert "Names of people “patient Maria Lopez” from the HIPAA template" in text
    assert "devices, vehicles or web addresses with health words: block" in text
    assert "the server checks again when the browser finds something" in text


async def test_the_history_says_what_each_version_changed(http: HttpClient, client: Client) -> None:
    await publish(http, client, {"family-name": "block", "reason": "Names must stay."})
    _, page = await publish(http, client, {"new-entity": "us ssn", "new-entity-action": "warn"}, 2)
    text = plain(page)
    assert "Mia Msp Names must stay. Names of people: flag → becomes block stricter" in text
    assert "US SSN: by group → becomes warn" in text


async def test_where_no_group_decides_the_category_can_be_changed(
    http: HttpClient, client: Client
) -> None:
    status, page = await publish(http, client, {"category-pii": "warn"})
    assert status == 303
    assert chosen(page, "category-pii") == "warn"


async def test_how_many_browsers_obey_follows_their_word(
    http: HttpClient, world: World, client: Client
) -> None:
    await world.device(client, 1, datetime.now(UTC))
    part = f"/console/clients/{client.id}/policy/obeying?shown=1"
    assert "1 of 1 browser on version 1" in plain(await text_of(http, part))
    await publish(http, client, {"family-name": "block"})
    text = plain(await text_of(http, part))
    assert "0 of 1 browser on version 2 · 1 still on an older version" in text
    assert "Version 2 was published meanwhile" in text


async def text_of(http: HttpClient, path: str) -> str:
    page: str = await (await http.get(path)).get_data(as_text=True)
    return page


async def shown(http: HttpClient, client: Client) -> str:
    return await text_of(http, f"/console/clients/{client.id}/policy")


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())
