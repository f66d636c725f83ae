"""When the extension cannot do what it should: nothing leaves unjudged, and it says so."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import BrowserContext, Page

from tests.end_to_end.conftest import NOTE, SECRETS, Server, enrol, extension_id, open_chat
from tests.end_to_end.fake_service import FakeService

pytestmark = pytest.mark.browser
Launch = Callable[..., Awaitable[BrowserContext]]
# An editor that is there before any module can have loaded, and a page that sends at once.
HASTY = """
addEventListener("DOMContentLoaded", () => {
  const field = document.createElement("textarea");
  field.value = %s;
  document.body.prepend(field);
  field.focus();
  field.addEventListener("keydown", (event) => fetch("/backend-api/f/conversation", {
    method: "POST", headers: {"Content-Type": "application/json"},
    body: JSON.stringify({messages: [{content: {parts: [event.target.value]}}]}) }));
  const enter = {key: "Enter", bubbles: true, cancelable: true};
  field.dispatchEvent(new KeyboardEvent("keydown", enter));
});
"""


async def has_panel(page: Page) -> bool:
    """Return whether a panel took the focus within three seconds."""
    for _ in range(60):
        if await page.evaluate("document.activeElement?.localName") == "quillgate-panel":
            return True
        await asyncio.sleep(0.05)
    return False


async def words(page: Page) -> str:
    """Return what a screen reader finds on the page, closed roots included."""
    session = await page.context.new_cdp_session(page)
    tree = await session.send("Accessibility.getFullAXTree")
    return " ".join(str(node.get("name", {}).get("value", "")) for node in tree["nodes"])


async def test_a_browser_that_is_not_connected_leaves_the_page_alone(
    launch: Launch, fake_service: FakeService
) -> None:
    context = await launch()
    page = await open_chat(context)
    fake_service.received.clear()
    await page.keyboard.type("SSN 536-90-4399")
    await page.keyboard.press("Enter")
    await asyncio.sleep(0.5)
    assert fake_service.received == ["SSN 536-90-4399"]
    assert "Not connected to an organisation" in await words(page)
    await context.close()


async def test_a_send_before_the_modules_have_loaded_is_held_and_then_judged(
    launch: Launch, server: Server, fake_service: FakeService
) -> None:
    context = await launch()
    await enrol(context, server)
    fake_service.received.clear()
    page = await context.new_page()
    await page.add_init_script(HASTY % json.dumps(NOTE))
    await page.goto("https://chatgpt.com/")
    assert await has_panel(page)
    assert fake_service.received == []
    assert "Redact and send" in await words(page)
    await context.close()


async def test_an_updated_extension_holds_old_tabs_and_asks_for_a_reload(
    launch: Launch, server: Server, fake_service: FakeService
) -> None:
    context = await launch()
    options = await enrol(context, server)
    page = await open_chat(context)
    fake_service.received.clear()
    await options.evaluate("setTimeout(() => chrome.runtime.reload(), 50), 0")
    await asyncio.sleep(1)
    await page.locator("#prompt-textarea").click()
    await page.keyboard.type(NOTE)
    await page.keyboard.press("Enter")
    assert await has_panel(page)
    assert "Please reload this page" in await words(page)
    assert fake_service.received == []
    await context.close()


async def test_tampered_rules_are_not_obeyed_but_fetched_again(
    launch: Launch, server: Server, fake_service: FakeService
) -> None:
    context = await launch()
    options = await enrol(context, server)
    await options.evaluate(
        """async () => {
          const { bundle } = await chrome.storage.local.get("bundle");
          bundle.bundle = bundle.bundle.replaceAll('"block"', '"allow"');
          await chrome.storage.local.set({ bundle });
        }"""
    )
    await stop_worker(context, options)
    page = await open_chat(context)
    fake_service.received.clear()
    await page.keyboard.type(NOTE)
    await page.keyboard.press("Enter")
    assert await has_panel(page)
    assert fake_service.received == []
    kept = await options.evaluate("chrome.storage.local.get('bundle')")
    assert '"block"' in kept["bundle"]["bundle"]
    await context.close()


async def test_the_panel_names_what_why_and_which_policy_for_a_screen_reader(
    launch: Launch, server: Server
) -> None:
    context = await launch()
    await enrol(context, server)
    page = await open_chat(context)
    await page.keyboard.type(NOTE)
    await page.keyboard.press("Enter")
    assert await has_panel(page)
    said = await words(page)
    for expected in (
        "This was not sent", "Name of a person", "Medical record number", "Date of birth",
        "Redact and send", "Ask for an exception", "This is wrong", "Cancel", "version ",
    ):  # fmt: skip
        assert expected in said
    await page.keyboard.press("Escape")
    await context.close()


async def test_pasted_text_is_named_at_once_and_the_focus_stays_in_the_editor(
    launch: Launch, server: Server, fake_service: FakeService
) -> None:
    context = await launch(permissions=["clipboard-read", "clipboard-write"])
    await enrol(context, server)
    page = await open_chat(context)
    fake_service.received.clear()
    await page.evaluate("(text) => navigator.clipboard.writeText(text)", NOTE)
    await page.keyboard.press("Control+v")
    await asyncio.sleep(0.3)
    assert "This will be held when you send it: Name of a person" in await words(page)
    assert await page.evaluate("document.activeElement.id") == "prompt-textarea"
    assert await page.evaluate("editorText()") == NOTE
    assert fake_service.received == []
    await context.close()


async def test_a_redaction_over_several_lines_can_be_undone_and_is_judged_again(
    launch: Launch, server: Server, fake_service: FakeService
) -> None:
    context = await launch()
    await enrol(context, server)
    page = await open_chat(context)
    fake_service.received.clear()
    for line in (*NOTE.split(", "), "Summarise 😀 this."):
        await page.keyboard.type(line)
        await page.keyboard.press("Shift+Enter")
    await page.keyboard.press("Enter")
    assert await has_panel(page)
    await page.keyboard.press("Enter")
    await asyncio.sleep(0.2)
    await page.keyboard.press("Enter")
    await asyncio.sleep(1)
    assert len(fake_service.received) == 1
    assert not [word for word in SECRETS if word in fake_service.received[0]]
    assert "Summarise 😀 this." in fake_service.received[0]
    for _ in range(3):
        await page.keyboard.press("Control+z")
    assert SECRETS[0] in await page.evaluate("editorText()")
    await page.keyboard.press("Enter")
    assert await has_panel(page)
    assert len(fake_service.received) == 1
    await context.close()


async def stop_worker(context: BrowserContext, page: Page) -> None:
    """End the service worker as Chromium does when it idles."""
    identity = await extension_id(context)
    session = await context.new_cdp_session(page)
    await session.send("ServiceWorker.enable")
    await session.send("ServiceWorker.stopAllWorkers")
    await asyncio.sleep(0.5)
    assert identity
