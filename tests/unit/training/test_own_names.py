"""Our own lists of names: what their lines hold, and whose names they are."""

from itertools import chain

from backend.training.people import CULTURES, LATIN_WORD, language_of, own
from backend.training.word_lists import words_of

_KINDS = ("given", "family")


def test_every_name_is_written_in_latin_letters_and_large() -> None:
    odd = [
        name
        for kind in _KINDS
        for name in chain(*own(kind).values())
        if not LATIN_WORD.search(name) or name == name.lower()
    ]
    assert odd == []


def test_no_culture_has_a_name_twice() -> None:
    for kind in _KINDS:
        names = [(culture, name) for culture, some in own(kind).items() for name in some]
        assert len(names) == len(set(names)) > 10_000


def test_every_culture_of_a_language_has_names() -> None:
    there = {culture for kind in _KINDS for culture in own(kind)}
    assert {*chain(*(cultures.split() for cultures in CULTURES.values()))} <= there


def test_names_are_those_of_a_language_or_of_the_rest_of_the_world() -> None:
    whose = {
        name: language_of(culture)
        for kind in _KINDS
        for culture, names in own(kind).items()
        for name in names
    }
    expected = {
        "Tiphaine": "fr", "Ainhoa": "es", "Tjark": "de", "Zeca": "pt", "Toñi": "es",
        "Takumi": "other", "Adjoa": "other", "Szymańska": "other", "Ravelomanana": "other",
    }  # fmt: skip
    assert {name: whose[name] for name in expected} == expected


def test_the_model_knows_the_words_of_names_without_their_case() -> None:
    given = words_of(chain(*own("given").values()))
    assert {"tiphaine", "takumi", "ji", "woo"} <= given
    assert "Takumi" not in given
