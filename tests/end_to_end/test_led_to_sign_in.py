"""Another site leads a browser to a provider's sign-in: it is asked first, and then gets there."""

import httpx
from playwright.async_api import Browser, expect

from tests.end_to_end.conftest import Server
from tests.end_to_end.console_visits import faults_of
from tests.integration import conftest as integration
from tests.integration.identity.openid_provider import CLIENT_ID, SECRET

issuer = integration.issuer


async def test_whom_another_site_leads_to_a_sign_in_is_asked_and_goes_on_by_keyboard(
    chromium: Browser, server: Server, issuer: str
) -> None:
    person = server.person("client_admin")
    async with httpx.AsyncClient(base_url=f"{server.url}/api/v1") as http:
        sent = {"email": person["email"], "password": person["password"]}
        made = (await http.post("/auth/login", json=sent)).json()
        http.headers["Authorization"] = f"Bearer {made['access_token']}"
        shown = await http.post("/auth/step-up", json={"code": person["password"]})
        http.headers["Authorization"] = f"Bearer {shown.json()['access_token']}"
        client = (await http.get("/clients")).json()["items"][0]["id"]
        wanted = {"issuer": issuer, "openid_client_id": CLIENT_ID, "secret": SECRET,
                  "domains": ["example.org"], "base_version": 0}  # fmt: skip
        put = await http.put("/identity-provider", json=wanted)
        assert put.status_code == httpx.codes.OK, put.text
        begin = f"{server.url}/console/sign-in/through/{client}"
        page = await (await chromium.new_context()).new_page()
        await page.goto(f"{issuer}/keys")
        await page.evaluate("(address) => { location.href = address }", begin)
        await expect(page.get_by_role("heading", level=1)).to_have_text("Do you want to sign in?")
        assert await page.context.cookies() == []
        assert await faults_of(page, "through") == []
        await page.set_viewport_size({"width": 1280, "height": 900})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.get_by_role("button").focus()
        await page.keyboard.press("Enter")
        await page.wait_for_url(lambda address: begin not in address)
        assert any(url.startswith(f"{issuer}/") and "code_challenge=" in url for url in asked)
        await http.delete(f"/identity-provider?client_id={client}")
        await page.context.close()
