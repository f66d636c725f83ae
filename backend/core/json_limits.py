"""Refuses JSON that is hostile before it is parsed: too deep, NUL, lone surrogates, names twice."""

import json
from typing import Any, Final

from backend.core.errors import InvalidInput

DEEPEST: Final = 32
_OPENING: Final = frozenset(b"[{")
_CLOSING: Final = frozenset(b"]}")
_QUOTE: Final = ord('"')
_BACKSLASH: Final = ord("\\")


def parsed(body: bytes) -> Any:
    """Return the JSON of `body`. Raise InvalidInput, whose message never quotes the body."""
    if _depth(body) > DEEPEST:
        raise InvalidInput(f"The JSON is nested deeper than {DEEPEST} levels.", code="too-deep")
    try:
        content = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse
        )
    except (ValueError, RecursionError):
        raise InvalidInput(
            "The body is not well-formed JSON in UTF-8, or a name comes twice in an object.",
            code="invalid-json",
        ) from None
    if b"\\u" in body or b"\0" in body:
        _refuse_odd_characters(content)
    return content


def _depth(body: bytes) -> int:
    depth = deepest = 0
    is_inside = is_escaped = False
    for byte in body:
        if is_inside:
            if is_escaped:
                is_escaped = False
            elif byte == _BACKSLASH:
                is_escaped = True
            elif byte == _QUOTE:
                is_inside = False
        elif byte == _QUOTE:
            is_inside = True
        elif byte in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif byte in _CLOSING:
            depth -= 1
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError
    return content


def _refuse(_: str) -> Any:
    raise ValueError


def _refuse_odd_characters(content: Any) -> None:
    """NUL cannot be stored and lone surrogates cannot be encoded: PostgreSQL refuses both."""
    if isinstance(content, dict):
        for name, value in content.items():
            _refuse_odd_characters(name)
            _refuse_odd_characters(value)
    elif isinstance(content, list):
        for value in content:
            _refuse_odd_characters(value)
    elif isinstance(content, str) and (
        "\0" in content or any("\ud800" <= letter <= "\udfff" for letter in content)
    ):
        raise InvalidInput(
            "The JSON holds a NUL character or half a surrogate pair. Remove it and try again.",
            code="odd-characters",
        )
