"""From the form of a layer to what was really changed, to its patch, and back into fields."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from backend.console.layer_own_rules import added_own_rule, entry_in, is_carried
from backend.console.layer_words import field_label
from backend.console.policy_settings import SETTINGS
from backend.console.policy_words import CATEGORIES, FAMILIES, FILES, MESSAGES, SERVICES
from backend.core.errors import InvalidInput
from backend.policy.fields import SETTINGS as GROUPS
from backend.policy.fields import SHADOW, canonical, combination_path, document_of, fields_of
from backend.policy.layers import LOCKS
from backend.policy.strictness import is_action

SAY: Final = "say:"
LOCK: Final = "lock:"
ADDED: Final = {"entities": "new-type", "rules": "new-rule"}
"""By group, the field that adds to it; its action is beside it."""
FIRST: Final = "new-first:"
SECOND: Final = "new-second:"
NEW_COMBINATION: Final = "new-combination-action"
CONFIDENCE: Final = "minimum_confidence"
USUAL_CONFIDENCE: Final = 0.5
_WRITTEN: Final = {
    "entities": re.compile(r"[A-Z][A-Z0-9_]{0,63}"), "rules": re.compile(r"[a-z0-9-]{1,64}"),
}  # fmt: skip
_ACTIONS: Final = ("allow", "flag", "warn", "block")
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LayerDraft:
    """What somebody changed of a layer, as the form says it; empty is no longer said."""

    said: Mapping[str, str] = field(default_factory=dict)
    locks: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was changed."""
        return not self.said and not self.locks

    def fields(self) -> Iterator[tuple[str, str]]:
        """Yield it as the fields that give it again."""
        yield from ((SAY + path, text) for path, text in self.said.items())
        yield from ((LOCK + path, mode) for path, mode in self.locks.items())


def said_fields(document: Document) -> dict[str, Any]:
    """Return what a layer's document says, without what it holds."""
    return fields_of({key: value for key, value in document.items() if key != "locks"})


def text_of(path: str, fields: Mapping[str, Any]) -> str:
    """Return what a form shows of a field; nothing where it is not said."""
    value = fields.get(path)
    if is_carried(path):
        return "" if value is None else canonical(value)
    return "" if value is None else str(value)


def draft_of(form: Mapping[str, str], document: Document) -> LayerDraft:
    """Return what a form changes of a layer's document. Raise InvalidInput."""
    fields, locks = said_fields(document), document.get("locks", {})
    typed = {**_prefixed(form, SAY), **_added(form, "entities"), **_added(form, "rules")}
    typed |= {**_combined(form), **added_own_rule(form, document.get("custom", {}))}
    said = {
        path: text if is_carried(path) else " ".join(text.split()) for path, text in typed.items()
    }
    changed = {path: text for path, text in said.items() if text != text_of(path, fields)}
    held = {
        path: mode
        for path, mode in _prefixed(form, LOCK).items()
        if mode != locks.get(path, "") and not (mode and said.get(path, "-") == "")
    }
    gone = {path: "" for path, text in changed.items() if not text and path in locks}
    return LayerDraft(changed, {**held, **gone})


def patch_of(draft: LayerDraft, document: Document) -> dict[str, Any]:
    """Return the merge patch of a draft. Raise InvalidInput for what no field can say."""
    patch: dict[str, Any] = {}
    fields = said_fields(document)
    combined = {path: text for path, text in draft.said.items() if _is_combination(path)}
    if combined:
        patch["combinations"] = _combinations(combined, fields) or None
    for path, text in draft.said.items():
        if path in combined:
            continue
        group, _, name = path.partition(".")
        value = _value(path, text, fields.get(path)) if text else None
        if group == "custom":
            part, _, key = name.partition(".")
            patch.setdefault(group, {}).setdefault(part, {})[key] = value
        elif name:
            patch.setdefault(group, {})[name] = value
        else:
            patch[group] = value
    for path, mode in draft.locks.items():
        if mode and mode not in LOCKS:
            raise InvalidInput(f"“{field_label(path)}” cannot be held like that. Choose again.")
        patch.setdefault("locks", {})[path] = mode or None
    return _with_confidence(patch, document)


def _value(path: str, text: str, present: Any) -> Any:
    group = path.partition(".")[0]
    setting = next((one for one in SETTINGS if one.path == path), None)
    if setting is not None:
        return setting.read(text, present)
    if group == "messages":
        return text
    if is_carried(path):
        return entry_in(text)
    if text.removeprefix(SHADOW) not in _ACTIONS or (group not in GROUPS and SHADOW in text):
        raise InvalidInput(f"“{field_label(path)}” was sent with no value it can have. Choose one.")
    if group in GROUPS:
        said: dict[str, Any] = {"action": text.removeprefix(SHADOW)}
        if text.startswith(SHADOW):
            return {**said, "mode": "shadow"}
        return {**said, "mode": None} if str(present).startswith(SHADOW) else said
    return text


def _with_confidence(patch: dict[str, Any], document: Document) -> dict[str, Any]:
    """Say a confidence where an action is held: asking for more would slip under the lock."""
    locks = {**document.get("locks", {}), **patch.get("locks", {})}
    holds = any(mode and (path == "*" or is_action(path)) for path, mode in locks.items())
    if holds and patch.get(CONFIDENCE, document.get(CONFIDENCE)) is None:
        return {**patch, CONFIDENCE: USUAL_CONFIDENCE}
    return patch


def _prefixed(form: Mapping[str, str], prefix: str) -> dict[str, str]:
    found = {
        name.removeprefix(prefix): text for name, text in form.items() if name.startswith(prefix)
    }
    unknown = next((path for path in found if not _is_known(path)), None)
    if unknown is not None:
        raise InvalidInput("The form names a field that no layer has. Reload the page.")
    return found


def _added(form: Mapping[str, str], group: str) -> dict[str, str]:
    field_name = ADDED[group]
    what, example = ("type", "US_SSN") if group == "entities" else ("rule", "us-npi")
    name = form.get(field_name, "").strip()
    name = name.upper().replace(" ", "_") if group == "entities" else name.lower()
    action = form.get(f"{field_name}-action", "")
    if bool(name) != bool(action):
        raise InvalidInput(f"To add a {what}, name it and choose an action for it.")
    if name and not _WRITTEN[group].fullmatch(name):
        raise InvalidInput(f"The added {what} is not written like {example}. Take one of the list.")
    return {f"{group}.{name}": action} if name else {}


def _combined(form: Mapping[str, str]) -> dict[str, str]:
    """Return the combination that a form adds: groups of both sides, and an action."""
    sides = [sorted(name for name in FAMILIES if form.get(side + name)) for side in (FIRST, SECOND)]
    action = form.get(NEW_COMBINATION, "")
    if not action and not any(sides):
        return {}
    if not action or not all(sides):
        raise InvalidInput("To add a combination, tick what meets what, and choose an action.")
    families, with_families = sides
    path = combination_path({"families": families, "with_families": with_families})
    return {path: action}


def _combinations(changed: Mapping[str, str], fields: Document) -> list[dict[str, Any]]:
    """Return all combinations of a layer with the changed ones written over them."""
    for path, text in changed.items():
        if text and text not in _ACTIONS:
            raise InvalidInput(f"“{field_label(path)}” was sent with no value it can have.")
    there = {path: value for path, value in fields.items() if _is_combination(path)}
    after = {path: text for path, text in {**there, **changed}.items() if text != ""}
    document = document_of(after, is_partial=True)
    found: list[dict[str, Any]] = document.get("combinations", [])
    return found


def _is_combination(path: str) -> bool:
    return path.startswith("combinations.")


def _is_known(path: str) -> bool:
    group, _, name = path.partition(".")
    if group in _NAMES:
        return name in _NAMES[group]
    if group in _WRITTEN:
        return bool(_WRITTEN[group].fullmatch(name))
    if is_carried(path):
        return True
    if _is_combination(path):
        sides = [side.split("+") for side in name.split("/")]
        return len(sides) == 2 and all(one in FAMILIES for side in sides for one in side)  # noqa: PLR2004 -- two sides
    return path == "*" or path in _PATHS


_NAMES: Final[Mapping[str, Mapping[str, object]]] = {
    "families": FAMILIES,
    "categories": CATEGORIES,
    "services": SERVICES,
    "files": FILES,
    "messages": MESSAGES,
}
_PATHS: Final = frozenset(one.path for one in SETTINGS)
