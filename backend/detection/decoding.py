"""Undoes encodings a value may hide in: base64, hex, percent, character escapes and references."""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from backend.detection.later import pattern
from backend.detection.linear import NOWHERE, Linear
from backend.detection.views import Edit, View, rewritten

# What base64 makes of a value has a capital somewhere behind a small letter or a digit.
_CUE: Final = Linear(
    r"%[0-9A-Fa-f]{2}|\\[ux]|&#|&[a-z]{2,8};|(?:[0-9A-Fa-f]{2}){6}|(?:[0-9A-Fa-f]{2}[ :]){5}"
    r"|[A-Za-z0-9+/_-]{5}[a-z0-9+/_-][A-Z]|[a-z0-9+/_-][A-Z][A-Za-z0-9+/_-]{5}",
)
# How what becomes a text begins: its first byte is printed or white space, or begins a character of
# UTF-8. Behind the former no byte may go on with a character, behind the latter one must; in UTF-16
# the second byte is nought.
_BASE64: Final = (
    r"(?:[CDI-Za-f][AC-HM-QS-Xc-gi-ns-wyz0-389+/_-]|[w-z0-9][AI-LQYZabgo-rw4-7])"
    r"(?:[A-Za-z0-9+/_-]{10,}|[A-Za-z0-9+/_-]{8,9}=)"
)
_HEX: Final = (
    r"(?:0x)?(?:[02-7][0-9A-Fa-f][02-7C-Fc-f]|[C-Fc-f][0-9A-Fa-f][089ABab])[0-9A-Fa-f]{9,}"
)
# Where such a segment may begin, and the character before it.
_BEGINS: Final = Linear(
    r"(?s:.)(?:%[0-9A-Fa-f]{2}|\\[ux]|&#|&[a-z]{2,8};|(?:[0-9A-Fa-f]{2}[ :]){5})"
    rf"|[^A-Za-z0-9+/_-](?:{_BASE64}|{_HEX})"
)
_SEGMENT: Final = (
    r"(?P<percent>(?:%[0-9A-Fa-f]{2}){1,4096})"
    r"|(?P<escape>(?:\\u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{1,6}\}|\\x[0-9A-Fa-f]{2}){1,4096})"
    r"|(?P<reference>(?:&#[0-9]{1,7};|&#[xX][0-9A-Fa-f]{1,6};"
    r"|&(?:amp|commat|period|hyphen|nbsp|colon|num|sol|lowbar|plus|equals|lpar|rpar);){1,4096})"
    r"|(?<![0-9A-Za-z])(?P<hex>(?:0x)?(?:[0-9A-Fa-f]{2}){6,4096})(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])(?<![A-Za-z0-9+/_-]{10})"  # a pair may be the end of what is base64
    r"(?P<spaced>(?:[0-9A-Fa-f]{2}[ :]){5,4096}[0-9A-Fa-f]{2})(?![0-9A-Za-z])"
    r"|(?<![A-Za-z0-9+/_-])(?P<base64>[A-Za-z0-9+/_-]{12,65536}={0,2}"
    r"|[A-Za-z0-9+/_-]{10,11}={1,2})(?![A-Za-z0-9+/_=-])"
)
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))")
_REFERENCE: Final = re.compile(r"&(?:#[xX]([0-9A-Fa-f]+)|#([0-9]+)|([a-z]+));")
_NAMED: Final[Mapping[str, str]] = {
    "amp": "&", "commat": "@", "period": ".", "hyphen": "-", "nbsp": " ", "colon": ":", "num": "#",
    "sol": "/", "lowbar": "_", "plus": "+", "equals": "=", "lpar": "(", "rpar": ")",
}  # fmt: skip
_NOT_HEX: Final = re.compile(r"[^0-9A-Fa-f]")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_LEAST_ENCODED: Final = 12
_URL_SAFE: Final = str.maketrans("-_", "+/")


def decoded(view: View) -> View | None:
    """Return `view` with what is encoded in it in plain, None when nothing is."""
    if not _CUE.is_in(view.text.encode("utf-8", "replace")):
        return None
    edits = list(_edits(view.text))
    return replace(rewritten(view, edits, is_joined=False), is_decoded=True) if edits else None


def _edits(text: str) -> Iterator[Edit]:
    spaced, place = b" " + text.encode("ascii", "replace"), 0
    while (begun := _BEGINS.groups(spaced, place)[0]) != NOWHERE:
        start, place = begun[0], begun[1] - 1
        if not _may_be_encoded(text[start:place]):
            continue
        found = pattern(_SEGMENT).match(text, start)
        if found is None:
            if text[start : start + 3].endswith((" ", ":")):
                place = start + 1  # a pair of letters before the first byte of hex
            continue
        place = max(place, found.end())
        plain = _decoded(str(found.lastgroup), found[0])
        if plain:
            yield found.start(), found.end(), plain


def _may_be_encoded(begun: str) -> bool:
    return not begun.isalpha() or not begun.islower() or _NOT_HEX.search(begun) is None


def _decoded(kind: str, segment: str) -> str | None:
    match kind:
        case "percent":
            return _text(bytes.fromhex(segment.replace("%", "")))
        case "escape":
            return _printable(_ESCAPE.sub(_character, segment))
        case "reference":
            return _printable(_REFERENCE.sub(_referred, segment))
        case "base64" if not segment.islower():
            return _text(_from_base64(segment))
        case "base64":
            return None
        case _:
            digits = _NOT_HEX.sub("", segment.removeprefix("0x"))
            return _text(bytes.fromhex(digits))


def _character(found: "re.Match[str]") -> str:
    return _of_code(int(found[1] or found[2] or found[3], 16))


def _referred(found: "re.Match[str]") -> str:
    if found[3]:
        return _NAMED[found[3]]
    return _of_code(int(found[1], 16) if found[1] else int(found[2]))


def _of_code(code: int) -> str:
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"  # noqa: PLR2004


def _from_base64(segment: str) -> bytes:
    """Return the bytes of base64 in either alphabet, with or without padding (RFC 4648)."""
    plain = segment.rstrip("=").translate(_URL_SAFE)
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _text(content: bytes) -> str | None:
    """Return bytes as text, UTF-8 or UTF-16 as Windows writes it; None when they are no text."""
    if len(content) > 3 and not any(content[1::2]):  # noqa: PLR2004 -- two characters at least
        content = content[0::2]
    try:
        return _printable(content.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def _printable(text: str) -> str | None:
    return None if not text or _CONTROL.search(text) else text
