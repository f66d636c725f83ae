"""Our own lists of names: what their lines hold, and whose names they are."""

from itertools import chain

from backend.training.people import CULTURES, LATIN_WORD, Names, own
from backend.training.word_lists import word_lists

_KINDS = ("given", "family")


def test_every_name_is_written_in_latin_letters_and_large() -> None:
    odd = [
        name
        for kind in _KINDS
        for _, name in own(kind)
        if not LATIN_WORD.search(name) or name == name.lower()
    ]
    assert odd == []


def test_no_culture_has_a_name_twice() -> None:
    for kind in _KINDS:
        names = list(own(kind))
        assert len(names) == len(set(names)) > 10_000


def test_every_culture_of_a_language_has_names() -> None:
    there = {culture for kind in _KINDS for culture, _ in own(kind)}
    assert {*chain(*(cultures.split() for cultures in CULTURES.values()))} <= there


def test_prompts_are_filled_with_names_of_their_language_and_of_the_world() -> None:
    names = Names.load()
    assert {"Tiphaine", "Barthélemy"} <= set(names.given["fr"])
    assert "Szymańska" in names.family["other"]
    assert {"Takumi", "Adjoa", "Farzaneh"} <= set(names.given["other"])


def test_the_models_lists_hold_them() -> None:
    given, family, *_ = map(set, word_lists())
    assert {"tiphaine", "takumi", "ji", "woo"} <= given
    assert {"szymańska", "ravelomanana"} <= family
