"""A label may stand above a value, behind it, or a sentence before it."""

import pytest

from backend.detection.columns import Columns
from backend.detection.finding import Finding
from backend.detection.naming import is_loosely_named, is_meant_again, is_named_behind
from backend.detection.spans import without_vaguer

CSV = "name,passport no,city\nann,512345678,rome\nbob,512345679,bonn"
MARKDOWN = "here it is:\n| mrn | unit |\n|---|---|\n| 4820193 | 5w |"


@pytest.mark.parametrize(
    ("text", "value", "head"),
    [
        (CSV, "512345678", "passport no"),
        (CSV, "512345679", "passport no"),
        (CSV, "bonn", "city"),
        (MARKDOWN, "4820193", " mrn "),
        ("mrn\tunit\n4820193\t5w", "4820193", "mrn"),
    ],
)
def test_a_column_is_named_by_its_first_row(text: str, value: str, head: str) -> None:
    found = Columns(text).head(text.index(value))
    assert found is not None
    assert text[slice(*found)] == head


def test_a_column_is_named_however_many_rows_stand_between() -> None:
    text = "name,mrn\n" + "".join(f"ann lee,{4820193 + row}\n" for row in range(20_000))
    columns = Columns(text)
    heads = {columns.head(text.index(str(4820193 + row))) for row in range(0, 20_000, 997)}
    assert heads == {(5, 8)}


@pytest.mark.parametrize("text", ["mrn,4820193", "mrn\n4820193", "a,b,c\nmrn,4820193", ""])
def test_no_column_has_a_head_without_rows_alike(text: str) -> None:
    assert Columns(text).head(text.find("4820193")) is None


@pytest.mark.parametrize(
    "between",
    [
        ". the number is ",
        "? mine is ",
        " expired, the full number they have on file is ",
        ". it's ",
    ],
)
def test_a_sentence_means_the_label_again(between: str) -> None:
    assert is_meant_again(between)


@pytest.mark.parametrize("between", [". the order is ", ". 12 of it is ", " and it is ", ". the "])
def test_a_sentence_that_names_something_else_does_not(between: str) -> None:
    assert not is_meant_again(between)


def test_a_verb_of_a_form_ties_the_label() -> None:
    assert is_loosely_named(" in box b says ")
    assert not is_loosely_named(" in box b costs ")


@pytest.mark.parametrize(
    "between",
    [" of my wife ", ". of my pump ", " der patientin ", ". der reisenden: ", " van ann lee "],
)
def test_whose_it_is_may_stand_between(between: str) -> None:
    assert is_loosely_named(between)


@pytest.mark.parametrize(
    "between", [" of ", ". my wife ", " of the order ", " of my wife, ", " for rent "]
)
def test_what_is_nobodys_ties_no_label(between: str) -> None:
    assert not is_loosely_named(between)


@pytest.mark.parametrize(
    ("after", "rest"),
    [(", my ", "?"), (" as her ", ""), (" in the ", " box"), (", which is my ", " and")],
)
def test_a_label_may_follow(after: str, rest: str) -> None:
    assert is_named_behind(after, rest)


@pytest.mark.parametrize(
    ("after", "rest"), [(", my ", " is 1"), (" in the ", " office"), (" as her ", ": 12")]
)
def test_what_begins_a_label_of_the_next_value_does_not(after: str, rest: str) -> None:
    assert not is_named_behind(after, rest)


def finding(kind: str, context: str | None, confidence: float) -> Finding:
    return Finding(
        rule=kind.lower(), type=kind, category="pii", family="government-id", severity="high",
        start=0, end=9, confidence=confidence, context=context,
    )  # fmt: skip


def test_a_label_that_says_more_goes_first() -> None:
    vague, exact = finding("TAX_ID", "tax id", 0.9), finding("BR_CPF", "brazilian tax id", 0.82)
    assert without_vaguer([vague, exact]) == [exact]


def test_a_number_word_says_nothing_more_and_a_much_surer_check_stays() -> None:
    vague, longer = finding("A", "tax id", 0.9), finding("B", "tax id number", 0.82)
    assert without_vaguer([vague, longer]) == [vague, longer]
    checked, exact = finding("A", "tax id", 0.97), finding("B", "brazilian tax id", 0.8)
    assert without_vaguer([checked, exact]) == [checked, exact]
