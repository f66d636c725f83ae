"""The console in motion: what happens is seen at once, and nothing typed or missed is lost."""

import asyncio
import re
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Route, WebSocketRoute, expect

from tests.end_to_end.conftest import Server
from tests.end_to_end.console_visits import IBAN, Device, opened, sign_in_here, signed_in

pytestmark = pytest.mark.browser
NURSE = "nurse@lakeside-clinic.example"


@pytest_asyncio.fixture(scope="module")
async def device(server: Server) -> Device:
    return await Device.enrolled(server, "Desk of the live tests", NURSE)


async def test_a_block_appears_in_the_open_feed_with_all_an_admin_needs(
    chromium: Browser, server: Server, device: Device
) -> None:
    page = await signed_in(chromium, server, "msp_admin", timezone_id="America/Chicago")
    await page.get_by_role("link", name="Live violations").click()
    await expect(page.locator("#state")).to_have_text("Live")
    assert await device.submits(IBAN) == "block"
    first = page.locator("#feed li").first
    for words in ("IBAN", "block", "high", "Nora Nurse", "Lakeside Clinic", "Claude", "not sent"):
        await expect(first).to_contain_text(words)
    await expect(first.locator(".when")).to_contain_text(re.compile("C[SD]T (now|.* ago)"))
    await expect(page.locator("#news")).to_contain_text("New violation: block, IBAN, not sent")
    assert "GB82" not in await page.content()
    await page.context.close()


async def test_a_repeat_joins_its_row_and_a_paused_feed_counts_what_waits(
    chromium: Browser, server: Server, device: Device
) -> None:
    page = await signed_in(chromium, server, "client_admin")
    await expect(page.locator("#state")).to_have_text("Live")
    await not_across_an_hour()
    await device.submits("SSN 536-90-4399")
    first = page.locator("#feed li").first
    alike = page.locator("#feed li").filter(has_text="US SSN").filter(has_text="Nora Nurse")
    await expect(first).to_contain_text("US SSN")
    rows = await alike.count()
    await page.get_by_role("button", name="Pause").click()
    await device.submits("SSN 536-90-4399")
    await expect(page.locator("#state")).to_have_text("Paused, 1 new")
    assert "times since" not in await first.inner_text()
    await page.get_by_role("button", name="Continue").click()
    await expect(first).to_contain_text("2 times since")
    assert await alike.count() == rows
    await page.context.close()


async def test_a_cut_connection_is_said_with_its_times_and_nothing_is_missing_or_doubled(
    chromium: Browser, server: Server
) -> None:
    person = "cut.off@lakeside-clinic.example"
    device = await Device.enrolled(server, "Desk behind a cut wire", person)
    other = await signed_in(chromium, server, "client_admin")
    page = await signed_in(chromium, server, "client_admin")
    is_cut = False
    open_sockets: list[WebSocketRoute] = []

    async def wire(socket: WebSocketRoute) -> None:
        if is_cut:
            await socket.close(code=4000)
        else:
            socket.connect_to_server()
            open_sockets.append(socket)

    await page.route_web_socket("**/api/v1/live", wire)
    await page.reload()
    await expect(page.locator("#state")).to_have_text("Live")
    is_cut = True
    await open_sockets[-1].close(code=4000)
    await expect(page.locator("#state")).to_contain_text("Delayed")
    await device.submits("Card 4111 1111 1111 1111")
    await expect(other.locator("#feed li").filter(has_text=person)).to_have_count(1)
    is_cut = False
    await expect(page.locator("#state")).to_have_text("Live", timeout=20_000)
    await expect(page.locator("#gap")).to_contain_text(
        re.compile(r"Not live from .* (1|nothing) new")
    )
    await expect(page.locator("#feed li").first).to_contain_text("Credit card")
    await expect(page.locator("#feed li").filter(has_text=person)).to_have_count(1)
    await other.context.close()
    await page.context.close()


async def test_a_published_version_is_counted_as_browsers_obey_it(
    chromium: Browser, server: Server, device: Device
) -> None:
    page = await signed_in(chromium, server, "client_admin")
    await opened(page, "Policy")
    family = page.locator("#family-vehicle")
    wanted = "flag" if await family.input_value() != "flag" else "warn"
    await family.select_option(wanted)
    await expect(page.locator("#unsaved")).to_contain_text("not published yet")
    await page.get_by_role("button", name="Look at the change").click()
    await expect(page.get_by_role("row", name=re.compile("Vehicles"))).to_contain_text(wanted)
    await page.get_by_label("Why you change it").fill("Parking permits are no secret.")
    await page.get_by_role("button", name="Publish version").click()
    await expect(page.get_by_role("status").first).to_contain_text("is published")
    heading = await page.get_by_role("heading", level=1).inner_text()
    version = int(heading.rsplit(" ", 1)[-1])
    assert await family.input_value() == wanted
    await device.obeys(version)
    obeying = re.compile(rf"[1-9]\d* of \d+ browsers? on version {version}")
    await expect(page.locator("#obeying")).to_contain_text(obeying)
    await page.context.close()


async def test_a_session_that_ends_in_mid_work_loses_nothing(
    chromium: Browser, server: Server
) -> None:
    page = await signed_in(chromium, server, "client_admin")
    await opened(page, "Policy")
    await page.locator("#family-online-id").select_option("block")
    await page.context.clear_cookies()
    await expect(page.locator("#connection")).to_contain_text("Your session has ended")
    assert await page.locator("#family-online-id").input_value() == "block"
    await page.get_by_role("button", name="Look at the change").click()
    await expect(page.get_by_role("alert")).to_contain_text("kept")
    await sign_in_here(page, server, "client_admin")
    await page.get_by_role("button", name="Go on with your change").click()
    await expect(page.get_by_role("row", name=re.compile("Web addresses"))).to_contain_text("block")
    await page.context.close()


async def test_a_change_is_not_left_behind_unasked(chromium: Browser, server: Server) -> None:
    page = await signed_in(chromium, server, "client_admin")
    await opened(page, "Policy")
    await page.locator("#family-online-id").select_option("block")
    asked: list[str] = []

    async def stay(dialog: object) -> None:
        asked.append(getattr(dialog, "type", ""))
        await dialog.dismiss()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    await page.get_by_role("link", name="Browsers").click(no_wait_after=True)
    await expect(page.locator("#unsaved")).to_contain_text("not published yet")
    assert asked == ["beforeunload"]
    await page.context.close()


async def test_a_page_that_renews_itself_keeps_the_focus_and_says_when_it_cannot(
    chromium: Browser, server: Server
) -> None:
    page = await signed_in(chromium, server, "client_admin")
    await opened(page, "Browsers")
    table = page.get_by_role("region", name="Table of browsers")
    await table.focus()
    await Device.enrolled(server, "Desk that came later")
    await expect(table).to_contain_text("Desk that came later")
    await expect(table).to_be_focused()

    async def gone(route: Route) -> None:
        await route.abort()

    await page.route("**/fleet/state", gone)
    await expect(page.locator("#connection")).to_contain_text("The server does not answer")
    await page.unroute("**/fleet/state")
    await expect(page.locator("#connection")).to_be_hidden(timeout=20_000)
    await page.context.close()


async def not_across_an_hour() -> None:
    """Wait where the next clock hour is near: repeats are counted by the hour."""
    now = datetime.now(UTC)
    if now.minute == 59 and now.second > 30:
        await asyncio.sleep(61 - now.second)
