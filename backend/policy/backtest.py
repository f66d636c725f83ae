"""What a draft would have answered to what was recorded: kinds and counts, no text.

Kept of a submission are the rules that found something and the standing of the AI service; how
sure each finding was is not, so every finding counts as sure. A rule that did not exist then found
nothing.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backend.detection.finding import Finding
from backend.policy.actions import Action, ServiceStatus
from backend.policy.decide import decide
from backend.policy.policy import Policy
from backend.policy.taxonomy import Kind
from backend.policy.verdict import Context

Vector = tuple[tuple[str, ...], str]
"""The rules that found something, and the status of the AI service."""
Event = tuple[Vector, str, int]
"""A vector, who it was, and how many times."""
_SURE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Backtest:
    """How the draft differs from the live policy over these events."""

    events: int
    changed: int
    people: int
    stricter: int
    milder: int
    disclosures_more: int
    """Were stopped by the live policy and would pass."""
    disclosures_fewer: int
    moves: Mapping[tuple[str, str], int]
    """How many events would move from one action to another."""
    unknown_rules: tuple[str, ...]
    """Were recorded and are in no rulebook any more: they count as if nothing had been found."""
    by_rule: Mapping[str, Mapping[tuple[str, str], int]]
    """The same moves for each rule that found something in one of these events."""
    unseen_rules: tuple[str, ...]
    """The draft names them, and nothing was ever recorded: the past says nothing about them."""


def backtest(
    events: Sequence[Event], live: Policy, draft: Policy, kinds: Mapping[str, Kind]
) -> Backtest:
    """Return how `draft` would have differed; `kinds` are those of the rules, by rule id.

    Identical vectors are judged once, so the price is that of counting.
    """
    counted = _counted(events)
    moved = {
        vector: move
        for vector in counted
        if (move := _move(vector, live, draft, kinds)) is not None
    }
    moves: Counter[tuple[str, str]] = Counter()
    for vector, (was, now) in moved.items():
        moves[was.value, now.value] += counted[vector]
    by_rule: dict[str, Counter[tuple[str, str]]] = {}
    for vector, (was, now) in moved.items():
        for rule in set(vector[0]):
            by_rule.setdefault(rule, Counter())[was.value, now.value] += counted[vector]
    seen = {rule for rules, _ in counted for rule in rules}
    return Backtest(
        events=sum(counted.values()),
        changed=sum(moves.values()),
        people=len({who for vector, who, _ in events if vector in moved}) if moved else 0,
        stricter=_sum(moves, lambda was, now: now > was),
        milder=_sum(moves, lambda was, now: now < was),
        disclosures_more=_sum(moves, lambda was, now: was.stops and not now.stops),
        disclosures_fewer=_sum(moves, lambda was, now: now.stops and not was.stops),
        moves=dict(sorted(moves.items())),
        by_rule=by_rule,
        unknown_rules=tuple(sorted(seen - kinds.keys())),
        unseen_rules=tuple(sorted(_new(live, draft) - seen)),
    )


def _counted(events: Sequence[Event]) -> Counter[Vector]:
    """Count in C what occurred once, which nearly everything did."""
    counted = Counter(vector for vector, _, _ in events)
    for vector, _, times in events:
        if times != 1:
            counted[vector] += times - 1
    return counted


def _move(
    vector: Vector, live: Policy, draft: Policy, kinds: Mapping[str, Kind]
) -> tuple[Action, Action] | None:
    rules, status = vector
    findings = found_by(rules, kinds)
    context = Context(ServiceStatus(status))
    was, now = (decide(findings, one, context).action for one in (live, draft))
    return None if was is now else (was, now)


def found_by(rules: Sequence[str], kinds: Mapping[str, Kind]) -> list[Finding]:
    """Return a finding for each rule that is known, as sure as can be."""
    return [_finding(kinds[rule], place) for place, rule in enumerate(rules) if rule in kinds]


def _finding(kind: Kind, place: int) -> Finding:
    rule, of_type, family, category = kind
    return Finding(rule, of_type, category, family, "medium", place, place + 1, _SURE)


def _sum(moves: Mapping[tuple[str, str], int], counts: Callable[[Action, Action], bool]) -> int:
    return sum(number for (was, now), number in moves.items() if counts(Action(was), Action(now)))


def _new(live: Policy, draft: Policy) -> set[str]:
    """Return the rules that the draft says something new about, its own lists included."""
    own: Iterable[str] = (
        f"custom-{key}"
        for part in ("keywords", "patterns", "values")
        for key in getattr(draft.custom, part)
        if key not in getattr(live.custom, part)
    )
    return {rule for rule in draft.rules if live.rules.get(rule) != draft.rules[rule]} | set(own)
