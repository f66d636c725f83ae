"""Passwords cost time whoever asks, and a burst of them does not take the machine."""

import asyncio
import time
from collections.abc import Iterator
from statistics import median

import pytest

from backend.core.errors import Unavailable
from backend.core.passwords import MOST_WAITING, Passwords, hash_password


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords()
    yield made
    made.close()


async def test_an_unknown_account_costs_the_same_time(passwords: Passwords) -> None:
    async def seconds(stored: str | None) -> float:
        started = time.perf_counter()
        assert not await passwords.is_right(stored, "wrong")
        return time.perf_counter() - started

    known = hash_password("right")
    pairs = [(await seconds(known), await seconds(None)) for _ in range(7)]
    with_account, without = (median(column) for column in zip(*pairs, strict=True))
    assert 0.5 < without / with_account < 2


async def test_a_burst_is_refused_instead_of_taking_the_machine(passwords: Passwords) -> None:
    stored = hash_password("right")
    burst = [passwords.is_right(stored, "wrong") for _ in range(MOST_WAITING + 4)]
    answers = await asyncio.gather(*burst, return_exceptions=True)
    assert sum(isinstance(answer, Unavailable) for answer in answers) == 4
    assert await passwords.is_right(stored, "right")
