"""Milliseconds that the guard adds to what a person does: a key, a send, a file."""

import asyncio
import base64
import io
from typing import Any

import docx
from playwright.async_api import Page

from tests.performance.bench_leaving import LENGTH, PROMPT, Figures, both, show

LINES = (
    "The roses by the gate want water twice a week, and the hedge is too high.",
    "Could we move the bench? It stands in the shade from noon on, and nobody sits there.",
    "for (const bed of beds) { if (bed.isDry) water(bed, 12); else skip(bed); }",
    "Our budget is 40 euros for seeds and 120 for tools; the rest stays for autumn.",
)
FILE_LENGTH = 1024 * 1024
ASKED = "Ask Mr. John Smith about it. "  # a name: the server is asked, and lets it go
# What the page does to a person: the same events, to the same field, with us and without.
MEASURE = """async ([prose, note, letter, asked]) => {
  const field = document.getElementById("field");
  const picker = document.getElementById("file");
  let arrive = () => {};
  field.addEventListener("keydown", (event) => event.key === "Enter" && arrive());
  picker.addEventListener("change", () => picker.files.length && arrive());
  const press = (type, key) => field.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, cancelable: true }));
  const rest = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const quantiles = (times) => {
    const ordered = times.slice(3).sort((one, other) => one - other);
    const at = (share) => ordered[Math.floor(share * (ordered.length - 1))];
    return { p50: at(0.5), p99: at(0.99) };
  };
  const timed = async (count, work) => {
    const times = [];
    for (let number = 0; number < count; number += 1) times.push(await work(number));
    return quantiles(times);
  };
  const typed = async (number) => {
    if (number % 100 === 99) await rest(900); // the hands rest, and a hint is looked for
    const began = performance.now();
    press("keydown", "a");
    field.value += "a";
    field.dispatchEvent(new InputEvent("input", { data: "a", inputType: "insertText", bubbles: true }));
    press("keyup", "a");
    return performance.now() - began;
  };
  const arrived = async (start) => {
    const there = new Promise((resolve, reject) => {
      arrive = () => resolve(performance.now());
      setTimeout(reject, 10000, "what was sent has not arrived");
    });
    const began = performance.now();
    start();
    const ended = await there;
    await rest(20);
    return ended - began;
  };
  const sent = (begin) => (number) => {
    field.value = `${number} ${begin}${prose}`;
    field.focus();
    return arrived(() => press("keydown", "Enter"));
  };
  const picked = (content, name) => () => {
    const data = new DataTransfer();
    data.items.add(new File([content], name));
    return arrived(() => {
      picker.files = data.files;
      picker.dispatchEvent(new Event("input", { bubbles: true }));
      picker.dispatchEvent(new Event("change", { bubbles: true }));
    });
  };
  const bytes = Uint8Array.from(atob(letter), (sign) => sign.charCodeAt(0));
  field.value = prose;
  return {
    "a key in 4 KB": await timed(600, typed),
    "a send of 4 KB, judged here": await timed(150, sent("")),
    "a send of 4 KB, the server asked": await timed(80, sent(asked)),
    "a text file of 1 MB, held to given back": await timed(60, picked(note, "notes.txt")),
    "a letter of 37 kB in Word, held to given back": await timed(30, picked(bytes, "letter.docx")),
  };
}"""  # noqa: E501 -- the page's own script


def prose(length: int) -> str:
    """Return ordinary lines, no two alike, in which nothing is found."""
    lines = (f"{number}. {PROMPT}{LINES[number % len(LINES)]}" for number in range(length // 100))
    return "\n".join(lines)[:length]


def letter() -> str:
    """Return a document of some pages, in base64."""
    made = io.BytesIO()
    document = docx.Document()
    for line in prose(40_000).splitlines():
        document.add_paragraph(line)
    document.save(made)
    return base64.b64encode(made.getvalue()).decode()


async def measured(page: Page) -> Figures:
    """Return p50 and p99 of each."""
    given = [prose(LENGTH), prose(FILE_LENGTH), letter(), ASKED]
    figures: Any = await page.evaluate(MEASURE, given)
    return dict(figures)


def main() -> None:
    """Print the figures side by side."""
    show("From the event to what the page gets of it", *asyncio.run(both(measured)))


if __name__ == "__main__":
    main()
