"""People in a hurry: held keys, double clicks, second tries, long pastes, two tabs."""

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.async_api import BrowserContext, Page

from tests.end_to_end.conftest import (
    NOTE,
    Server,
    open_chat,
    own_worker,
    paste,
    received,
    stop_worker,
)
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import focused, is_silent, place, press, says, words
from tests.end_to_end.test_journeys import acknowledged, audit_log, sign_in
from tests.end_to_end.waiting import until

pytestmark = pytest.mark.browser
SSN = "SSN 536-90-4399"


async def test_a_held_enter_presses_nothing_in_the_panel(
    desk: Page, fake_service: FakeService
) -> None:
    await desk.keyboard.type(NOTE)
    await desk.keyboard.down("Enter")
    await says(desk, "This was not sent", "Redact and send")
    for _ in range(5):
        await desk.keyboard.down("Enter")  # as the key repeats itself
    await desk.keyboard.up("Enter")
    assert "Confirm and send" not in await words(desk)
    await desk.keyboard.press("Enter")
    await says(desk, "Confirm and send")
    assert fake_service.received == []


async def test_the_second_half_of_a_double_click_presses_nothing_in_the_panel(
    desk: Page, fake_service: FakeService
) -> None:
    await desk.keyboard.type(NOTE)
    await desk.keyboard.press("Enter")
    x, y = await place(desk, "Redact and send")
    await desk.keyboard.press("Escape")
    await desk.evaluate(  # the page's own button, where the panel's will be
        "([x, y]) => document.querySelector('[data-testid=send-button]').style.cssText ="
        " `position: fixed; left: ${x - 20}px; top: ${y - 10}px`",
        [x, y],
    )
    await desk.mouse.click(x, y)
    await says(desk, "Redact and send")
    await desk.mouse.move(x, y)
    await desk.mouse.down(click_count=2)
    await desk.mouse.up(click_count=2)
    assert "Confirm and send" not in await words(desk)
    await desk.mouse.click(x, y)
    await says(desk, "Confirm and send")
    assert fake_service.received == []


async def test_enter_in_the_middle_of_a_composition_is_not_a_send(
    desk: Page, fake_service: FakeService
) -> None:
    session = await desk.context.new_cdp_session(desk)
    await session.send(
        "Input.imeSetComposition", {"text": SSN, "selectionStart": 3, "selectionEnd": 3}
    )
    key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
    await session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **key})
    await session.send("Input.insertText", {"text": SSN})
    assert "This was not sent" not in await words(desk)
    assert await desk.evaluate("editorText()") == SSN
    await desk.keyboard.press("Enter")
    await says(desk, "This was not sent")
    assert fake_service.received == []


async def test_enter_at_once_after_the_longest_paste_is_judged_and_recorded(
    desk: Page, server: Server, began: datetime, fake_service: FakeService
) -> None:
    row = "Patient: Maria Gonzalez, DOB 03/14/1962, SSN 536-90-4399\n"
    text = (row * (200_000 // len(row))).strip()
    await paste(desk, text)
    await desk.keyboard.press("Enter")
    has_panel = "document.activeElement.localName === 'quillgate-panel'"
    await desk.wait_for_function(has_panel)
    await desk.keyboard.press("Escape")
    await desk.wait_for_function(f"!({has_panel})")
    assert fake_service.received == []
    entries = await audit(server, began, size=len(text))
    assert {entry["entry_kind"] for entry in entries} == {"verdict", "disposition"}


async def test_a_long_harmless_prompt_leaves_as_it_is(
    desk: Page, fake_service: FakeService
) -> None:
    text = ("Water the plants on the third floor, 😀 twice a week.\n" * 800).strip()
    assert len(text) > 32 * 1024
    await paste(desk, text)
    await desk.keyboard.press("Enter")
    assert await received(fake_service) == [text]


async def test_more_than_can_be_replaced_is_said_and_not_offered(
    desk: Page, fake_service: FakeService
) -> None:
    await paste(desk, "\n".join([SSN] * 301))
    await desk.keyboard.press("Enter")
    await says(desk, "This was not sent", "Too much was found to replace it here")
    assert "Redact and send" not in await words(desk)
    assert fake_service.received == []


@pytest.fixture
def began() -> datetime:
    """Return when a test began: what was recorded before is another run's."""
    return datetime.now(UTC)


async def audit(server: Server, began: datetime, size: int, count: int = 2) -> list[dict[str, Any]]:
    """Return the audit entries about a text of this length, once there are so many."""

    async def found() -> list[dict[str, Any]]:
        return [item for item in await audit_log(server, began) if item["size"] == size]

    what = f"{count} audit entries about {size} signs"
    return await until(found, lambda entries: len(entries) >= count, what=what)


async def test_a_list_of_patients_is_redacted_in_one_step_and_undone_in_one(
    desk: Page, fake_service: FakeService
) -> None:
    rows = [f"Patient: Maria Gonzalez, SSN 536-90-{4300 + number}" for number in range(100)]
    await paste(desk, "\n".join(rows))
    await desk.keyboard.press("Enter")
    await press(desk, "Redact and send")
    await press(desk, "Confirm and send")
    [left] = await received(fake_service)
    lines = left.splitlines()  # in this tab some numbers may have their placeholders from before
    assert all(re.fullmatch(r"Patient: \[PERSON_1\], SSN \[US_SSN_\d+\]", line) for line in lines)
    assert len(set(lines)) == 100
    await desk.keyboard.press("Control+z")
    if "[PERSON_1]" in await desk.evaluate("editorText()"):
        await desk.keyboard.press("Control+z")
    assert await desk.evaluate("editorText()") == "\n".join(rows)


async def test_while_the_server_thinks_a_second_enter_asks_nothing_and_giving_up_sends_nothing(
    desk: Page, server: Server, began: datetime, fake_service: FakeService
) -> None:
    await desk.keyboard.type("Ask Mr. John Smith about the second try")
    server.pause()
    try:
        await desk.keyboard.press("Enter")
        await desk.keyboard.press("Enter")
        await says(desk, "Checking before it is sent", "Nothing has been sent yet")
        await desk.keyboard.press("Escape")
        await is_silent(desk, "Checking before it is sent")
        await desk.keyboard.press("Enter")  # whoever gave up need not wait to try again
        await says(desk, "Checking before it is sent")
        await desk.keyboard.press("Escape")
    finally:
        server.go_on()
    size = len("Ask Mr. John Smith about the second try")
    entries = await audit(server, began, size=size, count=4)
    dispositions = sorted(entry["disposition"] for entry in entries)
    assert dispositions == ["abandoned"] * 2 + ["sent_unflagged"] * 2
    assert fake_service.received == []
    assert await focused(desk) == "Message"


async def test_an_answer_that_comes_too_late_is_the_same_entry_as_the_verdict_without_it(
    desk: Page, server: Server, began: datetime, fake_service: FakeService
) -> None:
    text = f"{SSN}, asked while the server was asleep"
    await desk.keyboard.type(text)
    server.pause()
    try:
        await desk.keyboard.press("Enter")
        await says(desk, "This was not sent")
    finally:
        server.go_on()
    await press(desk, "Redact and send")
    await press(desk, "Confirm and send")
    assert await received(fake_service) == ["SSN [US_SSN_1], asked while the server was asleep"]
    [verdict] = await audit(server, began, size=len(text), count=1)
    [disposition] = await audit(server, began, size=len(fake_service.received[0]), count=1)
    assert disposition["submission_id"] == verdict["submission_id"]
    assert disposition["disposition"] == "redacted_sent"


async def test_an_event_told_to_a_worker_that_falls_asleep_is_not_lost(
    desk: Page, server: Server, began: datetime, fake_service: FakeService
) -> None:
    text = "A harmless line for a sleeping worker"
    await desk.keyboard.type(text)
    await stop_worker(desk.context, desk)
    await desk.keyboard.press("Enter")
    assert await received(fake_service) == [text]
    [entry] = await audit(server, began, size=len(text), count=1)
    assert entry["action"] == "allow"


FILL = """async () => {
  const { local } = chrome.storage;
  globalThis.fill = async () => {
    const used = await local.getBytesInUse() - await local.getBytesInUse("filler");
    await local.set({ filler: "x".repeat(local.QUOTA_BYTES - used - 50) }).catch(() => {});
  };
  local.onChanged.addListener((changed) => "filler" in changed || void globalThis.fill?.());
  const notes = Object.keys(await local.get()).filter((name) => /^recent$|^sightings /.test(name));
  await local.remove(notes);
  await globalThis.fill();
}"""  # no note is left to give up for an event; what becomes free by one that left is filled again
EMPTY = """async () => {
  delete globalThis.fill;
  await chrome.storage.local.remove("filler");
}"""


async def test_an_event_that_full_storage_cannot_take_waits_in_its_page_and_is_not_lost(
    desk: Page, server: Server, began: datetime, fake_service: FakeService
) -> None:
    worker = next(one for one in desk.context.service_workers if "extension" in one.url)
    await worker.evaluate(FILL)
    texts = [f"A harmless line{', of a length no other has' * times}" for times in (8, 9)]
    try:
        await desk.keyboard.type(texts[0])
        await desk.keyboard.press("Enter")
        assert await received(fake_service) == texts[:1]
        await says(desk, "with trouble")
    finally:
        await worker.evaluate(EMPTY)
    await desk.keyboard.type(texts[1])
    await desk.keyboard.press("Enter")
    for text in texts:
        [entry] = await audit(server, began, size=len(text), count=1)
        assert entry["action"] == "allow"


async def test_two_tabs_at_once_lose_no_event(
    browser: BrowserContext, server: Server, began: datetime, fake_service: FakeService
) -> None:
    tabs = [await open_chat(browser) for _ in range(2)]
    fake_service.received.clear()
    text = "Two tabs, one harmless line" + ", a length no other line has" * 5
    for tab in tabs:
        await tab.locator("#prompt-textarea").click()
        await tab.keyboard.type(text)
    await asyncio.gather(
        *[
            tab.evaluate("document.querySelector('[data-testid=send-button]').click()")
            for tab in tabs
        ]
    )
    assert await received(fake_service, 2) == [text, text]
    entries = await audit(server, began, size=len(text))
    assert len({entry["submission_id"] for entry in entries}) == 2
    for tab in tabs:
        await tab.close()


async def test_a_policy_that_became_stricter_while_the_panel_was_open_decides(
    desk: Page, server: Server, fake_service: FakeService
) -> None:
    await desk.keyboard.type("Write to ann@example.org about lunch")
    await desk.keyboard.press("Enter")
    await press(desk, "Send anyway")
    await desk.keyboard.type("She asked for it.")
    await publish(server, "block")
    await press(desk, "Send anyway")
    await says(desk, "This was not sent", "Ask for an exception")
    assert fake_service.received == []
    await press(desk, "Cancel")
    await publish(server, "warn")


async def publish(server: Server, action: str) -> None:
    """Publish what an e-mail address calls for, and wait until the browser obeys."""
    async with httpx.AsyncClient(base_url=server.url) as http:
        tokens = await sign_in(http, server, "client_admin")
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        client = tokens["user"]["client_id"]
        listed = await http.get(f"/api/v1/policies?client_id={client}", headers=headers)
        policy = listed.json()["items"][-1]
        change = {
            "base_version": policy["version"], "reason": f"For a test: {action}.",
            "patch": {"entities": {"EMAIL_ADDRESS": {"action": action}}},
        }  # fmt: skip
        answer = await http.post(
            f"/api/v1/policies/{policy['id']}/versions", headers=headers, json=change
        )
    await acknowledged(server, answer.json()["version"])


@pytest.mark.parametrize("size", [(360, 640), (550, 400)], ids=["narrow", "zoomed"])
async def test_in_a_small_window_what_happened_and_the_way_out_are_seen_together(
    desk: Page, size: tuple[int, int]
) -> None:
    former = desk.viewport_size
    await desk.set_viewport_size({"width": size[0], "height": size[1]})
    await desk.keyboard.type(", ".join(f"SSN 536-90-{4300 + number}" for number in range(12)))
    await desk.keyboard.press("Enter")
    for role, name in (("heading", "This was not sent"), ("button", "Redact and send")):
        x, y = await place(desk, name, role)
        assert 0 < x < size[0], name
        assert 0 < y < size[1], name
    assert await focused(desk) == "Redact and send"
    assert former
    await desk.set_viewport_size(former)


async def test_the_first_notice_is_read_once_and_the_focus_stays_in_the_editor(
    browser: BrowserContext,
) -> None:
    worker = await own_worker(browser)
    await worker.evaluate("chrome.storage.local.remove('isNoticeSeen')")
    first, second = await open_chat(browser), await open_chat(browser)
    await says(first, "Quillgate is on")
    await says(second, "Quillgate is on")
    await second.locator("#prompt-textarea").click()
    await press(second, "Got it")
    await is_silent(second, "Quillgate is on")
    await is_silent(first, "Quillgate is on")
    assert await focused(second) == "Message"
    await first.close()
    await second.close()
