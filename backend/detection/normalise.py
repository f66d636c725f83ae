"""Undoes what hides a value from a pattern, character by character."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from backend.detection.views import View, Writing

if TYPE_CHECKING:
    import regex

# Letters that look like Latin ones (Unicode Technical Standard 39), replaced in Latin tokens only.
_LOOKALIKES: Final = str.maketrans(
    "АВЕКМНОРСТХаеорсухіјѕԁԛԝһԌԍΑΒΕΖΗΙΚΜΝΟΡΤΥΧοναργɡɑ",
    "ABEKMHOPCTXaeopcyxijsdqwhGgABEZHIKMNOPTYXovapyga",
)
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")
_MIXED: Final = r"[\p{L}\p{N}]+(?:[.-][\p{L}\p{N}]+)*"
_LATIN: Final = r"\p{Latin}"
_LOOKALIKE: Final = r"[\p{Cyrillic}\p{Greek}\u0261\u0251]"
_FIRST_LOOKALIKE: Final = "\u0251"
_HAS_ASCII_DIGIT: Final = re.compile("[0-9]")
_ASCII: Final = bytes(range(128))
_REPLACEMENT: Final = "\ufffd"
_MARK: Final = "Mn"
_DROPPED: Final = frozenset({"Cf", "Me"})


def normalise(text: str) -> View:
    """Return `text` for the patterns; plain ASCII passes untouched."""
    if text.isascii() or all(map(_stays, beyond_ascii(text))):
        return View(text)
    made, place = Writing(text), 0
    for run in _NOT_ASCII.finditer(text):
        start, end = run.span()
        if all(map(_stays, run[0])):
            continue
        made.copy(place, start)
        for position, replacement in _replaced(run[0], start, is_marked=start > 0):
            made.put(position, position + 1, replacement)
        place = end
    made.copy(place, len(text))
    plain = made.text
    if _has_lookalike(plain):
        plain = _of_unicode(_MIXED).sub(_latin_only, plain)
    return View(plain, made.pieces)


def beyond_ascii(text: str) -> set[str]:
    """Return the characters of a text that are not ASCII."""
    others = text.encode("utf-8", "surrogatepass").translate(None, delete=_ASCII)
    return set(others.decode("utf-8", "surrogatepass"))


@lru_cache(maxsize=4096)
def _stays(character: str) -> bool:
    """Return whether a character means itself, wherever it stands."""
    if character.isascii():
        return True
    return _plain(character) == (character, False) and not _has_lookalike(character)


def _replaced(run: str, start: int, *, is_marked: bool) -> list[tuple[int, str]]:
    """Return what stands for each character of a run beyond ASCII, with its position.

    Marks on an ASCII character are dropped; `is_marked` says whether one stands before the run.
    """
    pairs: list[tuple[int, str]] = []
    for position, character in enumerate(run, start):
        replacement, is_mark = _plain(character)
        if is_mark and is_marked:
            continue
        is_marked = is_marked and is_mark
        pairs.append((position, replacement))
    return pairs


@lru_cache(maxsize=4096)
def _plain(character: str) -> tuple[str, bool]:
    """Return what stands for one character, and whether it is a mark on the one before.

    That is nothing, itself, or its compatibility form (NFKC).
    """
    category = unicodedata.category(character)
    if category in _DROPPED or "\ufe00" <= character <= "\ufe0f" or character == "\u034f":
        return "", True
    if category == "Nd":
        return str(unicodedata.decimal(character)), False
    known = {"Zs": " ", "Pd": "-", "Cs": _REPLACEMENT}.get(category)
    return known or unicodedata.normalize("NFKC", character), category == _MARK


def _latin_only(token: "regex.Match[str]") -> str:
    word = str(token[0])
    if not _has_lookalike(word):
        return word
    translated = word.translate(_LOOKALIKES)
    if _of_unicode(_LATIN).search(word):
        return translated
    return translated if translated.isascii() and _HAS_ASCII_DIGIT.search(word) else word


def _has_lookalike(text: str) -> bool:
    is_possible = max(beyond_ascii(text), default="") >= _FIRST_LOOKALIKE
    return is_possible and _of_unicode(_LOOKALIKE).search(text) is not None


@cache
def _of_unicode(pattern: str) -> "regex.Pattern[str]":
    """Return a pattern that knows scripts: only who reads letters beyond Latin waits for that."""
    import regex  # noqa: PLC0415

    return regex.compile(pattern, regex.V1)


def folded(text: str) -> str:
    """Return `text` in lower case with the same length, so that positions stay."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
