"""qg-score-1: how well a client is protected, from inputs that are shown beside the number.

Pure and recomputable: the same inputs give the same number, on any machine and in any order. When
the formula changes it gets a new name; a score once told is never told anew.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

FORMULA: Final = "qg-score-1"
WINDOW_DAYS: Final = 30
LEAST_PROMPTS: Final = 200
LEAST_PEOPLE: Final = 5
DISCLOSURE_CAP: Final = 69.9
WEIGHTS: Final = frozenset({27, 9, 3, 1})
SEVERITY: Final[Mapping[str, int]] = {"critical": 27, "high": 9, "medium": 3, "low": 1}
DISPOSITION: Final[Mapping[str, float]] = {
    "sent_unflagged": 1.0, "overridden_sent": 0.5, "justified_sent": 0.5,
}  # fmt: skip
"""What left; everything else (prevented, redacted, abandoned, false positive) counts nothing."""
STANDING: Final[Mapping[str, float]] = {
    "agreement": 0.25, "approved": 0.5, "unreviewed": 1.0, "prohibited": 1.5,
}  # fmt: skip
"""How the AI service stood with the client when it was sent to."""
_HALF_LIFE_DAYS: Final = 30
_SHRINK: Final = 10
_HALVING_RATE: Final = 30
_GRADES: Final = ((90.0, "A"), (80.0, "B"), (70.0, "C"), (60.0, "D"))


@dataclass(frozen=True, slots=True)
class PostureControl:
    """One control of the posture: `fulfilment` is 0 to 1, by a test or an unexpired attestation."""

    id: str
    title: str
    weight: int
    fulfilment: float
    basis: str = "attestation"

    def __post_init__(self) -> None:
        """Raise ValueError for a weight or a share that the formula does not know."""
        if self.weight not in WEIGHTS or not 0 <= self.fulfilment <= 1:
            raise ValueError(f"control {self.id}: weight and fulfilment are out of range")


@dataclass(frozen=True, slots=True)
class Exposed:
    """Violations alike: `confidence` is the sum of their confidences, `age_days` their age."""

    severity: str
    disposition: str
    standing: str
    confidence: float
    age_days: float

    @property
    def points(self) -> float:
        """What they weigh; half after 30 days."""
        weight = DISPOSITION.get(self.disposition, 0.0) * STANDING[self.standing]
        decay = math.exp2(-self.age_days / _HALF_LIFE_DAYS)
        return SEVERITY[self.severity] * weight * self.confidence * decay


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything the score is made of. Prompts and people are those of the last 30 days."""

    controls: tuple[PostureControl, ...]
    exposed: tuple[Exposed, ...]
    prompts: int
    people: int
    seats_healthy: int
    seats_licensed: int
    open_disclosures: int
    """Critical data that left and that nobody has assessed yet."""

    @property
    def coverage(self) -> float:
        """Healthy seats in the last 24 hours over licensed seats; without licences nothing."""
        if self.seats_licensed <= 0:
            return 0.0
        return min(1.0, self.seats_healthy / self.seats_licensed)


@dataclass(frozen=True, slots=True)
class Score:
    """The number and its parts; `grade` is None when there is not enough data to say one."""

    score: float
    posture: float
    exposure: float
    coverage: float
    cap: float
    rate: float
    points: float
    is_enough: bool
    grade: str | None


@dataclass(frozen=True, slots=True)
class Gain:
    """What fulfilling one control wholly would add to the score."""

    control: str
    title: str
    gain: float


def posture(controls: Iterable[PostureControl]) -> float:
    """Return 0 to 100: the weighted share of controls fulfilled; without controls 0."""
    found = tuple(controls)
    weights = sum(control.weight for control in found)
    reached = math.fsum(control.weight * control.fulfilment for control in found)
    return 100 * reached / weights if weights else 0.0


def points(exposed: Iterable[Exposed]) -> float:
    """Return what all violations weigh; the order does not matter, not even in the last digit."""
    return math.fsum(one.points for one in exposed)


def rate(total_points: float, prompts: int) -> float:
    """Return points per 1,000 prompts, drawn towards 10 where there are few."""
    return (total_points + _SHRINK) / (prompts / 1000 + 1)


def exposure(exposed: Iterable[Exposed], prompts: int) -> float:
    """Return 0 to 100: 100 when nothing weighs, 50 at 30 points per 1,000 prompts."""
    return 100 * _HALVING_RATE / (_HALVING_RATE + rate(points(exposed), prompts))


def cap(coverage: float, open_disclosures: int) -> float:
    """Return what the score cannot exceed: silence is not safety, nor is an unread disclosure."""
    by_coverage = 50 + 50 * coverage
    return min(by_coverage, DISCLOSURE_CAP) if open_disclosures else by_coverage


def score(inputs: Inputs) -> Score:
    """Return the score of these inputs."""
    total = points(inputs.exposed)
    p = posture(inputs.controls)
    e = exposure(inputs.exposed, inputs.prompts)
    limit = cap(inputs.coverage, inputs.open_disclosures)
    s = min(0.6 * p + 0.4 * e, limit)
    is_enough = inputs.prompts >= LEAST_PROMPTS and inputs.people >= LEAST_PEOPLE
    return Score(
        score=s, posture=p, exposure=e, coverage=inputs.coverage, cap=limit,
        rate=rate(total, inputs.prompts), points=total, is_enough=is_enough,
        grade=_grade(s) if is_enough else None,
    )  # fmt: skip


def fix_first(inputs: Inputs, coverage_control: str = "coverage") -> tuple[Gain, ...]:
    """Return what each unfulfilled control would add, most first.

    Full coverage also lifts the cap, so its gain is worked out with every seat healthy.
    """
    now = score(inputs).score
    gains = []
    for number, control in enumerate(inputs.controls):
        if control.fulfilment >= 1:
            continue
        after = replace(inputs, controls=_fulfilled(inputs.controls, number))
        if control.id == coverage_control:
            after = replace(after, seats_healthy=max(inputs.seats_healthy, inputs.seats_licensed))
        gains.append(Gain(control.id, control.title, score(after).score - now))
    return tuple(sorted(gains, key=lambda gain: (-gain.gain, gain.control)))


def _fulfilled(controls: Sequence[PostureControl], number: int) -> tuple[PostureControl, ...]:
    done = replace(controls[number], fulfilment=1.0)
    return (*controls[:number], done, *controls[number + 1 :])


def _grade(value: float) -> str:
    return next((grade for least, grade in _GRADES if value >= least), "F")
