"""What differs between two documents of a policy, and the history of versions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backend.console.own_rule_changes import MILDER, STRICTER, own_rule_changes
from backend.console.policy_values import value_in_words
from backend.console.policy_words import field_in_words
from backend.console.times import Moment, moment
from backend.policy.provenance import leaves
from backend.policy.strictness import is_action, is_milder, live_rank
from backend.services.policy_history import PolicyVersion

Document = Mapping[str, Any]
OWN_RULES: Final = "custom"


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
    return (*_of_fields(before, after), *_of_own_rules(before, after))


def _of_fields(before: Document, after: Document) -> Iterator[Difference]:
    old, new = _fields(before), _fields(after)
    paths = [*old, *(path for path in new if path not in old)]
    return (
        Difference(
            field=path,
            label=field_in_words(path),
            before=value_in_words(path, old.get(path)),
            after=value_in_words(path, new.get(path)),
            direction=direction(path, old.get(path), new.get(path)),
        )
        for path in paths
        if old.get(path) != new.get(path)
    )


def _fields(document: Document) -> dict[str, object]:
    """Return the fields but for the client's own rules, which are told entry by entry."""
    return dict(leaves({key: value for key, value in document.items() if key != OWN_RULES}))


def _of_own_rules(before: Document, after: Document) -> Iterator[Difference]:
    changes = own_rule_changes(before.get(OWN_RULES, {}), after.get(OWN_RULES, {}))
    return (Difference(path, *said) for path, said in changes)


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


def direction(path: str, before: Any, after: Any) -> str:
    """Return whether a field protects more or less than before; nothing where neither is said."""
    if before is None or after is None or before == after:
        return ""
    if path in _ORDERED:
        return MILDER if is_milder(path, after, before) else STRICTER
    if not is_action(path) or not isinstance(before, str) or not isinstance(after, str):
        return ""
    was, now = live_rank(before), live_rank(after)
    return "" if was == now else STRICTER if now > was else MILDER


_ORDERED: Final = frozenset(
    {"minimum_confidence", "server_verdict", "on_unavailable", "exception_minutes"}
    | {"exception_approvers", "second_approval"}
)
