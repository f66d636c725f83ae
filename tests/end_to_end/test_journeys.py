"""The nurse, the admin, a policy change in an open tab, a server that goes and comes back."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from playwright.async_api import BrowserContext, Page, expect

from tests.end_to_end.conftest import (
    CLIENT,
    NOTE,
    SECRETS,
    Server,
    extension_id,
    own_worker,
    paste,
    received,
)
from tests.end_to_end.console_visits import violations_of_wcag
from tests.end_to_end.fake_service import FakeService
from tests.end_to_end.panel import is_silent, says, words
from tests.end_to_end.waiting import until

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"
HINT = "Your organisation does not allow this AI service."
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOKENS: dict[str, dict[str, Any]] = {}


async def sign_in(http: httpx.AsyncClient, server: Server, role: str) -> dict[str, Any]:
    """Return the tokens of one role; signed in once, since the server slows guessing down."""
    if role in TOKENS:
        return TOKENS[role]
    person = server.person(role)
    answer = await http.post(
        f"{server.url}/api/v1/auth/login",
        json={"email": person["email"], "password": person["password"]},
    )
    assert answer.status_code == httpx.codes.OK, answer.text
    TOKENS[role] = answer.json()
    return TOKENS[role]


async def sends(page: Page, text: str) -> None:
    """Type a prompt and press Enter."""
    await page.locator("#prompt-textarea").click()
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


async def audit_log(server: Server, began: datetime) -> list[dict[str, Any]]:
    """Return the newest audit entries of the client under test."""
    async with httpx.AsyncClient(base_url=server.url) as http:
        tokens = await sign_in(http, server, "client_admin")
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        since = {"limit": 50, "since": began.isoformat()}
        answer = await http.get("/api/v1/audit/logs", headers=headers, params=since)
        assert answer.status_code == httpx.codes.OK, answer.text
        entries: list[dict[str, Any]] = answer.json()["items"]
        return entries


async def fleet(server: Server) -> dict[str, Any]:
    """Return how the browsers of the client under test stand."""
    async with httpx.AsyncClient(base_url=server.url) as http:
        tokens = await sign_in(http, server, "client_admin")
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        path = f"/api/v1/clients/{tokens['user']['client_id']}/fleet"
        answer: dict[str, Any] = (await http.get(path, headers=headers)).json()
        return answer


async def acknowledged(server: Server, version: int) -> None:
    """Wait until a browser obeys this version of the policy."""

    async def obeyed() -> set[int]:
        return {item["policy_version"] for item in (await fleet(server))["items"]}

    await until(obeyed, lambda versions: version in versions, what=f"version {version} obeyed")


async def panel(page: Page) -> None:
    """Wait until the panel is open: a closed root shows only as who has the focus."""
    await until(
        lambda: page.evaluate("document.activeElement?.localName"),
        lambda name: name == "quillgate-panel",
        what="the panel",
    )


async def test_harmless_text_passes_byte_for_byte(chat: Page, fake_service: FakeService) -> None:
    text = "Write a haiku about “autumn” – naïve, 12 lines, 3.5 €, 日本語 and 😀."
    await sends(chat, text)
    assert await received(fake_service) == [text]


async def test_a_patient_note_is_stopped_and_can_be_sent_redacted_by_keyboard_alone(
    chat: Page, fake_service: FakeService
) -> None:
    await sends(chat, NOTE)
    await panel(chat)
    assert fake_service.received == []
    SHOTS.mkdir(parents=True, exist_ok=True)
    await asyncio.sleep(0.3)  # the panel has risen
    await chat.screenshot(path=SHOTS / "panel.png")
    await chat.keyboard.press("Enter")  # Redact and send has the focus
    await says(chat, "Confirm and send")
    await chat.screenshot(path=SHOTS / "preview.png")
    await chat.keyboard.press("Enter")  # Confirm and send has the focus
    left = await received(fake_service)
    assert len(left) == 1
    assert left[0].startswith("Patient: [PERSON_1], DOB [DATE_OF_BIRTH_1], MRN [MEDICAL_RECORD_")
    assert not [word for word in SECRETS if word in left[0]]


async def test_a_name_without_a_label_is_noted_and_beside_an_illness_stopped(
    chat: Page, fake_service: FakeService, server: Server
) -> None:
    began = datetime.now(UTC)
    alone = "Yesterday Julia Hoffmann called about the invoice again."
    await sends(chat, alone)
    assert await received(fake_service) == [alone]
    logged = await until(
        lambda: audit_log(server, began), lambda entries: entries, what="an audit entry of the name"
    )
    assert (logged[0]["kinds"], logged[0]["action"]) == ({"PERSON": 1}, "flag")
    await sends(chat, "Yesterday Julia Hoffmann came in with chicken pox and a sore throat.")
    await panel(chat)
    await asyncio.sleep(0.3)  # the panel has risen
    await chat.screenshot(path=SHOTS / "name.png")
    assert fake_service.received == [alone]
    await chat.keyboard.press("Escape")


async def test_pasted_text_is_stopped_and_cancel_sends_nothing(
    chat: Page, fake_service: FakeService
) -> None:
    await chat.evaluate("navigator.clipboard.writeText(" + json.dumps(NOTE) + ").catch(() => {})")
    await chat.locator("#prompt-textarea").click()
    await chat.evaluate(
        """(text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          document.querySelector("#prompt-textarea").dispatchEvent(
            new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        NOTE,
    )
    await chat.locator("[data-testid=send-button]").click()
    await panel(chat)
    await chat.keyboard.press("Escape")
    await is_silent(chat, "This was not sent")
    assert fake_service.received == []
    assert await chat.evaluate("editorText()") == NOTE


async def test_a_warning_can_be_answered_with_a_reason(
    chat: Page, fake_service: FakeService
) -> None:
    text = "Write to ann@example.org about the meeting"
    await sends(chat, text)
    await panel(chat)
    assert fake_service.received == []
    await chat.keyboard.press("Tab")  # from Redact and send to Send anyway
    await chat.keyboard.press("Enter")
    await chat.keyboard.type("She asked me to draft the answer to her own letter.")
    await chat.keyboard.press("Tab")
    await chat.keyboard.press("Enter")
    assert await received(fake_service) == [text]


async def test_the_admin_sees_a_block_live_within_a_second_without_its_text(
    chat: Page, server: Server
) -> None:
    async with httpx.AsyncClient() as http:
        tokens = await sign_in(http, server, "client_admin")
    async with websockets.connect(
        f"{server.url.replace('http', 'ws')}/api/v1/live",
        subprotocols=[websockets.Subprotocol("quillgate.v1")],
        origin=websockets.Origin(server.url),
    ) as socket:
        subs = [{"ch": "feed", "client": None}]
        hello = {"t": "hello", "d": {"token": tokens["access_token"], "subs": subs}}
        await socket.send(json.dumps(hello))
        assert json.loads(await socket.recv())["t"] == "welcome"
        await sends(chat, "SSN 536-90-4399 belongs to whom?")
        await panel(chat)
        message = json.loads(await asyncio.wait_for(socket.recv(), 20))
    assert message["t"] == "feed.event"
    assert message["d"]["action"] == "block"
    assert message["d"]["kinds"] == {"US_SSN": 1}
    assert "536-90-4399" not in json.dumps(message)
    await chat.keyboard.press("Escape")


async def test_an_open_tab_obeys_a_new_policy_and_the_console_knows(
    chat: Page, server: Server, fake_service: FakeService
) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        tokens = await sign_in(http, server, "client_admin")
        client_id = tokens["user"]["client_id"]
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}

        async def publish(action: str) -> int:
            listed = await http.get(f"/api/v1/policies?client_id={client_id}", headers=headers)
            policy = listed.json()["items"][-1]
            change = {
                "base_version": policy["version"],
                "reason": f"Secret project: {action}.",
                "patch": {"entities": {"EMAIL_ADDRESS": {"action": action}}},
            }
            answer = await http.post(
                f"/api/v1/policies/{policy['id']}/versions", headers=headers, json=change
            )
            assert answer.status_code == httpx.codes.CREATED, answer.text
            return int(answer.json()["version"])

        await acknowledged(server, await publish("block"))
        await sends(chat, "Write to ann@example.org about lunch")
        await panel(chat)
        await chat.keyboard.press("Escape")
        assert fake_service.received == []
        await acknowledged(server, await publish("allow"))
        await chat.locator("#prompt-textarea").click()
        await chat.keyboard.press("Enter")
        assert await received(fake_service) == ["Write to ann@example.org about lunch"]
        await publish("warn")


async def rules_held(browser: BrowserContext) -> str:
    """Return the rules the browser holds, as they came."""
    worker = await own_worker(browser)
    held: str = await worker.evaluate("chrome.storage.local.get('bundle').then(JSON.stringify)")
    return held


async def test_an_open_tab_obeys_that_its_service_is_prohibited(
    browser: BrowserContext, chat: Page, server: Server, fake_service: FakeService
) -> None:
    async with httpx.AsyncClient(base_url=server.url) as http:
        tokens = await sign_in(http, server, "client_admin")
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}

        async def decide(**decision: str) -> None:
            before = await rules_held(browser)
            answer = await http.post(
                "/api/v1/ai-services/chatgpt/decisions", headers=headers,
                json={"reason": "For a test", **decision},
            )  # fmt: skip
            assert answer.status_code == httpx.codes.CREATED, answer.text
            await until(lambda: rules_held(browser), lambda held: held != before, what="new rules")

        async def obeys(*, is_held: bool) -> None:
            """Wait until the tab obeys: what is pasted is judged at once."""

            async def said() -> str:
                await chat.keyboard.press("Control+a")
                await paste(chat, text)
                await asyncio.sleep(0.1)
                return await words(chat)

            await until(said, lambda now: (HINT in now) is is_held, what=f"held: {is_held}")

        text = "A harmless line about lunch"
        await decide(status="prohibited")
        await obeys(is_held=True)
        await chat.keyboard.press("Enter")
        await panel(chat)
        await chat.keyboard.press("Escape")
        assert fake_service.received == []
        due = datetime.now(UTC).date() + timedelta(days=30)
        await decide(status="tolerated", review_due=due.isoformat())
        await chat.locator("#prompt-textarea").click()
        await obeys(is_held=False)
        await chat.keyboard.press("Enter")
        assert await received(fake_service) == [text]


async def test_a_stopped_server_still_means_protection_and_loses_no_event(
    chat: Page, server: Server, fake_service: FakeService
) -> None:
    began = datetime.now(UTC)
    assert await server.stop() == 0
    await sends(chat, "SSN 536-90-4399 while you were away")
    await panel(chat)
    await chat.keyboard.press("Escape")
    await chat.locator("#prompt-textarea").click()
    await chat.keyboard.press("Control+a")
    await chat.keyboard.type("A harmless line while you were away")
    await chat.keyboard.press("Enter")
    assert await received(fake_service) == ["A harmless line while you were away"]
    await server.start()

    async def late() -> list[dict[str, Any]]:
        return [item for item in await audit_log(server, began) if item["late"]]

    wanted = ["allow", "block", "block"]  # the block, and how it ended
    what = "what happened meanwhile, in the audit log"
    found = await until(late, lambda items: len(items) >= len(wanted), what=what)
    assert sorted(item["action"] for item in found) == wanted
    assert len({item["event_id"] for item in found}) == len(wanted)


async def test_the_pages_of_the_extension_are_accessible_in_light_and_dark(
    browser: BrowserContext,
) -> None:
    for scheme in ("light", "dark"):
        page = await browser.new_page()
        await page.emulate_media(color_scheme=scheme)
        base = f"chrome-extension://{await extension_id(browser)}/src/pages"
        await page.goto(f"{base}/options/options.html")
        await expect(page.get_by_text(f"Protected by {CLIENT}").first).to_be_visible()
        assert await violations_of_wcag(page) == []
        await page.screenshot(path=SHOTS / f"options-{scheme}.png", full_page=True)
        await page.set_viewport_size({"width": 360, "height": 600})
        await page.goto(f"{base}/popup/popup.html")
        await expect(page.get_by_text(f"Protected by {CLIENT}").first).to_be_visible()
        await page.evaluate(
            "for (const one of document.querySelectorAll('details')) one.open = true"
        )
        told = await page.inner_text("main")
        assert '"entry_kind": "verdict"' in told
        assert not [word for word in SECRETS if word in told]
        assert await violations_of_wcag(page) == []
        assert await page.evaluate(OVERFLOW) <= 0
        await page.screenshot(path=SHOTS / f"popup-{scheme}.png", full_page=True)
        await page.goto(f"{base}/welcome/welcome.html")
        await expect(page.get_by_text(f"Administrators of {CLIENT}")).to_be_visible()
        assert await violations_of_wcag(page) == []
        assert await page.evaluate(OVERFLOW) <= 0
        await page.close()


async def test_somebody_asks_to_use_another_ai_service_and_sees_the_answer(
    browser: BrowserContext, server: Server
) -> None:
    page = await browser.new_page()
    base = f"chrome-extension://{await extension_id(browser)}/src/pages"
    await page.goto(f"{base}/options/options.html")
    await page.get_by_label("AI service, by name or address").fill("Poe")
    await page.get_by_label("Why you need it").fill("To compare texts for the newsletter")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Waiting for an answer")).to_be_visible()
    assert await violations_of_wcag(page) == []
    await page.screenshot(path=SHOTS / "options-asked.png", full_page=True)
    async with httpx.AsyncClient(base_url=server.url) as http:
        tokens = await sign_in(http, server, "client_admin")
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        waiting = await http.get("/api/v1/service-requests?status=pending", headers=headers)
        path = f"/api/v1/service-requests/{waiting.json()['items'][0]['id']}/answer"
        said = {"approves": True, "reason": "For the spring issue", "days": 5}
        assert (await http.post(path, headers=headers, json=said)).is_success
    await page.reload()
    await expect(page.get_by_text("Allowed until")).to_be_visible()
    await expect(page.get_by_text("“For the spring issue”")).to_be_visible()
    await page.close()


async def test_no_word_of_a_prompt_is_in_the_storage_of_the_browser(
    browser: BrowserContext,
) -> None:
    worker = await own_worker(browser)
    for area in ("local", "session"):
        kept = await worker.evaluate(f"chrome.storage.{area}.get().then(JSON.stringify)")
        assert not [word for word in SECRETS if word in kept], area


async def test_no_word_of_a_prompt_is_in_the_log_or_the_database_files(server: Server) -> None:
    log = server.log()
    assert not [word for word in SECRETS if word in log]
    for path in (server.data / "postgres" / "base").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [word for word in SECRETS if word.encode() in content], path
