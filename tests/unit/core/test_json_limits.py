"""Hostile JSON is refused quickly and with a reason; ordinary JSON passes unchanged."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.errors import InvalidInput
from backend.core.json_limits import DEEPEST, parsed

LETTERS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False,
                                                                          allow_infinity=False)
    | LETTERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(LETTERS, inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


HOSTILE = {
    "openings": b"[" * 262_144,
    "escaped quotes": b"[" * 40 + b'"' + b'\\"' * 130_000,
    "backslashes": b"[" * 40 + b'"' + b"\\" * 262_000,
    "objects": b'{"a":' * 50_000,
    "strings": b'["' * 130_000,
    "quotes": b"[" * 40 + b'"' * 262_000,
}


def refused(body: bytes) -> str:
    """Return the code the body is refused with."""
    with pytest.raises(InvalidInput) as caught:
        parsed(body)
    return caught.value.stable_code


@given(PLAIN, st.booleans())
@settings(max_examples=50)
def test_what_python_writes_comes_back(content: object, is_ascii: bool) -> None:  # noqa: FBT001 -- hypothesis
    assert parsed(json.dumps(content, ensure_ascii=is_ascii).encode()) == content


@given(st.binary(max_size=200))
def test_any_bytes_are_read_as_python_reads_them_or_refused(body: bytes) -> None:
    try:
        content = parsed(body)
    except InvalidInput:
        return
    assert content == json.loads(body)


def test_the_deepest_that_is_allowed_passes_and_one_more_does_not() -> None:
    assert parsed(b"[" * DEEPEST + b"]" * DEEPEST)
    assert refused(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1)) == "too-deep"
    assert refused(b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1)) == "too-deep"


def test_many_brackets_side_by_side_are_not_deep() -> None:
    assert len(parsed(b"[" + b"[]," * 5000 + b"[]]")) == 5001


def test_brackets_inside_text_are_text() -> None:
    text = '[{\\"' * 500
    assert parsed(json.dumps({"text": text}).encode()) == {"text": text}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"nul", b"NaN", b"[Infinity]", b"-Infinity", b'{"a":1,"a":2}',
     b'{"a":{"b":1,"b":1}}', b"\xff\xfe",
     b'"\xed\xa0\x80"', b'"\x00"', b"\xef\xbb\xbf{}", b"1" * 5000, b'"a', b"'a'"],
)  # fmt: skip
def test_what_is_not_well_formed_is_refused(body: bytes) -> None:
    assert refused(body) == "invalid-json"


@pytest.mark.parametrize(
    "body",
    [rb'"\u0000"', rb'{"a":["\ud800"]}', rb'{"\udfff":1}', rb'"\ude00\ud83d"', rb'{"a\u0000":1}'],
)
def test_what_cannot_be_stored_is_refused(body: bytes) -> None:
    assert refused(body) == "odd-characters"


def test_a_whole_surrogate_pair_is_a_character() -> None:
    assert parsed(rb'"\ud83d\ude00"') == "\U0001f600"


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_the_largest_hostile_body_is_refused(body: bytes) -> None:
    assert refused(body) in {"too-deep", "invalid-json"}


def test_a_refusal_never_quotes_the_body() -> None:
    with pytest.raises(InvalidInput) as caught:
        parsed(b'{"canary": canary}')
    assert "canary" not in caught.value.message
