"""One layer of a policy: a partial document, what it locks, and who wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

from backend.policy.fields import ATTRIBUTES, SETTINGS, document_of, fields_of, group_of
from backend.policy.reading import FIELDS, read_policy
from backend.policy.strictness import is_action
from backend.policy.validation import PolicyError, join, known_keys, mapping, one_of

EVERYTHING: Final = "*"
MOST_LOCKS: Final = 500
_CONFIDENCE: Final = "minimum_confidence"


class Kind(StrEnum):
    """Where a layer stands; a later one inherits from the earlier ones."""

    PLATFORM = "platform"
    MSP_TEMPLATE = "msp_template"
    CLIENT = "client"
    GROUP = "group"
    USER = "user"
    EXCEPTION = "exception"


class Mode(StrEnum):
    """What a layer leaves to the ones after it."""

    DEFAULT = "default"
    FLOOR = "floor"
    LOCKED = "locked"


LOCKS: Final = (Mode.FLOOR.value, Mode.LOCKED.value)


@dataclass(frozen=True, slots=True)
class Origin:
    """Who set a field."""

    kind: str
    id: str
    name: str
    version: int
    author: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one owner wants, field by field; what it does not name it inherits.

    `passes` are kinds of layers whose locks do not hold it: an exception that the owners of these
    locks have granted. `origins` names who of several groups set a field.
    """

    origin: Origin
    fields: Mapping[str, Any] = field(default_factory=dict)
    locks: Mapping[str, str] = field(default_factory=dict)
    passes: frozenset[str] = frozenset()
    origins: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Where it stands."""
        return self.origin.kind

    def mode(self, path: str) -> str:
        """Return what this layer leaves to later ones about a field that it sets."""
        modes = {self.locks[name] for name in _names(path) if name in self.locks}
        if path == _CONFIDENCE and self.locks_actions:
            # Asking for more confidence would slip under every floor.
            modes.add(Mode.FLOOR)
        return next((mode for mode in (Mode.LOCKED, Mode.FLOOR) if mode in modes), Mode.DEFAULT)

    @property
    def locks_actions(self) -> bool:
        """Whether some action of this layer is held."""
        return any(name == EVERYTHING or is_action(name) for name in self.locks)

    def origin_of(self, path: str) -> Origin:
        """Return who set a field of this layer."""
        return self.origins.get(path, self.origin)

    def document(self) -> dict[str, Any]:
        """Return it as it is written: a partial document and its locks."""
        document = document_of(self.fields, is_partial=True)
        return {**document, "locks": dict(sorted(self.locks.items()))} if self.locks else document


def _names(path: str) -> tuple[str, ...]:
    """Return the names under which a field may be locked: itself, what it is in, and all."""
    parts = path.split(".")
    return (EVERYTHING, *(".".join(parts[:count]) for count in range(1, len(parts) + 1)))


def read_layer(document: object, origin: Origin) -> Layer:
    """Return the layer of a partial document. Raise PolicyError, naming the field and why."""
    found = known_keys(document, "", (*FIELDS, "locks"))
    said = {key: value for key, value in found.items() if key != "locks"}
    _refuse_wrong(said)
    fields = fields_of(said)
    locks = _locks(found.get("locks", {}), fields)
    layer = Layer(origin, MappingProxyType(fields), MappingProxyType(locks))
    if layer.locks_actions and _CONFIDENCE not in fields:
        raise PolicyError(
            _CONFIDENCE, "must be set where actions are locked: more confidence would undercut them"
        )
    return layer


def _refuse_wrong(said: Mapping[str, Any]) -> None:
    """Raise PolicyError where the fields that are set would not make a policy."""
    whole: dict[str, Any] = {"format": 1, "name": "layer"}
    for key, value in said.items():
        if key in SETTINGS:
            whole[key] = {
                name: _complete(setting, join(key, name))
                for name, setting in mapping(value, key).items()
                if setting is not None
            }
        elif key == "custom":
            whole[key] = {
                part: {name: one for name, one in mapping(entries, join(key, part)).items() if one}
                for part, entries in mapping(value, key).items()
            }
        elif key == "switches":
            # One that is taken out is written as null, like every other entry.
            whole[key] = {name: one for name, one in mapping(value, key).items() if one is not None}
        elif key == "combinations" and isinstance(value, list):
            whole[key] = [one for one in value if not _is_dropped(one)]
        elif value is not None:
            whole[key] = value
    read_policy(whole)


def _complete(setting: object, path: str) -> dict[str, Any]:
    """Return a setting that a layer says a part of, with an action so that it can be read."""
    found = known_keys(setting, path, ("action", "mode", *ATTRIBUTES))
    return {"action": "allow", **found}


def _is_dropped(combination: object) -> bool:
    return isinstance(combination, Mapping) and combination.get("action") in {"allow", None}


def _locks(value: object, fields: Mapping[str, Any]) -> dict[str, str]:
    found = mapping(value, "locks")
    locks = {path: one_of(mode, join("locks", path), LOCKS) for path, mode in found.items()}
    groups = {*FIELDS, "custom.allowed", "custom.keywords", "custom.patterns", "custom.values"}
    for path in locks:
        is_known = path == EVERYTHING or path in fields or path in groups
        if not is_known or (group_of(path) == "format"):
            raise PolicyError(
                join("locks", path.replace(".", "-")),
                "is no field that this layer sets; set the field here, then lock it",
            )
    return locks
