"""What settings in shadow would have called for, worked out from what was recorded."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.policy.actions import Action, ServiceStatus
from backend.policy.backtest import Event, found_by
from backend.policy.decide import decide
from backend.policy.policy import Policy
from backend.policy.taxonomy import Kind
from backend.policy.verdict import Context


@dataclass(frozen=True, slots=True)
class Watched:
    """One setting in shadow: how often it would have acted, on how many people.

    `stricter` counts the submissions whose verdict it alone would have made stricter.
    """

    field: str
    action: Action
    events: int
    stricter: int
    people: int


def watched(
    events: Sequence[Event], policy: Policy, kinds: Mapping[str, Kind]
) -> tuple[Watched, ...]:
    """Return every setting of `policy` in shadow, by field, also those that found nothing."""
    hits: Counter[str] = Counter()
    stricter: Counter[str] = Counter()
    people: dict[str, set[str]] = {field: set() for field in policy.attributes.shadow}
    for (rules, status), who, times in events:
        verdict = decide(found_by(rules, kinds), policy, Context(ServiceStatus(status)))
        for reason in verdict.shadow:
            hits[reason.field] += times
            people[reason.field].add(who)
            if reason.action > verdict.action:
                stricter[reason.field] += times
    return tuple(
        Watched(field, action, hits[field], stricter[field], len(people[field]))
        for field, action in sorted(policy.attributes.shadow.items())
    )
