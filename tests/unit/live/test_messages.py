"""What may be said over the socket, and that nothing else gets through."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.live.messages import (
    MOST_SUBSCRIPTIONS,
    Ack,
    AuthRefresh,
    Hello,
    Ping,
    Pong,
    Subscription,
    envelope,
    read,
)

CLIENT = "01a20df9-0d64-79d5-a7eb-5107cfff741f"


def said(**message: Any) -> str:
    return json.dumps(message)


def test_an_envelope_has_its_six_fields() -> None:
    message = json.loads(envelope("feed.event", {"sequence": 4}, "feed", 4))
    assert UUID(message.pop("id")).version == 7
    assert message == {"t": "feed.event", "ch": "feed", "e": "1", "o": 4, "d": {"sequence": 4}}


def test_hello_names_token_and_subscriptions() -> None:
    subs = [{"ch": "policy"}, {"ch": "feed", "client": CLIENT, "epoch": "1", "offset": 7}]
    message = read(said(t="hello", d={"token": "abc", "client_version": "0.1.0", "subs": subs}))
    assert message == Hello(
        "abc", "0.1.0", [Subscription("policy"), Subscription("feed", UUID(CLIENT), "1", 7)]
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (said(t="hello", token="abc"), Hello("abc")),
        (said(t="ack", d={"version": 8}), Ack(8)),
        (said(t="ack", version=8, rulebook_version="abc"), Ack(8, "abc")),
        (said(t="auth.refresh", d={"token": "new"}), AuthRefresh("new")),
        (said(t="pong", id=CLIENT), Pong()),
        (said(t="ping", ch="ctl", e="1", o=None, id="x", d={}), Ping()),
        (said(t="ack", d={"version": 8, "tomorrow": True}), Ack(8)),
    ],
)
def test_content_stands_under_d_or_beside_the_type(text: str, message: object) -> None:
    assert read(text) == message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        "null",
        "7",
        "{}",
        said(t=1),
        said(t="subscribe"),
        said(t="hello"),
        said(t="hello", d={"token": 5}),
        said(t="hello", d={"token": "x" * 4097}),
        said(t="hello", d={"token": "a", "subs": {}}),
        said(t="hello", d={"token": "a", "subs": [7]}),
        said(t="hello", d={"token": "a", "subs": [{"ch": "feed", "offset": -1}]}),
        said(t="hello", d={"token": "a", "subs": [{"ch": "feed", "offset": 2**63}]}),
        said(t="hello", d={"token": "a", "subs": [{"ch": "feed", "offset": True}]}),
        said(t="hello", d={"token": "a", "subs": [{"ch": "feed", "client": "all"}]}),
        said(t="hello", d={"token": "a", "subs": [{"ch": "p"}] * (MOST_SUBSCRIPTIONS + 1)}),
        said(t="ack", d={"version": 0}),
        said(t="ack", d={"version": 2**31}),
        said(t="ack", d={"version": 1.5}),
        said(t="ack", d={"version": "1"}),
        '{"t":"ping"',
        "[" * 60_000,
    ],
    ids=range(24),
)
def test_anything_else_is_nobodys_message(text: str) -> None:
    assert read(text) is None


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_json, st.sampled_from(["hello", "ack", "auth.refresh", "ping", "pong", "x"]))
def test_reading_never_raises(content: Any, kind: str) -> None:
    message = read(json.dumps({"t": kind, "d": content}))
    assert message is None or isinstance(message, Hello | Ack | AuthRefresh | Ping | Pong)


@given(st.text())
def test_reading_any_text_never_raises(text: str) -> None:
    assert read(text) is None or text.startswith("{")
