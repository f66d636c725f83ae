"""The prompts written blind say what is marked in them and what they are about."""

from collections import Counter

from backend.training.blind import blind_prompts
from backend.training.synthetic import LANGUAGES

PROMPTS = list(blind_prompts())


def test_there_are_some_of_each_language_about_health_people_and_neither() -> None:
    counts = Counter((one.language, one.about) for one in PROMPTS)
    assert set(counts) == {(lang, about) for lang in LANGUAGES for about in ("PHI", "PII", "NO")}
    assert min(counts.values()) >= 15


def test_marks_stand_where_they_say_and_only_where_somebody_or_a_place_is() -> None:
    for one in PROMPTS:
        assert "[[" not in one.text
        assert "]]" not in one.text.replace("]]}", "")
        assert bool(one.spans) is (one.about != "NO") or one.about == "PHI"
        for start, end, sort in one.spans:
            assert one.text[start:end].strip() == one.text[start:end] != ""
            assert sort in {"PER", "ADR", "LOC"}


def test_half_of_them_were_never_read() -> None:
    assert abs(sum(one.was_read for one in PROMPTS) - len(PROMPTS) / 2) <= len(LANGUAGES)
