"""From a posted form to the patch of what was really changed, and back into fields."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from backend.console.policy_settings import PREFIX, settings_of
from backend.console.policy_words import CATEGORIES, FAMILIES, FILES, MESSAGES, SERVICES
from backend.core.errors import InvalidInput
from backend.policy.fields import SHADOW
from backend.policy.provenance import setting_text

LARGEST_VERSION: Final = 2**31 - 2
Document = Mapping[str, Any]
Patch = dict[str, Any]
"""Groups with what changes in them, and settings with their new value."""
_PREFIXES: Final = {
    "families": "family-",
    "categories": "category-",
    "entities": "entity-",
    "services": "service-",
    "files": "file-",
    "messages": "message-",
}


def base_version(form: Mapping[str, str]) -> int:
    """Return the version the form was made from. Raise InvalidInput."""
    text = form.get("base_version", "")
    if not (text.isascii() and text.isdigit() and 0 < int(text[:12]) <= LARGEST_VERSION):
        raise InvalidInput("The form does not say which version it changes. Reload the page.")
    return int(text)


def patch_of(form: Mapping[str, str], base: Document) -> Patch:
    """Return only what differs from `base`, the document the form was made from."""
    entities = sorted(key.removeprefix("entity-") for key in form if key.startswith("entity-"))
    found: dict[str, dict[str, Any]] = {
        "families": _actions(form, "families", FAMILIES, base),
        "categories": _actions(form, "categories", CATEGORIES, base),
        "entities": _actions(form, "entities", entities, base) | _added(form, base),
        "services": _texts(form, "services", SERVICES, base),
        "files": _texts(form, "files", FILES, base),
        "messages": _texts(form, "messages", MESSAGES, base),
    }
    groups = {group: changes for group, changes in found.items() if changes}
    return {**groups, **settings_of(form, base)}


def refuse_half_added(form: Mapping[str, str]) -> None:
    """Raise InvalidInput for an added type without an action, or the other way round."""
    if bool(form.get("new-entity", "").strip()) != bool(form.get("new-entity-action", "")):
        raise InvalidInput("To add an exception, name its type and choose an action for it.")


def fields_of(patch: Patch) -> Iterator[tuple[str, str]]:
    """Yield a patch as the fields that give it again."""
    for group, changes in patch.items():
        if not isinstance(changes, Mapping):
            yield PREFIX + group, str(changes)
            continue
        for name, value in changes.items():
            text = setting_text(value) if isinstance(value, Mapping) else value or ""
            yield _PREFIXES[group] + name, text


def overlaid(document: Document, patch: Patch) -> dict[str, Any]:
    """Return `document` with the patch written over it, unchecked: what a form shows again."""
    shown = {
        key: dict(value) if isinstance(value, Mapping) else value for key, value in document.items()
    }
    for group, changes in patch.items():
        if not isinstance(changes, Mapping):
            shown[group] = changes
            continue
        for name, value in changes.items():
            if value is None:
                shown[group].pop(name, None)
            else:
                shown[group][name] = value
    return shown


def _actions(
    form: Mapping[str, str], group: str, names: Iterable[str], base: Document
) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in names:
        chosen = form.get(_PREFIXES[group] + name)
        setting = base[group].get(name)
        before = setting_text(setting) if setting else ""
        if chosen is not None and chosen != before:
            changes[name] = _setting(chosen, setting or {}) if chosen else None
    return changes


def _setting(text: str, before: Document) -> dict[str, Any]:
    """Return a setting that calls for something else; how it fails stays as it was."""
    kept = {key: before[key] for key in ("on_unavailable",) if key in before}
    watches = {"mode": "shadow"} if text.startswith(SHADOW) else {}
    return {"action": text.removeprefix(SHADOW), **watches, **kept}


def _texts(
    form: Mapping[str, str], group: str, names: Iterable[str], base: Document
) -> dict[str, Any]:
    prefix = _PREFIXES[group]
    typed = {name: _line(form[prefix + name]) for name in names if prefix + name in form}
    return {name: text for name, text in typed.items() if text != _line(base[group][name])}


def _added(form: Mapping[str, str], base: Document) -> dict[str, Any]:
    name = form.get("new-entity", "").strip().upper().replace(" ", "_")
    action = form.get("new-entity-action", "")
    is_new = bool(name and action) and base["entities"].get(name) != {"action": action}
    return {name: {"action": action}} if is_new else {}


def _line(text: str) -> str:
    """Return a text as one line: a message has no line breaks, whoever typed them."""
    return " ".join(text.splitlines()).strip()
