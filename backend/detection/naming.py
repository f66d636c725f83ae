"""Ways to name a value other than by its label directly before it.

Some words may stand between, where a colon, an equals sign or a verb ties the label to the value:
"tax number of Ann Lee: 93…"; or the value comes first: "93… is her tax number".
"""

import re
from typing import Final

from backend.detection.filler import is_filler, words_of

LEAST_VALUE: Final = 6
"""Shorter values are years, amounts and pages."""
_MOST_WORDS: Final = 5
_STOPS: Final = re.compile(r"[.!?;,|\n0-9]")
_TIES_WRITTEN: Final = """
are as be contains equals er era es est foi is ist jest lautet luidt reads sea seja sia soit to
var war was är è é était
"""
_TIES: Final = frozenset(_TIES_WRITTEN.split())
_ANOTHER_WRITTEN: Final = """
account acct amount and build case code commande cost count date e email end et expires factura
fax fecha fee format id invoice issue iva kein length limit line mail mobile nein no nor not nr
num number numero nummer numéro número o oder or order ou page pedido phone policy port price
rechnung ref reference row rows section sin size tel telefon telephone teléfono ticket time
total und version without y year
"""
_ANOTHER: Final = frozenset(_ANOTHER_WRITTEN.split())
_BEHIND: Final = re.compile(
    r"[\"'`*_)\]»]{0,3} (?:is|was|es|era|ist|war|est|était|è|é|är|er|jest)(?= )"
)
_BEHIND_A_DASH: Final = re.compile(r"[\"'`*_)\]»]{0,3} [-\u2013] ")
_IN_BRACKETS: Final = re.compile(r"[\"'`*_]{0,3} ?\(")


def is_loosely_named(between: str) -> bool:
    """Return whether what stands between a label and a value, in lower case, ties the two."""
    mark = max(between.rfind(":"), between.rfind("="))
    if mark >= 0:
        return is_filler(between[mark:]) and _is_of_the_label(between[:mark])
    if _STOPS.search(between):
        return False
    words = words_of(between)
    for place in range(len(words) - 1, -1, -1):
        if words[place] in _TIES:
            return _are_of_the_label(words[:place])
        if not is_filler(words[place]):
            return False
    return False


def is_named_behind(after: str, rest: str) -> bool:
    """Return whether `after` a value its label follows; `rest` is what stands behind the label."""
    if _IN_BRACKETS.match(after):
        return rest.startswith(")") and is_filler(after)
    if _BEHIND_A_DASH.match(after):
        return rest[:1] in {"", "\n"} and is_filler(after)
    tie = _BEHIND.match(after)
    if tie is None or rest.lstrip(" \"'")[:1] in {":", "="}:
        return False
    return not _STOPS.search(after) and is_filler(after[tie.end() :])


def _is_of_the_label(between: str) -> bool:
    return not _STOPS.search(between) and _are_of_the_label(words_of(between))


def _are_of_the_label(words: list[str]) -> bool:
    return len(words) <= _MOST_WORDS and _ANOTHER.isdisjoint(words)
