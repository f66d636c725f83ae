"""Milliseconds that judging adds to a request on its way out of a page, and to any other one."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Page, async_playwright

from tests.conftest import free_port
from tests.end_to_end.conftest import CHROMIUM, CLIENT, Server, arguments, enrol
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import says

SENDS = 300
PROMPT = "Please put the minutes of our meeting about the garden into three short points. "
LENGTH = 4096
# A request's own time is the network's; what we add is what passes before the page goes on.
MEASURE = """async ([sends, text]) => {
  const to = "https://chatgpt.com/backend-api/f/conversation?way=bench";
  const body = (number) => JSON.stringify({ messages: [{ content: { parts: [`${number} ${text}`] } }] });
  const post = (number) => ({ method: "POST", body: body(number) });
  const timed = async (work, isWhole = false) => {
    const times = [];
    for (let number = 0; number < sends; number += 1) {
      const began = performance.now();
      const done = work(number);
      if (isWhole) await done;
      times.push(performance.now() - began);
      await done;
    }
    const ordered = times.slice(20).sort((one, other) => one - other);
    const at = (share) => ordered[Math.floor(share * (ordered.length - 1))];
    return { p50: at(0.5), p99: at(0.99) };
  };
  return {
    "a prompt by fetch, until it is handed over": await timed((number) => fetch(to, post(number)).then((answer) => answer.text())),
    "a prompt by fetch, until it is answered": await timed((number) => fetch(to, post(number)).then((answer) => answer.text()), true),
    "a prompt by beacon, until it is handed over": await timed((number) => {
      navigator.sendBeacon(to, body(number));
      return number % 10 ? undefined : new Promise((done) => setTimeout(done, 20));
    }),
    "no prompt, by fetch, until it is handed over": await timed(() => fetch("/leave/worker.js").then((answer) => answer.text())),
  };
}"""  # noqa: E501 -- the page's own script
Figures = dict[str, dict[str, float]]


async def both(measured: Callable[[Page], Awaitable[Figures]]) -> tuple[Figures, Figures]:
    """Return what is measured on a page without the extension, and with it."""
    folder = Path(tempfile.mkdtemp(prefix="qg-bench-"))
    folder.chmod(0o755)
    server = await Server(folder / "data", free_port()).start()
    try:
        async with FakeService(free_port(), folder) as service, async_playwright() as playwright:

            async def launched(*more: str) -> BrowserContext:
                return await playwright.chromium.launch_persistent_context(
                    tempfile.mkdtemp(dir=folder), executable_path=CHROMIUM, headless=False,
                    ignore_default_args=["--disable-extensions"], ignore_https_errors=True,
                    args=[*arguments(service), *more],
                )  # fmt: skip

            bare = await launched()
            without = await measured(await opened(bare))
            await bare.close()
            extension = folder / "data" / "extension"
            guarded = await launched(
                f"--disable-extensions-except={extension}", f"--load-extension={extension}"
            )
            await enrol(guarded, server)
            page = await opened(guarded)
            await says(page, f"Protected by {CLIENT}")
            added = await measured(page)
            await guarded.close()
            return without, added
    finally:
        await server.stop()


async def opened(context: BrowserContext) -> Page:
    """Open a page of the chat service."""
    page = await context.new_page()
    await page.goto("https://chatgpt.com/leave")
    await page.wait_for_function("window.ready === true")
    return page


async def measured(page: Page) -> Figures:
    """Return p50 and p99 of each kind of request."""
    text = (PROMPT * (LENGTH // len(PROMPT) + 1))[:LENGTH]
    figures: Any = await page.evaluate(MEASURE, [SENDS, text])
    return dict(figures)


def main() -> None:
    """Print the figures side by side."""
    show(f"{SENDS} requests of {LENGTH} characters each", *asyncio.run(both(measured)))


def show(what: str, without: Figures, guarded: Figures) -> None:
    """Print figures side by side."""
    print(f"{what}, milliseconds in Chromium on {os.cpu_count()} cores")
    for task, bare in without.items():
        ours = guarded[task]
        shown = "  ".join(
            f"{name} {bare[name]:6.2f} -> {ours[name]:6.2f} ({ours[name] - bare[name]:+.2f})"
            for name in ("p50", "p99")
        )
        print(f"  {task:<52}{shown}")


if __name__ == "__main__":
    main()
