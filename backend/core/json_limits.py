"""Refuses JSON that is hostile before it is parsed: too deep, NUL, lone surrogates, names twice."""

import json
import re
from typing import Any, Final

from backend.core.errors import InvalidInput

DEEPEST: Final = 32
_STRINGS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKETS: Final = re.compile(rb"[\[\]{}]")


def parsed(body: bytes) -> Any:
    """Return the JSON of `body`. Raise InvalidInput, whose message never quotes the body."""
    if _is_too_deep(body):
        raise InvalidInput(
            f"The JSON is nested deeper than {DEEPEST} levels, which nothing here needs. "
            "Flatten it and send it again.",
            code="too-deep",
        )
    try:
        content = json.loads(
            body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse
        )
    except (ValueError, RecursionError):
        raise InvalidInput(
            "The body is not well-formed JSON in UTF-8, or a name comes twice in an object. "
            "Correct it and send it again.",
            code="invalid-json",
        ) from None
    if b"\\u" in body or b"\0" in body:
        _refuse_odd_characters(content)
    return content


def _is_too_deep(body: bytes) -> bool:
    """Return whether brackets outside strings nest deeper than allowed, well-formed or not."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for bracket in _BRACKETS.finditer(_STRINGS.sub(b"", body)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > DEEPEST:
            return True
    return False


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
            "The JSON holds a NUL character or half a surrogate pair, which cannot be stored. "
            "Remove it and send it again.",
            code="odd-characters",
        )
