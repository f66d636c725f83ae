"""Undoes spelling out: digits as words, and "at" and "dot" in e-mail addresses."""

import re
from collections.abc import Iterator
from typing import Final

from backend.detection.later import pattern
from backend.detection.linear import Linear
from backend.detection.views import Edit, View, rewritten

# Digits from nought to nine in English, Spanish, German, French, Italian, Dutch and Portuguese.
_DIGITS: Final = (
    ("zero", "oh", "cero", "null", "nul", "zéro"),
    ("one", "uno", "un", "eins", "een", "um"),
    ("two", "dos", "deux", "zwei", "due", "twee", "dois"),
    ("three", "tres", "trois", "drei", "tre", "drie", "três"),
    ("four", "cuatro", "quatre", "vier", "quattro", "quatro"),
    ("five", "cinco", "cinq", "fünf", "fuenf", "cinque", "vijf"),
    ("six", "seis", "sechs", "sei", "zes"),
    ("seven", "siete", "sept", "sieben", "sette", "zeven", "sete"),
    ("eight", "ocho", "huit", "acht", "otto", "oito"),
    ("nine", "nueve", "neuf", "neun", "nove", "negen"),
)
_SIGNS: Final = {
    "-": ("dash", "hyphen", "minus", "guion", "guión", "tiret", "bindestrich"),
    "+": ("plus",),
    "": ("space",),
}
_WORDS: Final = {
    **{word: str(digit) for digit, words in enumerate(_DIGITS) for word in words},
    **{word: sign for sign, words in _SIGNS.items() for word in words},
}
_ANY: Final = "|".join(sorted(_WORDS, key=lambda word: (-len(word), word)))
_LETTER: Final = "A-Za-z0-9_À-ÿ"
_RUN: Final = (
    rf"(?<![{_LETTER}])(?:{_ANY})(?:[ \t\n,.-]{{1,3}}(?:{_ANY}|[0-9](?![{_LETTER}]))){{6,60}}"
    rf"(?![{_LETTER}])"
)
_WORD: Final = re.compile(rf"[{_LETTER}]+")
_SPELLED: Final = rf"(?:{_ANY})(?:[ \t\n,.-]{{1,3}}(?:{_ANY}|[0-9])){{6}}"
_CUE: Final = Linear(f"(?i){_SPELLED}")

_SPELLED_DOT: Final = (
    r"[ ]{0,2}[(\[{<][ ]?(?:dot|punto|point|punkt|\.)[ ]?[)\]}>][ ]{0,2}|[ ](?:dot|punto)[ ]"
)
_DOT: Final = rf"(?:\.|{_SPELLED_DOT})"
_BARE_AT: Final = "[ ](?:at|arroba)[ ]"
_ADDRESS: Final = (
    rf"(?<![A-Za-z0-9._%+-])"
    rf"(?P<local>[A-Za-z0-9_%+-]{{1,40}}(?:{_DOT}[A-Za-z0-9_%+-]{{1,40}}){{0,4}})"
    rf"(?P<at>@|[ ]{{0,2}}[(\[{{<][ ]?(?:at|arroba|@)[ ]?[)\]}}>][ ]{{0,2}}|{_BARE_AT})"
    rf"(?P<domain>[A-Za-z0-9-]{{1,63}}(?:{_DOT}[A-Za-z0-9-]{{2,63}}){{1,5}})(?![A-Za-z0-9-])"
)
_DOTS: Final = re.compile(_SPELLED_DOT, re.IGNORECASE)
_SPELLED_ADDRESS: Final = (
    r"[(\[{<][ ]?(?:at|arroba|dot|punto|point|punkt|@|\.)[ ]?[)\]}>]|[ ](?:dot|punto)[ ]"
)
_ADDRESS_CUE: Final = Linear(f"(?i){_SPELLED_ADDRESS}")
_ANY_CUE: Final = Linear(f"(?i){_SPELLED}|{_SPELLED_ADDRESS}")


def written_out(view: View) -> View | None:
    """Return `view` with digits and signs for their words, None when none are spelled out."""
    encoded = view.text.encode("utf-8", "replace")
    if not _ANY_CUE.is_in(encoded):
        return None
    edits: list[Edit] = []
    if _CUE.is_in(encoded):
        edits += _digits(view.text)
    if _ADDRESS_CUE.is_in(encoded):
        edits += _addresses(view.text)
    return rewritten(view, _apart(edits), is_joined=False) if edits else None


def _apart(edits: list[Edit]) -> list[Edit]:
    """Return edits in text order, without those that begin inside the one before."""
    apart: list[Edit] = []
    for edit in sorted(edits):
        if not apart or edit[0] >= apart[-1][1]:
            apart.append(edit)
    return apart


def _digits(text: str) -> Iterator[Edit]:
    for run in pattern(_RUN, re.IGNORECASE).finditer(text):
        signs = [_WORDS.get(word.lower(), word) for word in _WORD.findall(run[0])]
        yield run.start(), run.end(), "".join(signs)


def _addresses(text: str) -> Iterator[Edit]:
    for found in pattern(_ADDRESS, re.IGNORECASE).finditer(text):
        local, domain = (_DOTS.sub(".", found[part]) for part in ("local", "domain"))
        # "look at example.com" is no address; "ann at example dot com" is one.
        is_bare = found["at"].strip().isalpha()
        if f"{local}@{domain}" != found[0] and not (is_bare and domain == found["domain"]):
            yield found.start(), found.end(), f"{local}@{domain}"
