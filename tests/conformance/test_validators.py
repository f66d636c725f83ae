"""Every check answers in JavaScript as python-stdnum and we do in Python."""

import json
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.detection.validators import VALIDATORS, Validator
from tests.conformance.makers import MAKERS
from tests.conformance.samples import mended, sample
from tests.rulebooks import rulebook

HERE = Path(__file__).parent
NODE = Path(sys.executable).with_name("node")
EACH = 160


OTHER_SHAPES = {
    "iban": [
        "GB[0-9]{2}[A-Z]{4}[0-9]{14}", "DE[0-9]{20}", "FR[0-9]{12}[A-Z0-9]{11}[0-9]{2}",
        "NL[0-9]{2}[A-Z]{4}[0-9]{10}", "BR[0-9]{25}[A-Z][A-Z0-9]", "MT[0-9]{2}[A-Z]{4}[0-9]{23}",
    ],
    "mixed": ["[A-Za-z0-9!#&@._-]{8,20}", "[a-z]{8,14}[0-9]{1,3}", "[a-zA-Z(._]{9}[0-9]"],
    "uk_pupil": ["[A-HJ-NP-RT-Z](?:201|330|801|925)[0-9]{8}[0-9A-HJ-NP-RT-Z]"],
}  # fmt: skip
"""Where a rule's own pattern says less than the check wants."""


def shapes() -> dict[str, list[str]]:
    """Return the patterns whose rules ask for each validator."""
    found: dict[str, list[str]] = {name: [] for name in VALIDATORS}
    for rule in rulebook().rules:
        if rule.validator is not None:
            found[rule.validator].append(rule.pattern)
    return found | OTHER_SHAPES


@cache
def vectors() -> tuple[tuple[str, str], ...]:
    """Return values of each validator's shapes, half of them mended, a quarter damaged."""
    made: list[tuple[str, str]] = []
    for name, patterns in sorted(shapes().items()):
        chance = Random(f"{name} 3")  # noqa: S311 -- the same values whatever other checks there are
        for number in range(EACH if patterns else 0):
            value = sample(chance.choice(patterns), chance)
            if name in MAKERS and number % 4:
                value = MAKERS[name](chance)
            other = _changed(value, VALIDATORS[name], chance, number % 4)
            made.append((name, value if other is None else other))
    return tuple(made)


def _changed(value: str, check: Validator, chance: Random, kind: int) -> str | None:
    if kind == 0:
        return None
    if kind == 1:
        return mended(value, lambda changed: not check(changed), chance)
    return mended(value, check, chance)


def test_a_rule_asks_for_every_validator() -> None:
    assert [name for name, patterns in shapes().items() if not patterns] == []


def test_both_engines_check_alike() -> None:
    lines = "".join(json.dumps(vector) + "\n" for vector in vectors())
    ran = subprocess.run(
        [str(NODE), str(HERE / "validate_lines.mjs")],
        input=lines, capture_output=True, text=True, check=True,
    )  # fmt: skip
    of_javascript = [line == "true" for line in ran.stdout.splitlines()]
    of_python = [VALIDATORS[name](value) for name, value in vectors()]
    assert len(of_javascript) == len(of_python) >= EACH * len(VALIDATORS)
    different = Counter(
        vector[0]
        for vector, ours, theirs in zip(vectors(), of_python, of_javascript, strict=True)
        if ours is not theirs
    )
    assert different == {}


@pytest.mark.parametrize("name", sorted(VALIDATORS))
def test_every_validator_is_tried_with_both_kinds(name: str) -> None:
    answers = Counter(VALIDATORS[name](value) for of, value in vectors() if of == name)
    assert min(answers[True], answers[False]) >= 20, answers


@given(st.text(max_size=40) | st.from_regex(r"[0-9A-Za-z .:/-]{0,30}", fullmatch=True))
@settings(max_examples=max(100, settings().max_examples))
def test_a_check_answers_whatever_it_is_given(value: str) -> None:
    assert {type(check(value)) for check in VALIDATORS.values()} == {bool}
