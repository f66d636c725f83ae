"""A value is found however it is written, at the place where it was written."""

import pytest

from backend.detection.normalise import normalise
from backend.detection.unveiling import readings
from backend.detection.views import View, rewritten
from tests.disguises import ADDRESSES, ANYWHERE, DIGITS, Disguise
from tests.rulebooks import detector

DIGIT_VALUES = [
    ("US_SSN", "her SSN is {} as far as I know", "536-90-4399"),
    ("CREDIT_CARD", "charge {} for it", "4111 1111 1111 1111"),
    ("UK_NHS", "NHS number {} of the patient", "943 476 5919"),
    ("US_NPI", "NPI: {}", "1234567893"),
]
OTHER_VALUES = [
    ("IBAN", "pay to {} today", "GB82WEST12345698765432"),
    ("SECRET", "use {} then", "ghp_x7Kq2mNv9RtBz4LcYw8HsJd3FgPa6EuT1oQi"),
]
ADDRESS = ("EMAIL_ADDRESS", "write to {} please", "ann.lee@example.org")
CASES = [
    pytest.param(kind, around, value, disguise, id=f"{kind}, {name}")
    for values, disguises in (
        (DIGIT_VALUES, {**ANYWHERE, **DIGITS}), (OTHER_VALUES, ANYWHERE),
        # A line broken inside an address is joined for values with a checksum only.
        ([ADDRESS], {n: d for n, d in {**ANYWHERE, **ADDRESSES}.items() if "line" not in n}),
    )
    for kind, around, value in values
    for name, disguise in disguises.items()
]  # fmt: skip


@pytest.mark.parametrize(("kind", "around", "value", "disguise"), CASES)
def test_a_disguised_value_is_found_where_it_stands(
    kind: str, around: str, value: str, disguise: Disguise
) -> None:
    hidden = disguise(value)
    text = around.format(hidden)
    start = around.index("{")
    found = [f for f in detector().detect(text) if f.type == kind]
    assert found, text
    assert start <= found[0].start < found[0].end <= start + len(hidden)
    assert found[0].length >= len(hidden) - 4


@pytest.mark.parametrize(
    "text",
    [
        "Look at example.invalid for one, two, three dot points.",
        "Scores: 12, 14, 9, 22, 31, 8, 17, 25, 40, 3, 11, 19 out of 50.",
        "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b fixes it",
        "The internationalization of the characterization took representativeness too far.",
        "a = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]",
        "On 2024-05-06 at 12:30 and on 2025-01-02 at 09:15.",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
        "100%25 sure that %s and %d are kept",
    ],
)
def test_ordinary_text_holds_nothing_hidden_but_dates(text: str) -> None:
    assert {finding.type for finding in detector().detect(text)} <= {"DATE"}


def test_of_an_encoded_text_the_worst_is_told() -> None:
    disguised = ANYWHERE["base64"]("mail ann@example.org, SSN 536-90-4399, thanks")
    assert [f.type for f in detector().detect(f"see {disguised}")] == ["US_SSN"]


def test_encodings_inside_each_other_are_undone_three_deep() -> None:
    inner = ANYWHERE["base64"]("SSN 536-90-4399")
    for _ in range(2):
        inner = ANYWHERE["base64"](inner)
    assert [f.type for f in detector().detect(inner)] == ["US_SSN"]
    assert detector().detect(ANYWHERE["base64"](inner)) == ()


def test_ordinary_text_is_read_once() -> None:
    assert len(list(readings("Please summarise the plan for 2024-05-06, section 2.3.1."))) == 1


def test_what_a_view_leaves_out_keeps_everything_else_in_its_place() -> None:
    text = "a" * 2000 + " 4 1 " + "b" * 2000
    place = text.index("4")
    view = rewritten(View(text), [(place, place + 3, "41")], is_joined=False)
    assert len(view.text) < 1000
    start = view.text.index("41")
    assert view.original(start, start + 2) == (place, place + 3)
    assert view.original(start + 3, start + 4) == (place + 4, place + 5)
    assert view.is_news(start, start + 1)
    assert not view.is_news(0, start)


def test_marks_are_dropped_from_ascii_and_kept_elsewhere() -> None:
    assert normalise("1\u0336\u03372").text == "12"
    assert normalise("я\u0301").text == "я\u0301"
