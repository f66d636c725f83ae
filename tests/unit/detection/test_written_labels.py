"""Labels as code and forms shorten them are read as words, and offsets stay those of the text."""

import pytest

from backend.detection.labels import written_labels
from backend.detection.normalise import normalise


def _written(text: str) -> str | None:
    view = written_labels(normalise(text))
    return None if view is None else view.text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("nlPassportNo: X", "dutch passport no: X"),
        ("de_id_card=X", "german id card=X"),
        ("DE_ID_CARD=X", "german id card=X"),
        ("IDCardUS X", "id card us X"),
        ("vatNumberFR X", "french vat number X"),
        ("patientDOB: X", "patient dob: X"),
        ("BE driver license X", "belgian driver license X"),
        ("Germany passport X", "german passport X"),
        ("new passport number (Italy): X", "new italian passport number: X"),
        ("Tax No. (BG): X", "bulgarian tax no.: X"),
        ("frFiness 1", "french finess 1"),
        ("ID passport and ID card", "indonesian passport and ID card"),
    ],
)
def test_a_shortened_label_is_written_in_words(text: str, written: str) -> None:
    assert _written(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "a well-known follow-up",
        "IS PASSPORT X",
        "the card (it) is",
        "traceId and span_id",
        "NL won the match (DE)",
        "1nlPassport",
        "nlPassport2",
        "",
    ],
)
def test_what_is_no_label_is_left(text: str) -> None:
    assert _written(text) is None


def test_names_in_code_that_begin_with_a_word_name_no_country() -> None:
    assert _written("my_passport no_passport") == "my passport no passport"


def test_a_value_behind_a_written_label_keeps_its_place_in_the_text() -> None:
    text = "é {nlPassport: 'NXK4R2K73'}"
    view = written_labels(normalise(text))
    assert view is not None
    start = view.text.index("NXK4R2K73")
    assert text[slice(*view.original(start, start + 9))] == "NXK4R2K73"
