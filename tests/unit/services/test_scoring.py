"""qg-score-1: the worked example to the digit, and what must hold for every client there is."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from backend.services.scoring import (
    DISPOSITION,
    SEVERITY,
    STANDING,
    WEIGHTS,
    Exposed,
    Inputs,
    PostureControl,
    exposure,
    fix_first,
    points,
    posture,
    rate,
    score,
)

MANY = settings(max_examples=4 * settings().max_examples)
STAYED = ("prevented", "redacted_sent", "abandoned", "false_positive")


def _control(name: str, weight: int, fulfilment: float) -> PostureControl:
    return PostureControl(name, name, weight, fulfilment)


EXAMPLE = Inputs(
    controls=tuple(
        _control(*one)
        for one in (
            ("phi-enforced", 27, 1.0), ("agreements", 27, 0.5), ("admin-mfa", 27, 1.0),
            ("chain-verified", 3, 1.0), ("coverage", 27, 0.92), ("retention", 9, 1.0),
            ("aup", 9, 0.82), ("training", 9, 0.6), ("critical-triaged", 3, 0.875),
            ("access-review", 3, 0.0), ("break-glass", 3, 1.0), ("restore-test", 9, 0.0),
        )
    ),
    exposed=(
        Exposed("high", "prevented", "unreviewed", 11.0, 3), Exposed("high", "redacted_sent",
        "unreviewed", 23.0, 3), Exposed("medium", "false_positive", "unreviewed", 6.0, 3),
        Exposed("critical", "overridden_sent", "unreviewed", 2 * 0.95, 9),
        Exposed("critical", "sent_unflagged", "prohibited", 0.93, 21),
        Exposed("high", "sent_unflagged", "agreement", 22.5 / (9 * 0.25), 0),
        Exposed("medium", "sent_unflagged", "unreviewed", 58.0 / 3, 0),
        Exposed("low", "sent_unflagged", "unreviewed", 25.5, 0),
    ),
    prompts=12_400, people=41, seats_healthy=46, seats_licensed=50, open_disclosures=0,
)  # fmt: skip


def test_the_worked_example_comes_out_to_the_digit() -> None:
    """Product design, section 4."""
    found = score(EXAMPLE)
    assert round(EXAMPLE.exposed[3].points, 1) == 20.8
    assert round(EXAMPLE.exposed[4].points, 1) == 23.2
    assert round(found.points, 0) == 150
    assert round(rate(150.0, 12_400), 2) == 11.94
    assert (round(found.posture, 1), round(found.exposure, 1)) == (78.7, 71.5)
    assert (round(found.score, 1), found.grade, found.cap) == (75.8, "C", 96.0)


def test_an_unassessed_disclosure_of_critical_data_caps_the_example_at_a_d() -> None:
    found = score(replace(EXAMPLE, open_disclosures=1))
    assert (found.score, found.grade) == (69.9, "D")


def test_with_half_the_seats_reporting_the_cap_is_75() -> None:
    assert score(replace(EXAMPLE, seats_healthy=25)).cap == 75.0


def test_fix_first_names_the_gains_of_the_example() -> None:
    gains = [(gain.control, round(gain.gain, 1)) for gain in fix_first(EXAMPLE)]
    assert gains[:5] == [
        ("agreements", 5.2), ("restore-test", 3.5), ("training", 1.4), ("access-review", 1.2),
        ("coverage", 0.8),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("prompts", "people", "is_enough"), [(199, 5, False), (200, 4, False), (200, 5, True)]
)
def test_below_200_prompts_or_5_people_no_grade_is_said(
    prompts: int, people: int, *, is_enough: bool
) -> None:
    found = score(replace(EXAMPLE, prompts=prompts, people=people))
    assert (found.is_enough, found.grade is not None) == (is_enough, is_enough)


def test_weights_and_shares_that_the_formula_does_not_know_are_refused() -> None:
    for weight, fulfilment in ((5, 1.0), (27, 1.1), (27, -0.1), (27, float("nan"))):
        with pytest.raises(ValueError, match="out of range"):
            _control("one", weight, fulfilment)


shares = some.floats(0, 1)
events = some.builds(
    Exposed, some.sampled_from(list(SEVERITY)), some.sampled_from([*DISPOSITION, *STAYED]),
    some.sampled_from(list(STANDING)), some.floats(0, 50), some.floats(0, 30),
)  # fmt: skip
controls = some.lists(
    some.builds(_control, some.just("c"), some.sampled_from(sorted(WEIGHTS)), shares), max_size=9
).map(tuple)
everything = some.builds(
    Inputs, controls, some.lists(events, max_size=9).map(tuple), some.integers(0, 100_000),
    some.integers(0, 500), some.integers(0, 600), some.integers(0, 500), some.integers(0, 3),
)  # fmt: skip


@MANY
@given(everything, events)
def test_adding_a_violation_never_raises_exposure_or_score(inputs: Inputs, one: Exposed) -> None:
    more = replace(inputs, exposed=(*inputs.exposed, one))
    assert exposure(more.exposed, more.prompts) <= exposure(inputs.exposed, inputs.prompts)
    assert score(more).score <= score(inputs).score


@MANY
@given(everything, events, some.sampled_from(STAYED), some.sampled_from(list(DISPOSITION)))
def test_blocking_is_never_worse_than_sending(
    inputs: Inputs, one: Exposed, stayed: str, left: str
) -> None:
    kept = replace(inputs, exposed=(*inputs.exposed, replace(one, disposition=stayed)))
    sent = replace(inputs, exposed=(*inputs.exposed, replace(one, disposition=left)))
    assert score(kept).score >= score(sent).score


@MANY
@given(controls.filter(bool), some.data())
def test_completing_a_control_never_lowers_posture(
    found: tuple[PostureControl, ...], data: some.DataObject
) -> None:
    number = data.draw(some.integers(0, len(found) - 1))
    least = found[number].fulfilment
    better = replace(found[number], fulfilment=data.draw(some.floats(least, 1)))
    after = (*found[:number], better, *found[number + 1 :])
    assert posture(after) >= posture(found)


@MANY
@given(everything, events)
def test_an_accepted_false_positive_restores_the_former_value_exactly(
    inputs: Inputs, one: Exposed
) -> None:
    accepted = replace(one, disposition="false_positive")
    assert score(replace(inputs, exposed=(*inputs.exposed, accepted))) == score(inputs)


@MANY
@given(everything, some.randoms())
def test_the_order_of_violations_changes_nothing(inputs: Inputs, dice: Any) -> None:
    shuffled = list(inputs.exposed)
    dice.shuffle(shuffled)
    assert points(shuffled) == points(inputs.exposed)


@MANY
@given(everything)
def test_recomputing_from_the_exported_inputs_gives_the_same_number(inputs: Inputs) -> None:
    told = json.loads(json.dumps(asdict(inputs)))
    told["controls"] = tuple(PostureControl(**one) for one in told["controls"])
    told["exposed"] = tuple(Exposed(**one) for one in told["exposed"])
    assert score(Inputs(**told)) == score(inputs)


@MANY
@given(everything)
def test_every_part_stays_within_its_bounds(inputs: Inputs) -> None:
    found = score(inputs)
    assert 0 <= found.score <= found.cap <= 100
    assert 0 <= found.posture <= 100
    assert 0 < found.exposure < 100
    assert inputs.open_disclosures == 0 or found.score <= 69.9


@MANY
@given(everything)
def test_no_fix_makes_a_client_look_worse(inputs: Inputs) -> None:
    gains = [gain.gain for gain in fix_first(inputs)]
    assert all(gain >= 0 for gain in gains)
    assert gains == sorted(gains, reverse=True)
