"""The detector holds its promises for any text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.detection.compilation import Example
from backend.detection.dialect import faults
from backend.detection.finding import Finding
from backend.detection.masking import redact
from backend.detection.normalise import folded, normalise
from backend.detection.spans import without_overlaps
from tests.rulebooks import detector

PIECES = st.sampled_from(
    ["SSN 536-90-4399", "ann@example.org", "MRN 00482913", "4111 1111 1111 1111", "DOB 03/14/1962",
     "😀", "\u200b", "\ud800", "\0", "\u202e", "é", "\n", " ", "Patient: Ann Lee", "((((",
     "0000", "\u0301"]
)  # fmt: skip
MANY = settings(max_examples=5 * settings().max_examples // 2)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=12).map("".join)


@given(TEXTS)
@MANY
def test_offsets_lie_inside_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for finding in detector().detect(text):
        assert end <= finding.start < finding.end <= len(text)
        assert 0.5 <= finding.confidence <= 1
        end = finding.end


@given(st.lists(TEXTS, max_size=5))
def test_texts_read_together_have_the_findings_each_has_alone(texts: list[str]) -> None:
    assert detector().detect_all(texts) == [detector().detect(text) for text in texts]


@given(TEXTS)
@MANY
def test_a_redacted_text_holds_none_of_the_values(text: str) -> None:
    findings = detector().detect(text)
    redacted = redact(text, findings)
    for finding in findings:
        value = text[finding.start : finding.end]
        if text.count(value) == sum(text[other.start : other.end] == value for other in findings):
            assert value not in redacted or value in f"[{finding.type}_1]"


@given(st.text(max_size=60))
@MANY
def test_normalising_keeps_a_place_for_every_character(text: str) -> None:
    normalised = normalise(text)
    length = len(normalised.text)
    assert len(folded(normalised.text)) == length
    places = [normalised.original(place, place + 1) for place in range(length)]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("SSN ５３６-９０-４３９９", "５３６-９０-４３９９"),
        ("SSN 536\u200b-90\u00ad-4399", "536\u200b-90\u00ad-4399"),
        ("SSN 536\u201190\u20114399", "536\u201190\u20114399"),
        ("card 4111\u00a01111\u00a01111\u00a01111", "4111\u00a01111\u00a01111\u00a01111"),
    ],
)
def test_disguised_values_are_found_where_they_stand(hidden: str, shown: str) -> None:
    (finding,) = detector().detect(hidden)
    assert hidden[finding.start : finding.end] == shown


def test_a_number_alone_is_said_to_be_all_that_it_may_be() -> None:
    text = "943 476 5919"
    found = detector().detect(text)
    others = detector().alternatives(text, found)
    assert {one.type for one in (*found, *others)} >= {"UK_NHS", "PHONE_NUMBER"}
    assert {(one.start, one.end) for one in others} == {(0, 12)}
    assert (
        detector().alternatives(f"NHS number {text}", detector().detect(f"NHS number {text}")) == ()
    )


def test_several_numbers_and_nothing_else_need_no_word_beside_them() -> None:
    both = "536904399\n\n536904398"
    assert [(one.start, one.end) for one in detector().detect(both)] == [(0, 9), (11, 20)]
    assert detector().detect("536904399 rows, 536904398 columns") == ()


def test_the_surest_of_overlapping_findings_stays() -> None:
    def finding(rule: str, start: int, end: int, confidence: float) -> Finding:
        return Finding(rule, "T", "pii", "other", "low", start, end, confidence)

    kept = without_overlaps(
        [finding("a", 0, 9, 0.6), finding("b", 4, 12, 0.9), finding("c", 12, 15, 0.5)]
    )
    assert [f.rule for f in kept] == ["b", "c"]


@pytest.mark.parametrize(
    "pattern",
    [r"\d+", "a.b", "a*", "^a", "a$", "(?i)a", "(?=a)b", r"(a)\1", "(a)(b)", "[0-9]{1,999}",
     "a{0,3}", "é", "(?:a{1,64}b){1,40}"],
)  # fmt: skip
def test_patterns_outside_the_dialect_are_refused(pattern: str) -> None:
    assert list(faults(pattern))


def test_marks_in_examples_become_spans() -> None:
    example = Example.parse("r", "a «bc» d «e»", "why")
    assert (example.text, example.spans) == ("a bc d e", ((2, 4), (7, 8)))
