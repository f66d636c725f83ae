"""Megabytes of one thing are answered like any text."""

import pytest

from tests.rulebooks import detector


@pytest.mark.parametrize(
    "text",
    ["1" * 1_000_000, "a" * 1_000_000, "(" * 1_000_000, "\u0301" * 200_000, "\ud800" * 200_000,
     "\0" * 200_000, "1 " * 200_000, "a@" * 200_000, "eyJ" * 100_000, "+1" * 200_000,
     "MRN 12345678 " + "is not 7654321. " * 60_000, "tel;mrn\n" + '"1;2";7654321\n' * 60_000],
    ids=["digits", "letters", "brackets", "marks", "halves", "nuls", "spaced", "at", "jwt", "plus",
         "named once", "cells"],
)  # fmt: skip
def test_hostile_megabytes_are_answered(text: str) -> None:
    assert all(f.end <= len(text) for f in detector().detect(text))
