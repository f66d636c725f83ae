"""The pages: who sees which client, as HTML, also when something fails."""

import re

import pytest
from quart.typing import TestClientProtocol as HttpClient

from backend.core.permissions import Role
from tests.integration.console.conftest import Visit
from tests.integration.policy.worlds import Client, Msp, World

PAGES = (
    "feed", "feed/items", "fleet", "fleet/state", "policy", "policy/obeying", "own-rules",
)  # fmt: skip


async def text_of(http: HttpClient, path: str, status: int = 200) -> str:
    answer = await http.get(path)
    assert answer.status_code == status, path
    assert answer.content_type.startswith("text/html")
    page: str = await answer.get_data(as_text=True)
    assert "style=" not in page
    return page


@pytest.mark.parametrize("page", PAGES)
async def test_both_an_msp_and_its_client_see_a_clients_pages(
    visit: Visit, msp: Msp, client: Client, page: str
) -> None:
    for who in (msp.principal(), client.principal(), client.principal(Role.AUDITOR)):
        assert await text_of(visit(who), f"/console/clients/{client.id}/{page}")


@pytest.mark.parametrize("page", PAGES)
async def test_a_foreign_client_is_not_found(
    visit: Visit, world: World, client: Client, page: str
) -> None:
    other = await world.client(await world.msp(), "Elsewhere")
    path = f"/console/clients/{other.id}/{page}"
    shown = await text_of(visit(client.principal()), path, 404)
    assert "There is no" in shown
    assert "Elsewhere" not in shown


async def test_home_leads_to_what_a_role_looks_at(visit: Visit, msp: Msp, client: Client) -> None:
    of_msp = await visit(msp.principal()).get("/console")
    of_client = await visit(client.principal()).get("/console")
    assert of_msp.headers["Location"] == "/console/clients"
    assert of_client.headers["Location"] == f"/console/clients/{client.id}/feed"


async def test_the_msp_feed_holds_its_clients_and_no_others(
    visit: Visit, world: World, msp: Msp, client: Client
) -> None:
    other = await world.client(await world.msp(), "Elsewhere")
    await world.submission(client, "block", "prevented")
    await world.submission(other, "block", "prevented")
    page = await text_of(visit(msp.principal()), "/console/feed")
    assert str(client.id) in page
    assert str(other.id) not in page


async def test_the_fleet_says_how_many_are_current(
    visit: Visit, world: World, msp: Msp, client: Client
) -> None:
    await world.device(client, adapter_health={"chatgpt": ["composer"]})
    page = await text_of(visit(msp.principal()), f"/console/clients/{client.id}/fleet")
    assert "of 1 browser on version 1" in page
    assert "A site has changed: ChatGPT in 1 browser" in page
    assert "Desk 1" in page


async def test_an_address_that_is_no_page_answers_in_html(stranger: HttpClient) -> None:
    assert "no such page" in await text_of(stranger, "/console/nothing/here", 404)


async def test_the_pages_are_no_part_of_the_api_document(stranger: HttpClient) -> None:
    answer = await stranger.get("/openapi.json")
    assert not [path for path in (await answer.get_json())["paths"] if "console" in path]


async def test_the_bare_address_of_the_server_leads_to_the_console(stranger: HttpClient) -> None:
    answer = await stranger.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console")


async def test_the_platforms_operator_is_told_why_there_are_no_clients(
    visit: Visit, msp: Msp
) -> None:
    operator = visit(msp.principal(Role.SUPER_ADMIN))
    page = await text_of(operator, "/console")
    assert "sees no client" in page
    assert (await operator.get("/console/clients")).headers["Location"] == "/console"


async def test_every_page_of_a_client_names_it_in_its_title_and_its_badge(
    visit: Visit, msp: Msp, client: Client
) -> None:
    for page in ("feed", "fleet", "policy", "own-rules"):
        shown = await text_of(visit(msp.principal()), f"/console/clients/{client.id}/{page}")
        assert f"· {client.name} · Quillgate</title>" in shown
        assert '<strong class="badge">' in shown


async def test_a_problem_shown_to_a_clients_people_is_in_their_own_rooms(
    visit: Visit, world: World, client: Client
) -> None:
    other = await world.client(await world.msp(), "Elsewhere")
    path = f"/console/clients/{other.id}/policy"
    shown = await text_of(visit(client.principal()), path, 404)
    assert f'<nav aria-label="{client.name}">' in shown
    assert "Harbor" not in shown


async def test_where_there_is_no_page_the_menu_of_who_is_signed_in_leads_on(
    visit: Visit, msp: Msp, client: Client, stranger: HttpClient
) -> None:
    path = "/console/no/such-page"
    assert f'<nav aria-label="{client.name}">' in await text_of(
        visit(client.principal()), path, 404
    )
    assert '<nav aria-label="Main">' in await text_of(visit(msp.principal()), path, 404)
    for http in (stranger, visit(client.principal(Role.END_USER))):
        shown = await text_of(http, path, 404)
        assert "no such page" in shown
        assert "<nav" not in shown


async def test_the_first_eight_clients_of_an_msp_differ_in_colour(
    visit: Visit, world: World, msp: Msp
) -> None:
    for number in range(8):
        await world.client(msp, f"Client {number}")
    page = await text_of(visit(msp.principal()), "/console/clients")
    assert len(set(re.findall(r'class="letters (scope-\d)"', page))) == 8


async def test_who_only_uses_the_extension_is_offered_no_page(visit: Visit, client: Client) -> None:
    page = await text_of(visit(client.principal(Role.END_USER)), "/console", 403)
    assert "<nav" not in page


async def test_without_a_browser_the_summary_says_so_instead_of_a_percentage_of_nothing(
    visit: Visit, msp: Msp, client: Client
) -> None:
    page = await text_of(visit(msp.principal()), "/console/clients")
    assert "none enrolled" in page
    assert "0 of 0" not in page
    fleet = await text_of(visit(msp.principal()), f"/console/clients/{client.id}/fleet")
    assert "No browser is enrolled yet" in fleet
    assert "0 of 0" not in fleet
