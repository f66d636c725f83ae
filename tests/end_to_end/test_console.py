"""The console's pages in a real browser: accessible, by keyboard and without script too."""

from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from tests.end_to_end.conftest import CLIENT, Server
from tests.end_to_end.console_visits import SHOTS, opened, signed_in, violations_of_wcag

pytestmark = pytest.mark.browser
PAGES = (
    "Live violations", "Browsers", "AI services", "Own rules", "People", "Settings", "Policy",
)  # fmt: skip
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1400)])
async def test_every_page_is_accessible_and_obeys_its_own_content_policy(
    chromium: Browser, server: Server, scheme: Any, width: int
) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    said: list[str] = []
    page = await signed_in(
        chromium, server, "msp_admin", color_scheme=scheme, viewport={"width": width, "height": 900}
    )

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))

    async def looks_right(name: str) -> None:
        assert await violations_of_wcag(page) == [], name
        assert await page.evaluate(OVERFLOW) <= 0, name
        await page.screenshot(path=SHOTS / f"console-{name}-{scheme}-{width}.png")

    await looks_right("clients")
    for name in ("clients/new", "staff", "account"):
        await page.goto(f"{server.url}/console/{name}")
        await looks_right(name.partition("/")[2] or name)
    await page.goto(f"{server.url}/console/feed")
    await expect(page.locator("#state")).to_have_text("Live")
    await looks_right("feed")
    await page.goto(f"{server.url}/console/clients")
    await page.get_by_role("link", name=CLIENT).click()
    for name in PAGES:
        await opened(page, name)
        await looks_right(name.split()[0].lower())
    await page.locator("#family-vehicle").select_option("allow")
    await page.get_by_role("button", name="Look at the change").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Publish version")
    await looks_right("preview")
    assert said == []
    await page.context.close()


async def test_at_200_percent_text_nothing_is_cut_off(chromium: Browser, server: Server) -> None:
    page = await signed_in(
        chromium, server, "client_admin", viewport={"width": 1280, "height": 900}
    )
    for name in PAGES:
        await opened(page, name)
        await page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert await page.evaluate(OVERFLOW) <= 0, name
    await page.context.close()


async def test_by_keyboard_the_content_is_one_step_away_and_the_focus_is_seen(
    chromium: Browser, server: Server
) -> None:
    page = await signed_in(chromium, server, "auditor", reduced_motion="reduce")
    await page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    await expect(skip).to_be_focused()
    await expect(skip).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Pause")).to_be_focused()
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert await page.evaluate(outline) == "solid"
    moving = "getComputedStyle(document.querySelector('#state'), '::before').animationName"
    assert await page.evaluate(moving) == "none"
    await page.context.close()


async def test_without_javascript_a_policy_is_read_changed_and_published(
    chromium: Browser, server: Server
) -> None:
    page = await signed_in(chromium, server, "client_admin", java_script_enabled=False)
    await expect(page.locator("#state")).to_contain_text("reload to renew")
    await expect(page.locator("#feed time").first).to_contain_text("UTC")
    await opened(page, "Browsers")
    await opened(page, "Policy")
    title = page.get_by_role("heading", level=1)
    before = await title.inner_text()
    await page.locator("#family-device").select_option(await other_than(page, "#family-device"))
    await page.get_by_role("button", name="Look at the change").click()
    await page.get_by_label("Why you change it").fill("Devices are asked about again.")
    await page.get_by_role("button", name="Publish version").click()
    await expect(page.get_by_role("status").first).to_contain_text("is published")
    assert await title.inner_text() != before
    await page.context.close()


async def test_an_auditor_may_read_the_policy_but_not_change_it(
    chromium: Browser, server: Server
) -> None:
    page = await signed_in(chromium, server, "auditor")
    await opened(page, "Policy")
    await expect(page.locator("#family-vehicle")).to_be_disabled()
    assert await page.get_by_role("button", name="Look at the change").count() == 0
    await page.context.close()


async def test_a_wrong_password_keeps_the_address_and_says_what_to_do(
    chromium: Browser, server: Server
) -> None:
    page = await (await chromium.new_context()).new_page()
    await page.goto(f"{server.url}/")
    await page.get_by_label("E-mail address").fill("nobody@example.org")
    await page.get_by_label("Password").fill("wrong")
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("alert")).to_contain_text("try again")
    await expect(page.get_by_label("Password")).to_be_focused()
    assert await page.get_by_label("E-mail address").input_value() == "nobody@example.org"
    await page.context.close()


async def other_than(page: Page, place: str) -> str:
    """Return an action that is not chosen there."""
    return "flag" if await page.locator(place).input_value() != "flag" else "warn"
