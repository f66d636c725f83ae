"""A shut gate is a proof: whatever a pattern matches holds its literals and its run of digits."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.detection.compilation import read_rules
from backend.detection.gates import runs_reached, tokens_reached, unbroken_reached
from backend.detection.normalise import folded, normalise
from backend.detection.rulebook import Rule
from tests.rulebooks import rulebook

RULES = [rule for rule in rulebook().rules if rule.recognizer == "pattern"]
LETTERS = {"\\p{Lu}": "A-Z", "\\p{Ll}": "a-z"}


def longest(text: str) -> int:
    """Return the most ASCII letters in a row."""
    return max(map(len, re.split("[^A-Za-z]", text)))


def widest(text: str) -> int:
    """Return the most characters without a digit."""
    return max(map(len, re.split("[0-9]", text)))


@pytest.mark.parametrize("rule", RULES[::8], ids=lambda rule: rule.id)  # all by their examples
def test_every_text_a_pattern_matches_passes_the_gate_of_its_rule(rule: Rule) -> None:
    pattern = rule.pattern
    for name, letters in LETTERS.items():
        pattern = pattern.replace(name, f"[{letters}]")

    @given(st.from_regex(pattern, fullmatch=True))
    @settings(max_examples=3, database=None, derandomize=True, deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    def passes(text: str) -> None:
        normalised = normalise(text).text
        plain = folded(normalised)
        assert not rule.literals or any(literal in plain for literal in rule.literals)
        assert runs_reached(normalised.encode(), [rule.least_digits])
        assert tokens_reached(normalised.encode(), [rule.least_token])
        assert unbroken_reached(normalised.encode(), [rule.least_unbroken])
        assert rule.widest_gap is None or widest(normalised) <= rule.widest_gap
        assert rule.longest_word is None or longest(normalised) <= rule.longest_word

    passes()


def test_the_gates_are_open_for_every_example_that_must_match() -> None:
    rules = {rule.id: rule for rule in RULES}
    for example in read_rules()[1]:
        rule = rules.get(example.rule)
        if example.spans and rule is not None:
            normalised = normalise(example.text).text
            plain = folded(normalised)
            assert not rule.literals or any(literal in plain for literal in rule.literals), example
            assert runs_reached(normalised.encode(), [rule.least_digits]), example
            assert tokens_reached(normalised.encode(), [rule.least_token]), example
            assert unbroken_reached(normalised.encode(), [rule.least_unbroken]), example
