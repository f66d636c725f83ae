"""Below the application: what is no HTTP, too long or too slow, on a bare connection."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from websockets.asyncio.client import connect

from backend.api.wire import LARGEST_HEAD, BoundedHttp

LENIENT_BODY = 300_000


class Hasty(BoundedHttp):
    """The same with little patience."""

    head_seconds = 0.5


async def answering(scope: Any, receive: Any, send: Any) -> None:
    """Answer a request with the length of its body, and a socket with what it says."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": (await receive())["text"]})
        await send({"type": "websocket.close"})
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(0.2)
    length, is_more = 0, True
    while is_more:
        message = await receive()
        length, is_more = length + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def port() -> AsyncIterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            answering, http=Hasty, ws="websockets-sansio", lifespan="off", log_config=None
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server._serve([listener]))  # noqa: SLF001 -- leaves signals to pytest
        while not server.started:
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        await serving


async def sent(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send some bytes; return everything that comes until the other side hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    with contextlib.suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(10):
            while more := await reader.read(65_536):
                answer += more
    writer.close()
    return answer


def problem(answer: bytes) -> tuple[int, str]:
    """Return status and code of a whole problem document."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    content = json.loads(body)
    assert set(content) == {"type", "title", "status", "detail", "code", "request_id"}
    assert f"x-request-id: {content['request_id']}".encode() in head
    assert int(head.split()[1]) == content["status"]
    return content["status"], content["code"]


@pytest.mark.parametrize(
    "bytes_sent",
    [b"\0\1\2\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\nA : b\r\n\r\n",
     b"GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
     b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"GET / HTTP/1.1\r\nA: b\0c\r\n\r\n",
     b"GET / HTTP/1.1\r\nA: b\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost:\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", b'GET / HTTP/1.1\r\nHost: a"<b>\r\n\r\n',
     b"GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", b"GET / HTTP/1.0\r\nHost: a@b\r\n\r\n",
     (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n"
     b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"],
)  # fmt: skip
async def test_what_is_no_http_is_a_problem(port: int, bytes_sent: bytes) -> None:
    assert problem(await sent(port, bytes_sent)) == (400, "bad-request")


@pytest.mark.parametrize(
    "bytes_sent",
    [b"GET / HTTP/1.0\r\n\r\n", b"GET / HTTP/1.0\r\nHost: a.example:80\r\n\r\n",
     b"GET / HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: close\r\n\r\n",
     (b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: Chunked\r\n\r\n"
     b"1\r\nx\r\n0\r\n\r\n")],
)  # fmt: skip
async def test_one_host_and_one_coding_pass(port: int, bytes_sent: bytes) -> None:
    assert b" 200 " in (await sent(port, bytes_sent))[:20]


async def test_a_head_without_an_end_is_refused_before_it_fills_the_memory(port: int) -> None:
    answer = await sent(port, b"GET / HTTP/1.1\r\nA: ", *[b"a" * 65_536] * 100)
    assert problem(answer)[0] == 431


async def test_a_head_that_dribbles_in_is_given_up(port: int) -> None:
    answer = await sent(port, *[b"G", b"E", b"T", b" ", b"/", b" ", b"H"], pause=0.1)
    assert problem(answer) == (408, "request-timeout")


async def test_the_second_head_of_a_connection_is_bounded_too(port: int) -> None:
    first = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = await sent(port, first, b"GET / HTTP/1.1\r\nA: ", *[b"a" * 65_536] * 4, pause=0.05)
    _, _, second = answer.partition(b"\r\n\r\n")
    assert problem(second[second.index(b"HTTP/1.1") :])[0] == 431
    answer = await sent(port, first, b"GET / HT", pause=0.05)
    assert b" 408 " in answer


async def test_who_connects_and_says_nothing_is_hung_up_on_without_a_word(port: int) -> None:
    assert await sent(port) == b""


async def test_a_large_body_behind_a_short_head_passes(port: int) -> None:
    head = (
        f"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {LENIENT_BODY}\r\n\r\n"
    )
    answer = await sent(port, head.encode() + b"x" * LENIENT_BODY)
    assert str(LENIENT_BODY).encode() in answer
    assert LENIENT_BODY > LARGEST_HEAD


async def test_a_slow_body_is_the_applications_affair(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 8\r\n\r\n"
    answer = await sent(port, head, *[b"x"] * 8, pause=0.1)
    assert b" 200 " in answer[:20]


async def test_many_requests_at_once_on_one_connection_are_answered(port: int) -> None:
    one = b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 1000 + b"\r\n\r\n"
    last = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    answer = await sent(port, one * 99 + last)
    assert answer.count(b"HTTP/1.1 200") == 100


async def test_nonsense_behind_a_request_under_way_ends_both_without_a_mistake(
    port: int, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await sent(
        port, b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n", b"\0\0\0\r\n\r\n", pause=0.05
    )
    assert problem(answer)[0] == 400
    assert "Exception" not in caplog.text


async def test_a_socket_outlives_the_patience_for_heads(port: int) -> None:
    async with connect(f"ws://127.0.0.1:{port}/") as caller:
        await asyncio.sleep(0.8)
        await caller.send("still here")
        assert await caller.recv() == "still here"
