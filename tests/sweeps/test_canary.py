"""A canary in everything a caller can write, through every route: afterwards it is nowhere.

Fields that are meant to keep somebody's words (a browser's name, why a policy changes) are not
among them.
"""

import asyncio
import base64
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import pytest_asyncio
from asyncpg import Connection
from redis.asyncio import Redis
from websockets.exceptions import ConnectionClosed

from backend.core import logging
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.signing import KeyRing
from backend.core.urls import DatabaseUrl
from backend.services.migration import LOGIN_ROLE
from tests.integration.live.server import LiveServer
from tests.integration.outages import Outages
from tests.integration.policy.worlds import Client, World

CANARY = "Zephyrine Quackenbush 536-90-4399"
PROMPT = f"Patient: {CANARY}, seen on 3 May for a sprained wing"
FORMS = {
    text.lower()
    for part in ("Zephyrine", "Quackenbush", "536-90-4399", "536904399")
    for text in (part, part.encode().hex(), quote(part), part[::-1])
} | {base64.b64encode(CANARY.encode()[start:])[:24].decode().lower() for start in range(3)}
HEADERS = {
    "User-Agent": CANARY, "Referer": f"https://x.example/{quote(CANARY)}", "Cookie": f"a={CANARY}",
    "X-Request-Id": CANARY, "If-None-Match": CANARY, "Origin": CANARY, "Accept": CANARY,
    "X-Forwarded-For": CANARY, "Accept-Language": CANARY,
}  # fmt: skip
BODIES: list[Any] = [
    {CANARY: CANARY}, [CANARY], CANARY, {"text": CANARY, "service": CANARY, "channel": CANARY},
    {"text": PROMPT, "service": CANARY, "channel": "typed"},
    {"text": PROMPT, "service": "chatgpt.com", "channel": "typed", CANARY: 1},
    {"text": PROMPT, "service": "chatgpt.com", "channel": "typed", "event_id": CANARY},
    {"text": [PROMPT], "service": "chatgpt.com", "channel": "typed"},
    {"text": PROMPT + "\0", "service": "chatgpt.com", "channel": "typed"},
    {"text": PROMPT + "x" * 300_000, "service": "chatgpt.com", "channel": "typed"},
    {"email": f"{CANARY}@example.org", "password": CANARY, "totp": CANARY[:8]},
    {"email": "a@example.org", "password": PROMPT}, {"refresh_token": CANARY},
    {"code": CANARY, "name": "n", "browser": "b", "extension_version": "1"},
    {"client_id": CANARY, "uses": CANARY},
    {"events": [{CANARY: CANARY}]}, {"events": CANARY},
    {"base_version": 1, "reason": "r", "patch": {CANARY: CANARY}}, {"values": [CANARY, PROMPT]},
    {"base_version": 1, "reason": "r", "patch": {"custom": {"keywords": {CANARY: {}}}}},
    {"base_version": 1, "reason": "r",
     "patch": {"custom": {"patterns": {"p": {"name": "n", "pattern": f"({CANARY}"}}}}},
    {"base_version": 1, "reason": "r", "patch": {"entities": {CANARY: {"action": CANARY}}}},
    {"base_version": 1, "reason": "r", "patch": {"rules": {CANARY: None}}},
    {"base_version": 1, "reason": "r", "patch": {"default_action": CANARY}},
    {"base_version": CANARY, "reason": "r", "patch": CANARY},
]  # fmt: skip
RAW = [PROMPT.encode(), b'{"text":"' + PROMPT.encode(), b'"' + PROMPT.encode() + b"\xff",
       f'{{"{CANARY}":1,"{CANARY}":2}}'.encode(), b"[" * 40 + PROMPT.encode()]  # fmt: skip
FRAMES = [
    PROMPT, json.dumps({"t": CANARY}), json.dumps({"t": "hello", "d": {"token": CANARY}}),
    json.dumps({"t": "hello", "d": {"token": "x", "client_version": CANARY, CANARY: CANARY}}),
    PROMPT.encode(),
]  # fmt: skip


@pytest_asyncio.fixture
async def server(
    owner_url: DatabaseUrl, keys: KeyRing, redis_url: str
) -> AsyncIterator[LiveServer]:
    """Serve with Redis, saying everything there is to say."""
    login = owner_url.login(LOGIN_ROLE, keys.database_password).text()
    server = LiveServer(keys, login, redis_url)
    logging.configure("debug")
    await server.start()
    yield server
    await server.stop()


@pytest_asyncio.fixture
async def client(owner: "Connection[Any]") -> Client:
    world = World(owner)
    return await world.client(await world.msp())


@pytest_asyncio.fixture
async def overheard(redis_url: str) -> AsyncIterator[list[str]]:
    """Give everything that is said to Redis."""
    commands: list[str] = []
    redis = Redis.from_url(redis_url)

    async def listen() -> None:
        async with redis.monitor() as monitor:
            while True:
                commands.append((await monitor.next_command())["command"])

    listening = asyncio.create_task(listen())
    await asyncio.sleep(0.2)
    yield commands
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await redis.aclose()


def found(text: str) -> set[str]:
    """Return the forms of the canary a text holds."""
    lowered = text.lower()
    return {form for form in FORMS if form in lowered}


async def said(
    server: LiveServer, method: str, path: str, who: Principal | None, text: str | bytes = ""
) -> str:
    """Send a request with a canary in each header; return the whole answer."""
    body = text.encode() if isinstance(text, str) else text
    token = f"Bearer {server.token(who)}" if who else f"Bearer {CANARY}"
    head = [f"{method} {path} HTTP/1.1", "Host: test", "Connection: close",
            "Content-Type: application/json", f"Content-Length: {len(body)}",
            f"Authorization: {token}"]  # fmt: skip
    head += [f"{name}: {value}" for name, value in HEADERS.items()]
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write("\r\n".join([*head, "", ""]).encode() + body)
    answer = b""
    with contextlib.suppress(ConnectionResetError):  # after a 413 nobody reads the rest
        while more := await reader.read(65_536):
            answer += more
    writer.close()
    return answer.decode(errors="replace")


async def addresses(server: LiveServer, client: Client) -> list[tuple[str, str]]:
    """Return each operation, with a canary in each part of its address, in its query, in neither.

    Only with true ids do the bodies reach the services.
    """
    _, _, document = await server.request("GET", "/openapi.json")
    word = quote(CANARY)
    ids = {"client_id": client.id, "policy_id": client.policy_id}
    made = [("GET", f"/{word}"), ("GET", f"/api/v1/{word}?{word}={word}"), ("BREW", f"/{word}")]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            asked = "&".join(f"{p['name']}={word}" for p in operation["parameters"])
            true = path.format_map(defaultdict(uuid7, ids))
            false = path.format_map(defaultdict(lambda: word))
            filled = dict.fromkeys((true, false, f"{true}?{asked}&{word}=1"))
            made += [(method.upper(), address) for address in filled]
    return made


async def talk(server: LiveServer, client: Client) -> list[str]:
    """Say canaries on the socket, before and after a greeting; return what came back."""
    heard = []
    for frame in FRAMES:
        for greeting in (None, client.principal()):
            async with server.socket() as caller:
                if greeting is not None:
                    await caller.say("hello", token=server.token(greeting), subs=[{"ch": CANARY}])
                await caller.connection.send(frame)
                with contextlib.suppress(ConnectionClosed):
                    while True:
                        heard.append(str(await caller.connection.recv()))
                heard.append(str(caller.connection.close_reason))
    return heard


async def everything_kept(owner: "Connection[Any]") -> str:
    """Return all rows of all tables in text, and the statements PostgreSQL knows."""
    tables = await owner.fetch(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE relkind IN ('r', 'm') AND nspname NOT LIKE 'pg\\_%' AND nspname <> $1",
        "information_schema",
    )
    assert len(tables) > 20
    rows = [await owner.fetch(f"SELECT t::text FROM {table[0]} AS t") for table in tables]
    rows.append(await owner.fetch("SELECT query FROM pg_stat_activity WHERE query IS NOT NULL"))
    return "\n".join(row[0] for table in rows for row in table)


def database_log(owner_url: DatabaseUrl) -> str:
    path = f"{owner_url.host}/../postgres/server.log"
    with open(path, encoding="utf-8", errors="replace") as log:  # noqa: PTH123 -- plain
        return log.read()


async def posted(
    server: LiveServer, path: str, who: Principal, fields: Mapping[str, str]
) -> tuple[int, str]:
    """Send a form of the console; return status and page."""
    body = urlencode(fields).encode()
    head = [f"POST {path} HTTP/1.1", "Host: test", "Origin: http://test", "Connection: close",
            "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
            f"Cookie: qg_console={server.token(who)}", "", ""]  # fmt: skip
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write("\r\n".join(head).encode() + body)
    answer = (await reader.read()).decode(errors="replace")
    writer.close()
    return int(answer.split()[1]), answer


async def test_a_canary_as_known_value_or_tried_text_is_kept_nowhere(
    server: LiveServer, client: Client, owner: "Connection[Any]", owner_url: DatabaseUrl,
    overheard: list[str], capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    admin = client.principal()
    page = f"/console/clients/{client.id}/own-rules"
    known = {"name": "People", "category": "phi", "severity": "high", "reason": "r",
             "values": CANARY, "base_version": "1"}  # fmt: skip
    answers = {}
    for step in ("preview", "edit", "publish"):
        status, answer = await posted(server, f"{page}/values", admin, known | {"step": step})
        answers[step] = answer
        assert status == (303 if step == "publish" else 200), answer
    wrong = {"name": "", "kept": CANARY, "base_version": "2"}
    _, answers["wrong"] = await posted(server, f"{page}/allowed", admin, known | wrong)
    for at, fields in (
        (page, {}),
        (page, {"sample": "\0" + PROMPT}),
        (page, {"sample": PROMPT + "x" * 200_000}),
        (f"{page}/values", known | {"step": "try", "base_version": "2", "values": "Ann Quill"}),
        (f"{page}/patterns", known | {"step": "try", "base_version": "2", "pattern": "["}),
        (f"{page}/nonsense", known),
    ):
        _, shown = await posted(server, at, admin, {"sample": PROMPT, **fields})
        assert "Something went wrong" not in shown
    _, shown = await posted(server, page, admin, {"sample": PROMPT})
    assert f"<mark>{CANARY}</mark>" in shown, "the control: it is found"
    outages = Outages(owner)
    await outages.begin()
    await posted(server, page, admin, {"sample": PROMPT})
    await outages.end()
    logged = capsys.readouterr()
    assert str(client.id) in logged.err + logged.out, "the control: the requests were logged"
    kept = await everything_kept(owner)
    assert "People" in kept, "the control: the list is there"
    answers |= {"log": logged.err + logged.out, "Redis": "\n".join(overheard), "database": kept}
    answers["PostgreSQL's log"] = database_log(owner_url)
    assert "unexpected_error" not in answers["log"]
    assert {name: found(text) for name, text in answers.items() if found(text)} == {}


async def test_a_canary_in_everything_that_can_be_sent_is_kept_nowhere(
    server: LiveServer, client: Client, owner: "Connection[Any]", owner_url: DatabaseUrl,
    overheard: list[str], capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    admin, device = client.principal(), client.device(uuid7())
    nurse = client.principal(Role.END_USER)
    prompt = {"text": PROMPT, "service": "https://chatgpt.com/c/" + CANARY, "channel": "typed"}
    analyze = "/api/v1/analyze/prompt"
    answers = {"judged": await said(server, "POST", analyze, nurse, json.dumps(prompt))}
    for method, path in await addresses(server, client):
        reaches_a_service = method == "POST" and quote(CANARY) not in path
        bodies = [*RAW, *map(json.dumps, BODIES)] if reaches_a_service else [""]
        for number, body in enumerate(bodies):
            for who in (admin, device, None):
                answer = await said(server, method, path, who, body)
                answers[f"{method} {path} {number} {who and who.role}"] = answer
                if "403" not in answer[:20] and method == "POST":
                    break
    outages = Outages(owner)
    await outages.begin()
    answers["away"] = await said(server, "POST", analyze, nurse, json.dumps(prompt))
    await outages.end()
    answers["socket"] = "\n".join(await talk(server, client))
    answers["metrics"] = await said(server, "GET", "/metrics", None)
    assert '"block"' in answers["judged"], "the control: the prompt was read"
    assert "503" in answers["away"][:20]
    logged = capsys.readouterr()
    kept = await everything_kept(owner)
    assert str(client.id) in kept, "the control: the submission was recorded"
    assert any(str(client.id) in command for command in overheard), "and announced"
    answers["PostgreSQL's log"] = database_log(owner_url)
    answers |= {"log": logged.err + logged.out, "Redis": "\n".join(overheard), "database": kept}
    assert "unexpected_error" not in answers["log"]
    assert {name: found(text) for name, text in answers.items() if found(text)} == {}
