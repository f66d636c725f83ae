"""Publishing from the form: only what changed, and nothing typed is lost."""

import re

import pytest
from quart.typing import TestClientProtocol as HttpClient

from backend.core.permissions import Role
from tests.integration.console.conftest import SITE, Visit
from tests.integration.policy.worlds import Client, Msp

HERE = {"Origin": SITE}


@pytest.fixture
def http(visit: Visit, msp: Msp) -> HttpClient:
    return visit(msp.principal())


async def publish(
    http: HttpClient, client: Client, fields: dict[str, str], version: int = 1
) -> tuple[int, str]:
    form = {"base_version": str(version), "reason": "A test", **fields}
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
    assert "set for this client" in page


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
