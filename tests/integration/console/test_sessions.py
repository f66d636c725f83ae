"""Signing in with a form: cookies, refusals, renewal, and posts from elsewhere."""

import pytest
from quart.typing import TestClientProtocol as HttpClient

from backend.core.permissions import Role
from tests.integration.console.conftest import PASSWORD, SITE, NewPassword, Visit
from tests.integration.policy.worlds import Client, Msp

HERE = {"Origin": SITE}


async def test_without_a_session_a_page_leads_to_the_sign_in(stranger: HttpClient) -> None:
    answer = await stranger.get("/console/clients")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/console/sign-in"


async def test_without_a_session_a_script_is_told_so(stranger: HttpClient) -> None:
    answer = await stranger.post("/console/token", headers=HERE)
    assert answer.status_code == 401


async def test_a_sign_in_sets_cookies_no_script_and_no_other_site_can_use(
    stranger: HttpClient, msp: Msp, new_password: NewPassword
) -> None:
    form = {"email": await new_password(msp.principal()), "password": PASSWORD}
    answer = await stranger.post("/console/sign-in", form=form, headers=HERE)
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"qg_console", "qg_console_refresh"}
    for cookie in cookies:
        assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/console"))
    assert (await stranger.get("/console/clients")).status_code == 200


async def test_the_refresh_cookie_alone_renews_both(
    stranger: HttpClient, msp: Msp, new_password: NewPassword
) -> None:
    form = {"email": await new_password(msp.principal()), "password": PASSWORD}
    await stranger.post("/console/sign-in", form=form, headers=HERE)
    stranger.delete_cookie("localhost", "qg_console", path="/console")
    answer = await stranger.post("/console/token", headers=HERE)
    assert answer.status_code == 200
    assert (await answer.get_json())["access_token"]
    assert len(answer.headers.getlist("Set-Cookie")) == 2


async def test_wrong_credentials_keep_the_address_typed(stranger: HttpClient) -> None:
    form = {"email": "who@example.org", "password": "wrong"}
    answer = await stranger.post("/console/sign-in", form=form, headers=HERE)
    page = await answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert 'value="who@example.org"' in page
    assert "password or code is wrong" in page


async def test_too_many_tries_are_said_on_the_page(stranger: HttpClient) -> None:
    form = {"email": "often@example.org", "password": "wrong"}
    for _ in range(5):
        await stranger.post("/console/sign-in", form=form, headers=HERE)
    answer = await stranger.post("/console/sign-in", form=form, headers=HERE)
    assert answer.status_code == 429
    assert "Too many" in await answer.get_data(as_text=True)


async def test_signing_out_ends_the_session_on_the_server(
    stranger: HttpClient, msp: Msp, new_password: NewPassword
) -> None:
    form = {"email": await new_password(msp.principal()), "password": PASSWORD}
    signed_in = await stranger.post("/console/sign-in", form=form, headers=HERE)
    refresh = signed_in.headers.getlist("Set-Cookie")[1].partition("=")[2].partition(";")[0]
    await stranger.post("/console/sign-out", headers=HERE)
    stranger.set_cookie("localhost", "qg_console_refresh", refresh, path="/console")
    assert (await stranger.get("/console/clients")).status_code == 303


@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
@pytest.mark.parametrize("path", ["/console/token", "/console/sign-in", "/console/sign-out"])
async def test_posts_from_elsewhere_are_refused(
    visit: Visit, msp: Msp, path: str, origin: str
) -> None:
    answer = await visit(msp.principal()).post(path, headers={"Origin": origin}, form={})
    assert answer.status_code == 403


async def test_people_without_a_console_get_a_friendly_page(visit: Visit, client: Client) -> None:
    answer = await visit(client.principal(Role.END_USER)).get("/console")
    assert answer.status_code == 403
    assert "protects you" in await answer.get_data(as_text=True)
