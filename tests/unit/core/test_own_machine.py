"""Who may use the way in that DEBUG=true opens: a program here, and no page or proxy in between."""

import pytest

from backend.core.own_machine import is_of_own_machine

OWN = "http://127.0.0.1:8080"
PLAIN = {"host": "127.0.0.1:8080"}


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "127.8.9.10"])
@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "LOCALHOST"])
def test_a_program_on_this_machine_is_let_in(peer: str, host: str) -> None:
    assert is_of_own_machine(peer, {"host": host}, OWN)


@pytest.mark.parametrize("peer", [None, "", "192.0.2.7", "10.0.0.4", "::ffff:192.0.2.7", "unknown"])
def test_another_machine_is_not(peer: str | None) -> None:
    assert not is_of_own_machine(peer, PLAIN, OWN)


@pytest.mark.parametrize(
    "host",
    ["", "rebound.example", "rebound.example:8080", "127.0.0.1.example", "192.0.2.7", "[::2]"],
)
def test_a_name_that_was_rebound_to_this_machine_is_not(host: str) -> None:
    assert not is_of_own_machine("127.0.0.1", {"host": host}, OWN)


@pytest.mark.parametrize(
    "header",
    [
        ("x-forwarded-for", "127.0.0.1"), ("x-forwarded-proto", "https"), ("x-forwarded-new", ""),
        ("forwarded", "for=127.0.0.1"), ("via", "1.1 proxy"), ("x-real-ip", "127.0.0.1"),
        ("origin", "https://evil.example"), ("origin", "null"), ("origin", "http://127.0.0.1:9"),
        ("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"),
    ],
)  # fmt: skip
def test_what_a_proxy_or_a_page_of_another_site_adds_shuts_it(header: tuple[str, str]) -> None:
    assert not is_of_own_machine("127.0.0.1", {**PLAIN, header[0]: header[1]}, OWN)


@pytest.mark.parametrize(
    "header", [("origin", OWN), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none")]
)
def test_our_own_pages_are_let_in(header: tuple[str, str]) -> None:
    assert is_of_own_machine("127.0.0.1", {**PLAIN, header[0]: header[1]}, OWN)
