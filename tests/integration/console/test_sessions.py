"""Signing in with a form: cookies, refusals, renewal, and posts from elsewhere."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from quart import Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.app import create_app
from backend.core.config import Settings
from backend.core.permissions import Role
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.migration import LOGIN_ROLE
from tests.integration.console.conftest import PASSWORD, SITE, NewPassword, Visit, console
from tests.integration.policy.worlds import Client, Msp

HERE = {"Origin": SITE}


@pytest.fixture
async def app(owner_url: DatabaseUrl, keys: KeyRing, tmp_path: Path) -> AsyncIterator[Quart]:
    """Start one that has counted no sign-ins yet."""
    async with console(owner_url, keys, tmp_path) as running:
        yield running


async def test_without_a_session_a_page_leads_to_the_sign_in(stranger: HttpClient) -> None:
    answer = await stranger.get("/console/clients")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/console/sign-in?next=/console/clients"


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


async def test_over_https_no_neighbour_under_the_same_domain_can_put_cookies_in_their_place(
    owner_url: DatabaseUrl, keys: KeyRing, tmp_path: Path, msp: Msp, new_password: NewPassword
) -> None:
    """A cookie `__Host-` comes from this very host, over https, and for all of it."""
    secure = "https://console.example"
    settings = Settings.from_environment({"DATA_DIR": str(tmp_path), "PUBLIC_URL": secure})
    app = create_app(settings, keys, owner_url.login(LOGIN_ROLE, keys.database_password).text())
    form = {"email": await new_password(msp.principal()), "password": PASSWORD}
    async with app.test_app():
        http = app.test_client()
        answer = await http.post("/console/sign-in", form=form, headers={"Origin": secure})
        assert answer.status_code == 303
        cookies = answer.headers.getlist("Set-Cookie")
        assert {cookie.partition("=")[0] for cookie in cookies} == {
            "__Host-qg_console", "__Host-qg_console_refresh",
        }  # fmt: skip
        for cookie in cookies:
            assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))
            assert "Domain" not in cookie
        held = cookies[0].partition("=")[2].partition(";")[0]
        there = app.test_client()
        there.set_cookie("localhost", "qg_console", held)
        assert (await there.get("/console/clients")).status_code == 303, "the plain name is nobody"
        page = await http.get("/console/clients")
        assert page.status_code == 200
        policy = page.headers["Content-Security-Policy"]
        assert "connect-src 'self' wss://console.example;" in policy
        assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")


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


async def test_after_the_sign_in_people_are_where_they_wanted_to_be(
    stranger: HttpClient, msp: Msp, client: Client, new_password: NewPassword
) -> None:
    wanted = f"/console/clients/{client.id}/feed?action=block"
    first = await stranger.get(wanted)
    page = await (await stranger.get(first.headers["Location"])).get_data(as_text=True)
    assert f'name="next" value="{wanted}"' in page
    form = {"email": await new_password(msp.principal()), "password": PASSWORD, "next": wanted}
    answer = await stranger.post("/console/sign-in", form=form, headers=HERE)
    assert answer.headers["Location"] == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/console", "//evil.example", "/console/../api", "/console/sign-out",
        "/console//evil.example", "/\\evil.example", "javascript:alert(1)", "/openapi.json",
    ],
)  # fmt: skip
async def test_a_sign_in_leads_nowhere_else(
    stranger: HttpClient, msp: Msp, new_password: NewPassword, wanted: str
) -> None:
    form = {"email": await new_password(msp.principal()), "password": PASSWORD, "next": wanted}
    answer = await stranger.post("/console/sign-in", form=form, headers=HERE)
    assert answer.headers["Location"] == "/console"


async def test_a_change_typed_before_the_session_ended_is_kept_through_the_sign_in(
    stranger: HttpClient, msp: Msp, client: Client, new_password: NewPassword
) -> None:
    policy = f"/console/clients/{client.id}/policy"
    change = {"base_version": "1", "family-name": "block", "reason": "x", "step": "publish"}
    answer = await stranger.post(policy, form=change, headers=HERE)
    assert answer.status_code == 401
    carried = hidden(await answer.get_data(as_text=True))
    wrong = {**carried, "email": await new_password(msp.principal()), "password": "wrong"}
    again = await stranger.post("/console/sign-in", form=wrong, headers=HERE)
    assert hidden(await again.get_data(as_text=True)) == carried
    right = {**wrong, "password": PASSWORD}
    welcome = await (await stranger.post("/console/sign-in", form=right, headers=HERE)).get_data(
        as_text=True
    )
    assert f'action="{policy}"' in welcome
    kept = hidden(welcome)
    assert kept == {**change, "step": "preview"}, "going on shows the change, it never publishes"
    preview = await stranger.post(policy, form=kept, headers=HERE)
    assert "Publish version 2" in await preview.get_data(as_text=True)


async def test_signing_out_is_confirmed(visit: Visit, msp: Msp) -> None:
    http = visit(msp.principal())
    answer = await http.post("/console/sign-out", headers=HERE)
    page = await (await http.get(answer.headers["Location"])).get_data(as_text=True)
    assert "You are signed out" in page


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
