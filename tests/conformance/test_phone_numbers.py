"""The extension knows the numbering plans the server knows."""

from collections.abc import Iterator
from dataclasses import asdict
from itertools import cycle
from random import Random

from phonenumbers import (
    SUPPORTED_REGIONS,
    PhoneNumberFormat,
    PhoneNumberType,
    example_number_for_type,
    format_number,
)

from backend.detection import phone_table
from backend.detection.compilation import ROOT
from tests.conformance.javascript import answers_of_javascript
from tests.rulebooks import detector

INTRODUCTIONS = ("phone ", "my new phone, ", "at ", "phone ")
"""What stands before a number; four of them turn through the three spellings of each."""


def published_examples() -> Iterator[str]:
    """Yield the example number of every kind in every region, in three spellings."""
    for region in sorted(SUPPORTED_REGIONS):
        for kind in PhoneNumberType.values():
            if number := example_number_for_type(region, kind):
                yield format_number(number, PhoneNumberFormat.E164)
                yield format_number(number, PhoneNumberFormat.INTERNATIONAL)
                yield format_number(number, PhoneNumberFormat.NATIONAL)


def numbers() -> list[str]:
    """Return the examples, each with one digit changed as well, and numbers dialled at home."""
    chance = Random(3)  # noqa: S311 -- the same numbers every time
    known = list(published_examples())
    changed = []
    for number in known:
        place = chance.randrange(3, len(number))
        changed.append(number[:place] + chance.choice("0123456789") + number[place + 1 :])
    home = [f"({chance.randrange(1000):03}) {chance.randrange(1000):03}-0132" for _ in range(2000)]
    return [*known, *changed, *home]


def test_both_engines_know_the_same_telephone_numbers() -> None:
    texts = [start + number for start, number in zip(cycle(INTRODUCTIONS), numbers())]
    of_python = [[asdict(finding) for finding in found] for found in detector().detect_all(texts)]
    of_javascript = answers_of_javascript(texts)
    assert sum(map(len, of_python)) > len(texts) / 2
    assert [n for n, found in enumerate(of_python) if found != of_javascript[n]] == []


def test_the_extension_holds_the_numbering_plans_of_this_phonenumbers() -> None:
    held = (ROOT / "phones.json").read_bytes()
    assert held == phone_table.content(), "run `quillgate rules compile` and commit the result"
