"""The bound on a backtracking engine's work holds and tells careful patterns from careless ones."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.detection.custom.effort import MOST_STEPS, steps_of_one_attempt
from backend.detection.dialect import constants, parsed

CAREFUL = [
    "PRJ-[0-9]{4}", "[A-Za-z0-9_]{1,256}@corp\\.example", "(?:[a-z]{1,20}-){1,10}[0-9]",
    "[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}", "[^0-9]{1,256}",
]  # fmt: skip
CARELESS = [
    "(?:a|aa){1,30}", "(?:a{1,20}){1,20}", "(?:[a-z]{1,9}){1,9}[0-9]", "[^\\n]{0,256}[a-z]{1,256}",
    "(?:(?:a?){1,12}){1,12}b",
]  # fmt: skip


@pytest.mark.parametrize("pattern", CAREFUL)
def test_a_careful_pattern_is_for_browsers(pattern: str) -> None:
    assert steps_of_one_attempt(pattern) <= MOST_STEPS


@pytest.mark.parametrize("pattern", CARELESS)
def test_a_careless_pattern_is_not(pattern: str) -> None:
    assert steps_of_one_attempt(pattern) > MOST_STEPS


patterns = st.recursive(
    st.sampled_from(["a", "b", "[ab]", "[^b]", "ab"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        st.tuples(inner, st.integers(0, 2), st.integers(1, 2)).map(
            lambda one: f"(?:{one[0]}){{{one[1]},{one[1] + one[2]}}}"
        ),
    ),
    max_leaves=6,
)


@given(patterns, st.text(st.sampled_from("abc"), max_size=14))
def test_no_text_makes_an_engine_take_more_steps_than_the_bound(pattern: str, text: str) -> None:
    assert steps_taken(pattern, text) <= steps_of_one_attempt(pattern)


def steps_taken(pattern: str, text: str) -> int:
    """Count the characters a backtracking engine reads to try every way from the start."""
    taken = 0

    def way(items: list[Any], place: int) -> None:
        nonlocal taken
        if not items:
            return
        (operation, argument), rest = items[0], items[1:]
        if operation is constants.SUBPATTERN:
            way([*argument[3], *rest], place)
        elif operation is constants.BRANCH:
            for branch in argument[1]:
                way([*branch, *rest], place)
        elif operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
            least, most, inside = argument
            if most:
                way([*inside, (operation, (max(least - 1, 0), most - 1, inside)), *rest], place)
            if not least:
                way(rest, place)
        elif place < len(text) and _takes(operation, argument, text[place]):
            taken += 1
            way(rest, place + 1)

    way(list(parsed(pattern)), 0)
    return taken


def _takes(operation: Any, argument: Any, letter: str) -> bool:
    if operation is constants.IN:
        negated = argument[0][0] is constants.NEGATE
        return negated is not any(value == ord(letter) for _, value in argument[negated:])
    return (operation is constants.LITERAL) is (argument == ord(letter))
