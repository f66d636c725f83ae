"""Undoes what hides a value from a pattern, and remembers where each character came from."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import regex

# Letters that look like Latin ones (Unicode Technical Standard 39), replaced in Latin tokens only.
_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТХаеорсухіјѕԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοναρ",
    "ABEKMHOPCTXaeopcyxijsdqwABEZHIKMNOPTYXovap",
)
_MIXED_TOKEN = regex.compile(r"[\p{L}\p{N}]+", regex.V1)
_HAS_LATIN = regex.compile(r"\p{Latin}")
_HAS_LOOKALIKE = regex.compile(r"[\p{Cyrillic}\p{Greek}]")
_REPLACEMENT = "\ufffd"


@dataclass(frozen=True, slots=True)
class Normalised:
    """Text as the patterns see it; `origins[i]` is where its character i stood, None when equal."""

    text: str
    origins: tuple[int, ...] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span in the original text that became `[start, end)`."""
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


def normalise(text: str) -> Normalised:
    """Return `text` for the patterns; plain ASCII passes untouched."""
    if text.isascii():
        return Normalised(text, None)
    characters: list[str] = []
    origins: list[int] = []
    for position, character in enumerate(text):
        for replacement in _plain(character):
            characters.append(replacement)
            origins.append(position)
    plain = _MIXED_TOKEN.sub(_latin_only, "".join(characters))
    return Normalised(plain, tuple(origins))


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """Return what stands for one character: nothing, itself, or its compatibility form (NFKC)."""
    category = unicodedata.category(character)
    if category == "Cf" or "\ufe00" <= character <= "\ufe0f" or character == "\u034f":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    known = {"Zs": " ", "Pd": "-", "Cs": _REPLACEMENT}.get(category)
    return known or unicodedata.normalize("NFKC", character)


def _latin_only(token: "regex.Match[str]") -> str:
    word = str(token[0])
    if not _HAS_LOOKALIKE.search(word):
        return word
    if not _HAS_LATIN.search(word) and not any("0" <= letter <= "9" for letter in word):
        return word
    return word.translate(_LOOKALIKES)


def folded(text: str) -> str:
    """Return `text` in lower case with the same length, so that positions stay."""
    if text.isascii():
        return text.lower()
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
