"""A client's own rules as their page shows them, and what was found in a tried text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from backend.console.own_rule_words import ALLOWED, KINDS, PATTERNS, Kind, category_in_words
from backend.console.policy_words import titled
from backend.console.shapes import capitalised, counted
from backend.detection.custom.lists import rule_id
from backend.detection.custom.rules import FAMILY, TYPE, is_for_browsers
from backend.detection.custom.syntax import translated
from backend.detection.explanation import reason
from backend.detection.finding import Finding
from backend.policy.policy import Policy
from backend.policy.verdict import Verdict

MOST_SHOWN: Final = 100
LONGEST_SNIPPET: Final = 80
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OwnRule:
    """One entry; `action` is what happens to what it finds, empty for allowed values."""

    key: str
    name: str
    action: str
    facts: tuple[str, ...]
    words: tuple[str, ...]
    pattern: str
    note: str
    has_ended: bool


@dataclass(frozen=True, slots=True)
class OwnRules:
    """All entries of one kind."""

    kind: Kind
    entries: tuple[OwnRule, ...]


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One thing found in a tried text."""

    snippet: str
    label: str
    reason: str
    action: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found in a tried text, and what would happen to a prompt like it."""

    action: str
    summary: str
    rows: tuple[TrialRow, ...]
    more: int


def own_rules(document: Mapping[str, Any], policy: Policy, today: date) -> tuple[OwnRules, ...]:
    """Return every entry of a policy's document, kind by kind, by name."""
    return tuple(
        OwnRules(kind, tuple(sorted(_entries(kind.part, document, policy, today), key=_by_name)))
        for kind in KINDS.values()
    )


def trial_of(text: str, verdict: Verdict, policy: Policy) -> Trial:
    """Return a verdict on a tried text for its page; the text goes no further."""
    found = verdict.findings
    rows = tuple(_row(text, finding, policy) for finding in found[:MOST_SHOWN])
    summary = f"{counted(len(found), 'finding')}." if found else "Nothing is found in this text."
    return Trial(str(verdict.action), summary, rows, max(0, len(found) - MOST_SHOWN))


def _by_name(one: OwnRule) -> tuple[str, str]:
    return one.name.casefold(), one.key


def _entries(
    part: str, document: Mapping[str, Any], policy: Policy, today: date
) -> Iterator[OwnRule]:
    for key, entry in document["custom"][part].items():
        until = entry.get("until")
        pattern = entry.get("pattern", "")
        yield OwnRule(
            key=key,
            name=entry["name"],
            action="" if part == ALLOWED else _action(key, entry, policy),
            facts=tuple(_facts(part, entry)),
            words=tuple(entry.get("words", entry.get("near", ()))),
            pattern=pattern,
            note=_SERVER_ALONE if pattern and not is_for_browsers(translated(pattern)) else "",
            has_ended=bool(until) and date.fromisoformat(until) < today,
        )


def _action(key: str, entry: Entry, policy: Policy) -> str:
    would_be = Finding(
        rule=rule_id(key), type=TYPE, category=entry["category"], family=FAMILY,
        severity=entry["severity"], start=0, end=0, confidence=1.0,
    )  # fmt: skip
    return str(policy.setting_for(would_be)[1])


def _facts(part: str, entry: Entry) -> Iterator[str]:
    if "digests" in entry:
        yield counted(len(entry["digests"]), "value")
    if part == ALLOWED:
        yield f"as {titled(entry['type'])} only" if entry["type"] else "whatever they look like"
        yield f"until the end of {entry['until']} (UTC)" if entry["until"] else "for good"
        return
    if part != PATTERNS and "words" in entry:
        yield counted(len(entry["words"]), "word")
    yield capitalised(category_in_words(entry["category"]))
    yield f"severity {entry['severity']}"


def _row(text: str, finding: Finding, policy: Policy) -> TrialRow:
    value = text[finding.start : finding.end]
    is_long = len(value) > LONGEST_SNIPPET
    return TrialRow(
        snippet=value[:LONGEST_SNIPPET] + ("…" if is_long else ""),
        label=(finding.context or "") if finding.type == TYPE else titled(finding.type),
        reason=reason(finding),
        action=str(policy.setting_for(finding)[1]),
        is_own=finding.type == TYPE,
    )


_SERVER_ALONE: Final = (
    "Looked for by the server alone, because it could keep a browser busy. Smaller limits for its "
    "repeats would let browsers find it too."
)
