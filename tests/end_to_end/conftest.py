"""The product in real programs: `quillgate up`, Chromium with the extension, a chat service."""

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Worker, async_playwright, expect

from tests.conftest import free_port
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import says
from tests.end_to_end.waiting import until

CHROMIUM = os.environ.get("QUILLGATE_CHROMIUM") or shutil.which("chromium") or "chromium-browser"
expect.set_options(timeout=20_000)  # a busy machine takes its time
CLIENT = "Lakeside Clinic"
# Without it an unpacked extension that reloads itself, as an update would, is switched off.
DEVELOPER = json.dumps({"extensions": {"ui": {"developer_mode": True}}})
NOTE = (
    "Patient: Maria Gonzalez, DOB 03/14/1962, MRN 00482913, phone (415) 555-0132, "
    "dx type 2 diabetes"
)
SECRETS = ("Maria Gonzalez", "03/14/1962", "00482913", "(415) 555-0132")


class Server:
    """`quillgate up` as a newcomer starts it."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> Self:
        """Start and wait until it answers."""
        with (self.data.parent / "up.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "backend", "up", "--port", str(self.port),
                "--data", str(self.data), stdout=log, stderr=asyncio.subprocess.STDOUT,
            )  # fmt: skip
        async with httpx.AsyncClient() as http:

            async def answer() -> int | str:
                assert self._process is not None
                assert self._process.returncode is None, self.log()
                try:
                    return (await http.get(f"{self.url}/health/ready")).status_code
                except httpx.TransportError:
                    return self.log()

            what = "a server that is ready"
            await until(answer, lambda code: code == httpx.codes.OK, what=what, seconds=60)
        return self

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stop it and return its exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        return await asyncio.wait_for(self._process.wait(), 30)

    def pause(self) -> None:
        """Let it take in everything and answer nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it answer what has come in."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def log(self) -> str:
        """Return everything it printed."""
        return (self.data.parent / "up.log").read_text(errors="replace")

    def credentials(self) -> dict[str, Any]:
        """Return the demonstration's sign-ins and codes."""
        content: dict[str, Any] = json.loads((self.data / "demo-credentials.json").read_text())
        return content

    def code(self) -> str:
        """Return the enrolment code of the client under test."""
        codes = self.credentials()["enrolment_codes"]
        return next(str(entry["code"]) for entry in codes if entry["client"] == CLIENT)

    def person(self, role: str) -> dict[str, str]:
        """Return e-mail and password of one role of the client under test, or of its MSP."""
        for user in self.credentials()["users"]:
            if user["role"] == role and user["client"] in {CLIENT, None}:
                return dict(user)
        raise AssertionError(role)


@pytest_asyncio.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """Start Chromium without the extension, for the console."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session")
async def server() -> AsyncIterator[Server]:
    """One server for all journeys."""
    folder = Path(tempfile.mkdtemp(prefix="qg-e2e-"))
    folder.chmod(0o755)
    running = await Server(folder / "data", free_port()).start()
    yield running
    await running.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(scope="session")
async def fake_service(server_folder: Path) -> AsyncIterator[FakeService]:
    """Run the chat service."""
    async with FakeService(free_port(), server_folder) as service:
        yield service


def arguments(service: FakeService) -> list[str]:
    """Return what every Chromium with the extension is started with."""
    sites = (
        "chatgpt.com", "claude.ai", "copilot.microsoft.com", "github.com",
        "api.individual.githubcopilot.com", "aistudio.google.com",
    )  # fmt: skip
    mapped = ", ".join(f"MAP {site}:443 127.0.0.1:{service.port}" for site in sites)
    return [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-component-update",
        "--disable-sync",
        f"--host-resolver-rules={mapped}",
        "--ignore-certificate-errors",
    ]


@pytest_asyncio.fixture(scope="session")
async def launch(
    server: Server, fake_service: FakeService, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Callable[..., Awaitable[BrowserContext]]]:
    """Start Chromium with the extension `quillgate up` has written for this server."""
    contexts: list[BrowserContext] = []
    extension = server.data / "extension"
    async with async_playwright() as playwright:

        async def launched(**options: Any) -> BrowserContext:
            profile = tmp_path_factory.mktemp("profile")
            (profile / "Default").mkdir()
            (profile / "Default" / "Preferences").write_text(DEVELOPER)
            context = await playwright.chromium.launch_persistent_context(
                str(profile),
                executable_path=CHROMIUM,
                headless=False,
                ignore_default_args=["--disable-extensions"],
                ignore_https_errors=True,
                args=[
                    *arguments(fake_service),
                    "--disable-background-networking",
                    f"--disable-extensions-except={extension}",
                    f"--load-extension={extension}",
                ],
                **options,
            )
            contexts.append(context)
            return context

        yield launched
        for context in contexts:
            await context.close()


@pytest_asyncio.fixture(scope="session")
async def browser(
    launch: Callable[..., Awaitable[BrowserContext]], server: Server
) -> BrowserContext:
    """One enrolled browser for all journeys."""
    context = await launch(
        viewport={"width": 1100, "height": 800}, permissions=["clipboard-read", "clipboard-write"]
    )
    page = await enrol(context, server, "nurse@lakeside-clinic.example")
    await page.close()
    return context


@pytest_asyncio.fixture
async def chat(browser: BrowserContext, fake_service: FakeService) -> AsyncIterator[Page]:
    """Open a fresh chat tab; what the service received before is forgotten."""
    page = await open_chat(browser)
    fake_service.received.clear()
    yield page
    await page.close()


@pytest_asyncio.fixture(scope="session")
async def lasting_chat(browser: BrowserContext) -> Page:
    """Open the one tab of those tests that leave a page as they found it."""
    return await open_chat(browser)


@pytest_asyncio.fixture
async def desk(lasting_chat: Page, fake_service: FakeService) -> AsyncIterator[Page]:
    """Clear the lasting tab: an empty editor with the focus, nothing received, no panel."""
    await lasting_chat.bring_to_front()
    await lasting_chat.evaluate("reset()")
    fake_service.received.clear()
    yield lasting_chat
    await lasting_chat.wait_for_function("isSettled()")

    async def focused() -> str:
        name = str(await lasting_chat.evaluate("document.activeElement.localName"))
        if name == "quillgate-panel":
            await lasting_chat.keyboard.press("Escape")
        return name

    await until(focused, lambda name: name != "quillgate-panel", what="no panel")


async def received(service: FakeService, count: int = 1) -> list[str]:
    """Return what left, once there is that much of it."""
    what = f"{count} prompts that left"
    return await until(lambda: service.received, lambda left: len(left) >= count, what=what)


async def paste(page: Page, text: str) -> None:
    """Paste as a person does."""
    await page.evaluate("(text) => navigator.clipboard.writeText(text)", text)
    await page.keyboard.press("Control+v")


async def extension_id(context: BrowserContext) -> str:
    """Return the id Chromium gave the extension."""
    return (await own_worker(context)).url.split("/")[2]


async def own_worker(context: BrowserContext) -> Worker:
    """Return the extension's worker; pages may have workers of their own."""

    def is_own(worker: Worker) -> bool:
        return worker.url.startswith("chrome-extension:")

    found = next(filter(is_own, context.service_workers), None)
    return found or await context.wait_for_event("serviceworker", is_own)


async def enrol(context: BrowserContext, server: Server, email: str = "") -> Page:
    """Connect a browser through the options page, as a person does."""
    page = await context.new_page()
    await page.goto(
        f"chrome-extension://{await extension_id(context)}/src/pages/options/options.html"
    )
    await page.get_by_label("Server").fill(server.url)
    await page.get_by_label("Enrolment code").fill(server.code())
    await page.get_by_label("Your work e-mail address (optional)").fill(email)
    await page.get_by_role("button", name="Connect").click()
    await page.get_by_text(f"Connected to {CLIENT}.").wait_for(timeout=10_000)
    return page


async def open_chat(
    context: BrowserContext,
    address: str = "https://chatgpt.com/",
    says_first: str = f"Protected by {CLIENT}",
) -> Page:
    """Open the chat page and wait until the editor is there and the guard has said this."""
    page = await context.new_page()
    await page.goto(address)
    await page.wait_for_function("window.ready === true")
    await page.locator(".ProseMirror").click()
    await says(page, says_first)
    return page


async def stop_worker(context: BrowserContext, page: Page) -> None:
    """End the service worker as Chromium does when it idles."""
    session = await context.new_cdp_session(page)
    await session.send("ServiceWorker.enable")
    await session.send("ServiceWorker.stopAllWorkers")
    await session.detach()
