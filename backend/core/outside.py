"""Asks addresses that somebody typed, without letting them lead into our own network.

Names are resolved once, every address they have must be a public one, and the connection goes to
the very address that was checked; redirects are not followed.
"""

import asyncio
import ipaddress
import json
import socket
import ssl
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

LARGEST_ANSWER: Final = 256 * 1024
SECONDS: Final = 10
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_NEVER: Final = tuple(map(ipaddress.ip_network, (
    "192.0.0.0/24", "192.88.99.0/24", "3fff::/20", "5f00::/16", "fec0::/10", "168.63.129.16/32",
)))  # fmt: skip
"""Beside what Python counts as private: other registered ranges, and a cloud's own host."""
_ISATAP: Final = frozenset({0x00005EFE, 0x02005EFE})
"""The middle of an IPv6 address that ends in an IPv4 one (RFC 5214)."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):
    """The address is none we ask."""


class Failed(Exception):
    """The address was asked and did not answer as it should."""


class Outside:
    """Speaks HTTPS to the outside world; with `allows_loopback` also HTTP to this machine."""

    def __init__(self, *, allows_loopback: bool = False) -> None:
        self._allows_loopback = allows_loopback

    async def get_json(self, url: str) -> dict[str, Any]:
        """Return the JSON object at an address. Raise Refused or Failed."""
        return await self._json("GET", url)

    async def post_form(
        self, url: str, fields: Mapping[str, str], login: tuple[str, str] | None = None
    ) -> dict[str, Any]:
        """Send a form, with a login (RFC 7617) or without; return the answer's JSON object."""
        return await self._json("POST", url, data=dict(fields), auth=login)

    async def post_json(self, url: str, body: str, headers: Mapping[str, str]) -> None:
        """Send a JSON text; any answer of success will do. Raise Refused or Failed."""
        status, _ = await self._asked("POST", url, content=body.encode(), headers=dict(headers))
        if not 200 <= status < 300:  # noqa: PLR2004 -- success
            raise Failed(f"status {status}")

    async def _json(self, method: str, url: str, **content: Any) -> dict[str, Any]:
        status, body = await self._asked(method, url, **content)
        if status != 200:  # noqa: PLR2004 -- OK
            raise Failed(f"status {status}")
        return _object(body)

    async def _asked(self, method: str, url: str, **content: Any) -> tuple[int, bytes]:
        # Here and not above: a server without a provider starts sooner without it.
        import httpx  # noqa: PLC0415

        parts = web_address(url)
        try:
            async with asyncio.timeout(SECONDS):
                address = await self._checked(parts)
                async with httpx.AsyncClient(
                    verify=ssl.create_default_context(), trust_env=False, follow_redirects=False
                ) as client:
                    request = client.build_request(
                        method, _pinned(parts, address),
                        headers={
                            "Accept": "application/json", "Accept-Encoding": "identity",
                            **content.get("headers", {}), "Host": parts.netloc,
                        },
                        extensions={"sni_hostname": parts.hostname or ""},
                        data=content.get("data"), content=content.get("content"),
                    )  # fmt: skip
                    auth = content.get("auth")
                    answer = await client.send(
                        request, stream=True, auth=httpx.BasicAuth(*auth) if auth else None
                    )
                    body = await _bounded(answer)
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            raise Failed(type(error).__name__) from None
        return answer.status_code, body

    async def _checked(self, parts: SplitResult) -> Address:
        """Return an address of the host that may be asked. Raise Refused, OSError."""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = await asyncio.get_running_loop().getaddrinfo(
            parts.hostname, port, type=socket.SOCK_STREAM
        )
        addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        own = self._allows_loopback and all(address.is_loopback for address in addresses)
        if not addresses or not (own or all(is_public(address) for address in addresses)):
            raise Refused("a private address")
        if parts.scheme != "https" and not own:
            raise Refused("not https")
        return addresses[0]


def web_address(url: str) -> SplitResult:
    """Take an address apart. Raise Refused unless it is an HTTP address and nothing else."""
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        raise Refused("no address") from None
    is_plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    is_anonymous = "@" not in parts.netloc and not parts.fragment
    if parts.scheme not in {"https", "http"} or not parts.hostname or not has_port:
        raise Refused("no web address")
    if not (is_plain and is_anonymous):
        raise Refused("more than an address")
    return parts


def is_public(address: Address) -> bool:
    """Return whether an address is of the public internet, whatever it is wrapped in."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if address.teredo is not None:
            return False
        if inner is None and int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    if any(address.version == one.version and address in one for one in _NEVER):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _pinned(parts: SplitResult, address: Address) -> str:
    host = f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004 -- IPv6
    netloc = host if parts.port is None else f"{host}:{parts.port}"
    return parts._replace(netloc=netloc).geturl()


async def _bounded(answer: Any) -> bytes:
    """Return the body as it comes: unpacked, a little could become more than there is room for."""
    body = b""
    try:
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > LARGEST_ANSWER:
                raise Failed("too much")
    finally:
        await answer.aclose()
    return body


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Failed("no JSON") from None
    if not isinstance(found, dict):
        raise Failed("no JSON object")
    return found
