"""Telephone numbers by the plans of phonenumbers, on runs of digits only."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from backend.detection.linear import Linear
from backend.detection.recognizers.base import Candidate, Reading
from backend.detection.recognizers.numbering import is_international_number
from backend.detection.rulebook import Rule

LEAST_DIGITS: Final = 7
_MOST_DIGITS: Final = 15
_EXTENSION: Final = r"(?:,?[ ]?(?:x|ext|extn|extension|poste|int)[.:]?[ ]?[0-9]{1,6})?"
_LONGEST_RUN: Final = 48
"""With an extension."""
_ONE_RUN: Final = 27
"""A place no longer than that holds no second run."""
_RUN: Final = re.compile(
    r"(?<![A-Za-z0-9_./\-])(?<![0-9]:)(\(?(?:\+[0-9]|[0-9])"
    r"(?:[0-9]|[ ().\-/](?=[0-9(])|\)(?=[ 0-9\-./])|[ ][/\-][ ](?=[0-9])|[/\-][ ](?=[0-9])){6,26})"
    + _EXTENSION
    + r"(?![A-Za-z0-9_])",
    re.IGNORECASE | re.ASCII,
)
# Every run of enough digits is inside such a place, and only there is the dearer pattern tried. It
# begins behind what stands before a run, and ends with what may stand behind one.
_PLACE: Final = Linear(
    r"[^A-Za-z0-9_./\-]\(?\+?[0-9](?:[ ().\-/+]*[0-9]){6,}(?:[^A-Za-z0-9_]|[EIPXeipx])"
)
_CUT: Final = re.compile(r"[ /]")
_NEVER: Final = re.compile(
    r"(?:19|20)[0-9]{2}[ ./\-][0-9]{1,2}[ ./\-][0-9]{1,2}(?: [0-9]{1,2})?"
    r"|[0-9]{1,2}[ ./\-][0-9]{1,2}[ ./\-](?:19|20)[0-9]{2}(?: [0-9]{1,2})?"
    r"|(?:19|20)[0-9]{2}[ ./\-](?:19|20)[0-9]{2}"
    r"|(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})"
    r"|[0-9]{5}-[0-9]{4}|[0-9]{1,2}(?:[ .][0-9]{3})+|[0-9]{3}-[0-9]{2}-[0-9]{4}|[0-9]+\.[0-9]+"
)
_SPACED_SIGN: Final = re.compile(r" ?([/\-]) ?")
_OTHER_NUMBER: Final = re.compile(
    r"(?<![^\W_])(?:order|invoice|ref|reference|isbn|issn|doi|sku|tracking|ticket|case|version|build|serial|"
    r"account|acct|policy|claim|mrn|ssn|card|routing|iban|nhc|nhs|npi|ein|tax|passport|part|model|"
    r"article|issue|pedido|factura|rechnung|bestellung|commande|facture|licen[cs]e|licencia|"
    r"colegiad[oa]|col|coleg|matrícula|matricula|registration|p[oó]liza|polis|police|polizza|"
    r"historia|dossier|cartella|chart|expediente|claim|siniestro|sinistro)"
    r"(?:[ ]?(?:no|nr|num|number|id|is|code))?[ #:.=\"']{0,4}\Z"
    r"|(?<![^\W_])(?:[0-9][a-f]|[a-f][0-9])[ ]\Z",  # a byte in hexadecimal
    re.IGNORECASE,
)
_BEFORE: Final = 28
_HOME: Final = "1"
_SHORT_LABEL: Final = re.compile(
    r"(?<![^\s(|,;/])(?:[TMFPCOHW]|TE|TF|FX|PH)(?:[.:]|\.:)[ ]?\Z", re.IGNORECASE
)
_LONGEST_SHORT_LABEL: Final = 6
_NORTH_AMERICAN: Final = re.compile(
    r"(?:(?:00)?1[ .\-])?(?:\([0-9]{3}\)[ \-]?|[0-9]{3}[.\-/])[0-9]{3}[.\-][0-9]{4}"
)
_BRAZILIAN: Final = re.compile(r"\([1-9][0-9]\) ?9?[0-9]{4}-[0-9]{4}")
_SPACED: Final = r"(?:1 )?\(?[0-9]{3}\)?[ .\-][0-9]{3}[ .\-][0-9]{4}"
# Groups in which hardly anything but telephone numbers is written, and the countries that do so.
_NATIONAL_FORMS: Final = tuple(
    (re.compile(form), codes)
    for form, codes in (
        (_SPACED, (_HOME, "52", "57", "39", "30", "90")),
        (r"[6-9][0-9]{2}([ .\-])[0-9]{2}(?:\1[0-9]{2}){2}", ("34",)),
        (r"[49][0-9]{2} [0-9]{2} [0-9]{3}", ("47",)),
        (r"1[3-9][0-9]([ \-])[0-9]{4}\1[0-9]{4}", ("86",)),
        (r"[1-9][0-9] [0-9]{4}[ \-][0-9]{4}", ("52", "55", "30")),
        (r"9 [0-9]{4} [0-9]{4}", ("56",)),
    )
)
# Single digits between signs are versions, scores and steps.
_GROUPS: Final = re.compile(r"\(?[0-9]{2,}\)?(?:[ ./\-][0-9]{2,}){0,5}")
_DIALLED_ABROAD: Final = re.compile(r"(?:00|011)(?=[1-9])")
# German: area code, subscriber and extension apart, by whatever people type.
_WITH_SPACED_SIGNS: Final = re.compile(
    r"\(?0[1-9][0-9]{1,4}\)?(?: ?[/\-] ?| )[0-9]{1,8}(?: [0-9]{1,4}){0,4}(?: ?- ?[0-9]{1,4})?"
)
_BETWEEN: Final = " ()./-"
# Where a number dialled inside the country starts with 0 and is written with separators.
_WITH_ZERO: Final = (
    "44", "33", "49", "39", "31", "61", "32", "41", "43", "353", "46", "27", "64",
    "54", "36", "90", "972", "81", "82", "20", "234",
)  # fmt: skip
_BESIDE_A_WORD: Final = (
    _HOME, "34", "351", "55", "52", "91", "45", "47", "48",
    "30", "56", "57", "86", "420", *_WITH_ZERO,
)  # fmt: skip
# Where eight digits are a whole number: written in groups, and beside a word.
_OF_EIGHT: Final = ("45", "47", "65", "852")
_LEAST_BARE: Final = 8
_MOST_NATIONAL: Final = 12


class PhoneRecognizer:
    """Numbers that exist in some numbering plan, or that stand where a label says so."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def candidates(self, reading: Reading) -> Sequence[Candidate]:
        """Return numbers written as such, beside a context word, or directly behind one."""
        return tuple(self._candidates(reading))

    def _candidates(self, reading: Reading) -> Iterator[Candidate]:
        present = reading.words.present(self.rule.context.word_set)
        for run in _runs(reading.text):
            start, last = run.span(1)
            while start < last:
                start, end = _unwrapped(reading.text, start, last)
                length, sureness = self._number(reading, present, start, end)
                if not length:
                    break
                stop = run.end() if start + length == run.end(1) else start + length
                yield Candidate(start, stop, start, stop, sureness)
                start = _after_signs(reading.text, start + length, last)

    def _number(
        self, reading: Reading, present: frozenset[str], start: int, end: int
    ) -> tuple[int, float | None]:
        """Return how long the number is that a run begins with, and how sure its form makes it."""
        value = reading.text[start:end]
        if _is_no_number(value):
            return 0, None
        near, is_labelled = None, False
        is_near = _has_short_label(reading.text, start)
        if present:
            near = reading.words.near(present, start, end, self.rule.context.within)
            is_labelled = near is not None and reading.words.label(present, start) is not None
            is_labelled = is_labelled or reading.words.heading(present, start) is not None
            is_near = is_near or is_labelled or near is not None
        length = _number_length(value, is_near=is_near, is_labelled=is_labelled)
        if not length or (not is_labelled and _is_another(reading.text, start)):
            return 0, None
        is_plain = near is None and value.startswith("+")
        return length, self.rule.confidence_with_context if is_plain else None


def _runs(text: str) -> Iterator[re.Match[str]]:
    spaced = b" " + text.encode("ascii", "replace") + b" "
    start, end = _PLACE.groups(spaced)[0]
    while start >= 0:
        end -= 2
        if not _is_never(text, start, end):
            for run in _RUN.finditer(text, start, end + _LONGEST_RUN):
                if run.start() >= end:
                    break
                end = max(end, run.end())
                yield run
        start, end = _PLACE.groups(spaced, end + 1)[0]


def _is_never(text: str, start: int, end: int) -> bool:
    """Return whether a place is one run, and that no number."""
    is_run = end - start <= _ONE_RUN and not text[end : end + 1].isalpha()
    return is_run and _NEVER.fullmatch(text, start, end) is not None


def _unwrapped(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where a run begins and ends without brackets around it, or half around it."""
    inside = text[start:end]
    if inside.startswith("(") and inside.find(")") in (-1, len(inside) - 1):
        start += 1
        inside = inside[1:]
    if inside.endswith(")") and inside.count("(") < inside.count(")"):
        end -= 1
    return start, end


def _after_signs(text: str, start: int, end: int) -> int:
    """Return where the next number of a run may begin."""
    while start < end and text[start] in _BETWEEN:
        start += 1
    return start


def _has_short_label(text: str, start: int) -> bool:
    return _SHORT_LABEL.search(text[max(0, start - _LONGEST_SHORT_LABEL) : start]) is not None


def _is_another(text: str, start: int) -> bool:
    """Return whether the word directly before says that this is some other number."""
    return _OTHER_NUMBER.search(text[max(0, start - _BEFORE) : start]) is not None


def _number_length(run: str, *, is_near: bool, is_labelled: bool) -> int:
    """Return how much of a run is one number: all of it, or what stands before a gap; else 0."""
    ends = [len(run), *(gap.start() for gap in reversed(list(_CUT.finditer(run))))]
    for end in ends:
        value = run[:end]
        digits = "".join(filter(str.isdigit, value))
        if len(digits) < LEAST_DIGITS:
            break
        if len(digits) > _MOST_DIGITS or _is_no_number(value):
            continue
        if _is_number(value, digits, is_near=is_near):
            return end
    return _guessed_length(run) if is_labelled else 0


def _guessed_length(run: str) -> int:
    """Return the length of a number no plan need know, as a label stands directly before it."""
    digits = sum(map(str.isdigit, run))
    is_possible = LEAST_DIGITS <= digits <= _MOST_NATIONAL
    return len(run) if is_possible and not _is_no_number(run) else 0


def _is_no_number(value: str) -> bool:
    """Return whether digits are written as dates, amounts and the like are."""
    return _NEVER.fullmatch(_SPACED_SIGN.sub(r"\1", value)) is not None


def _is_number(value: str, digits: str, *, is_near: bool) -> bool:
    is_grouped = len(value.lstrip("(+")) > len(digits)
    if "+" in value[:2]:
        is_written_so = is_grouped and len(digits) > _LEAST_BARE and digits[0] != "0"
        return is_written_so or _is_assigned(digits)
    if _NORTH_AMERICAN.fullmatch(value) or _BRAZILIAN.fullmatch(value):
        return True
    abroad = _DIALLED_ABROAD.match(digits) if is_grouped or is_near else None
    if abroad and _is_assigned(digits[abroad.end() :], _LEAST_BARE):
        return True
    for form, codes in _NATIONAL_FORMS:
        if form.fullmatch(value) and any(_is_assigned(code + digits) for code in codes):
            return True
    if is_near and _WITH_SPACED_SIGNS.fullmatch(value) and _is_assigned("49" + digits):
        return True
    return any(_is_assigned(code + digits) for code in _codes(value, digits, is_near=is_near))


def _codes(value: str, digits: str, *, is_near: bool) -> tuple[str, ...]:
    """Return the countries in whose plans a number without country code is looked up."""
    if not (_LEAST_BARE <= len(digits) <= _MOST_NATIONAL and _GROUPS.fullmatch(value)):
        return ()
    is_grouped = len(value.lstrip("(")) > len(digits)
    is_national = value.lstrip("(").startswith("0") and is_grouped
    if len(digits) == _LEAST_BARE:
        return _OF_EIGHT if is_near and is_grouped else ()
    if is_near:
        return _BESIDE_A_WORD
    return _WITH_ZERO if is_national else ()


def _is_assigned(digits: str, least: int = LEAST_DIGITS) -> bool:
    return len(digits) >= least and is_international_number(digits)
