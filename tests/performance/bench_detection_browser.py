"""Milliseconds the extension's detector takes in Chromium, beside every rule unfiltered."""

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

REPOSITORY = Path(__file__).parents[2]
CHROMIUM = os.environ.get("QUILLGATE_CHROMIUM") or shutil.which("chromium") or "chromium-browser"
PAGE = "/tests/performance/detection_page.mjs"
Figures = dict[str, dict[str, float]]


class _Files(SimpleHTTPRequestHandler):
    """Serves the repository; an isolated page has a clock of 5 microseconds instead of 100."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}  # noqa: RUF012 -- the base class says so

    def end_headers(self) -> None:
        self.send_header("Cross-Origin-Opener-Policy", "same-origin")
        self.send_header("Cross-Origin-Embedder-Policy", "require-corp")
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    """Serve the repository to this machine; yield the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(REPOSITORY)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


async def measure() -> tuple[int, Figures]:
    """Return how many rules there are and the milliseconds of each task."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--headless=new", "--no-sandbox"]
        )
        with served() as address:
            page = await browser.new_page()
            await page.goto(f"{address}/extension/manifest.json")
            figures = await page.evaluate(f"import('{PAGE}').then((page) => page.measure())")
        await browser.close()
    return figures.pop("rules"), figures


def main() -> None:
    """Print the figures."""
    rules, figures = asyncio.run(measure())
    print(f"{rules} rules, milliseconds in Chromium on {os.cpu_count()} cores")
    for task, times in figures.items():
        shown = "  ".join(f"{name} {value:8.2f}" for name, value in times.items())
        print(f"  {task:<50}{shown}")


if __name__ == "__main__":
    main()
