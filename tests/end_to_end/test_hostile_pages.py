"""Pages that do not play along: what was not judged does not leave, and nothing leaves unasked."""

import pytest
from playwright.async_api import BrowserContext, Page

from tests.end_to_end.conftest import CLIENT, NOTE, open_chat, own_worker, paste, received
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import cancel, is_silent, press, says, words

pytestmark = pytest.mark.browser
SSN = "SSN 536-90-4399"
# A part of the page that sends what stands in its editor when `when` happens to it.
PART = """([html, editor, target, when]) => {
  const part = document.createElement("div");
  part.innerHTML = html;
  document.getElementById("log").append(part);
  const read = () => { const found = part.querySelector(editor); return found.value ?? found.textContent; };
  part.querySelector(target).addEventListener(when, (event) => {
    if (event instanceof KeyboardEvent && event.key !== "Enter") return;
    event.preventDefault();
    const body = JSON.stringify({ messages: [{ content: { parts: [read()] } }] });
    fetch("/backend-api/f/conversation", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  });
  part.querySelector(editor).focus();
}"""  # noqa: E501 -- one line of the page's own script


async def add(page: Page, html: str, editor: str, target: str, when: str) -> None:
    """Add a part to the page that sends."""
    await page.evaluate(PART, [html, editor, target, when])


async def test_a_send_button_is_about_the_editor_beside_it_not_about_another_draft(
    desk: Page, fake_service: FakeService
) -> None:
    await desk.keyboard.type("a harmless draft")
    html = f"<textarea>{SSN}</textarea><button>Send</button>"
    await add(desk, html, "textarea", "button", "click")
    await desk.locator("#log button").click()
    await says(desk, "This was not sent", "Social Security number")
    await press(desk, "Redact and send")
    await press(desk, "Confirm and send")
    assert await received(fake_service) == ["SSN [US_SSN_1]"]
    assert await desk.evaluate("editorText()") == "a harmless draft"


async def test_another_form_of_the_page_never_sends_the_draft(
    desk: Page, fake_service: FakeService
) -> None:
    await desk.keyboard.type("Ask Mr. John Smith about it")  # is passed, after the server was asked
    await desk.evaluate(
        """() => {
          const form = document.createElement("form");
          form.innerHTML = "<input><button>Search</button>";
          form.addEventListener("submit", (event) => { event.preventDefault(); window.times = (window.times ?? 0) + 1; });
          document.getElementById("log").append(form);
        }"""  # noqa: E501 -- one line of the page's own script
    )
    await desk.locator("#log button").click()
    await desk.wait_for_function("window.times === 1")
    assert fake_service.received == []
    assert await desk.evaluate("editorText()") == "Ask Mr. John Smith about it"


EDITORS = (
    (f"<div contenteditable=plaintext-only>{SSN}</div>", "keydown"),
    (f"<div contenteditable=TRUE>{SSN}</div>", "keydown"),
    ("<div contenteditable>S<b>SN 53</b>6-90<i contenteditable=false>-4399</i></div>", "keydown"),
    (f"<textarea>{SSN}</textarea>", "keyup"),
    (f"<textarea>{SSN}</textarea>", "keypress"),
)


async def test_every_kind_of_editor_and_every_event_of_an_enter_is_held(
    desk: Page, fake_service: FakeService
) -> None:
    for html, when in EDITORS:
        await add(desk, html, "div, textarea", "div, textarea", when)
        await desk.keyboard.press("Enter")
        await says(desk, "This was not sent")
        await desk.keyboard.press("Escape")
        await is_silent(desk, "This was not sent")
    assert fake_service.received == []


async def test_control_and_shift_with_enter_may_send_and_is_held(
    desk: Page, fake_service: FakeService
) -> None:
    await add(desk, f"<textarea>{SSN}</textarea>", "textarea", "textarea", "keydown")
    await desk.keyboard.press("Control+Shift+Enter")
    await says(desk, "This was not sent")
    assert fake_service.received == []


async def test_a_page_that_writes_itself_anew_is_still_guarded(
    chat: Page, fake_service: FakeService
) -> None:
    await chat.evaluate(
        """() => {
          document.open();
          document.write("<title>Anew</title><div id=log></div>");
          document.close();
        }"""
    )
    await add(chat, f"<textarea>{SSN}</textarea>", "textarea", "textarea", "keydown")
    await chat.keyboard.press("Enter")
    await says(chat, "This was not sent")
    assert fake_service.received == []


async def test_a_page_that_takes_the_panel_away_gets_it_back(
    desk: Page, fake_service: FakeService
) -> None:
    await desk.keyboard.type(SSN)
    await desk.keyboard.press("Enter")
    await says(desk, "This was not sent")
    for _ in range(3):
        await desk.evaluate("document.querySelector('quillgate-panel').remove()")
    await press(desk, "Redact and send")  # a modal one: nothing of the page lies over it
    await press(desk, "Confirm and send")
    assert await received(fake_service) == ["SSN [US_SSN_1]"]


async def test_a_style_of_the_page_does_not_hide_the_panel(
    chat: Page, fake_service: FakeService
) -> None:
    hidden = "display: none !important; visibility: hidden; opacity: 0; transform: scale(0)"
    await chat.add_style_tag(content=f"html > :not(head, body) {{ {hidden} }}")
    await chat.keyboard.type(SSN)
    await chat.keyboard.press("Enter")
    await press(chat, "Redact and send")
    await press(chat, "Confirm and send")
    assert await received(fake_service) == ["SSN [US_SSN_1]"]


async def test_a_page_that_makes_its_editor_anew_while_the_panel_is_open_sends_from_the_new_one(
    desk: Page, fake_service: FakeService
) -> None:
    html = f"<section><textarea>{SSN}</textarea><button>Send</button></section>"
    await add(desk, html, "section textarea", "section", "click")
    await desk.locator("#log button").click()
    await says(desk, "This was not sent")
    await desk.evaluate("document.querySelector('section').innerHTML += ''")
    await press(desk, "Redact and send")
    await press(desk, "Confirm and send")
    assert await received(fake_service) == ["SSN [US_SSN_1]"]


async def test_a_text_changed_under_the_panel_is_not_sent_and_not_recorded_as_sent(
    desk: Page, fake_service: FakeService
) -> None:
    html = "<textarea>Write to ann@example.org</textarea><button>Send</button>"
    await add(desk, html, "textarea", "button", "click")
    await desk.locator("#log button").click()
    await press(desk, "Send anyway")
    await desk.keyboard.type("She asked for it.")
    await desk.evaluate(f"document.querySelector('#log textarea').value = 'IBAN and {SSN}'")
    await press(desk, "Send anyway")
    await says(desk, "The text changed while it was being checked")
    assert fake_service.received == []
    assert await last_decision(desk.context) == "Asked to look again"


async def last_decision(context: BrowserContext) -> str:
    """Return the newest line of the popup."""
    worker = await own_worker(context)
    page = await context.new_page()
    await page.goto(worker.url.replace("worker/main.js", "pages/popup/popup.html"))
    newest = await page.locator("#recent strong").first.text_content()
    await page.close()
    return str(newest)


async def test_what_is_typed_into_the_panel_is_not_heard_by_the_page(
    chat: Page, fake_service: FakeService
) -> None:
    await chat.evaluate(
        """() => {
          window.heard = [];
          for (const type of ["keydown", "keypress", "keyup", "beforeinput", "input"]) addEventListener(type, (event) => heard.push(event.key ?? event.data), true);
        }"""  # noqa: E501 -- one line of the page's own script
    )
    await chat.keyboard.type("Write to ann@example.org")
    await chat.keyboard.press("Enter")
    await says(chat, "Send anyway")
    await chat.evaluate("heard.length = 0")
    await press(chat, "Send anyway")
    await chat.keyboard.type("Quite secret.")
    assert await chat.evaluate("heard") == []
    await press(chat, "Send anyway")
    assert await received(fake_service) == ["Write to ann@example.org"]


async def test_events_a_page_makes_up_are_judged_like_a_persons(
    desk: Page, fake_service: FakeService
) -> None:
    await desk.keyboard.type(NOTE)
    await desk.evaluate("document.querySelector('[data-testid=send-button]').click()")
    await says(desk, "This was not sent")
    await desk.keyboard.press("Escape")
    await desk.evaluate("document.getElementById('composer').requestSubmit()")
    await says(desk, "This was not sent")
    assert fake_service.received == []


COPILOT = """() => void fetch("https://api.individual.githubcopilot.com/github/chat/threads/1/messages",
  { method: "POST", body: JSON.stringify({ content: "SSN 536-90-4399" }) }).catch(() => {})"""


async def test_a_part_of_a_site_is_guarded_as_one_comes_to_it_and_not_as_one_leaves_it(
    browser: BrowserContext, fake_service: FakeService
) -> None:
    page = await open_chat(browser, "https://github.com/issues", says_first="")
    fake_service.received.clear()
    await page.keyboard.type(SSN)
    await page.keyboard.press("Enter")
    assert await received(fake_service) == [SSN]
    assert f"Protected by {CLIENT}" not in await words(page)
    await page.evaluate("history.pushState({}, '', '/copilot/c/1')")
    await says(page, f"Protected by {CLIENT}")
    await page.keyboard.type(SSN)
    await page.keyboard.press("Enter")
    await says(page, "This was not sent")
    await cancel(page)
    await page.evaluate("history.back()")
    await is_silent(page, f"Protected by {CLIENT}")
    await page.keyboard.press("Enter")
    assert await received(fake_service, 2) == [SSN, SSN]
    await page.reload()  # asleep again, but what goes to where prompts go wakes it
    await page.evaluate(COPILOT)
    await says(page, "This was not sent")
    await page.close()


@pytest.mark.parametrize("label", ["Send message", "Enviar mensaje"])
async def test_claude_is_guarded_in_the_readers_language(
    browser: BrowserContext, fake_service: FakeService, label: str
) -> None:
    page = await open_chat(browser, f"https://claude.ai/?label={label}")
    fake_service.received.clear()
    await page.keyboard.type(SSN)
    await page.get_by_role("button", name=label).click()
    await press(page, "Redact and send")
    await press(page, "Confirm and send")
    assert await received(fake_service) == ["SSN [US_SSN_1]"]
    await page.keyboard.type("And thank you.")
    await page.keyboard.press("Enter")
    assert await received(fake_service, 2) == ["SSN [US_SSN_1]", "And thank you."]
    await page.close()


async def test_a_paste_that_a_page_makes_an_attachment_is_judged_until_it_is_removed(
    browser: BrowserContext, fake_service: FakeService
) -> None:
    page = await open_chat(browser, "https://claude.ai/")
    fake_service.received.clear()
    await paste(page, f"{SSN}\n" + "Nothing else is in this note.\n" * 150)
    await page.keyboard.press("Enter")  # at once, before the page has put it anywhere
    await says(page, "This was not sent", "This page has made an attachment of what you")
    assert "Redact and send" not in await words(page)
    await cancel(page)
    await page.keyboard.type("Hello")
    await page.keyboard.press("Enter")
    await says(page, "This was not sent", "This page has made an attachment of what you")
    await press(page, "Cancel")
    assert fake_service.received == []
    await press(page, "Remove")
    await page.locator(".ProseMirror").click()
    await page.keyboard.press("Enter")
    assert await received(fake_service) == ["Hello"]
    await page.close()


async def test_a_harmless_paste_that_becomes_an_attachment_goes_with_its_prompt(
    browser: BrowserContext, fake_service: FakeService
) -> None:
    page = await open_chat(browser, "https://claude.ai/")
    fake_service.received.clear()
    note = "Nothing is in this note.\n" * 200
    await paste(page, note)
    await page.keyboard.press("Enter")
    assert await received(fake_service) == [f"\n{note}"]
    await page.close()
