"""A policy as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.console.policy_words import FAMILIES, MESSAGES, ORIGINS, SERVICES
from backend.console.shapes import moment
from backend.services.policy_lookup import PolicyLayer
from backend.services.policy_publishing import PolicyVersion


@dataclass(frozen=True, slots=True)
class Rule:
    """One choice of an action."""

    name: str
    label: str
    example: str
    action: str
    origin: str


@dataclass(frozen=True, slots=True)
class Message:
    """One text people read."""

    name: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class PolicyView:
    """Everything the form shows."""

    version: int
    updated: str
    reason: str
    families: tuple[Rule, ...]
    entities: tuple[Rule, ...]
    services: tuple[Rule, ...]
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in the history."""

    number: int
    published: str
    author: str
    reason: str


def policy_view(layer: PolicyLayer, shown: Mapping[str, Any]) -> PolicyView:
    """Return the newest version with `shown` in its fields: its own document, or typed values."""

    def origin(field: str, *, is_same: bool) -> str:
        return ORIGINS.get(layer.provenance.get(field, ""), "") if is_same else "not published yet"

    def rule(group: str, name: str, label: str, example: str) -> Rule:
        value = shown[group].get(name)
        is_same = value == layer.document[group].get(name)
        action = value["action"] if isinstance(value, Mapping) else value or ""
        return Rule(name, label, example, action, origin(f"{group}.{name}", is_same=is_same))

    return PolicyView(
        version=layer.version,
        updated=moment(layer.updated_at),
        reason=layer.reason,
        families=tuple(rule("families", name, *words) for name, words in FAMILIES.items()),
        entities=tuple(rule("entities", name, name, "") for name in sorted(shown["entities"])),
        services=tuple(rule("services", name, *words) for name, words in SERVICES.items()),
        messages=tuple(
            Message(name, label, shown["messages"][name]) for name, label in MESSAGES.items()
        ),
    )


def version_row(version: PolicyVersion) -> VersionRow:
    """Return one version for the history."""
    return VersionRow(version.version, moment(version.created_at), version.author, version.reason)
