"""A policy document as a flat map of its fields: what inheritance works on, and what diffs show.

A path is dotted. A setting is one field whose value is its action, `shadow:ACTION` while it only
watches; what else a setting says is a field below it, such as `families.card.on_unavailable`. A
combination is named by its families, so that two layers can mean the same one. `None` takes a field
out that a layer below has set.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

SETTINGS: Final = ("rules", "entities", "families", "categories")
"""Groups of settings, the most specific first."""
ATTRIBUTES: Final = ("on_unavailable", "promote")
SHADOW: Final = "shadow:"
_NESTED: Final = ("custom", "translations")
_FLAT_GROUPS: Final = ("services", "files", "remedies", "messages", "switches")

Fields = Mapping[str, Any]


def fields_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a document, whole or partial; `format` is none."""
    found: dict[str, Any] = {}
    for key, value in document.items():
        if key in SETTINGS:
            found.update(_settings(key, value))
        elif key == "combinations":
            found.update({combination_path(one): one["action"] for one in value})
        elif key in _NESTED:
            for part, entries in value.items():
                found.update({f"{key}.{part}.{name}": entry for name, entry in entries.items()})
        elif key in _FLAT_GROUPS:
            found.update({f"{key}.{name}": entry for name, entry in value.items()})
        elif key != "format":
            found[key] = value
    return found


def _settings(group: str, settings: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, setting in settings.items():
        path = f"{group}.{name}"
        if setting is None:
            yield path, None
            continue
        if "action" in setting:
            is_shadow = setting.get("mode") == "shadow"
            yield path, f"{SHADOW}{setting['action']}" if is_shadow else setting["action"]
        for attribute in ATTRIBUTES:
            if attribute in setting:
                yield f"{path}.{attribute}", setting[attribute]


def combination_path(combination: Mapping[str, Any]) -> str:
    """Return the path of a combination: its families, both sides sorted."""
    sides = (sorted(combination[side]) for side in ("families", "with_families"))
    return "combinations." + "/".join("+".join(side) for side in sides)


def document_of(fields: Fields, *, is_partial: bool = False) -> dict[str, Any]:
    """Return the document of fields. A partial one keeps what is taken out, as `null`."""
    document: dict[str, Any] = {"format": 1}
    combinations = []
    for path, value in sorted(fields.items()):
        group, _, name = path.partition(".")
        if value is None and not is_partial:
            continue
        if group in SETTINGS:
            _put_setting(document.setdefault(group, {}), name, value, fields, path)
        elif group == "combinations":
            if is_partial or value != "allow":
                combinations.append(_combination(name, value))
        elif group in _NESTED:
            part, _, key = name.partition(".")
            document.setdefault(group, {}).setdefault(part, {})[key] = value
        elif name:
            document.setdefault(group, {})[name] = value
        else:
            document[group] = value
    if combinations:
        document["combinations"] = combinations
    return document


def _put_setting(
    settings: dict[str, Any], name: str, value: Any, fields: Fields, path: str
) -> None:
    key, _, attribute = name.partition(".")
    if attribute:
        # What is said about a setting that is not there says nothing.
        if fields.get(path.removesuffix(f".{attribute}")) is not None:
            settings.setdefault(key, {})[attribute] = value
        return
    if value is None:
        settings[key] = None
        return
    setting = settings.setdefault(key, {})
    setting["action"] = value.removeprefix(SHADOW)
    if value.startswith(SHADOW):
        setting["mode"] = "shadow"


def _combination(name: str, action: str | None) -> dict[str, Any]:
    families, with_families = name.split("/")
    return {
        "families": families.split("+"),
        "with_families": with_families.split("+"),
        "action": action,
    }


def overrides(fields: Fields, below: Fields) -> dict[str, Any]:
    """Return what a layer over `below` has to say so that `fields` results."""
    said = {path: value for path, value in fields.items() if below.get(path) != value}
    gone = {path: None for path, value in below.items() if value is not None and path not in fields}
    return {**said, **gone}


def canonical(value: object) -> str:
    """Return the one JSON text of a value; both engines write it alike."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def group_of(path: str) -> str:
    """Return the first part of a path."""
    return path.partition(".")[0]


def split_attribute(path: str) -> tuple[str, str]:
    """Return the setting a path is about, and what about it: `("families.card", "promote")`."""
    setting, dot, last = path.rpartition(".")
    is_attribute = dot and last in ATTRIBUTES and group_of(path) in SETTINGS and "." in setting
    return (setting, last) if is_attribute else (path, "")


def is_one_of(path: str, prefixes: Sequence[str]) -> bool:
    """Return whether a path is one of these or below one of them."""
    return any(path == prefix or path.startswith(f"{prefix}.") for prefix in prefixes)
