"""Every way out of a page, tried by one page: what was not judged does not leave."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, async_playwright

from tests.end_to_end.administered import administered, is_possible
from tests.end_to_end.conftest import (
    CHROMIUM,
    CLIENT,
    NOTE,
    SECRETS,
    Server,
    arguments,
    stop_worker,
)
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import comes_to, press, says
from tests.end_to_end.test_journeys import audit_log, fleet
from tests.end_to_end.waiting import until

pytestmark = pytest.mark.browser
PAGE_WAYS = (
    "fetch", "encoded", "xhr", "beacon", "fetchLater", "websocket", "blank", "srcdoc", "form",
    "submit", "paste", "drop",
)  # fmt: skip
WORKER_WAYS = ("worker", "blobWorker", "serviceWorker")
UNCHECKED = ("sent_unflagged", "block")


async def leave(page: Page, ways: tuple[str, ...], text: str) -> dict[str, Any]:
    """Try these ways, and return by each what the page was told."""
    told: dict[str, Any] = await page.evaluate("([ways, text]) => leave(ways, text)", [ways, text])
    return told


async def opened(browser: BrowserContext, service: FakeService, how: str = "") -> Page:
    """Open the page that tries every way."""
    page = await browser.new_page()
    await page.goto(f"https://chatgpt.com/leave{how}")
    await page.wait_for_function("window.ready === true")
    await says(page, f"Protected by {CLIENT}")
    service.arrived.clear()
    return page


async def arrived(service: FakeService, told: dict[str, Any]) -> None:
    """Wait until something has come by each of these ways."""
    what = f"all of {told}"
    await until(lambda: service.arrived, lambda come: come.keys() >= told.keys(), what=what)


async def stopped(page: Page, service: FakeService) -> dict[str, Any]:
    """Try every way of the page's own with a patient's data, which must stop it on all of them."""
    trying = asyncio.create_task(leave(page, PAGE_WAYS, NOTE))
    await says(page, "This was not sent", "Name of a person")
    await press(page, "Cancel")
    await press(page, "Close")  # of what was stopped in a frame that nobody sees
    told = await trying
    await leave(page, ("file",), NOTE)
    await says(page, "This was not attached")
    await press(page, "Cancel")
    assert service.arrived == {}
    return told


async def test_what_is_harmless_leaves_every_way_and_what_is_not_leaves_none_of_the_pages_own(
    browser: BrowserContext, fake_service: FakeService, server: Server
) -> None:
    page = await opened(browser, fake_service)
    told = await leave(page, (*PAGE_WAYS, *WORKER_WAYS, "file"), "Write a haiku about autumn.")
    await arrived(fake_service, told)
    fake_service.arrived.clear()
    told = await stopped(page, fake_service)
    assert "Failed to fetch" in told["fetch"]
    assert "Failed to fetch" in told["blank"]
    assert (told["xhr"], told["beacon"]) == ("Error: status 0", "false")
    assert "fetchLater has no room" in told["fetchLater"]
    fake_service.arrived.clear()
    other = NOTE.replace("Maria Gonzalez", "Ann Baker")
    ways = ("fetch", "xhr", "websocket")
    trying = asyncio.create_task(leave(page, ways, other))
    for _ in ways:
        await press(page, "Redact and send")
        await press(page, "Confirm and send")
    await arrived(fake_service, await trying)
    for body in fake_service.arrived.values():
        assert "[PERSON_2], DOB [DATE_OF_BIRTH_1]" in body
        assert not [secret for secret in ("Ann Baker", *SECRETS) if secret in body]
    fake_service.arrived.clear()
    began = datetime.now(UTC)
    told = await leave(page, WORKER_WAYS, NOTE)  # out of a page's reach: seen as they leave
    await evidence(server, began, len(WORKER_WAYS))
    await arrived(fake_service, told)
    await comes_to(page, "Something left this page unchecked")
    # This page is not as its adapter says, and a file went where prompts go: the fleet knows.
    degraded = await until(lambda: changed_sites(server), what="sites that have changed")
    assert degraded == {"chatgpt": 1}
    await page.close()


async def changed_sites(server: Server) -> dict[str, int]:
    """Return what the fleet says of adapters."""
    found: dict[str, int] = (await fleet(server))["degraded"]
    return found


async def evidence(server: Server, began: datetime, count: int) -> None:
    """Wait until the audit log has so much of what left unchecked."""

    async def found() -> list[dict[str, Any]]:
        entries = await audit_log(server, began)
        return [one for one in entries if (one["disposition"], one["action"]) == UNCHECKED]

    what = f"{count} audit entries of what left unchecked"
    await until(found, lambda entries: len(entries) >= count, what=what)


async def test_a_form_that_the_server_is_asked_about_is_sent_once_and_recorded_once(
    browser: BrowserContext, fake_service: FakeService, server: Server
) -> None:
    page = await opened(browser, fake_service)
    began = datetime.now(UTC)
    told = await leave(page, ("submit",), "Ask Mr. John Smith about it")
    await arrived(fake_service, told)
    assert len(await audit_log(server, began)) == 1
    await page.close()


async def test_a_page_that_replaces_what_it_can_and_makes_up_answers_gets_nothing_out(
    browser: BrowserContext, fake_service: FakeService
) -> None:
    page = await opened(browser, fake_service, "?hostile")
    await stopped(page, fake_service)
    hooked = (
        "[fetch, XMLHttpRequest.prototype.send, WebSocket.prototype.send].map((one) => `${one}`)"
    )
    assert all("[native code]" in said for said in await page.evaluate(hooked))
    await page.close()


@pytest_asyncio.fixture
async def administered_browser(
    server: Server, fake_service: FakeService, tmp_path: Path
) -> AsyncIterator[BrowserContext]:
    """Start a browser whose administrator has installed and connected the extension."""
    if not is_possible():
        pytest.skip("Only root with `unshare` and /etc/chromium can give one browser a policy.")
    may_come = threading.Event()
    with administered(CHROMIUM, tmp_path, server.url, server.code(), may_come) as program:
        async with async_playwright() as playwright:
            context = await playwright.chromium.launch_persistent_context(
                str(tmp_path / "profile"), executable_path=str(program), headless=False,
                ignore_default_args=["--disable-extensions", "--disable-background-networking"],
                ignore_https_errors=True, args=arguments(fake_service),
            )  # fmt: skip
            early = context.pages[0]
            await early.goto("https://chatgpt.com/leave")  # before the extension has come
            may_come.set()
            if not context.service_workers:
                await context.wait_for_event("serviceworker")
            yield context
            await context.close()


async def test_what_an_administrator_installed_stops_every_way_and_workers_too(
    administered_browser: BrowserContext, fake_service: FakeService
) -> None:
    early = administered_browser.pages[0]
    page = await opened(administered_browser, fake_service)
    # No script of ours stands on a page older than we are: nothing leaves it, harmless or not.
    assert await early.evaluate("'showOpenFilePicker' in window")
    told = await leave(early, ("fetch", "xhr", "worker", "blobWorker"), "Write a haiku.")
    assert (fake_service.arrived, told["fetch"]) == ({}, "TypeError: Failed to fetch")
    await early.close()
    told = await leave(page, (*PAGE_WAYS, *WORKER_WAYS, "file"), "Write a haiku about autumn.")
    await arrived(fake_service, told)
    for way in ("fetch", "submit", "blank"):
        await stop_worker(administered_browser, page)
        fake_service.arrived.clear()
        await arrived(fake_service, await leave(page, (way,), "Write another one."))
    fake_service.arrived.clear()
    told = await leave(page, WORKER_WAYS, NOTE)
    assert fake_service.arrived == {}
    # Who did not connect it themselves is told once what it does.
    assert len([one for one in administered_browser.pages if "/welcome/" in one.url]) == 1
    assert all("Failed to fetch" in said for said in told.values())
    await press(page, "Close")  # that something was stopped behind one's back
    await stopped(page, fake_service)
