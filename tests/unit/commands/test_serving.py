"""Who is said to be calling: the peer, and whom a trusted proxy names, nobody else."""

from typing import Any

import pytest

from backend.commands.serving import configuration

FORWARDED = [(b"x-forwarded-for", b"198.51.100.9, 203.0.113.5"), (b"x-forwarded-proto", b"https")]


async def heard(peer: str, *trusted: str) -> tuple[str, str]:
    """Return the caller and the scheme the application hears of."""
    found: list[tuple[str, str]] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        del receive, send
        found.append((scope["client"][0], scope["scheme"]))

    config = configuration(application, trusted)
    config.load()
    scope = {"type": "http", "client": (peer, 1), "headers": FORWARDED, "scheme": "http"}
    served: Any = config.loaded_app
    await served(scope, None, None)
    return found[0]


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "192.0.2.1"])
async def test_a_forwarded_header_alone_makes_nobody_somebody_else(
    peer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    assert await heard(peer) == (peer, "http")
    assert await heard(peer, "203.0.113.0/24") == (peer, "http")


async def test_what_a_trusted_proxy_adds_is_believed_and_what_was_there_before_is_not() -> None:
    assert await heard("192.0.2.1", "192.0.2.0/24") == ("203.0.113.5", "https")
