"""Telephone numbers by phonenumbers, on runs of digits only: it is too slow for whole texts."""

import re
from collections.abc import Iterator
from typing import Final

import phonenumbers

from backend.detection.recognizers.base import Candidate, Reading
from backend.detection.rulebook import Rule

HOME_REGION: Final = "US"
_RUN: Final = re.compile(
    r"(?<![A-Za-z0-9_./:=-])(?:\+[0-9]|\(?[0-9])(?:[0-9]|[ ().\-/](?=[0-9(])|\)(?=[ 0-9\-])){6,22}"
    r"(?![A-Za-z0-9_])"
)
_FORMATTED: Final = re.compile(
    r"\(?[0-9]{3}\)?[ .-][0-9]{3}[ .-][0-9]{4}|\([0-9]{3}\)[0-9]{3}-[0-9]{4}"
)
LEAST_DIGITS: Final = 7
_MOST_DIGITS: Final = 15
# Every run lies inside such a place, and only there is the dearer pattern tried.
_PLACE: Final = re.compile(r"[+(0-9][0-9 ().\-/+]{6,}")


class PhoneRecognizer:
    """Numbers that exist in some numbering plan: international ones, and formatted local ones."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Yield numbers with a plus sign, in the home region's format, or behind a context word."""
        words = reading.words.present(self.rule.context.words)
        for run in _runs(reading.text):
            start, end = run.span()
            value = run[0]
            if sum(map(str.isdigit, value)) > _MOST_DIGITS:
                continue
            is_trusted = (
                value.startswith("+")
                or _FORMATTED.fullmatch(value)
                or (words and reading.words.near(words, start, end, self.rule.context.within))
            )
            if is_trusted and _is_number(value):
                yield Candidate(start, end, start, end)


def _runs(text: str) -> Iterator[re.Match[str]]:
    for place in _PLACE.finditer(text):
        yield from _RUN.finditer(text, place.start(), place.end() + 1)


def _is_number(value: str) -> bool:
    try:
        parsed = phonenumbers.parse(value, None if value.startswith("+") else HOME_REGION)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(parsed) and (
        phonenumbers.is_valid_number(parsed) or _is_fictional(parsed)
    )


def _is_fictional(number: "phonenumbers.PhoneNumber") -> bool:
    """555-01xx is set aside for fiction (NANPA); people paste it into tests and demos."""
    national = str(number.national_number)
    return number.country_code == 1 and national[3:8] == "55501"
