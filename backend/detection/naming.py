"""Ways to name a value other than by its label directly before it.

Some words may stand between, where a colon, an equals sign or a verb ties the label to the value:
"tax number of Ann Lee: 93…", or where it says whose it is: "tax no. of my wife 93…"; a sentence
may mean it again: "I lost my passport. The number is 93…"; a question may be answered: "your tax
number? me: 93…"; or the value comes first: "93… is her tax number", "93… in the tax number box",
"93… / tax number". One label names a list of values.
"""

import re
from typing import Final

from backend.detection.filler import is_filler, words_of

LEAST_VALUE: Final = 4
"""Shorter values are amounts, ages and pages."""
_MOST_WORDS: Final = 5
_DIGIT: Final = re.compile(r"[0-9]")
_STOPS: Final = re.compile(r"[.!?;,|\n0-9]")
_TIES_WRITTEN: Final = """
are as be contains displays enter entered equals er era es est foi gave gives is ist jest lautet
lists listed luidt mentions printed put quoted read reads said says sea seja showed shows sia soit
stated states to told type typed use var war was write written wrote är è é était
"""
TIES: Final = frozenset(_TIES_WRITTEN.split())
_ANOTHER_WRITTEN: Final = """
account acct amount and build case code commande cost count date e email end et expires factura
fax fecha fee format id invoice issue iva kein length limit line mail mobile model modell modelo
nein no nor not nr num number numero nummer numéro número o oder or order ou page part pedido
phone policy port price rechnung ref reference room row rows section sin size tel telefon
telephone teléfono ticket time total und version without y year
"""
ANOTHER: Final = frozenset(_ANOTHER_WRITTEN.split())
_AGAIN: Final = re.compile(
    r"[.!?;,\n:-] ?(?:(?:and|but|so|since|because) )?"
    r"(?:mine|it|this|that|the (?:(?:actual|complete|correct|entire|exact|full|real|right|whole) )?"
    r"(?:code|id|number|one)(?: [a-z']{1,12}){0,4}?)"
    r"(?:'s|:| (?:is|reads|says|should be|starts|was):?) ?[\"'`(«*]{0,3}\Z"
)
_TOLD: Final = re.compile(
    r"[ ,;.] ?(?:and|but|so|then) (?:he|i|she|they|we)"
    r" (?:entered|gave|put|said|sent|told|tried|typed|used|wrote)"
    r"(?: (?:down|her|him|in|it|me|them|us|you))?:? ?[\"'`(«*]{0,3}\Z"
)
_ANSWERED: Final = re.compile(
    r"[?\n] ?(?:a|agent|answer|caller|client|customer|her|him|i|me|patient|reply|user): ?\Z"
)
_OF_IT: Final = (
    "av", "da", "de", "del", "della", "der", "des", "do", "du", "of", "van", "vom", "von",
)  # fmt: skip
_ABBREVIATED: Final = re.compile(rf"\.(?= (?:{'|'.join(_OF_IT)}) )")
_ORDINAL: Final = re.compile(r" ?#?[0-9]{1,2} ?")
_BEHIND: Final = re.compile(
    r"[\"'`*_)\]»]{0,3}"
    r"(?: (?:is(?: (?:printed|shown|stamped|written))?|was|es|era|ist|war|est|était|è|é|är|er|jest)"
    r"| (?:on (?:file|record) )?as| (?:corresponds|belongs) to| matches"
    r"|,? (?:that|this|which)(?:'s| is| was)|,? (?:an?|eine?|een|una?|uma?|une))(?= )"
)
_BEHIND_A_COMMA: Final = re.compile(r"[\"'`*_)\]»]{0,3}, (?:her|his|my|our|the|their|your)(?= )")
_IN_A_FIELD: Final = re.compile(r"[\"'`*_)\]»]{0,3} (?:in|into|under)(?= )")
_FIELD: Final = re.compile(r"[\"'`*_]{0,2} (?:box|cell|col|field|line)")
_BEHIND_A_DASH: Final = re.compile(r"[\"'`*_)\]»]{0,3} (?:[-\u2013\u2190/=]|<[-=]) ")
_ENDS: Final = frozenset(["", *"\n),.;?!"])
_ONE_MORE: Final = re.compile(
    r"[\"'`*_)\]»]{0,3}"
    r"(?:(?P<told>[,;]? (?:and|as well as|e|en|et|i|ja|o|oder|og|or|ou|och|und|y)(?= )| ?[&+])"
    r"| ?[,;/|]| ?[,;|]?\n[ \t]{0,8}(?:(?:[-*+\u2022]|[0-9]{1,3}[.)])[ \t]{1,4})?)"
    r" ?[\"'`*_(\[«#]{0,3}"
)
_IN_BRACKETS: Final = re.compile(r"[\"'`*_]{0,3} ?\(")


def is_loosely_named(between: str) -> bool:
    """Return whether what stands between a label and a value, in lower case, ties the two."""
    if _ABBREVIATED.match(between):
        between = between[1:]
    mark = max(between.rfind(":"), between.rfind("="))
    if mark >= 0:
        head = between[:mark]
        is_of_it = _ORDINAL.fullmatch(head) is not None or _is_of_the_label(head)
        return is_of_it and is_filler(between[mark:])
    if _STOPS.search(between):
        return False
    words = words_of(between)
    for place in range(len(words) - 1, -1, -1):
        if words[place] in TIES:
            return _are_of_the_label(words[:place])
        if not is_filler(words[place]):
            break
    return len(words) > 1 and words[0] in _OF_IT and _are_of_the_label(words)


def is_meant_again(between: str) -> bool:
    """Return whether what stands between ends in words that mean the label said before."""
    if _DIGIT.search(between):
        return False
    return any(one.search(between) for one in (_AGAIN, _TOLD, _ANSWERED))


def is_named_behind(after: str, rest: str) -> bool:
    """Return whether `after` a value its label follows; `rest` is what stands behind the label."""
    if _IN_BRACKETS.match(after):
        return rest.startswith(")") and is_filler(after)
    if _BEHIND_A_DASH.match(after):
        return rest[:1] in {"", "\n"} and is_filler(after)
    tie = _tie_behind(after, rest)
    if tie is None or rest.lstrip(" \"'")[:1] in {":", "="}:
        return False
    return not _STOPS.search(after, tie.end()) and is_filler(after[tie.end() :])


def is_one_more(between: str, *, is_as_long: bool) -> bool:
    """Return whether a value follows another of its kind: in a list, those are as long."""
    more = _ONE_MORE.fullmatch(between)
    return more is not None and (is_as_long or more["told"] is not None)


def _tie_behind(after: str, rest: str) -> re.Match[str] | None:
    if rest[:1] in _ENDS and (tie := _BEHIND_A_COMMA.match(after)):
        return tie
    if _FIELD.match(rest) and (tie := _IN_A_FIELD.match(after)):
        return tie
    return _BEHIND.match(after)


def _is_of_the_label(between: str) -> bool:
    return not _STOPS.search(between) and _are_of_the_label(words_of(between))


def _are_of_the_label(words: list[str]) -> bool:
    return len(words) <= _MOST_WORDS and ANOTHER.isdisjoint(words)
