"""What differs between two documents of a policy, and the history of versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.console.policy_values import value_in_words
from backend.console.policy_words import field_in_words
from backend.console.times import Moment, moment
from backend.policy.actions import Action
from backend.policy.provenance import leaves
from backend.services.policy_publishing import PolicyVersion

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two documents say differently."""

    field: str
    label: str
    before: str
    after: str
    direction: str
    """`stricter`, `milder`, or nothing where neither can be said."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in the history, with what it changed."""

    number: int
    published: Moment
    author: str
    reason: str
    changes: tuple[Difference, ...]


def differences(before: Document, after: Document) -> tuple[Difference, ...]:
    """Return every field whose value differs, in the order of the documents."""
    old, new = dict(leaves(before)), dict(leaves(after))
    paths = [*old, *(path for path in new if path not in old)]
    return tuple(
        Difference(
            field=path,
            label=field_in_words(path),
            before=value_in_words(path, old.get(path)),
            after=value_in_words(path, new.get(path)),
            direction=_direction(old.get(path), new.get(path)),
        )
        for path in paths
        if old.get(path) != new.get(path)
    )


def version_rows(versions: Sequence[PolicyVersion], shown: int) -> tuple[VersionRow, ...]:
    """Return the newest `shown` versions; one more is needed to say what the last one changed."""
    olders = [*(version.document for version in versions[1:]), versions[-1].document]
    rows = tuple(
        VersionRow(
            version.version,
            moment(version.created_at),
            version.author,
            version.reason,
            differences(older, version.document),
        )
        for version, older in zip(versions, olders, strict=True)
    )
    return rows[:shown]


def _direction(before: object, after: object) -> str:
    try:
        return "stricter" if Action(str(after)) > Action(str(before)) else "milder"
    except ValueError:
        return ""
