"""A policy document in, a policy out; what is unknown or contradicts itself is refused by name."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from backend.policy.actions import (
    CATEGORIES,
    FAMILIES,
    Action,
    OnUnavailable,
    Remedy,
    ServerVerdict,
)
from backend.policy.attributes import (
    ATTRIBUTES,
    MOST_SWITCHES,
    Switch,
    read_attributes,
    read_switch,
)
from backend.policy.custom import read_custom
from backend.policy.messages import read_contact, read_page, read_translations, read_words
from backend.policy.policy import (
    FORMAT,
    MESSAGES,
    REMEDIES,
    Actions,
    Combination,
    FileActions,
    Policy,
    ServiceActions,
)
from backend.policy.validation import (
    PolicyError,
    choice,
    join,
    known_keys,
    mapping,
    one_of,
    sequence,
    share,
    text,
    whole,
)

LONGEST_NAME: Final = 200
MOST_EXCEPTION_MINUTES: Final = 7 * 24 * 60
_SETTINGS: Final = ("categories", "families", "entities", "rules")
_RULE_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_ENTITY_TYPE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_GO_ON: Final = frozenset({Remedy.JUSTIFY, Remedy.ACKNOWLEDGE})


def read_policy(document: object, version: int = 0) -> Policy:
    """Return the policy of a document; what it leaves out has its default. Raise PolicyError."""
    found = known_keys(document, "", FIELDS)
    if found.get("format") != FORMAT or isinstance(found.get("format"), bool):
        raise PolicyError("format", f"must be {FORMAT}")
    if "name" not in found:
        raise PolicyError("name", "is missing")
    values: dict[str, Any] = {key: _READ[key](found[key], key) for key in _READ if key in found}
    attributes = read_attributes({key: found[key] for key in _SETTINGS if key in found})  # type: ignore[misc]
    return Policy(version=version, attributes=attributes, **values)


def _action(value: object, path: str) -> Action:
    return choice(value, path, Action)


def _setting(value: object, path: str) -> Action:
    found = known_keys(value, path, ATTRIBUTES)
    action = _action(found.get("action"), join(path, "action"))
    return Action.ALLOW if found.get("mode") == "shadow" else action


def _settings(check: Callable[[str, str], object]) -> Callable[[object, str], Actions]:
    def read(value: object, path: str) -> Actions:
        found = mapping(value, path)
        for key in found:
            check(key, path)
        actions = {key: _setting(item, join(path, key)) for key, item in found.items()}
        return MappingProxyType(actions)

    return read


def _listed(known: tuple[str, ...]) -> Callable[[str, str], object]:
    def check(key: str, path: str) -> None:
        if key not in known:
            raise PolicyError(join(path, key), f"is unknown; known are {', '.join(known)}")

    return check


def _shaped(pattern: re.Pattern[str], example: str) -> Callable[[str, str], object]:
    def check(key: str, path: str) -> None:
        if not pattern.fullmatch(key):
            raise PolicyError(join(path, key), f"is not written like {example}")

    return check


def _families(value: object, path: str) -> frozenset[str]:
    found = sequence(value, path, lambda item, where: one_of(item, where, FAMILIES))
    if not found:
        raise PolicyError(path, "names no family")
    return frozenset(found)


def _combination(value: object, path: str) -> Combination:
    found = known_keys(value, path, ("families", "with_families", "action"))
    families = _families(found.get("families"), join(path, "families"))
    with_families = _families(found.get("with_families"), join(path, "with_families"))
    action = _action(found.get("action"), join(path, "action"))
    if families & with_families:
        raise PolicyError(path, f"combines {min(families & with_families)} with itself")
    if action is Action.ALLOW:
        raise PolicyError(join(path, "action"), "must be stricter than allow")
    return Combination(families, with_families, action)


def _combinations(value: object, path: str) -> tuple[Combination, ...]:
    return sequence(value, path, _combination)


def _services(value: object, path: str) -> ServiceActions:
    found = known_keys(value, path, ("unapproved", "prohibited"))
    actions = ServiceActions(**{key: _action(found[key], join(path, key)) for key in found})
    if actions.prohibited < actions.unapproved:
        raise PolicyError(join(path, "prohibited"), "is milder than services.unapproved")
    return actions


def _files(value: object, path: str) -> FileActions:
    found = known_keys(value, path, ("unreadable",))
    return FileActions(**{key: _action(found[key], join(path, key)) for key in found})


def _remedy(value: object, path: str) -> Remedy:
    return choice(value, path, Remedy)


def _remedies(value: object, path: str) -> Mapping[Action, tuple[Remedy, ...]]:
    found = known_keys(value, path, tuple(REMEDIES))
    offered = {Action(key): sequence(found[key], join(path, key), _remedy) for key in found}
    for action, remedies in offered.items():
        if not remedies:
            raise PolicyError(join(path, action), "offers nothing; a stopped user needs a way out")
        if len(set(remedies)) < len(remedies):
            raise PolicyError(join(path, action), "offers the same remedy twice")
    forbidden = _GO_ON.intersection(offered.get(Action.BLOCK, ()))
    if forbidden:
        raise PolicyError(join(path, "block"), f"offers {min(forbidden)}, which is for warnings")
    return MappingProxyType({**REMEDIES, **offered})


def _messages(value: object, path: str) -> Mapping[Action, str]:
    return MappingProxyType({**MESSAGES, **read_words(value, path)})


def _switches(value: object, path: str) -> Mapping[str, Switch]:
    found = mapping(value, path)
    if len(found) > MOST_SWITCHES:
        raise PolicyError(path, f"has more than {MOST_SWITCHES} entries")
    for key in found:
        if key != "*" and not _RULE_ID.fullmatch(key):
            raise PolicyError(join(path, key), "is no AI service's id, nor * for all of them")
    return MappingProxyType({key: read_switch(one, join(path, key)) for key, one in found.items()})


_READ: Final[Mapping[str, Callable[[object, str], object]]] = {
    "name": lambda value, path: text(value, path, LONGEST_NAME),
    "default_action": _action,
    "minimum_confidence": share,
    "categories": _settings(_listed(CATEGORIES)),
    "families": _settings(_listed(FAMILIES)),
    "entities": _settings(_shaped(_ENTITY_TYPE, "US_SSN")),
    "rules": _settings(_shaped(_RULE_ID, "us-ssn")),
    "combinations": _combinations,
    "services": _services,
    "files": _files,
    "remedies": _remedies,
    "messages": _messages,
    "server_verdict": lambda value, path: choice(value, path, ServerVerdict),
    "on_unavailable": lambda value, path: choice(value, path, OnUnavailable),
    "custom": read_custom,
    "translations": read_translations,
    "contact": read_contact,
    "acceptable_use_page": read_page,
    "second_approval": lambda value, path: one_of(value, path, ("never", "weakening")),
    "switches": _switches,
    "exception_minutes": lambda value, path: whole(value, path, MOST_EXCEPTION_MINUTES),
    "exception_approvers": lambda value, path: one_of(value, path, ("two_if_locked", "two")),
}
FIELDS: Final = ("format", *_READ)
