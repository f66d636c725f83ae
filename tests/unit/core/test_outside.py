"""Addresses somebody typed: none leads into our own network, however it is written."""

import asyncio
import contextlib
import gzip
import ipaddress

import pytest

from backend.core.outside import Failed, Outside, Refused, is_public, web_address

PRIVATE = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/",
    "https://0177.0.0.1/", "https://127.0.0.1.:443/", "https://localhost/", "https://LOCALHOST/",
    "https://[::1]/", "https://[::]/", "https://0.0.0.0/", "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
    "https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/",
    "https://100.64.0.1/", "https://[fe80::1]/", "https://[fc00::1]/", "https://[fd00:ec2::254]/",
    "https://[ff02::1]/", "https://224.0.0.1/", "https://255.255.255.255/", "https://240.0.0.1/",
    "https://192.0.2.1/", "https://[2001:db8::1]/", "https://[2001::1]/", "https://198.18.0.1/",
    "https://0/", "https://0x7f.1/", "https://[::127.0.0.1]/",
]  # fmt: skip


@pytest.mark.parametrize("url", PRIVATE)
async def test_no_spelling_of_a_private_address_is_asked(url: str) -> None:
    with pytest.raises((Refused, Failed)):
        await Outside().get_json(url)


NO_ADDRESS = [
    "", "example.org", "ftp://example.org/", "file:///etc/passwd", "gopher://example.org/",
    "https://", "https:///path", "https://user@example.org/", "https://user:pw@example.org/",
    "https://example.org/#part", "https://exa mple.org/", "https://example.org\\@evil.example/",
    "https://example.org/\r\nHost: evil", "https://example.org:0/", "https://example.org:99999/",
    "https://ex\u0430mple.org/", "javascript:alert(1)",
]  # fmt: skip


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_more_or_less_than_a_web_address_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        web_address(url)


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "2606:4700::5efe:808:808"]
)
def test_public_addresses_are_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "text",
    ["fec0::1", "3fff::1", "5f00::1", "192.88.99.1", "192.0.0.8", "168.63.129.16",
     "2606:4700::5efe:a00:1", "2606:4700::200:5efe:a00:1", "::ffff:0:7f00:1", "64:ff9b:1::7f00:1"],
)  # fmt: skip
def test_what_is_registered_for_something_else_or_holds_a_private_address_is_not_public(
    text: str,
) -> None:
    assert not is_public(ipaddress.ip_address(text))


async def test_with_loopback_allowed_only_loopback_is_asked_without_tls() -> None:
    own = Outside(allows_loopback=True)
    with pytest.raises(Failed):  # it is asked, and nobody listens
        await own.get_json("http://127.0.0.1:9/")
    for url in ("http://10.0.0.1/", "http://8.8.8.8/", "https://192.168.0.1/"):
        with pytest.raises(Refused):
            await own.get_json(url)


_PACKED = gzip.compress(b'{"a":1}')
ANSWERS = {
    "/moved": b"HTTP/1.1 302 Found\r\nLocation: /good\r\nContent-Length: 0\r\n\r\n",
    "/huge": b"HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\n" + b" " * 400_000,
    "/list": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
    "/text": b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "/wrong": b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\n{}",
    # Nobody asked for it, and unpacked a little can be more than there is room for.
    "/packed": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b"
    % (len(_PACKED), _PACKED),
    "/cut": b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{",
    "/good": b'HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{"a":1}',
}


async def test_only_a_small_json_object_from_the_very_address_is_taken() -> None:
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = request.split(" ")[1]
        asked.append(path)
        assert f"host: {host}" in request.lower()
        assert "accept-encoding: identity" in request.lower()
        with contextlib.suppress(ConnectionError):  # who reads too much hangs up
            writer.write(ANSWERS[path])
            await writer.drain()
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    own = Outside(allows_loopback=True)
    try:
        for path in ANSWERS.keys() - {"/good"}:
            with pytest.raises(Failed):
                await own.get_json(f"http://{host}{path}")
        assert "/good" not in asked, "a redirect is not followed"
        assert await own.get_json(f"http://{host}/good") == {"a": 1}
    finally:
        server.close()
