"""While the database is away every page says so, and what somebody typed is kept."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from quart import Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from tests.integration.console.conftest import PASSWORD, SITE, Visit, console
from tests.integration.console.test_sessions import hidden
from tests.integration.policy.worlds import Client, Msp

HERE = {"Origin": SITE}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def app(
    owner_url: DatabaseUrl, keys: KeyRing, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Quart]:
    """Start one whose database goes away."""
    async with console(owner_url, keys, tmp_path_factory.mktemp("console")) as running:
        await running.extensions["quillgate"].database.close()
        yield running


@pytest.fixture
def http(visit: Visit, msp: Msp) -> HttpClient:
    """Give a signed-in browser of it."""
    return visit(msp.principal())


@pytest.mark.parametrize(
    "page", ["feed", "feed/items", "fleet", "fleet/state", "policy", "own-rules"]
)
async def test_a_page_says_so_instead_of_breaking(
    http: HttpClient, client: Client, page: str
) -> None:
    answer = await http.get(f"/console/clients/{client.id}/{page}")
    assert answer.status_code == 503
    assert answer.content_type.startswith("text/html")
    assert answer.headers["Retry-After"]
    text = await answer.get_data(as_text=True)
    assert "Away for a moment" in text
    assert f'href="/console/clients/{client.id}/{page}">Try again' in text


async def test_a_change_that_could_not_be_taken_is_kept_to_be_tried_again(
    http: HttpClient, client: Client
) -> None:
    path = f"/console/clients/{client.id}/policy"
    change = {"base_version": "1", "family-name": "block", "reason": "x", "step": "publish"}
    answer = await http.post(path, form=change, headers=HERE)
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert f'action="{path}"' in page
    assert hidden(page) == {**change, "step": "preview"}


async def test_a_sign_in_says_so(http: HttpClient) -> None:
    form = {"email": "a@example.org", "password": PASSWORD}
    answer = await http.post("/console/sign-in", form=form, headers=HERE)
    assert answer.status_code == 503
    assert "Away for a moment" in await answer.get_data(as_text=True)
