"""From a posted form to the patch of what was really changed, and back onto a document."""

from collections.abc import Mapping
from typing import Any, Final

from backend.console.policy_words import FAMILIES, MESSAGES, SERVICES
from backend.core.errors import InvalidInput

LARGEST_VERSION: Final = 2**31 - 2
Document = Mapping[str, Any]
Patch = dict[str, dict[str, Any]]


def base_version(form: Mapping[str, str]) -> int:
    """Return the version the form was made from. Raise InvalidInput."""
    text = form.get("base_version", "")
    if not (text.isascii() and text.isdigit() and 0 < int(text[:12]) <= LARGEST_VERSION):
        raise InvalidInput("The form does not say which version it changes. Reload the page.")
    return int(text)


def patch_of(form: Mapping[str, str], base: Document) -> Patch:
    """Return only what differs from `base`, the document the form was made from."""
    entities = {key.removeprefix("entity-") for key in form if key.startswith("entity-")}
    found: Patch = {
        "families": _actions(form, "family-", FAMILIES, base["families"]),
        "entities": _actions(form, "entity-", sorted(entities), base["entities"]),
        "services": _texts(form, "service-", SERVICES, base["services"]),
        "messages": _texts(form, "message-", MESSAGES, base["messages"]),
    }
    found["entities"].update(_added(form, base["entities"]))
    return {group: changes for group, changes in found.items() if changes}


def overlaid(document: Document, patch: Patch) -> dict[str, Any]:
    """Return `document` with the patch written over it, unchecked: what a form shows again."""
    shown = {
        key: dict(value) if isinstance(value, Mapping) else value for key, value in document.items()
    }
    for group, changes in patch.items():
        for name, value in changes.items():
            if value is None:
                shown[group].pop(name, None)
            else:
                shown[group][name] = value
    return shown


def _actions(
    form: Mapping[str, str], prefix: str, names: Any, base: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in names:
        chosen = form.get(prefix + name)
        before = base[name]["action"] if name in base else ""
        if chosen is not None and chosen != before:
            changes[name] = {"action": chosen} if chosen else None
    return changes


def _texts(
    form: Mapping[str, str], prefix: str, names: Any, base: Mapping[str, str]
) -> dict[str, Any]:
    typed = {name: _plain(form[prefix + name]) for name in names if prefix + name in form}
    return {name: text for name, text in typed.items() if text != _plain(base[name])}


def _added(form: Mapping[str, str], base: Document) -> dict[str, Any]:
    name = form.get("new-entity", "").strip().upper()
    action = form.get("new-entity-action", "")
    if not name and not action:
        return {}
    if not name or not action:
        raise InvalidInput("To add an exception, name its type and choose an action for it.")
    return {} if base.get(name) == {"action": action} else {name: {"action": action}}


def _plain(text: str) -> str:
    """Browsers send line breaks as CR LF."""
    return text.replace("\r\n", "\n").strip()
