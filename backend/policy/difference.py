"""What two policies say differently, and where one departs from what it inherits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backend.policy.fields import SETTINGS, fields_of, group_of, split_attribute
from backend.policy.inheritance import Effective, effective
from backend.policy.layers import Layer, Mode
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


_SENSITIVE: Final = frozenset({"categories.phi", "categories.secret", "default_action"})


def weakened(before: Effective, after: Effective, taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the fields of a change that protect less, where a second person has to agree.

    Those are held ones, and those about health data or secrets; by name.
    """
    return tuple(
        one.field
        for one in differences(before.document, after.document)
        if one.is_weaker and _is_sensitive(one.field, before, taxonomy)
    )


def _is_sensitive(path: str, before: Effective, taxonomy: Taxonomy) -> bool:
    held = before.provenance.get(path)
    if held is not None and held.mode != Mode.DEFAULT:
        return True
    if group_of(path) not in SETTINGS:
        return True
    steps = {step for chain in taxonomy.chains(split_attribute(path)[0]) for step in chain[:-1]}
    return bool(steps & _SENSITIVE)
