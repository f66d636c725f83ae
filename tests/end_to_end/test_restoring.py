"""What was redacted is shown in the answer to the person alone; the page keeps its placeholders."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.end_to_end.conftest import NOTE, SECRETS, received
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import press, says, words

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"


async def redacted(page: Page, text: str) -> None:
    """Type a prompt, and send it redacted."""
    await page.locator(".ProseMirror").click()
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")
    await press(page, "Redact and send")
    await press(page, "Confirm and send")


async def test_an_answer_shows_the_original_values_and_the_page_never_has_them(
    chat: Page, fake_service: FakeService
) -> None:
    await redacted(chat, NOTE)
    await says(chat, "[PERSON_1]: Maria Gonzalez")
    await asyncio.sleep(0.4)
    SHOTS.mkdir(parents=True, exist_ok=True)
    await chat.screenshot(path=SHOTS / "restored.png")
    held = await chat.evaluate(
        "document.documentElement.outerHTML + getSelection() + [...document.all].map("
        "(one) => one.innerText ?? '').join() + JSON.stringify(Object.entries(localStorage))"
    )
    assert not [secret for secret in SECRETS if secret in held]
    assert "[PERSON_1]" in held

    await redacted(chat, "Compare Patient: John Miller, MRN 00482913, with Maria Gonzalez")
    left = await received(fake_service, 2)
    assert left[1].startswith("Compare Patient: [PERSON_2], MRN [MEDICAL_RECORD_NUMBER_1]")
    await says(chat, "[PERSON_2]: John Miller")

    await chat.reload()
    await chat.wait_for_function("window.ready === true")
    await chat.evaluate("say('[PERSON_1] again')")
    await chat.wait_for_timeout(500)
    assert "Maria" not in await words(chat)
