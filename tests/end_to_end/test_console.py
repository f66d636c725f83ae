"""The console in a real browser: accessible, live, and able to change a policy."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.end_to_end.conftest import CHROMIUM, CLIENT, Server

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
AXE = (ROOT / "extension" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
SHOTS = ROOT / "build" / "screenshots"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest_asyncio.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        await browser.close()


async def signed_in(chromium: Browser, server: Server, role: str, **options: Any) -> Page:
    """Sign in by keyboard alone."""
    context = await chromium.new_context(bypass_csp=True, **options)
    page = await context.new_page()
    await page.goto(f"{server.url}/console/sign-in")
    person = server.person(role)
    await expect(page.get_by_label("E-mail address")).to_be_focused()
    await page.keyboard.type(person["email"])
    await page.keyboard.press("Tab")
    await page.keyboard.type(person["password"])
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda address: "sign-in" not in address)
    return page


async def violations_of_wcag(page: Page) -> list[str]:
    """Return what axe-core finds, as rule and place."""
    await page.evaluate(AXE)
    found = await page.evaluate(f"axe.run(document, {{ runOnly: {RULES} }})")
    return [f"{v['id']}: {v['nodes'][0]['target']}" for v in found["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
async def test_every_page_is_accessible(
    chromium: Browser, server: Server, scheme: Any, width: int
) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page = await signed_in(
        chromium, server, "msp_admin", color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    assert await violations_of_wcag(page) == []
    await page.get_by_role("link", name=CLIENT).click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    links = page.get_by_role("navigation", name=CLIENT).get_by_role("link")
    addresses = [await link.get_attribute("href") for link in await links.all()]
    assert len(addresses) >= 3
    for address in ["/console/feed", *addresses]:
        await page.goto(f"{server.url}{address}")
        assert await violations_of_wcag(page) == [], address
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(overflow) <= 0, address
        name = str(address).rsplit("/", 1)[-1]
        await page.screenshot(path=SHOTS / f"console-{name}-{scheme}-{width}.png")
    await page.context.close()


async def test_a_block_appears_in_the_open_feed(chromium: Browser, server: Server) -> None:
    page = await signed_in(chromium, server, "client_admin")
    await expect(page.locator("#state")).to_have_attribute("data-state", "live")
    async with httpx.AsyncClient(base_url=server.url) as http:
        about = {"name": "T", "browser": "T", "extension_version": "0.1.0", "code": server.code()}
        device = (await http.post("/api/v1/enrolment/devices", json=about)).json()
        prompt = {"text": "IBAN GB82 WEST 1234 5698 7654 32", "service": "claude.ai"}
        answer = await http.post(
            "/api/v1/analyze/prompt",
            json={**prompt, "channel": "pasted"},
            headers={"Authorization": f"Bearer {device['access_token']}"},
        )
    assert answer.json()["action"] == "block"
    first = page.locator("#feed li").first
    await expect(first).to_contain_text("IBAN", timeout=3000)
    await expect(first).to_contain_text("block")
    assert "5698" not in await page.content()
    await page.context.close()


async def test_an_admin_changes_the_policy_in_the_form(chromium: Browser, server: Server) -> None:
    page = await signed_in(chromium, server, "client_admin")
    await page.get_by_role("link", name="Policy").first.click()
    heading = page.get_by_role("heading", level=1)
    before = await heading.inner_text()
    family = page.locator("#family-vehicle")
    wanted = "flag" if await family.input_value() != "flag" else "warn"
    await family.select_option(wanted)
    await page.get_by_label("Why you change it").fill("Parking permits are no secret.")
    await page.get_by_role("button", name="Publish version").click()
    await expect(page.get_by_role("status").first).to_contain_text("published")
    assert await heading.inner_text() != before
    assert await page.locator("#family-vehicle").input_value() == wanted
    await page.context.close()


async def test_an_auditor_may_read_the_policy_but_not_change_it(
    chromium: Browser, server: Server
) -> None:
    page = await signed_in(chromium, server, "auditor")
    await page.get_by_role("link", name="Policy").first.click()
    await expect(page.locator("#family-vehicle")).to_be_disabled()
    assert await page.get_by_role("button", name="Publish version").count() == 0
    await page.context.close()


async def test_a_wrong_password_keeps_the_address_and_says_what_to_do(
    chromium: Browser, server: Server
) -> None:
    page = await (await chromium.new_context()).new_page()
    await page.goto(f"{server.url}/console/sign-in")
    await page.get_by_label("E-mail address").fill("nobody@example.org")
    await page.get_by_label("Password").fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("try again")
    assert await page.get_by_label("E-mail address").input_value() == "nobody@example.org"
    await page.context.close()
