"""Milliseconds until open tabs obey what was decided, and until what slipped out is on record."""

import asyncio
import os
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import BrowserContext, Page, async_playwright

from tests.conftest import free_port
from tests.end_to_end.conftest import CHROMIUM, CLIENT, Server, arguments, enrol
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import says

TIMES = int(os.environ.get("TIMES", "20"))
LONGEST_SECONDS = 10
PAUSE_SECONDS = 0.02
WAYS = ("worker", "blobWorker", "serviceWorker")
Figures = dict[str, list[float]]
Change = Callable[[], Awaitable[None]]


class Caller:
    """One person's way to the API."""

    def __init__(self, http: httpx.AsyncClient, tokens: dict[str, Any]) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        self.client = str(tokens["user"]["client_id"])

    async def get(self, path: str, **parameters: str) -> Any:
        """Return what stands at a path."""
        answer = await self._http.get(path, headers=self._headers, params=parameters)
        answer.raise_for_status()
        return answer.json()

    async def post(self, path: str, content: dict[str, Any]) -> Any:
        """Return what became of a wish."""
        answer = await self._http.post(path, headers=self._headers, json=content)
        assert answer.is_success, answer.text
        return answer.json()


async def signed_in(http: httpx.AsyncClient, server: Server, role: str) -> Caller:
    """Return one role's way in."""
    person = server.person(role)
    said = {"email": person["email"], "password": person["password"]}
    answer = await http.post("/api/v1/auth/login", json=said)
    assert answer.is_success, answer.text
    return Caller(http, answer.json())


async def until_obeyed(admin: Caller, change: Change) -> float:
    """Return the milliseconds from a wish until the tabs' obedience is on record."""
    began = datetime.now(UTC)
    await change()
    for _ in range(int(LONGEST_SECONDS / PAUSE_SECONDS)):
        fleet = await admin.get(f"/api/v1/clients/{admin.client}/fleet")
        said = max(one["acknowledged_at"] or "" for one in fleet["items"])
        if said and (at := datetime.fromisoformat(said)) > began:
            return (at - began).total_seconds() * 1000
        await asyncio.sleep(PAUSE_SECONDS)
    raise AssertionError("nobody obeys")


async def decisions(admin: Caller, nurse: Caller) -> Figures:
    """Return how long each kind of decision takes to be obeyed."""
    [policy] = (await admin.get("/api/v1/policies", client_id=admin.client))["items"][-1:]
    state: dict[str, Any] = {}

    async def edit() -> None:
        path = f"/api/v1/policies/{policy['id']}"
        listed = await admin.get("/api/v1/policies", client_id=admin.client)
        state["action"] = "warn" if state.get("action") == "block" else "block"
        await admin.post(f"{path}/versions", {
            "base_version": listed["items"][-1]["version"], "reason": "For a measurement",
            "patch": {"entities": {"EMAIL_ADDRESS": {"action": state["action"]}}},
        })  # fmt: skip

    async def grant() -> None:
        path = f"/api/v1/exceptions/{state['asked']}/approve"
        await admin.post(path, {"minutes": 30, "reason": "For a measurement"})

    async def end() -> None:
        path = f"/api/v1/exceptions/{state['asked']}/end"
        await admin.post(path, {"reason": "It was for a measurement"})

    async def throw() -> None:
        stop = {"service_id": "claude", "reason": "For a measurement", "minutes": 5}
        await admin.post("/api/v1/service-stops", stop)

    async def lift() -> None:
        stop = {"service_id": "claude", "reason": "It was for a measurement"}
        await admin.post("/api/v1/service-stops/lift", stop)

    async def ask(number: int) -> None:
        said = {"service": "chatgpt.com", "channel": "typed"}
        text = f"SSN 536-90-{4300 + number}"
        judged = await nurse.post("/api/v1/analyze/prompt", {**said, "text": text})
        wish = {
            "submission_id": judged["submission_id"], "justification": "operations",
            "words": "The claim form of the insurer asks for exactly this number.",
        }  # fmt: skip
        state["asked"] = (await nurse.post("/api/v1/exceptions", wish))["id"]

    figures: Figures = {}
    steps: tuple[tuple[str, Change], ...] = (
        ("a policy was edited", edit), ("an exception was granted", grant),
        ("an exception was ended", end), ("a service was stopped at once", throw),
        ("a stop was lifted", lift),
    )  # fmt: skip
    for number in range(TIMES):
        await ask(number)
        for name, step in steps:
            taken = await until_obeyed(admin, step)
            figures.setdefault(name, []).append(taken)
            await asyncio.sleep(0.1)
    return figures


async def evidence(page: Page, admin: Caller) -> Figures:
    """Return how long it takes until what a worker sent is on record as having left."""
    figures: Figures = {}
    for number in range(TIMES):
        for way in WAYS:
            text = f"SSN 536-90-{4400 + number} by {way}"
            began = datetime.now(UTC)
            await page.evaluate("([way, text]) => void leave([way], text)", [way, text])
            at = await recorded(admin, began)
            figures.setdefault(f"left unchecked by {way}", []).append(
                (at - began).total_seconds() * 1000
            )
    return figures


async def recorded(admin: Caller, began: datetime) -> datetime:
    """Return when the audit log took in that something has left since."""
    for _ in range(int(LONGEST_SECONDS / PAUSE_SECONDS)):
        page = await admin.get("/api/v1/audit/logs", since=began.isoformat(), limit="5")
        for one in page["items"]:
            if (one["disposition"], one["action"]) == ("sent_unflagged", "block"):
                return datetime.fromisoformat(one["recorded_at"])
        await asyncio.sleep(PAUSE_SECONDS)
    raise AssertionError("nothing is on record")


async def measure() -> Figures:
    """Return all figures of one browser that a person has installed."""
    folder = Path(tempfile.mkdtemp(prefix="qg-bench-"))
    folder.chmod(0o755)
    server = await Server(folder / "data", free_port()).start()
    try:
        async with (
            FakeService(free_port(), folder) as service,
            async_playwright() as playwright,
            httpx.AsyncClient(base_url=server.url) as http,
        ):
            extension = folder / "data" / "extension"
            context: BrowserContext = await playwright.chromium.launch_persistent_context(
                tempfile.mkdtemp(dir=folder), executable_path=CHROMIUM, headless=False,
                ignore_default_args=["--disable-extensions"], ignore_https_errors=True,
                args=[*arguments(service), f"--disable-extensions-except={extension}",
                      f"--load-extension={extension}"],
            )  # fmt: skip
            await enrol(context, server, server.person("end_user")["email"])
            page = await context.new_page()
            await page.goto("https://chatgpt.com/leave")
            await page.wait_for_function("window.ready === true")
            await says(page, f"Protected by {CLIENT}")
            admin = await signed_in(http, server, "client_admin")
            left = await evidence(page, admin)
            obeyed = await decisions(admin, await signed_in(http, server, "end_user"))
            await context.close()
            return {**obeyed, **left}
    finally:
        await server.stop()


def main() -> None:
    """Print p50, p99 and the longest of each."""
    figures = asyncio.run(measure())
    print(
        f"{TIMES} times each, milliseconds in Chromium beside its server, {os.cpu_count()} cores,"
        f" load {os.getloadavg()[0]:.1f}"
    )
    for name, times in figures.items():
        ordered = sorted(times)
        p50, p99 = (ordered[int(share * (len(ordered) - 1))] for share in (0.5, 0.99))
        print(f"  {name:<34}p50 {p50:7.0f}   p99 {p99:7.0f}   longest {ordered[-1]:7.0f}")


if __name__ == "__main__":
    main()
