"""What two policies say differently, and where one departs from what it inherits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.policy.fields import fields_of
from backend.policy.inheritance import effective
from backend.policy.layers import Layer
from backend.policy.strictness import is_milder
from backend.policy.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changed; `None` where it was, or is, not set."""

    field: str
    before: Any
    after: Any
    is_weaker: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """One field that the last layer of a chain sets itself."""

    field: str
    inherited: Any
    here: Any
    is_weaker: bool


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Return the fields of two whole documents that differ, by name."""
    was, now = fields_of(before), fields_of(after)
    return tuple(
        Difference(
            path, was.get(path), now.get(path), is_milder(path, now.get(path), was.get(path))
        )
        for path in sorted({*was, *now})
        if was.get(path) != now.get(path)
    )


def drifted(chain: Sequence[Layer], taxonomy: Taxonomy) -> tuple[Drift, ...]:
    """Return what the last layer makes differ from what it inherits, by field."""
    inherited = effective(chain[:-1], taxonomy).fields
    holds = effective(chain, taxonomy).fields
    return tuple(
        Drift(
            path, inherited.get(path), holds.get(path),
            is_milder(path, holds.get(path), inherited.get(path)),
        )
        for path in sorted(chain[-1].fields)
        if inherited.get(path) != holds.get(path)
    )  # fmt: skip
