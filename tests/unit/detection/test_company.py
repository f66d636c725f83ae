"""What says little alone counts beside what it belongs to: health beside somebody, and the like."""

import pytest

from backend.detection.explanation import passes_if, reason
from backend.detection.finding import Finding
from tests.rulebooks import detector

RULES = {rule.id: rule for rule in detector().rulebook.rules}


def of_health(text: str) -> list[Finding]:
    return [one for one in detector().detect(text) if one.family == "health-term"]


@pytest.mark.parametrize(
    "said",
    [
        "has chicken pox again",
        "was put on risperidone",
        "fractured his wrist",
        "lost the baby, a miscarriage",
        "saw the nurse, the knee is painful",
        "is pregnant",
    ],
)
def test_what_is_said_of_somebody_named_is_found_and_of_nobody_is_not(said: str) -> None:
    assert of_health(f"Name: Rosalind Achterberg. She {said}.")
    assert not of_health(f"Once somebody {said}.")


def test_an_address_of_mail_is_company_enough() -> None:
    assert of_health("Tell r.achterberg@praxis-nord.de that the biopsy was malignant.")


def test_one_word_of_care_says_nothing_yet_and_two_do() -> None:
    assert not of_health("Name: Rosalind Achterberg. The doctor is late.")
    assert of_health("Name: Rosalind Achterberg. The doctor looked at her knee.")


def test_a_text_full_of_such_words_tells_the_first_three_of_each_rule() -> None:
    words = "chicken pox, a sore throat, toothache, earache, nosebleeds and backache"
    text = f"Name: Rosalind Achterberg had {words}."
    told = [one for one in of_health(text) if one.rule == "health-word"]
    assert [text[one.start : one.end] for one in told] == [
        "chicken pox",
        "sore throat",
        "toothache",
    ]


def test_who_reads_why_is_told_that_it_passes_where_nobody_is_named() -> None:
    finding = next(
        one
        for one in of_health("Name: Rosalind Achterberg. She has chicken pox.")
        if one.context is None
    )
    assert "beside somebody it may be about" in reason(finding)
    assert "nobody it could be about" in passes_if(finding, RULES[finding.rule])


def test_days_without_a_year_and_short_labels_count_in_a_text_about_health_only() -> None:
    said = "Name: Rosalind Achterberg. On the chart HV-1182 of 18/3 it says"
    found = {one.type for one in detector().detect(f"{said} that the biopsy was malignant")}
    assert {"DATE", "MEDICAL_RECORD_NUMBER"} <= found
    others = {one.type for one in detector().detect(f"{said} that the budget was approved")}
    assert others == {"PERSON"}


def test_a_code_counts_beside_a_street_and_what_is_lonely_itself_is_no_company() -> None:
    codes = [one.type for one in detector().detect("Calle Mayor 3, 2 B, 28013 Pueblo")]
    assert "POSTAL_CODE" in codes
    assert not detector().detect("rows, 28013 Items; rows, 28014 Items")
