"""What is encoded is read, whatever it begins with."""

import base64
from collections.abc import Callable
from typing import Final

import pytest

from backend.detection.decoding import decoded
from backend.detection.views import View

_CHARACTERS: Final = [
    *"\t\n\r",
    *map(chr, range(0x20, 0x7F)),
    *map(chr, range(0xA0, 0x800, 7)),
    *map(chr, range(0x800, 0xD800, 211)),
    *"\U0001f600\U00010330",
]
_SECOND: Final = "\t a0@~é€😀"
_ENCODINGS: Final[dict[str, Callable[[bytes], str]]] = {
    "base64": lambda content: base64.b64encode(content).decode(),
    "base64 for addresses": lambda content: base64.urlsafe_b64encode(content).decode(),
    "hex": lambda content: content.hex(),
    "hex in capitals": lambda content: content.hex().upper(),
    "hex with its sign": lambda content: "0x" + content.hex(),
}


@pytest.mark.parametrize("name", _ENCODINGS)
def test_no_beginning_hides_what_is_encoded(name: str) -> None:
    hidden = [
        text
        for first in _CHARACTERS
        for second in _SECOND
        if _is_missed(text := f"{first}{second}my secrets", _ENCODINGS[name](text.encode()))
    ]
    assert hidden == []


@pytest.mark.parametrize("name", _ENCODINGS)
def test_no_beginning_hides_what_windows_encoded(name: str) -> None:
    latin = [one for one in _CHARACTERS if ord(one) < 0x80]
    hidden = [
        text
        for first in latin
        for second in "\t a0@~"
        if _is_missed(
            text := f"{first}{second}my secrets", _ENCODINGS[name](text.encode("utf-16-le"))
        )
    ]
    assert hidden == []


def _is_missed(text: str, encoded: str) -> bool:
    view = decoded(View(f"see {encoded} there"))
    return view is None or text not in view.text
