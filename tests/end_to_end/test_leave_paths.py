"""Every way out of a page, tried by one page: what was not judged does not leave."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, async_playwright

from tests.end_to_end.administered import administered, is_possible
from tests.end_to_end.conftest import CHROMIUM, CLIENT, NOTE, SECRETS, Server, arguments
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import comes_to, press, says
from tests.end_to_end.test_journeys import sign_in

pytestmark = pytest.mark.browser
PAGE_WAYS = (
    "fetch", "encoded", "xhr", "beacon", "fetchLater", "websocket", "blank", "srcdoc", "form",
    "submit", "paste", "drop",
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


async def arrived(service: FakeService, ways: set[str]) -> set[str]:
    """Return the ways by which something came, once all of these are among them, or in 20 s."""
    for _ in range(400):
        if set(service.arrived) >= ways:
            break
        await asyncio.sleep(0.05)
    return set(service.arrived)


async def stopped(page: Page, service: FakeService) -> dict[str, Any]:
    """Try every way of the page's own with a patient's data, which must stop it on all of them."""
    trying = asyncio.create_task(leave(page, PAGE_WAYS, NOTE))
    assert await says(page, "This was not sent", "Name of a person")
    await press(page, "Cancel")
    await press(page, "Close")  # of what was stopped in a frame that nobody sees
    told = await trying
    await leave(page, ("file",), NOTE)
    assert await says(page, "This was not attached")
    await press(page, "Cancel")
    assert service.arrived == {}
    return told


async def test_what_is_harmless_leaves_every_way_and_what_is_not_leaves_none_of_the_pages_own(
    browser: BrowserContext, fake_service: FakeService, server: Server
) -> None:
    page = await opened(browser, fake_service)
    told = await leave(page, (*PAGE_WAYS, *WORKER_WAYS, "file"), "Write a haiku about autumn.")
    assert await arrived(fake_service, {*told}) == {*told}, told
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
    await trying
    assert await arrived(fake_service, {*ways}) == {*ways}
    for body in fake_service.arrived.values():
        assert "[PERSON_2], DOB [DATE_OF_BIRTH_1]" in body
        assert not [secret for secret in ("Ann Baker", *SECRETS) if secret in body]
    fake_service.arrived.clear()
    began = datetime.now(UTC)
    await leave(page, WORKER_WAYS, NOTE)  # out of a page's reach: they are seen as they leave
    seen = await evidence(server, began, len(WORKER_WAYS))
    assert await arrived(fake_service, {*WORKER_WAYS}) == {*WORKER_WAYS}
    assert {entry["action"] for entry in seen} == {"block"}
    assert await comes_to(page, "Something left this page unchecked")
    # This page is not as its adapter says, and a file went where prompts go: the fleet knows.
    assert await changed_sites(server) == {"chatgpt": 1}
    await page.close()


async def changed_sites(server: Server) -> dict[str, int]:
    """Return what the fleet says of adapters, once it says anything."""
    async with httpx.AsyncClient() as http:
        tokens = await sign_in(http, server, "client_admin")
        for _ in range(200):
            answer = await http.get(
                f"{server.url}/api/v1/clients/{tokens['user']['client_id']}/fleet",
                headers={"Authorization": f"Bearer {tokens['access_token']}"},
            )
            found: dict[str, int] = answer.json()["degraded"]
            if found:
                return found
            await asyncio.sleep(0.1)
    raise AssertionError(answer.text)


async def evidence(server: Server, began: datetime, count: int) -> list[dict[str, Any]]:
    """Return what the audit log has of what left unchecked, once there is that much of it."""
    async with httpx.AsyncClient() as http:
        tokens = await sign_in(http, server, "client_admin")
        for _ in range(400):
            answer = await http.get(
                f"{server.url}/api/v1/audit/logs",
                headers={"Authorization": f"Bearer {tokens['access_token']}"},
                params={"since": began.isoformat()},
            )
            assert answer.status_code == httpx.codes.OK, answer.text
            entries = answer.json()["items"]
            found = [
                one
                for one in entries
                if one["disposition"] == "sent_unflagged" and one["action"] == "block"
            ]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.05)
    raise AssertionError(found)


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
    assert await arrived(fake_service, {*told}) == {*told}, told
    fake_service.arrived.clear()
    told = await leave(page, WORKER_WAYS, NOTE)
    assert fake_service.arrived == {}
    # Who did not connect it themselves is told once what it does.
    assert len([one for one in administered_browser.pages if "/welcome/" in one.url]) == 1
    assert all("Failed to fetch" in said for said in told.values())
    await press(page, "Close")  # that something was stopped behind one's back
    await stopped(page, fake_service)
