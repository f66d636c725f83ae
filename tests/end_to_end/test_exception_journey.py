"""Stopped, asked, answered in the console, sent from the tab that waited; and closed again."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from tests.end_to_end.conftest import Server, received
from tests.end_to_end.console_visits import SHOTS, opened, signed_in, violations_of_wcag
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import is_silent, press, says

pytestmark = pytest.mark.browser
SSN = "Is SSN 536-90-4399 the right one for the claim?"
WHY = "The insurer asks for it today, by telephone."
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def looks_right(page: Page, name: str) -> None:
    """Look at a page of the console narrow and light, wide and dark."""
    for scheme, width in (("light", 360), ("dark", 1300)):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await page.set_viewport_size({"width": width, "height": 900})
        assert await violations_of_wcag(page) == [], name
        assert await page.evaluate(OVERFLOW) <= 0, name
        await page.screenshot(path=SHOTS / f"{name}-{scheme}-{width}.png")


async def test_who_was_stopped_asks_and_sends_from_the_same_tab_until_it_is_over(
    chat: Page, server: Server, fake_service: FakeService, chromium: Browser
) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    console = await signed_in(chromium, server, "client_admin")
    await opened(console, "Exceptions")
    await chat.keyboard.type(SSN)
    await chat.keyboard.press("Enter")
    await press(chat, "Ask for an exception")
    await chat.keyboard.type("please")
    await press(chat, "Ask now")
    await says(chat, "This does not say enough")
    await chat.keyboard.press("Control+a")
    await chat.keyboard.type(f"{WHY} It is 536-90-4399.")
    await press(chat, "Ask now")
    await says(chat, "Your words hold what must not leave: Social Security number")
    await asyncio.sleep(0.3)
    await chat.screenshot(path=SHOTS / "exception-asking.png")
    await chat.keyboard.press("Control+a")
    await chat.keyboard.type(WHY)
    await press(chat, "Ask now")
    await says(chat, "Waiting for an answer")
    await chat.screenshot(path=SHOTS / "exception-waiting.png")
    await expect(console.get_by_text(WHY)).to_be_visible()
    await looks_right(console, "exceptions-pending")
    await console.get_by_label("For how long").select_option("30")
    await console.get_by_label("Your reason").focus()
    await console.keyboard.type("Agreed by telephone")
    await console.keyboard.press("Tab")
    await console.keyboard.press("Enter")
    await says(chat, "You may send this now")
    await chat.screenshot(path=SHOTS / "exception-granted.png")
    await press(chat, "Send now")
    assert await received(fake_service) == [SSN]
    await expect(console.get_by_text("Said yes", exact=True)).to_be_visible()
    await looks_right(console, "exceptions-active")
    await console.get_by_label("Why it shall end now").fill("The claim is through")
    await console.get_by_role("button", name="End it now").click()
    await expect(console.get_by_text("ended early")).to_be_visible()
    await says(chat, "Your exception was ended")
    await chat.locator("#prompt-textarea").click()
    await chat.keyboard.type(SSN)
    await chat.keyboard.press("Enter")
    await says(chat, "This was not sent")
    assert fake_service.received == [SSN]
    await press(chat, "This is wrong")
    await says(chat, "you think this finding is wrong")
    await chat.keyboard.press("Escape")
    await is_silent(chat, "you think this finding is wrong")
    await report_is_accepted(console)


async def report_is_accepted(console: Page) -> None:
    """Answer what somebody reported with one button of the feed, then look at its history."""
    await opened(console, "Live violations")
    await console.get_by_label("Outcome").select_option("reported")
    await console.get_by_role("button", name="Show").click()
    row = console.locator("#feed > li").first
    await expect(row).to_contain_text("reported as a mistake")
    await looks_right(console, "feed-report")
    await row.get_by_role("button", name="Accept as a mistake").click()
    row = console.locator("#feed > li", has_text="Accepted as a mistake").first
    await expect(row).to_be_visible()
    await row.get_by_role("link", name="Details").click()
    await expect(console.get_by_text("accepted as a mistake").last).to_be_visible()
    await looks_right(console, "violation")
    await console.context.close()
