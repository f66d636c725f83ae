"""Two changes made on the same version: which fields both touch, and which go together."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.policy.difference import Difference, differences


@dataclass(frozen=True, slots=True)
class Merge:
    """What others published since a version, what somebody wants, and where both meet."""

    theirs: tuple[Difference, ...]
    mine: tuple[Difference, ...]
    conflicts: tuple[str, ...]
    """Fields that both set, to different values; without any, the change can be made again."""


def merge(base: Mapping[str, Any], current: Mapping[str, Any], wanted: Mapping[str, Any]) -> Merge:
    """Compare two documents that came from `base`, field by field.

    `base`, `current` and `wanted` are whole documents of a policy.
    """
    theirs, mine = differences(base, current), differences(base, wanted)
    now = {one.field: one.after for one in theirs}
    conflicts = tuple(one.field for one in mine if one.field in now and now[one.field] != one.after)
    return Merge(theirs, mine, conflicts)
