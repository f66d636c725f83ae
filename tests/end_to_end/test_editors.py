"""The editors chat sites are made with, each as its makers ship it: typed into, and redacted."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import BrowserContext, CDPSession, Page

from tests.end_to_end.conftest import CLIENT, NOTE, SECRETS, paste, received
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import focused, says

pytestmark = pytest.mark.browser
EDITORS = (
    "prosemirror", "lexicalPlain", "lexicalRich", "quill", "slate", "reactTextarea",
    "contenteditable",
)  # fmt: skip
HELD = "SSN 536-90-4399"
REDACTED = "Patient: [PERSON_1], DOB [DATE_OF_BIRTH_1], MRN [MEDICAL_RECORD_NUMBER_1], phone "
EMOJI = "👩🏽‍⚕️ 🇩🇪 👨‍👩‍👧‍👦 😀"
LINE = "The quick brown fox (jumps over) 13 lazy dogs; naïve & €3.50? "
TYPED = (LINE * 8)[:480].strip()
EXPECTED = f"{TYPED}\n日本語 {EMOJI} end"
assert len(EXPECTED) >= 500


async def opened(context: BrowserContext) -> Page:
    """Open the page with every kind of editor."""
    page = await context.new_page()
    await page.goto("https://chatgpt.com/editors")
    await page.wait_for_function("window.ready === true")
    await says(page, f"Protected by {CLIENT}")
    return page


async def enter(page: Page, editor: str) -> None:
    """Put the caret into an editor."""
    await page.locator(f"#{editor} :is([contenteditable=true], textarea)").click()
    if editor == "slate":
        await page.wait_for_timeout(200)  # it hears of its caret a tenth of a second later


async def model(page: Page, editor: str) -> str:
    """Return what an editor's own model holds."""
    return str(await page.evaluate("(editor) => models[editor]()", editor))


async def send(page: Page, editor: str) -> None:
    """Press the button beside an editor, whatever lies over it."""
    await page.locator(f"#{editor} button").dispatch_event("click")


async def type_all(session: CDPSession, text: str) -> None:
    """Press a key for each sign, as fast as the browser takes them."""
    keys: list[dict[str, Any]] = [{"type": "keyDown", "key": sign, "text": sign} for sign in text]
    await asyncio.gather(*(session.send("Input.dispatchKeyEvent", key) for key in keys))


async def write(page: Page, editor: str) -> None:
    """Type five hundred signs: keys, a line end, an input method, emoji, second thoughts."""
    session = await page.context.new_cdp_session(page)
    await type_all(session, TYPED)
    await page.keyboard.press("Shift+Enter")
    for text in ("に", "にほ", "にほん", "日本", "日本語"):
        composed = {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        await session.send("Input.imeSetComposition", composed)
    await session.send("Input.insertText", {"text": "日本語"})
    await page.keyboard.type(" ")
    for one in EMOJI.split(" "):
        await session.send("Input.insertText", {"text": one})
        await page.keyboard.type(" ")
    await page.keyboard.type("end")
    whole = await model(page, editor)
    await page.keyboard.press("Control+z")
    assert await model(page, editor) != whole
    await page.keyboard.press("Control+Shift+Z")
    assert await model(page, editor) == whole
    await session.detach()


async def test_five_hundred_signs_typed_under_a_hint_arrive_byte_for_byte(
    browser: BrowserContext, fake_service: FakeService
) -> None:
    page = await opened(browser)
    for editor in EDITORS:
        fake_service.received.clear()
        await enter(page, editor)
        await paste(page, HELD)
        await says(page, "This will be held when you send it")
        for _ in HELD:
            await page.keyboard.press("Backspace")
        await write(page, editor)
        await send(page, editor)
        assert await received(fake_service) == [EXPECTED], editor
    await page.close()


async def test_seven_editors_of_seven_are_redacted_for_good_and_an_eighth_is_refused(
    browser: BrowserContext, fake_service: FakeService
) -> None:
    page = await opened(browser)
    session = await browser.new_cdp_session(page)
    for editor in (*EDITORS, "stubborn"):
        fake_service.received.clear()
        await enter(page, editor)
        await session.send("Input.insertText", {"text": NOTE})
        await page.keyboard.press("Shift+Enter")
        await session.send("Input.insertText", {"text": "Please summarise."})
        await send(page, editor)
        for button in ("Redact and send", "Confirm and send"):
            await says(page, button)
            await page.wait_for_timeout(260)  # as long as a second Enter is taken for haste
            assert await focused(page) == button
            await page.keyboard.press("Enter")
        if editor == "stubborn":
            await says(page, "did not take the redacted text")
            assert fake_service.received == []
            continue
        [left] = await received(fake_service)
        assert left.startswith(REDACTED), editor
        assert left.endswith("\nPlease summarise."), editor
        await enter(page, editor)
        await page.keyboard.press("Control+End")
        await page.keyboard.type(" Thanks")
        await send(page, editor)
        [_, later] = await received(fake_service, 2)
        assert "Thanks" in later, editor
        assert later.startswith(REDACTED), editor
        assert not [secret for secret in SECRETS if secret in left + later], editor
    await page.close()
