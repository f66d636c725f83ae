"""How people and browsers come to the console in its tests."""

import asyncio
import json
import os
from pathlib import Path
from typing import Any, Final

import httpx
import websockets
from playwright.async_api import Browser, Page, expect

from tests.end_to_end.conftest import Server

ROOT: Final = Path(__file__).parents[2]
AXE: Final = (ROOT / "extension" / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
SHOTS: Final = ROOT / "build" / "screenshots"
OVERFLOW: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
THIN: Final = """() => {
  for (const parent of document.querySelectorAll("main *")) {
    const seen = {};
    for (const child of [...parent.children]) {
      const kind = child.tagName + child.className;
      seen[kind] = (seen[kind] ?? 0) + 1;
      if (seen[kind] > 3) child.remove();
    }
  }
}"""
"""Leaves three of what repeats: rows, options, settings that look alike fail alike."""
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
IBAN: Final = "IBAN GB82 WEST 1234 5698 7654 32"


async def signed_in(chromium: Browser, server: Server, role: str, **options: Any) -> Page:
    """Sign in by keyboard alone, in a browser of its own."""
    page = await (await chromium.new_context(**options)).new_page()
    await page.goto(f"{server.url}/console/sign-in")
    await sign_in_here(page, server, role)
    await page.wait_for_url(lambda address: "sign-in" not in address)
    return page


async def sign_in_here(page: Page, server: Server, role: str) -> None:
    """Fill the sign-in page that is open, and send it."""
    person = server.person(role)
    await expect(page.get_by_label("E-mail address")).to_be_focused()
    await page.keyboard.type(person["email"])
    await page.keyboard.press("Tab")
    await page.keyboard.type(person["password"])
    await page.keyboard.press("Enter")


async def opened(page: Page, name: str) -> None:
    """Open one of a client's pages from its menu."""
    await page.locator("section.scope").get_by_role("link", name=name).click()
    await expect(page.get_by_role("heading", level=1)).to_be_visible()


async def violations_of_wcag(page: Page, rules: list[str] | None = None) -> list[str]:
    """Return what axe-core finds, as rule and place."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    options = {"runOnly": rules or RULES, "resultTypes": ["violations"]}
    found = await page.evaluate("(options) => axe.run(document, options)", options)
    return [f"{v['id']}: {v['nodes'][0]['target']}" for v in found["violations"]]


async def faults_of(page: Page, name: str) -> list[str]:
    """Return what is wrong with a page: narrow and wide, light and dark, with text twice as large.

    It is loaded once: colours, widths and the size of text change in place. Only colours differ in
    the dark, so only contrast is looked at again. With QUILLGATE_SHOTS set, pictures are kept.
    """
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    faults = await _cut_off(page, f"{name}, text twice as large")
    await page.evaluate("document.documentElement.style.fontSize = ''")
    for scheme, width in (("dark", 1400), ("light", 320)):
        await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        await page.set_viewport_size({"width": width, "height": 900})
        faults += await _cut_off(page, f"{name}, {width} wide")
        if "QUILLGATE_SHOTS" in os.environ:
            await page.screenshot(path=SHOTS / f"console-{name}-{scheme}-{width}.png")
    await page.evaluate(THIN)
    faults += [f"{name}: {one}" for one in await violations_of_wcag(page)]
    await page.emulate_media(color_scheme="dark")
    dark = await violations_of_wcag(page, ["color-contrast"])
    return faults + [f"{name}, dark: {one}" for one in dark]


async def _cut_off(page: Page, where: str) -> list[str]:
    over = await page.evaluate(OVERFLOW)
    return [f"{where}: {over} pixels are cut off"] if over > 0 else []


class Device:
    """An enrolled browser that speaks the protocol, without being one."""

    def __init__(self, server: Server, access_token: str) -> None:
        self._server = server
        self._headers = {"Authorization": f"Bearer {access_token}"}
        self._token = access_token

    @classmethod
    async def enrolled(cls, server: Server, name: str, email: str | None = None) -> "Device":
        """Enrol a browser of the client under test."""
        about = {"name": name, "browser": "T", "extension_version": "0.1.0", "code": server.code()}
        if email:
            about["user_email"] = email
        async with httpx.AsyncClient(base_url=server.url) as http:
            answer = await http.post("/api/v1/enrolment/devices", json=about)
        return cls(server, answer.json()["access_token"])

    async def submits(self, text: str, service: str = "claude.ai") -> str:
        """Ask about a prompt; return the action."""
        prompt = {"text": text, "service": service, "channel": "pasted"}
        async with httpx.AsyncClient(base_url=self._server.url) as http:
            answer = await http.post(
                "/api/v1/analyze/prompt", json=prompt, headers=self._headers, timeout=20
            )
        return str(answer.json()["action"])

    async def obeys(self, version: int) -> None:
        """Wait to be told of a policy version, and acknowledge it."""
        address = f"{self._server.url.replace('http', 'ws')}/api/v1/live"
        protocol, origin = (
            websockets.Subprotocol("quillgate.v1"),
            websockets.Origin(self._server.url),
        )
        async with websockets.connect(address, subprotocols=[protocol], origin=origin) as socket:
            hello = {"token": self._token, "subs": [{"ch": "policy"}]}
            await socket.send(json.dumps({"t": "hello", "d": hello}))
            while True:
                message = json.loads(await asyncio.wait_for(socket.recv(), 20))
                if message["t"] == "policy.changed" and message["d"]["version"] >= version:
                    break
            await socket.send(json.dumps({"t": "ack", "d": {"version": version}}))
            await socket.send(json.dumps({"t": "ping"}))
            while json.loads(await asyncio.wait_for(socket.recv(), 20))["t"] != "pong":
                pass
