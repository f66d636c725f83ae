"""A client's own rules in a real browser: by keyboard alone, and without script."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.end_to_end.conftest import Server
from tests.end_to_end.console_visits import SHOTS, Device, opened, signed_in, violations_of_wcag

pytestmark = pytest.mark.browser
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def tabbed(page: Page, name: str) -> None:
    """Press Tab until something of that name has the focus."""
    for _ in range(60):
        await page.keyboard.press("Tab")
        focused = page.locator(":focus")
        text = await focused.evaluate(
            "e => [...(e.labels ?? []), e].map((one) => one.innerText).join(' ').trim()"
        )
        if text.startswith(name):
            return
    raise AssertionError(f"{name} cannot be reached by keyboard")


async def test_by_keyboard_alone_a_rule_is_tried_published_and_obeyed(
    chromium: Browser, server: Server
) -> None:
    page = await signed_in(chromium, server, "client_admin")
    await opened(page, "Own rules")
    await tabbed(page, "Add a keyword list")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("New keyword list")
    await tabbed(page, "Name")
    await page.keyboard.type("Keyboard projects")
    await tabbed(page, "Words")
    await page.keyboard.type("nightjar\nblue heron")
    await tabbed(page, "Kind of data")
    await page.keyboard.type("Secret")
    await tabbed(page, "Text")
    await page.keyboard.type("The Nightjar flies.")
    await tabbed(page, "Try it")
    await page.keyboard.press("Enter")
    await expect(page.locator(".found mark")).to_have_text("Nightjar")
    await tabbed(page, "Look at the change")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Publish version")
    await expect(page.get_by_label("Why you change it")).to_be_focused()
    await page.keyboard.type("Projects stay with us.")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status").first).to_contain_text("is published")
    await expect(page.get_by_text("Keyboard projects", exact=True)).to_be_visible()
    device = await Device.enrolled(server, "Keyboard desk")
    assert await device.submits("the blue heron, please") == "block"
    await page.context.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
async def test_the_pages_are_accessible_and_nothing_is_cut_off(
    chromium: Browser, server: Server, scheme: Any, width: int
) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page = await signed_in(
        chromium, server, "msp_admin", color_scheme=scheme, viewport={"width": width, "height": 900}
    )
    await page.get_by_role("link", name="Lakeside Clinic").click()
    await opened(page, "Own rules")
    here = page.url

    async def looks_right(name: str) -> None:
        assert await violations_of_wcag(page) == [], name
        assert await page.evaluate(OVERFLOW) <= 0, name
        path = SHOTS / f"console-own-rules-{name}-{scheme}-{width}.png"
        await page.screenshot(path=path, full_page=True)

    await page.get_by_label("Text", exact=True).fill("IBAN GB82 WEST 1234 5698 7654 32")
    await page.get_by_role("button", name="Try it").click()
    await expect(page.locator(".found mark")).to_have_count(1)
    assert "IBAN" not in page.url
    await looks_right("list")
    for part in ("keywords", "patterns", "values", "allowed"):
        await page.goto(f"{here}/{part}")
        await looks_right(part)
    await page.goto(f"{here}/patterns")
    await page.get_by_label("Name").fill("Anything")
    await page.get_by_label("Pattern", exact=True).fill(r"\w+")
    await page.get_by_role("button", name="Look at the change").click()
    pattern = page.get_by_label("Pattern", exact=True)
    await expect(pattern).to_be_focused()
    await expect(pattern).to_have_accessible_description(re.compile("ordinary texts, so it would"))
    await expect(page.locator("#pattern-error")).to_be_in_viewport()
    await expect(pattern).to_have_value(r"\w+")
    await looks_right("refused")
    await page.context.close()


async def test_without_javascript_known_values_are_listed_found_and_removed(
    chromium: Browser, server: Server
) -> None:
    page = await signed_in(chromium, server, "client_admin", java_script_enabled=False)
    await opened(page, "Own rules")
    await page.get_by_role("link", name="Add known values").click()
    await page.get_by_label("Name").fill("Scriptless people")
    await page.get_by_label("Values", exact=True).fill('"Quackenbush, Zephyrine"\nTess Moorhen')
    await page.get_by_role("button", name="Look at the change").click()
    await expect(page.locator("tbody")).to_contain_text("“Scriptless people” is new")
    assert "uackenbush" not in await page.content()
    await page.get_by_label("Why you change it").fill("People we care for.")
    await page.get_by_role("button", name="Publish version").click()
    await page.get_by_label("Text", exact=True).fill("see TESS MOORHEN at ten")
    await page.get_by_role("button", name="Try it").click()
    await expect(page.locator(".found mark", has_text="TESS MOORHEN")).to_be_visible()
    await page.get_by_role("button", name="Remove “Scriptless people”").click()
    await expect(page.locator("tbody")).to_contain_text("is removed")
    await page.get_by_label("Why you change it").fill("No longer.")
    await page.get_by_role("button", name="Publish version").click()
    await expect(page.get_by_text("Scriptless people")).to_have_count(0)
    await page.context.close()
