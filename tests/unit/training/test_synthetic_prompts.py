"""Prompts to learn from are marked where they say, the same for a seed, and keep names back."""

import pytest

from backend.training.people import Names
from backend.training.synthetic import (
    LANGUAGES,
    SLOTS,
    Prompt,
    Templates,
    prompts,
    public_figures,
    slots_of,
)

PEOPLE = {
    language: [f"{language}{kind}{n}".title() for n in range(60)]
    for language in (*LANGUAGES, "other")
    for kind in ("given",)
}
FAMILIES = {language: [f"Fam{language}{n}" for n in range(60)] for language in PEOPLE}
NAMES = Names(
    given=PEOPLE,
    family=FAMILIES,
    common_given={language: names[:10] for language, names in PEOPLE.items()},
    common_family={language: names[:10] for language, names in FAMILIES.items()},
    cities={language: [f"Town{language}{n}" for n in range(60)] for language in PEOPLE},
    words={language: [f"thing{n}" for n in range(60)] for language in LANGUAGES},
    regions=["Regionia"],
    countries=["Landia"],
    large=["Metropolis"],
)


def some(seed: int, count: int = 1500, *, is_held_out: bool = False) -> list[Prompt]:
    return list(prompts(seed, count, NAMES, is_held_out=is_held_out))


def test_the_same_seed_gives_the_same_prompts() -> None:
    assert some(3, 200) == some(3, 200) != some(4, 200)


def test_marks_hold_names_and_addresses_and_stand_apart() -> None:
    for prompt in some(1):
        last = 0
        for start, end, label in prompt.spans:
            assert last <= start < end <= len(prompt.text)
            assert prompt.text[start:end].strip() == prompt.text[start:end]
            assert label in {"PER", "LOC", "ADR", "ORG"}
            last = end


def test_every_language_and_both_kinds_of_template_come_up() -> None:
    made = some(2)
    assert {prompt.language for prompt in made} == set(LANGUAGES)
    assert 0.3 < sum(not prompt.spans for prompt in made) / len(made) < 0.7


@pytest.mark.parametrize("language", LANGUAGES)
def test_templates_hold_only_slots_that_can_be_filled(language: str) -> None:
    for is_held_out in (False, True):
        templates = Templates.load(language, is_held_out=is_held_out)
        every = [*templates.filled, *templates.empty]
        assert {slot for one in every for slot in slots_of(one)} <= SLOTS
        assert all(slots_of(one) for one in templates.filled)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_template_is_both_learned_and_held_out(language: str) -> None:
    learned = Templates.load(language, is_held_out=False)
    held_out = Templates.load(language, is_held_out=True)
    assert not {*learned.filled, *learned.empty} & {*held_out.filled, *held_out.empty}


def test_names_that_are_held_out_are_never_learned() -> None:
    learned, held_out = NAMES.part(is_held_out=False), NAMES.part(is_held_out=True)
    for language in PEOPLE:
        assert not set(learned.family[language]) & set(held_out.family[language])
        assert 0 < len(held_out.given[language]) < len(learned.given[language])


def test_public_figures_are_marked_as_nobody() -> None:
    figures = [name for name in public_figures() if len(name) > 9]
    made = [prompt for prompt in some(5) if any(name in prompt.text for name in figures)]
    assert len(made) > 5
    for prompt in made:
        assert not [
            name
            for start, end, label in prompt.spans
            for name in figures
            if label == "PER" and name in prompt.text[start:end]
        ]
