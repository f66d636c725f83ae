"""Signing in through a provider on pages: set, gone through, and remembered for the next time."""

import base64
import time
from dataclasses import replace

import httpx
import pytest
from quart import Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.app import create_app
from backend.core.config import Settings
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.migration import LOGIN_ROLE
from tests.integration.console.conftest import SITE, cookie_of
from tests.integration.identity.openid_provider import CLIENT_ID, SECRET
from tests.integration.policy.worlds import Client

HERE = {"Origin": SITE}


@pytest.fixture
def local(owner_url: DatabaseUrl, keys: KeyRing) -> Quart:
    """Return an application that may ask this machine; nothing is connected yet."""
    master = base64.b64encode(b"m" * 32).decode()
    settings = Settings.from_environment({"MASTER_KEY": master, "PUBLIC_URL": SITE})
    login = owner_url.login(LOGIN_ROLE, keys.database_password).text()
    return create_app(replace(settings, demonstration=True), keys, login)


async def gone_through(http: HttpClient, begin: str, issuer: str, **who: object) -> str:
    """Sign in at the provider as somebody; return where it sends the browser back to."""
    begun = await http.get(begin, headers={"Sec-Fetch-Site": "none"})
    assert begun.status_code == 303, await begun.get_data()
    async with httpx.AsyncClient() as there:
        await there.post(f"{issuer}/_next", json=who)
        sent = await there.get(begun.headers["Location"])
    return sent.headers["Location"].removeprefix(SITE)


def wanted(issuer: str) -> dict[str, str]:
    """Return a filled form that sets the provider of a client."""
    return {
        "issuer": issuer, "client": CLIENT_ID, "secret": SECRET, "base_version": "0",
        "domains": "Example.org", "is_enabled": "on",
    }  # fmt: skip


async def test_an_administrator_sets_a_provider_and_people_come_in_through_it(
    local: Quart, keys: KeyRing, client: Client, issuer: str
) -> None:
    async with local.test_app():
        admin, http = local.test_client(), local.test_client()
        who = client.principal()
        admin.set_cookie("localhost", "qg_console", cookie_of(keys, who), path="/console")
        page = f"/console/clients/{client.id}/settings/provider"
        form = wanted(issuer)
        asked = await (await admin.post(page, form=form, headers=HERE)).get_data(as_text=True)
        assert "Your second factor" in asked
        who = replace(who, stepped_up_at=int(time.time()))
        admin.set_cookie("localhost", "qg_console", cookie_of(keys, who), path="/console")
        refused = await admin.post(page, form=form | {"issuer": "x://y"}, headers=HERE)
        assert refused.status_code == 422
        assert (await admin.post(page, form=form, headers=HERE)).status_code == 303
        begin = f"/console/sign-in/through/{client.id}"
        shown = await (await admin.get(page)).get_data(as_text=True)
        assert SITE + begin in shown
        assert SECRET not in shown

        known = {"sub": f"a-{client.id}", "email": f"{client.admin_id}@example.org"}
        back = await gone_through(http, begin, issuer, **known, email_verified=False)
        assert (await http.get(back)).status_code == 401
        back = await gone_through(http, begin, issuer, **known, email_verified=True)
        answer = await http.get(back)
        assert answer.status_code == 200, "a page of ours: from there Strict cookies are not sent"
        cookies = {one.partition("=")[0]: one for one in answer.headers.getlist("Set-Cookie")}
        assert "SameSite=Strict" in cookies["qg_console"]
        assert "Max-Age=0" in cookies["qg_console_flow"]
        feed = await http.get(f"/console/clients/{client.id}/feed")
        assert feed.status_code == 200
        await http.post("/console/sign-out", headers=HERE)
        assert (await http.get(back)).status_code == 401, "an answer counts once"
        again = await (await http.get("/console/sign-in")).get_data(as_text=True)
        assert f'href="{begin}"' in again


async def test_nobody_begins_a_sign_in_because_another_site_led_them_there(
    local: Quart, keys: KeyRing, client: Client, issuer: str
) -> None:
    async with local.test_app():
        admin, http = local.test_client(), local.test_client()
        who = replace(client.principal(), stepped_up_at=int(time.time()))
        admin.set_cookie("localhost", "qg_console", cookie_of(keys, who), path="/console")
        page = f"/console/clients/{client.id}/settings/provider"
        assert (await admin.post(page, form=wanted(issuer), headers=HERE)).status_code == 303
        begin = f"/console/sign-in/through/{client.id}"
        for site in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {}):
            asked = await http.get(begin, headers=site)
            assert asked.status_code == 200
            assert "Set-Cookie" not in asked.headers
            text = await asked.get_data(as_text=True)
            assert '<form method="post">' in text
            assert "127.0.0.1" in text
        assert (await http.get(begin, headers={"Sec-Fetch-Site": "same-origin"})).status_code == 303
        elsewhere = await http.post(begin, headers={"Origin": "https://elsewhere.example"})
        assert elsewhere.status_code == 403
        wished = await http.post(begin, headers=HERE)
        assert wished.status_code == 200
        assert "qg_console_flow" in wished.headers["Set-Cookie"]
        text = await wished.get_data(as_text=True)
        assert f'http-equiv="refresh" content="0; url={issuer}' in text
        assert (await http.get(f"/console/sign-in/through/{client.msp_id}")).status_code == 404
