"""A change to a policy document, applied without touching what it does not name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from backend.detection.custom.lists import Custom, rule_id
from backend.detection.custom.rules import TYPE
from backend.policy.policy import Policy
from backend.policy.reading import FIELDS, read_policy
from backend.policy.validation import PolicyError, join, known_keys, mapping

_ACTIONS_BY_KEY: Final = ("categories", "families", "entities", "rules")
_GROUPS: Final = ("services", "remedies", "messages")
_PATCHABLE: Final = tuple(name for name in FIELDS if name != "format")


@dataclass(frozen=True, slots=True)
class RuleNames:
    """The rule ids and entity types that exist, so that a misspelt one is refused."""

    rules: frozenset[str]
    entities: frozenset[str]

    def with_custom(self, custom: Custom) -> "RuleNames":
        """Return these and the names of a client's own rules."""
        own = {rule_id(key) for key in (*custom.keywords, *custom.patterns, *custom.values)}
        return RuleNames(self.rules | own, self.entities | {TYPE})


def patched(policy: Policy, patch: object, names: RuleNames | None = None) -> Policy:
    """Return `policy` with `patch` merged in, as RFC 7396 merges, but refusing unknown keys.

    `null` takes one entry out of categories, families, entities, rules or a part of `custom`; lists
    are replaced whole.
    With `names`, newly set rules and entity types must exist. Raise PolicyError.
    """
    wanted = known_keys(patch, "", _PATCHABLE)
    if not wanted:
        raise PolicyError("", "the patch is empty; name at least one field to change")
    document = policy.document()
    for key, value in wanted.items():
        document[key] = _merged(document[key], value, key)
    after = read_policy(document, policy.version)
    if names is not None:
        _refuse_misspelt(wanted, names.with_custom(after.custom))
    return after


def _merged(before: object, value: object, key: str) -> object:
    if key in _ACTIONS_BY_KEY:
        return _entries_merged(mapping(before, key), mapping(value, key), key)
    if key == "custom":
        return _custom_merged(mapping(before, key), mapping(value, key), key)
    if key in _GROUPS:
        return {**mapping(before, key), **mapping(value, key)}
    return value


def _custom_merged(
    before: Mapping[str, object], wanted: Mapping[str, object], path: str
) -> dict[str, object]:
    parts = dict(before)
    for part, entries in known_keys(wanted, path, tuple(before)).items():
        where = join(path, part)
        parts[part] = _entries_merged(mapping(before[part], where), mapping(entries, where), where)
    return parts


def _entries_merged(
    before: Mapping[str, object], wanted: Mapping[str, object], path: str
) -> dict[str, object]:
    entries = dict(before)
    for key, value in wanted.items():
        if value is not None:
            entries[key] = value
        elif key in entries:
            del entries[key]
        else:
            raise PolicyError(join(path, key), "is not set, so it cannot be taken out")
    return entries


def _refuse_misspelt(wanted: Mapping[str, object], names: RuleNames) -> None:
    for path, known in (("rules", names.rules), ("entities", names.entities)):
        for key, value in mapping(wanted.get(path, {}), path).items():
            if value is not None and key not in known:
                raise PolicyError(join(path, key), "is not in the rulebook; check its spelling")
