"""The fast path and the Quart route behind it give the same answers to the same requests."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from quart import Quart
from quart.typing import TestClientProtocol as HttpClient

from backend.api.fast_path import PATH, FastPath
from backend.core.identifiers import uuid7
from backend.services.allowances import Allowances
from backend.services.registry import Services
from tests.integration.served import Household, bearer, enrolled, sign_in

SSN = "Patient SSN 536-90-4399"
VARYING = {"submission_id", "checkpoint", "request_id"}
FOREIGN = "https://elsewhere.example"
EXTENSION = "chrome-extension://" + "a" * 32


def asked(**changed: Any) -> bytes:
    """Return the body of a good request with some fields changed."""
    return json.dumps(
        {"text": SSN, "service": "chatgpt.com", "channel": "typed"} | changed
    ).encode()


@pytest.fixture
async def paths(app: Quart) -> AsyncIterator[tuple[httpx.AsyncClient, httpx.AsyncClient]]:
    """Give the way through the fast path and the way past it."""
    fast = app.asgi_app
    assert isinstance(fast, FastPath)
    async with (
        httpx.AsyncClient(transport=httpx.ASGITransport(fast), base_url="http://x") as through,
        httpx.AsyncClient(transport=httpx.ASGITransport(fast.rest), base_url="http://x") as past,
    ):
        yield through, past


def comparable(answer: httpx.Response) -> tuple[Any, ...]:
    """Return everything of an answer that does not differ from call to call."""
    headers = {name: value for name, value in answer.headers.multi_items()
               if name not in {"x-request-id", "content-length"}}  # fmt: skip
    content = answer.json()
    return answer.status_code, headers, {n: v for n, v in content.items() if n not in VARYING}


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(asked(), {}, id="a block"),
        pytest.param(asked(text="Please shorten this."), {}, id="nothing found"),
        pytest.param(asked(event_id=str(uuid7())), {}, id="an event id of one's own"),
        pytest.param(asked(text="mail ann@example.org, IBAN GB82WEST12345698765432"), {}, id="two"),
        pytest.param(asked(text="SSN 536-90-4399 😀 é"), {}, id="beyond ASCII"),
        pytest.param(asked(), {"Origin": EXTENSION}, id="an extension's origin"),
        pytest.param(asked(), {"Origin": FOREIGN}, id="a foreign origin"),
        pytest.param(asked(), {"Content-Type": "text/plain"}, id="another content type"),
        pytest.param(asked(), {"Content-Type": "application/json; charset=utf-8"}, id="charset"),
        pytest.param(asked(), {"Authorization": "Bearer a.b.c"}, id="a token nobody signed"),
        pytest.param(asked(), {"Authorization": ""}, id="no token"),
        pytest.param(asked(channel="sung"), {}, id="an unknown channel"),
        pytest.param(asked(surplus=1), {}, id="an unknown field"),
        pytest.param(asked(text=7), {}, id="text of another type"),
        pytest.param(asked(text="x" * 200_001), {}, id="a text too long"),
        pytest.param(b"x" * (256 * 1024 + 1), {}, id="a body too large"),
        pytest.param(b"{", {}, id="broken JSON"),
        pytest.param(b'{"text": "\\u0000", "service": "a", "channel": "typed"}', {}, id="NUL"),
        pytest.param(b'{"text": "a", "text": "b"}', {}, id="a name twice"),
        pytest.param(b"[" * 40 + b"]" * 40, {}, id="too deep"),
        pytest.param(b"", {}, id="nothing"),
    ],
)
async def test_both_ways_answer_alike(
    paths: tuple[httpx.AsyncClient, httpx.AsyncClient],
    http: HttpClient,
    household: Household,
    body: bytes,
    headers: dict[str, str],
) -> None:
    device = await enrolled(http, household)
    sent = {"Content-Type": "application/json", **bearer(device), **headers}
    through, past = [await way.post(PATH, content=body, headers=sent) for way in paths]
    assert comparable(through) == comparable(past)


async def test_both_ways_refuse_a_role_that_may_not_ask(
    paths: tuple[httpx.AsyncClient, httpx.AsyncClient], http: HttpClient, household: Household
) -> None:
    tokens = await (await sign_in(http, household.msp_admin)).get_json()
    sent = {"Content-Type": "application/json", **bearer(tokens)}
    through, past = [await way.post(PATH, content=asked(), headers=sent) for way in paths]
    assert through.status_code == httpx.codes.FORBIDDEN
    assert comparable(through) == comparable(past)


async def test_both_ways_say_that_the_database_is_away(
    app: Quart,
    paths: tuple[httpx.AsyncClient, httpx.AsyncClient],
    http: HttpClient,
    household: Household,
) -> None:
    device = await enrolled(http, household)
    sent = {"Content-Type": "application/json", **bearer(device)}
    await app.extensions["quillgate"].database.close()
    through, past = [await way.post(PATH, content=asked(), headers=sent) for way in paths]
    assert through.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert comparable(through) == comparable(past)


async def test_calls_of_a_minute_are_counted_and_judging_is_not(
    app: Quart, http: HttpClient, household: Household
) -> None:
    headers = bearer(await enrolled(http, household))
    services: Services = app.extensions["quillgate"]
    app.extensions["quillgate"] = replace(services, allowances=Allowances(1))
    path = "/api/v1/analyze/ai-services"
    listed = [await http.get(path, headers=headers) for _ in range(2)]
    judged = [await http.post(PATH, json=json.loads(asked()), headers=headers) for _ in range(2)]
    app.extensions["quillgate"] = services
    assert [answer.status_code for answer in listed] == [200, 429]
    assert listed[1].headers["Retry-After"] == "60"
    assert (await listed[1].get_json())["code"] == "too-many"
    assert [answer.status_code for answer in judged] == [200, 200]


async def test_an_event_id_sent_again_gets_the_first_receipt_on_either_way(
    paths: tuple[httpx.AsyncClient, httpx.AsyncClient], http: HttpClient, household: Household
) -> None:
    device = await enrolled(http, household)
    sent = {"Content-Type": "application/json", **bearer(device)}
    body = asked(event_id=str(uuid7()))
    answers = [(await way.post(PATH, content=body, headers=sent)).json() for way in paths]
    assert answers[0] == answers[1]


async def test_a_body_in_pieces_is_left_to_the_route_and_loses_nothing(
    paths: tuple[httpx.AsyncClient, httpx.AsyncClient], http: HttpClient, household: Household
) -> None:
    device = await enrolled(http, household)
    body = asked()

    async def pieces() -> AsyncIterator[bytes]:
        yield body[:20]
        yield body[20:]

    sent = {"Content-Type": "application/json", "Content-Length": str(len(body)), **bearer(device)}
    answer = await paths[0].post(PATH, content=pieces(), headers=sent)
    assert answer.json()["action"] == "block"
