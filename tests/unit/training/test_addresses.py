"""Streets and addresses are many, whole, and the same for a seed."""

import random

import pytest

from backend.training.addresses import Addresses
from backend.training.synthetic import LANGUAGES, words_to_fill_with
from tests.unit.training.test_synthetic_prompts import NAMES


def made(language: str, seed: int, count: int = 400) -> list[str]:
    chance = random.Random(seed)  # noqa: S311 -- examples
    addresses = Addresses(chance, NAMES, language, words_to_fill_with())
    return [chance.choice((addresses.address, addresses.street))() for _ in range(count)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_seed_makes_the_same_addresses_and_another_others(language: str) -> None:
    assert made(language, 1, 50) == made(language, 1, 50) != made(language, 2, 50)


@pytest.mark.parametrize("language", LANGUAGES)
def test_addresses_are_written_out_and_hardly_any_comes_twice(language: str) -> None:
    every = made(language, 3)
    assert not [one for one in every if set("{}") & set(one) or one != one.strip()]
    assert len(set(every)) > 0.8 * len(every)
    assert 0.3 < sum(any(sign.isdigit() for sign in one) for one in every) / len(every) < 1
