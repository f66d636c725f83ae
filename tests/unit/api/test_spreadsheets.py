"""No cell of a CSV starts a formula, whatever was written into it."""

import asyncio
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.api.spreadsheets import STARTERS, cell, csv_lines


async def _whole(rows: list[list[str]]) -> str:
    return b"".join([piece async for piece in csv_lines(("a", "b"), rows)]).decode()


@pytest.mark.parametrize("start", STARTERS)
@pytest.mark.parametrize("text", ["{}1+1", "{}", "  {}cmd|' /C calc'!A0", "{}{}"])
def test_each_starter_is_led_by_an_apostrophe(start: str, text: str) -> None:
    assert cell(text.format(start, start)).startswith("'")


@given(some.text())
def test_no_text_starts_a_formula(text: str) -> None:
    assert not cell(text).lstrip(" ").startswith(STARTERS)


@given(some.lists(some.lists(some.text(some.characters(exclude_categories=["Cs"])),
                             min_size=2, max_size=2), max_size=450))  # fmt: skip
def test_what_is_written_is_read_back_and_in_pieces(rows: list[list[str]]) -> None:
    whole = asyncio.run(_whole(rows))
    read = list(csv.reader(io.StringIO(whole, newline="")))
    assert read == [["a", "b"], *([cell(value) for value in row] for row in rows)]


def test_a_number_stays_a_number() -> None:
    assert (cell(-5), cell(0.25), cell("-5")) == ("-5", "0.25", "'-5")
