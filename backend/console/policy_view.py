"""A policy as its page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backend.console.policy_origins import NOT_PUBLISHED, Origin, origins_of
from backend.console.policy_settings import SETTINGS
from backend.console.policy_values import UNSET, value_in_words
from backend.console.policy_words import (
    CATEGORIES,
    FAMILIES,
    FILES,
    MESSAGES,
    SERVICES,
    field_in_words,
    titled,
)
from backend.console.shapes import Choice
from backend.console.times import Moment, moment
from backend.policy.provenance import leaves
from backend.services.policy_history import PolicyVersion
from backend.services.policy_lookup import PolicyLayer

_ALSO: Final = ("combinations", "remedies.warn", "remedies.block")


@dataclass(frozen=True, slots=True)
class Rule:
    """One choice of an action; `unset` is what the page calls choosing none."""

    name: str
    label: str
    example: str
    action: str
    unset: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Words:
    """One text: a message people read, or a part of the policy this page does not change."""

    name: str
    label: str
    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting with everything it may say."""

    name: str
    label: str
    help: str
    choices: tuple[Choice, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class PolicyView:
    """Everything the form shows."""

    version: int
    updated: Moment
    author: str
    reason: str
    families: tuple[Rule, ...]
    categories: tuple[Rule, ...]
    entities: tuple[Rule, ...]
    services: tuple[Rule, ...]
    files: tuple[Rule, ...]
    settings: tuple[SettingField, ...]
    messages: tuple[Words, ...]
    also: tuple[Words, ...]


def policy_view(
    chain: Sequence[PolicyLayer], versions: Sequence[PolicyVersion], shown: Mapping[str, Any]
) -> PolicyView:
    """Return the newest version with `shown` in its fields: its own document, or typed values."""
    newest = versions[0]
    now, typed = dict(leaves(chain[-1].document)), dict(leaves(shown))
    published_origin = origins_of(chain, versions)

    def origin(path: str) -> Origin:
        return published_origin(path) if typed.get(path) == now.get(path) else NOT_PUBLISHED

    def rule(group: str, name: str, label: str, example: str) -> Rule:
        path = f"{group}.{name}"
        unset = UNSET.get(group, "")
        return Rule(name, label, example, str(typed.get(path) or ""), unset, origin(path))

    def rules(group: str, words: Mapping[str, tuple[str, str]]) -> tuple[Rule, ...]:
        return tuple(rule(group, name, *said) for name, said in words.items())

    return PolicyView(
        version=chain[-1].version,
        updated=moment(newest.created_at),
        author=newest.author,
        reason=newest.reason,
        families=rules("families", FAMILIES),
        categories=rules("categories", CATEGORIES),
        entities=rules("entities", {name: (titled(name), name) for name in _entities(shown)}),
        services=rules("services", SERVICES),
        files=rules("files", FILES),
        settings=tuple(
            SettingField(
                one.path, one.label, one.help, one.choices(typed.get(one.path)), origin(one.path)
            )
            for one in SETTINGS
        ),
        messages=tuple(
            Words(name, label, str(typed[f"messages.{name}"]), origin(f"messages.{name}"))
            for name, label in MESSAGES.items()
        ),
        also=tuple(
            Words(path, field_in_words(path), value_in_words(path, now[path]), origin(path))
            for path in _also(now)
        ),
    )


def _entities(shown: Mapping[str, Any]) -> list[str]:
    return sorted(shown["entities"])


def _also(now: Mapping[str, Any]) -> list[str]:
    rules = sorted(path for path in now if path.startswith("rules."))
    return [*rules, *(path for path in _ALSO if path in now)]
