"""Every way out of a page, tried by one page: what was not judged does not leave."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page

from tests.end_to_end.conftest import CLIENT, NOTE
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import press, says

pytestmark = pytest.mark.browser
PAGE_WAYS = (
    "fetch", "xhr", "beacon", "fetchLater", "websocket", "blank", "srcdoc", "form", "submit",
    "paste",
)  # fmt: skip
WORKER_WAYS = ("worker", "blobWorker", "serviceWorker")


async def leave(page: Page, ways: tuple[str, ...], text: str) -> dict[str, Any]:
    """Try these ways, and return by each what the page was told."""
    told: dict[str, Any] = await page.evaluate("([ways, text]) => leave(ways, text)", [ways, text])
    return told


async def opened(browser: BrowserContext, service: FakeService, how: str = "") -> Page:
    """Open the page that tries every way."""
    page = await browser.new_page()
    await page.goto(f"https://chatgpt.com/leave{how}")
    await page.wait_for_function("window.ready === true")
    assert await says(page, f"Protected by {CLIENT}")
    service.arrived.clear()
    return page


async def test_what_is_harmless_leaves_every_way_and_what_is_not_leaves_none_of_the_pages_own(
    browser: BrowserContext, fake_service: FakeService
) -> None:
    page = await opened(browser, fake_service)
    await leave(page, PAGE_WAYS + WORKER_WAYS, "Write a haiku about autumn.")
    await asyncio.sleep(0.3)
    assert set(fake_service.arrived) == {*PAGE_WAYS, *WORKER_WAYS}
    fake_service.arrived.clear()
    trying = asyncio.create_task(leave(page, PAGE_WAYS, NOTE))
    assert await says(page, "This was not sent", "Name of a person")
    await press(page, "Cancel")
    await press(page, "Close")  # of what was stopped in a frame that nobody sees
    told = await trying
    assert fake_service.arrived == {}
    assert "Failed to fetch" in told["fetch"]
    assert "Failed to fetch" in told["blank"]
    assert (told["xhr"], told["beacon"]) == ("Error: status 0", "false")
    assert "fetchLater has no room" in told["fetchLater"]
    await page.close()


async def test_a_page_that_replaces_what_it_can_and_makes_up_answers_gets_nothing_out(
    browser: BrowserContext, fake_service: FakeService
) -> None:
    page = await opened(browser, fake_service, "?hostile")
    trying = asyncio.create_task(leave(page, PAGE_WAYS, NOTE))
    assert await says(page, "This was not sent", "Name of a person")
    await press(page, "Cancel")
    await press(page, "Close")
    await trying
    assert fake_service.arrived == {}
    hooked = (
        "[fetch, XMLHttpRequest.prototype.send, WebSocket.prototype.send].map((one) => `${one}`)"
    )
    assert all("[native code]" in said for said in await page.evaluate(hooked))
    await page.close()
