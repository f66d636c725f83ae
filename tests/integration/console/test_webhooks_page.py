"""Webhooks by mouse: added behind a second factor, chosen, paused, signed anew, deleted."""

import re
import time
from dataclasses import replace

import pytest
from quart.typing import TestClientProtocol as HttpClient

from tests.integration.console.conftest import NewPassword, Visit
from tests.integration.console.test_template_pages import step, text_of
from tests.integration.policy.worlds import Client, Msp

SECRET = re.compile(r"whsec_[A-Za-z0-9_-]{43}")


@pytest.fixture
def http(visit: Visit, client: Client) -> HttpClient:
    return visit(replace(client.principal(), stepped_up_at=int(time.time())))


@pytest.fixture
async def there(http: HttpClient, client: Client) -> str:
    """Give the address of a webhook that leads to this machine."""
    here = f"/console/clients/{client.id}/webhooks"
    form = {"url": "https://127.0.0.1:1/a", "kind": ["violations", "browsers"]}
    status, page, _ = await step(http, here, form)
    assert status == 200
    assert len(SECRET.findall(page)) == 1
    found = re.search(rf'href="({here}/[^"?]+)"', await text_of(http, here))
    assert found is not None
    return found[1]


async def test_a_webhook_waits_for_a_second_factor_with_what_was_filled_in(
    visit: Visit, msp: Msp, client: Client, new_password: NewPassword
) -> None:
    await new_password(msp.principal())
    here = f"/console/clients/{client.id}/webhooks"
    form = {"url": "https://siem.example.org/q", "kind": ["violations", "browsers"]}
    status, page, _ = await step(visit(msp.principal()), here, form)
    assert status == 200
    assert "Your second factor" in page
    assert 'value="https://siem.example.org/q"' in page
    assert page.count('name="kept:kind"') == 2
    assert "Nothing is sent anywhere" in await text_of(visit(msp.principal()), here)


async def test_a_webhook_that_makes_no_sense_is_not_added(http: HttpClient, client: Client) -> None:
    for form in (
        {"url": "ftp://a.example", "kind": "violations"}, {"url": "https://a.example"},
        {"url": "https://a.example", "kind": "texts"},
    ):  # fmt: skip
        status, page, _ = await step(http, f"/console/clients/{client.id}/webhooks", form)
        assert status == 422, form
        assert "Nothing is sent anywhere" in page
        assert form["url"] in page


async def test_a_test_that_does_not_arrive_says_so_and_is_kept(
    http: HttpClient, there: str
) -> None:
    status, page, _ = await step(http, there, {"do": "test"})
    assert status == 422
    assert "did not arrive" in page
    assert "private address" in page.partition("What was sent lately")[2]


async def test_a_webhook_is_chosen_paused_resumed_signed_anew_and_deleted(
    http: HttpClient, there: str
) -> None:
    _, page, _ = await step(http, there, {"do": "choose", "kind": "policies"})
    assert "That is sent from now on" in page
    _, page, _ = await step(http, there, {"do": "pause"})
    assert "What happens meanwhile waits" in page
    _, page, _ = await step(http, there, {"do": "resume"})
    assert "It goes on where it stopped" in page
    status, page, _ = await step(http, f"{there}/secret", {"overlap": "24"})
    assert status == 200
    assert len(SECRET.findall(page)) == 1
    assert "either is good" in page
    _, page, _ = await step(http, f"{there}/replay", {"days": "7"})
    assert "The past comes once more" in page
    _, page, _ = await step(http, there, {"do": "remove"})
    assert "Nothing is sent anywhere" in page
