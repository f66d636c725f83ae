"""Stop words are found wherever they stand in a text, as if each were looked for by itself."""

from hypothesis import given
from hypothesis import strategies as st

from backend.detection.stopping import StopWords

LETTERS = st.text("abc ", max_size=12)


@given(st.lists(LETTERS.filter(bool), min_size=1, max_size=9), LETTERS)
def test_a_word_is_found_where_it_is_part_of_the_text(words: list[str], text: str) -> None:
    assert StopWords(words).stand_in(text) is any(word in text for word in words)


def test_without_words_nothing_is_found() -> None:
    assert not StopWords([]).stand_in("anything")
