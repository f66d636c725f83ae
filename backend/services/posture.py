"""How far a client fulfils each control of its posture: by a test, or else by its word."""

import functools
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from backend.services.scoring import PostureControl
from backend.services.shared_data import SHARED_RULES

MOST_FALSE_POSITIVES: Final = 0.05
MOST_OVERRIDES: Final = 0.20
_STOPPING: Final = frozenset({"warn", "block"})
_INTERVENED: Final = frozenset(
    {"prevented", "redacted_sent", "abandoned", "justified_sent", "overridden_sent",
     "false_positive"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the tests look at; counts of violations are those of the last 30 days."""

    default_action: str | None
    phi_action: str | None
    approved_services: int
    services_with_agreement: int
    seats_healthy: int
    seats_licensed: int
    criticals: int
    criticals_new: int
    dispositions: Mapping[str, int]
    attested: Mapping[str, float]
    """What the client says of each control, 0 to 1, where it has not expired."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One control as the shared file has it; `controls` are `framework:id`."""

    id: str
    title: str
    weight: int
    test: str | None
    controls: tuple[str, ...]


@functools.cache
def wanted_controls(root: Path = SHARED_RULES) -> tuple[Wanted, ...]:
    """Return the controls of the posture, in the file's order."""
    said = tomllib.loads((root / "posture.toml").read_text("utf-8"))["control"]
    return tuple(
        Wanted(one["id"], one["title"], one["weight"], one.get("test"), tuple(one["controls"]))
        for one in said
    )


def posture_controls(facts: Facts, framework: str | None = None) -> tuple[PostureControl, ...]:
    """Return how far each control is fulfilled; of one framework only its own."""
    attested = facts.attested
    return tuple(
        one.at(TESTS[one.test](facts) if one.test else attested.get(one.id, 0.0))
        for one in _of(framework)
    )


class _Control:
    """One control at any share; not at all and wholly, which most are, are made once."""

    def __init__(self, wanted: Wanted) -> None:
        self.id = wanted.id
        self.test = wanted.test
        basis = "test" if wanted.test else "attestation"
        self._nought = PostureControl(wanted.id, wanted.title, wanted.weight, 0.0, basis)
        self._whole = replace(self._nought, fulfilment=1.0)

    def at(self, share: float) -> PostureControl:
        """Return the control fulfilled so far."""
        if not share:
            return self._nought
        return self._whole if share == 1 else replace(self._nought, fulfilment=share)


@functools.cache
def _of(framework: str | None) -> tuple[_Control, ...]:
    return tuple(
        _Control(one)
        for one in wanted_controls()
        if framework is None or any(c.startswith(f"{framework}:") for c in one.controls)
    )


def _phi_enforced(facts: Facts) -> float:
    action = facts.phi_action or facts.default_action
    return 1.0 if action in _STOPPING else 0.0


def _agreements(facts: Facts) -> float:
    """Nothing approved is nothing agreed: whoever uses AI services has to decide about them."""
    if not facts.approved_services:
        return 0.0
    return min(1.0, facts.services_with_agreement / facts.approved_services)


def _coverage(facts: Facts) -> float:
    return min(1.0, facts.seats_healthy / facts.seats_licensed) if facts.seats_licensed > 0 else 0.0


def _critical_triaged(facts: Facts) -> float:
    return 1 - facts.criticals_new / facts.criticals if facts.criticals else 1.0


def _friction(facts: Facts) -> float:
    """Whoever blocks everything does not win: false alarms and overrides are what it costs."""
    interventions = sum(facts.dispositions.get(name, 0) for name in _INTERVENED)
    if not interventions:
        return 1.0
    false = facts.dispositions.get("false_positive", 0) / interventions
    overridden = (
        facts.dispositions.get("overridden_sent", 0) + facts.dispositions.get("justified_sent", 0)
    ) / interventions
    return 1.0 if false <= MOST_FALSE_POSITIVES and overridden <= MOST_OVERRIDES else 0.0


TESTS: Final[Mapping[str, Callable[[Facts], float]]] = MappingProxyType(
    {
        "phi-enforced": _phi_enforced,
        "agreements": _agreements,
        "coverage": _coverage,
        "critical-triaged": _critical_triaged,
        "friction": _friction,
    }
)
