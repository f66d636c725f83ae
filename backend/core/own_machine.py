"""Whether a request was made by a program on this machine, and by no web page in between."""

import ipaddress
from collections.abc import Mapping
from typing import Final

_FORWARDING: Final = frozenset({"forwarded", "via", "x-real-ip"})
_FORWARDING_PREFIX: Final = "x-forwarded-"
_OWN_NAMES: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_OWN_FETCHES: Final = frozenset({"", "none", "same-origin"})


def is_of_own_machine(peer: str | None, headers: Mapping[str, str], origin: str) -> bool:
    """Return whether peer, Host and everything else say so.

    `headers` may have names in any case; `origin` is our own, such as http://127.0.0.1:8080. A name
    that was rebound to 127.0.0.1 shows in Host, a page of another site in Origin or Sec-Fetch-Site
    (Fetch Metadata), a proxy in what it adds.
    """
    headers = {name.lower(): value for name, value in headers.items()}
    return (
        _is_loopback(peer)
        and _host_name(headers.get("host", "")) in _OWN_NAMES
        and headers.get("origin", origin) == origin
        and headers.get("sec-fetch-site", "") in _OWN_FETCHES
        and not any(name in _FORWARDING or name.startswith(_FORWARDING_PREFIX) for name in headers)
    )


def _is_loopback(peer: str | None) -> bool:
    try:
        return peer is not None and ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False


def _host_name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
