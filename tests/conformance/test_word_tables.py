"""The tables of words that Python and JavaScript each have are the same."""

import pytest

from backend.detection.filler import WORDS
from backend.detection.labels import COUNTRIES, NOUNS
from backend.detection.naming import ANOTHER, TIES
from tests.conformance.javascript import answered


@pytest.fixture(scope="module")
def tables_of_javascript() -> list[list[str]]:
    tables: list[list[str]] = answered(["word_tables.mjs"], [])
    return tables


@pytest.mark.parametrize(
    ("number", "words"), list(enumerate([WORDS, TIES, ANOTHER, NOUNS, COUNTRIES])),
    ids=["filler", "ties", "what names something else", "nouns", "countries"],
)  # fmt: skip
def test_a_table_of_words_is_the_same_in_javascript(
    number: int, words: frozenset[str] | list[str], tables_of_javascript: list[list[str]]
) -> None:
    assert sorted(words) == sorted(tables_of_javascript[number])
