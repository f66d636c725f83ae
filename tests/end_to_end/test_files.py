"""Files: picked, dropped, pasted; what leaves is read from the service's own log."""

import base64
import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import docx
import pytest
from playwright.async_api import Page

from tests.end_to_end.conftest import Server
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import is_silent, press, says
from tests.end_to_end.test_journeys import audit_log
from tests.end_to_end.waiting import until

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
CLEAN: Final = ("notes.txt", b"Water the plants on the third floor.\n")
ROWS: Final = [("Maria Gonzalez", "536-90-4399"), ("John Miller", "219-09-9998")]
TABLE: Final = (
    "patients.csv",
    b"name,ssn\n" + b"".join(f"{name},{ssn}\n".encode() for name, ssn in ROWS),
)
PICTURE: Final = ("scan.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1")
GIVE = """([way, files, text]) => {
  const data = new DataTransfer();
  for (const [name, content] of files)
    data.items.add(new File([Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0))], name));
  if (text) data.setData("text/plain", text);
  const how = { bubbles: true, cancelable: true, composed: true };
  const target = document.querySelector(".ProseMirror");
  target.dispatchEvent(way === "drop"
    ? new DragEvent("drop", { ...how, dataTransfer: data })
    : new ClipboardEvent("paste", { ...how, clipboardData: data }));
}"""


# For how long the page came to nothing.
WATCH = """() => {
  window.longest = 0;
  window.began = performance.now();
  let last = began;
  setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 10);
}"""


def endless() -> tuple[str, bytes]:
    """Return a small document whose reader would be busy for seconds, with nothing to stop it."""
    noise = base64.b64encode(os.urandom(300_000)).decode()
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("word/document.xml", f"<w:document><!--{noise}-->{'&#1;' * 15_000_000}")
    return "endless.docx", made.getvalue()


def document(text: str) -> tuple[str, bytes]:
    """Return a letter of one line."""
    made = io.BytesIO()
    letter = docx.Document()
    letter.add_paragraph(text)
    letter.save(made)
    return "letter.docx", made.getvalue()


def payload(*files: tuple[str, bytes]) -> list[dict[str, Any]]:
    return [{"name": name, "mimeType": "", "buffer": content} for name, content in files]


async def give(page: Page, way: str, *files: tuple[str, bytes], text: str = "") -> None:
    """Drop or paste files on the editor."""
    packed = [(name, base64.b64encode(content).decode()) for name, content in files]
    await page.evaluate(GIVE, [way, packed, text])


async def left(service: FakeService, count: int = 1) -> list[str]:
    """Return the names of the files that left, once there are that many."""
    return await until(
        lambda: [name for name, _ in service.files],
        lambda names: len(names) >= count,
        what=f"{count} files that left",
    )


async def recorded(server: Server, began: datetime, least: int) -> list[dict[str, Any]]:
    """Return the newest audit entries once there are so many about files."""
    return await until(
        lambda: audit_log(server, began),
        lambda items: len(items) >= least and items[0]["disposition"] == "justified_sent",
        what=f"{least} audit entries, the newest of one who gave a reason",
    )


async def test_files_are_judged_before_any_byte_leaves_however_they_come(
    chat: Page, fake_service: FakeService, server: Server
) -> None:
    began = datetime.now(UTC)
    fake_service.files.clear()
    picker = chat.locator("#upload")
    await picker.set_input_files(payload(CLEAN))
    assert await left(fake_service) == ["notes.txt"]
    assert fake_service.files[0][1] == CLEAN[1]
    await give(chat, "drop", CLEAN)
    await give(chat, "paste", CLEAN)
    async with chat.expect_file_chooser() as chosen:
        await chat.evaluate("pickOutside()")
    await (await chosen.value).set_files(payload(CLEAN))
    assert await left(fake_service, 4) == ["notes.txt"] * 4
    seen = ["picked 1", "dropped 1", "pasted 1", "outside 1"]
    assert await chat.evaluate("seenByPage") == seen

    await picker.set_input_files(payload(TABLE, CLEAN))
    await says(chat, "This was not attached", "patients.csv", "3 rows, 2 columns")
    SHOTS.mkdir(parents=True, exist_ok=True)
    await chat.screenshot(path=SHOTS / "file-blocked.png")
    await says(chat, "× 2")
    await press(chat, "Cancel")
    await is_silent(chat, "This was not attached")
    for way in ("drop", "paste"):
        await give(chat, way, TABLE)
        await says(chat, "This was not attached")
        await press(chat, "Cancel")
        await is_silent(chat, "This was not attached")
    assert await chat.evaluate("seenByPage") == seen
    assert await chat.evaluate("document.querySelector('#upload').files.length") == 0

    await give(chat, "paste", PICTURE, text="Three plants, two of them dry.")
    await says(chat, "The picture beside the text was left out")
    assert await chat.evaluate("editorText()") == "Three plants, two of them dry."

    await picker.set_input_files(payload(PICTURE))
    await says(chat, "Look again before you attach this", "scan.png", "Nobody could check")
    await chat.screenshot(path=SHOTS / "file-unreadable.png")
    await press(chat, "Send anyway")
    await chat.keyboard.type("The scan shows an empty form.")
    await chat.keyboard.press("Enter")
    await chat.keyboard.press("Tab")
    await chat.keyboard.press("Enter")
    assert await left(fake_service, 5) == [*["notes.txt"] * 4, "scan.png"]
    entries = await recorded(server, began, 12)
    assert [(e["channel"], e["action"], e["disposition"], e["kinds"]) for e in entries[:2]] == [
        ("uploaded", "warn", "justified_sent", {"UNREADABLE_FILE": 1}),
        ("uploaded", "warn", "abandoned", {"UNREADABLE_FILE": 1}),
    ]
    stopped = [e for e in entries if e["action"] == "block" and e["entry_kind"] == "verdict"]
    assert [e["channel"] for e in stopped[:3]] == ["pasted", "dropped", "uploaded"]
    assert all(e["kinds"] == {"PERSON": 2, "US_SSN": 2} for e in stopped[:3])

    await picker.set_input_files(payload(TABLE, CLEAN))
    await press(chat, "Redact and send")
    assert await left(fake_service, 7) == [*["notes.txt"] * 4, "scan.png", "patients.csv", CLEAN[0]]
    assert fake_service.files[5][1] == b"name,ssn\n[PERSON_1],[US_SSN_1]\n[PERSON_2],[US_SSN_2]\n"
    assert fake_service.files[6][1] == CLEAN[1]


async def test_a_document_that_keeps_its_reader_busy_keeps_neither_the_page_nor_its_reader(
    chat: Page,
) -> None:
    await chat.evaluate(WATCH)
    await chat.locator("#upload").set_input_files(payload(endless()))
    await says(chat, "Look again before you attach this", "endless.docx", "Nobody could")
    assert await chat.evaluate("longest * 3 < performance.now() - began")
    assert await chat.evaluate("seenByPage") == []
    await press(chat, "Cancel")
    await chat.locator("#upload").set_input_files(payload(document("Water the plants.")))
    await chat.wait_for_function("seenByPage.length")
    await chat.locator("#upload").set_input_files(payload(document("SSN 536-90-4399")))
    await says(chat, "This was not attached", "letter.docx", "Social Security number")
    await press(chat, "Cancel")
