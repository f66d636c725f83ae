"""Input nobody means: every page answers with a page that says what is wrong."""

import pytest
from quart.typing import TestClientProtocol as HttpClient

from tests.integration.console.conftest import SITE, Visit
from tests.integration.policy.worlds import Client, Msp

HERE = {"Origin": SITE}


@pytest.fixture
def http(visit: Visit, msp: Msp) -> HttpClient:
    return visit(msp.principal())


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/console/feed?older=nonsense", 422),
        ("/console/feed?older=%C3%A9%F0%9F%98%80", 422),
        ("/console/feed?action=block%00", 422),
        ("/console/feed/items?service=%27%3B%20DROP", 422),
        ("/console/clients/not-an-id/feed", 404),
        ("/console/clients/00000000-0000-0000-0000-000000000000/policy", 404),
        ("/console/clients/%00/feed", 422),
        ("/console/" + "x" * 5000, 404),
        ("/console/sign-out", 404),
    ],
)
async def test_an_odd_address_is_explained_on_a_page(
    http: HttpClient, path: str, status: int
) -> None:
    await explained(await http.get(path), status)


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"base_version": "1" * 400}, 422),
        ({"base_version": "\u0663"}, 422),
        ({"base_version": "1", "family-name": "block", "reason": "a\0b", "step": "publish"}, 422),
        ({"base_version": "1", "message-warn": "\u202egnp.exe"}, 422),
        ({"base_version": "1", "message-warn": "x" * 1001}, 422),
        ({"base_version": "1", "entity-" + "X" * 300: "warn"}, 422),
        ({"base_version": "1", "step": "explode", "family-name": "block"}, 200),
        ({"reason": "x" * 300_000}, 413),
    ],
)
async def test_an_odd_form_is_explained_on_a_page(
    http: HttpClient, client: Client, form: dict[str, str], status: int
) -> None:
    path = f"/console/clients/{client.id}/policy"
    answer = await http.post(path, form=form, headers=HERE)
    if status != 200:
        await explained(answer, status)
    page = await (await http.get(path)).get_data(as_text=True)
    assert "Policy, version 1" in page, "nothing was published"


async def explained(answer: object, status: int) -> None:
    page: str = await answer.get_data(as_text=True)  # type: ignore[attr-defined]
    assert answer.status_code == status, page  # type: ignore[attr-defined]
    assert answer.content_type.startswith("text/html")  # type: ignore[attr-defined]
    assert 'role="alert"' in page
    assert "Traceback" not in page


async def test_no_answer_leads_to_the_host_a_request_names(visit: Visit, msp: Msp) -> None:
    http = visit(msp.principal())
    for path in ("/console//clients", "/console/clients/", "/console//evil.example/..", "//x"):
        answer = await http.get(path, headers={"Host": "evil.example"})
        assert answer.status_code == 404, path
        assert "Location" not in answer.headers
