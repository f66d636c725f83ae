"""When the extension cannot do what it should: nothing leaves unjudged, and it says so."""

import json
from collections.abc import Awaitable, Callable

import httpx
import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.end_to_end.conftest import (
    CLIENT,
    NOTE,
    SECRETS,
    Server,
    enrol,
    extension_id,
    open_chat,
    paste,
    received,
    stop_worker,
)
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import cancel, is_silent, press, says, words
from tests.end_to_end.test_journeys import sign_in
from tests.end_to_end.waiting import until

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


POST = """fetch("https://chatgpt.com/backend-api/f/conversation",
  { method: "POST", body: JSON.stringify({ messages: [{ content: { parts: ["a poem"] } }] }) })
  .then(() => "sent", String)"""

BY_WORKER = """(post) => new Promise((resolve) => {
  const code = `(${post}).then(postMessage)`;
  const made = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  made.onmessage = ({ data }) => resolve(data);
})"""


async def test_a_browser_that_is_not_connected_leaves_the_page_alone_and_says_why_it_cannot_be(
    launch: Launch, server: Server, fake_service: FakeService
) -> None:
    context = await launch()
    page = await open_chat(context, says_first="")
    fake_service.received.clear()
    await page.keyboard.type("SSN 536-90-4399")
    await page.keyboard.press("Enter")  # held until the browser has said that nobody set anything
    assert await received(fake_service) == ["SSN 536-90-4399"]
    assert "Not connected to an organisation" in await words(page)
    await refuses(await options_of(context), "http://quillgate.example", "is not encrypted")
    await refuses(await options_of(context), "http://127.0.0.1:9", "cannot be reached")
    await refuses(await options_of(context), server.url, "This code does not work")
    await context.close()


async def options_of(context: BrowserContext) -> Page:
    """Open the options page."""
    page = await context.new_page()
    identity = await extension_id(context)
    await page.goto(f"chrome-extension://{identity}/src/pages/options/options.html")
    return page


async def refuses(options: Page, address: str, why: str) -> None:
    """Try to connect with a code nobody gave out, and expect to be told why it does not work."""
    await options.get_by_label("Server").fill(address)
    await options.get_by_label("Enrolment code").fill("AAAA-BBBB-CCCC-DDDD")
    await options.get_by_role("button", name="Connect").click()
    await expect(options.locator("#result")).to_contain_text("Not connected: ")
    await expect(options.locator("#result")).to_contain_text(why)
    await expect(options.locator("#state")).to_have_text("Not connected to an organisation")


async def test_a_send_before_the_modules_have_loaded_is_held_and_then_judged(
    browser: BrowserContext, fake_service: FakeService
) -> None:
    fake_service.received.clear()
    page = await browser.new_page()
    await page.add_init_script(HASTY % json.dumps(NOTE))
    await page.goto("https://chatgpt.com/")
    await says(page, "Redact and send")
    assert fake_service.received == []
    await page.close()


async def test_a_browser_that_was_cut_off_says_so_and_an_updated_one_asks_for_a_reload(
    launch: Launch, server: Server, fake_service: FakeService
) -> None:
    context = await launch()
    options = await enrol(context, server)
    page = await open_chat(context)
    fake_service.received.clear()
    kept = await options.evaluate("chrome.storage.local.get('connection')")
    async with httpx.AsyncClient(base_url=server.url) as http:
        tokens = await sign_in(http, server, "client_admin")
        ended = await http.post(
            f"/api/v1/clients/{tokens['user']['client_id']}/devices"
            f"/{kept['connection']['deviceId']}/revoke",
            headers={"Authorization": f"Bearer {tokens['access_token']}"},
            json={"reason": "The computer was given away"},
        )  # fmt: skip
        assert ended.is_success, ended.text
    await says(page, f"No longer looked after by {CLIENT}")
    await page.keyboard.type(NOTE)
    await page.keyboard.press("Enter")
    await says(page, "This was not sent", "Redact and send")  # by the last rules
    await cancel(page)
    await options.reload()
    await expect(options.locator("#trouble")).to_contain_text("has disconnected this browser")
    await page.evaluate("reset()")
    await options.evaluate("setTimeout(() => chrome.runtime.reload(), 50), 0")
    await says(page, "Please reload this page")  # the badge no longer claims protection
    await page.locator("#prompt-textarea").click()
    await page.keyboard.type(NOTE)
    await page.keyboard.press("Enter")
    await says(page, "Quillgate was updated while the page was open. Nothing was sent.")
    assert "Failed to fetch" in await page.evaluate(POST)  # what the page sends by itself, too
    await until(  # and its worker, where no script of ours ever stood
        lambda: page.evaluate(BY_WORKER, POST),
        lambda told: "Failed to fetch" in told,
        what="a worker whose request fails",
    )
    assert fake_service.received == []
    await page.reload()
    await says(page, f"No longer looked after by {CLIENT}")
    assert await page.evaluate(BY_WORKER, POST) == "sent"
    await context.close()


async def test_tampered_rules_are_not_obeyed_but_fetched_again(
    browser: BrowserContext, fake_service: FakeService
) -> None:
    options = await options_of(browser)
    await options.evaluate(
        """async () => {
          const { bundle } = await chrome.storage.local.get("bundle");
          bundle.bundle = bundle.bundle.replaceAll('"block"', '"allow"');
          await chrome.storage.local.set({ bundle });
        }"""
    )
    await stop_worker(browser, options)
    page = await open_chat(browser)
    fake_service.received.clear()
    await page.keyboard.type(NOTE)
    await page.keyboard.press("Enter")
    await says(page, "This was not sent")
    assert fake_service.received == []
    kept = await options.evaluate("chrome.storage.local.get('bundle')")
    assert '"block"' in kept["bundle"]["bundle"]
    await page.close()
    await options.close()


# Rules as the server would sign them that has learnt of a site this copy was not made for.
LATER = """async () => {
  const { bundle, connection } = await chrome.storage.local.get();
  const said = JSON.parse(bundle.bundle);
  const chatgpt = said.adapters.find(({ id }) => id === "chatgpt");
  const request = { ...chatgpt.requests[0], host: "aistudio.google.com", path: "/later" };
  const match = ["https://api.individual.githubcopilot.com/*"];
  said.adapters.push({ ...chatgpt, id: "later", service: "Later Chat", match, requests: [request] });
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign"]);
  const coded = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const text = JSON.stringify(said);
  const signature = coded(await crypto.subtle.sign("Ed25519", pair.privateKey, new TextEncoder().encode(text)));
  const key = { key_id: "later", public_key: coded(await crypto.subtle.exportKey("raw", pair.publicKey)) };
  connection.bundleKeys.push(key);
  await chrome.storage.local.set({ connection, bundle: { ...bundle, bundle: text, signature, keyId: key.key_id } });
}"""  # noqa: E501 -- two lines of the page's own script
UNDONE = """async () => {
  const { connection } = await chrome.storage.local.get();
  connection.bundleKeys = connection.bundleKeys.filter((key) => key.key_id !== "later");
  await chrome.storage.local.set({ connection, bundle: null });
}"""
TO_LATER = """fetch("https://aistudio.google.com/later", { method: "POST", mode: "no-cors",
  body: JSON.stringify({ messages: [{ content: { parts: ["SSN 536-90-4399"] } }] }) })
  .then(() => "sent", String)"""


async def test_a_site_that_came_with_the_rules_alone_is_named_and_what_leaves_for_it_reported(
    browser: BrowserContext, desk: Page
) -> None:
    options = await options_of(browser)
    await options.evaluate(LATER)
    await stop_worker(browser, options)
    await options.reload()
    await expect(options.locator("#beyond")).to_contain_text("Later Chat")
    await expect(options.locator("#beyond-watched")).to_contain_text("seen and reported")
    assert await desk.evaluate(BY_WORKER, TO_LATER) == "sent"
    await says(desk, "Something left this page unchecked")
    await press(desk, "Close")
    await options.evaluate(UNDONE)
    await stop_worker(browser, options)
    await options.reload()
    await expect(options.locator("#beyond-card")).to_be_hidden()
    await options.close()


async def test_the_panel_names_what_why_and_which_policy_for_a_screen_reader(desk: Page) -> None:
    await desk.keyboard.type(NOTE)
    await desk.keyboard.press("Enter")
    await says(
        desk, "This was not sent", "Name of a person", "Medical record number", "Date of birth",
        "near the word “dob”", "Redact and send", "Ask for an exception", "This is wrong",
        "Cancel", "Policy “HIPAA”, version ", "of Lakeside Clinic",
    )  # fmt: skip


async def test_pasted_text_is_named_at_once_and_the_focus_stays_in_the_editor(
    desk: Page, fake_service: FakeService
) -> None:
    await paste(desk, NOTE)
    await says(desk, "This will be held when you send it: Name of a person")
    assert await desk.evaluate("document.activeElement.id") == "prompt-textarea"
    assert await desk.evaluate("editorText()") == NOTE
    assert fake_service.received == []


async def test_typed_text_is_named_when_the_hands_rest_and_what_is_put_away_stays_away(
    desk: Page, fake_service: FakeService
) -> None:
    hint = "This will be held when you send it: Name of a person"
    await desk.keyboard.type(NOTE)
    await says(desk, hint)
    await press(desk, "Close")
    await is_silent(desk, hint)
    assert await desk.evaluate("document.activeElement.id") == "prompt-textarea"
    await desk.keyboard.type(", seen today")
    await desk.wait_for_timeout(1600)  # the hands rest twice as long as it takes
    assert hint not in await words(desk)
    assert await desk.evaluate("editorText()") == f"{NOTE}, seen today"
    assert fake_service.received == []


async def test_a_redaction_over_several_lines_can_be_undone_and_is_judged_again(
    desk: Page, fake_service: FakeService
) -> None:
    for line in (*NOTE.split(", "), "Summarise 😀 this."):
        await desk.keyboard.type(line)
        await desk.keyboard.press("Shift+Enter")
    await desk.keyboard.press("Enter")
    await says(desk, "Redact and send")
    await desk.keyboard.press("Enter")
    await says(desk, "Confirm and send")
    await desk.keyboard.press("Enter")
    [left] = await received(fake_service)
    assert not [word for word in SECRETS if word in left]
    assert "Summarise 😀 this." in left
    await desk.keyboard.press("Control+z")  # the page's own clearing
    if "[PERSON_1]" in await desk.evaluate("editorText()"):
        await desk.keyboard.press("Control+z")  # the redaction, where it is a step of its own
    assert SECRETS[0] in await desk.evaluate("editorText()")
    await desk.keyboard.press("Enter")
    await says(desk, "This was not sent")
    assert len(fake_service.received) == 1
