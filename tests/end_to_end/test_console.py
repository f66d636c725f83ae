"""The console's pages in a real browser: accessible, by keyboard and without script too."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from tests.end_to_end.conftest import CLIENT, Server
from tests.end_to_end.console_visits import SHOTS, faults_of, opened, signed_in

pytestmark = pytest.mark.browser
TABS = 3
OF_MSP = (
    "clients", "clients/new", "feed", "exceptions", "templates", "templates/platform/hipaa-strict",
    "{template}", "{template}/clients", "{layer}", "departures", "staff", "account", "api-keys",
)  # fmt: skip
OF_CLIENT = (
    "feed", "exceptions", "fleet", "policy", "policy/layers", "policy/origins?who=a",
    "policy/departures", "policy/watched", "own-rules", "ai-services?q=claude",
    "ai-services/claude", "people", "report", "settings", "webhooks",
)  # fmt: skip


async def test_every_page_is_accessible_fits_and_obeys_its_own_content_policy(
    chromium: Browser, server: Server
) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    said: list[str] = []
    page = await signed_in(chromium, server, "msp_admin")
    href = await page.get_by_role("link", name=CLIENT, exact=True).get_attribute("href") or ""
    client = href.rpartition("/")[0]
    made = {
        "template": await begun(page, server, "/console/templates", name="Our clinics"),
        "layer": await begun(
            page, server, f"{client}/policy/layers", owner=await group(page, server, client)
        ),
    }
    addresses = [f"/console/{name}".format(**made) for name in OF_MSP]
    addresses += [f"{client}/{name}".format(**made) for name in OF_CLIENT]

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text)

    async def walk(place: int) -> list[str]:
        tab = page if place == 0 else await page.context.new_page()
        tab.on("console", note)
        tab.on("pageerror", lambda error: said.append(str(error)))
        faults = []
        for address in addresses[place::TABS]:
            answer = await tab.goto(server.url + address)
            assert answer is not None
            assert answer.status == 200, address
            if address.endswith("/feed"):
                await expect(tab.locator("#state")).to_have_text("Live")
            faults += await faults_of(tab, address.removeprefix("/console/").replace("/", "-"))
        return faults

    found = await asyncio.gather(*(walk(place) for place in range(TABS)))
    assert [one for faults in found for one in faults] == []
    assert await previews(page, server, client, made["template"]) == []
    assert said == []
    await page.context.close()


async def previews(page: Page, server: Server, client: str, template: str) -> list[str]:
    """Return what is wrong with the pages before something is published, a replay among them."""
    await page.goto(f"{server.url}{client}/policy")
    await page.locator("#family-vehicle").select_option("allow")
    await page.get_by_role("button", name="Look at the change").click()
    await page.get_by_role("button", name="Try it on the past").click()
    await expect(page.get_by_role("heading", name="On the last 30 days")).to_be_visible()
    faults = await faults_of(page, "preview")
    await page.goto(f"{server.url}/console/{template}")
    await page.locator("[name='say:families.vehicle']").select_option("warn")
    await page.get_by_role("button", name="Look at the change").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Publish version 2")
    return faults + await faults_of(page, "template-preview")


async def begun(page: Page, server: Server, address: str, **form: str) -> str:
    """Make something by a form; return its address as the lists here have it."""
    origin = {"Origin": server.url}
    answer = await page.request.post(server.url + address, form=form, headers=origin)
    return answer.url.partition("?")[0].removeprefix(f"{server.url}/console/")


async def group(page: Page, server: Server, client: str) -> str:
    """Make a group; return what chooses it as the owner of a layer."""
    await begun(page, server, f"{client}/groups", name="Billing")
    listed = await page.request.get(f"{server.url}{client}/policy/layers")
    found = re.search(r'value="(group:[^"]+)"', await listed.text())
    assert found is not None
    return found[1]


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
