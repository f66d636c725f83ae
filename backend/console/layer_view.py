"""A layer as its form shows it: what it says, what it holds, and what stands below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backend.console.layer_form import LayerDraft, said_fields, text_of
from backend.console.layer_own_rules import is_carried, own_rule
from backend.console.layer_words import LOCKS, field_label, field_value
from backend.console.policy_changes import Difference, direction
from backend.console.policy_settings import SETTINGS
from backend.console.policy_words import (
    CATEGORIES,
    FAMILIES,
    FILES,
    MESSAGES,
    SERVICES,
)
from backend.console.shapes import Choice
from backend.policy.fields import SETTINGS as GROUPS
from backend.policy.fields import SHADOW
from backend.policy.inheritance import FieldOrigin

_ACTIONS: Final = ("allow", "flag", "warn", "block")
_NO_FIELDS: Final[Mapping[str, Any]] = {}
_NO_ORIGINS: Final[Mapping[str, FieldOrigin]] = {}


@dataclass(frozen=True, slots=True)
class Below:
    """What a layer inherits where that is one thing: the values, and how each is held."""

    fields: Mapping[str, Any]
    provenance: Mapping[str, FieldOrigin]


NOTHING_BELOW: Final = Below(_NO_FIELDS, _NO_ORIGINS)


@dataclass(frozen=True, slots=True)
class LayerField:
    """One field: what may be said, what is said, and what holds without it."""

    path: str
    label: str
    example: str
    choices: tuple[Choice, ...]
    watches: tuple[Choice, ...]
    lock: str
    below: str
    held: str
    """Who holds it below, so that a word here may count for nothing."""
    controls: tuple[str, ...]
    is_changed: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading."""

    title: str
    note: str
    fields: tuple[LayerField, ...]
    adds: str = ""
    """What a field below adds: a type, a rule or a combination."""


@dataclass(frozen=True, slots=True)
class LayerView:
    """Everything the form of a layer shows."""

    sections: tuple[Section, ...]
    messages: tuple[LayerField, ...]
    others: tuple[tuple[str, str, str], ...]
    """What the form does not change: label, value, lock."""
    everything: str
    locks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A layer's document with a draft over it: what makes each field."""

    shown: Mapping[str, str]
    locks: Mapping[str, str]
    below: Below
    controls: Mapping[str, Sequence[str]]
    draft: LayerDraft

    def field(self, path: str, label: str, example: str) -> LayerField:
        """Return one field."""
        text, inherited = self.shown.get(path, ""), self.below.fields.get(path)
        return LayerField(
            path, label, example, _choices(path, text), _watches(path, text),
            self.locks.get(path, ""),
            "" if inherited is None else field_value(path, inherited),
            _held(self.below.provenance.get(path)), tuple(self.controls.get(path, ())),
            path in self.draft.said or path in self.draft.locks, text,
        )  # fmt: skip

    def group(self, name: str, words: Mapping[str, tuple[str, str]]) -> tuple[LayerField, ...]:
        """Return the fields of one group."""
        return tuple(self.field(f"{name}.{key}", *said) for key, said in words.items())

    def said_of(self, group: str) -> tuple[LayerField, ...]:
        """Return the types, the rules or the combinations that the layer says something about."""
        paths = sorted(path for path in self.shown if _is_one(path, group))
        return tuple(
            self.field(path, field_label(path), "" if group == "combinations" else name)
            for path, name in zip(paths, (one.partition(".")[2] for one in paths), strict=True)
        )

    def carried(self, group: str) -> tuple[LayerField, ...]:
        """Return what the layer holds that stays as it is or is taken out."""
        paths = [path for path in sorted(self.shown) if is_carried(path)]
        paths = [path for path in paths if path.startswith(f"{group}.")]
        return tuple(
            self.field(path, field_label(path), own_rule(self.shown[path])) for path in paths
        )

    def stops(self) -> tuple[Section, ...]:
        """Return the section of emergency stops, if the layer holds one."""
        note = "They hold for all who get this, and end by themselves. Taken out, they end now."
        found = self.carried("switches")
        return (Section("Emergency stops", note, found),) if found else ()

    def sections(self) -> tuple[Section, ...]:
        """Return all but the messages."""
        settings = tuple(self.field(one.path, one.label, one.help) for one in SETTINGS)
        return (
            Section("What happens when a prompt holds …", "", self.group("families", FAMILIES)),
            Section(
                "For one type alone", "A type said here goes before its group.",
                self.said_of("entities"), "type",
            ),
            Section(
                "For one rule alone", "A rule said here goes before its type.",
                self.said_of("rules"), "rule",
            ),
            Section(
                "Together in one prompt", "What is milder alone may be worse together.",
                self.said_of("combinations"), "combination",
            ),
            Section(
                "Own rules", "Lists and patterns of your own, for all who get this.",
                self.carried("custom"), "own rule",
            ),
            *self.stops(),
            Section("Where no group above says anything", "", self.group("categories", CATEGORIES)),
            Section("AI services, whatever the prompt holds", "", self.group("services", SERVICES)),
            Section("Files, whatever their name says", "", self.group("files", FILES)),
            Section("How it works", "", settings),
        )  # fmt: skip


def layer_view(
    document: Mapping[str, Any],
    draft: LayerDraft,
    below: Below = NOTHING_BELOW,
    controls: Mapping[str, Sequence[str]] = _NO_FIELDS,
) -> LayerView:
    """Return a layer with a draft written over it."""
    fields = said_fields(document)
    locks = {**document.get("locks", {}), **draft.locks}
    shown = {**{path: text_of(path, fields) for path in fields}, **draft.said}
    sheet = _Sheet(shown, locks, below, controls, draft)
    messages = tuple(sheet.field(f"messages.{name}", said, "") for name, said in MESSAGES.items())
    sections = sheet.sections()
    formed = {one.path for section in sections for one in section.fields}
    others = tuple(
        (field_label(path), field_value(path, value), LOCKS[locks.get(path, "")])
        for path, value in sorted(fields.items())
        if path not in formed | {one.path for one in messages} | {"name"}
    )
    return LayerView(sections, messages, others, locks.get("*", ""), LOCKS)


def _is_one(path: str, group: str) -> bool:
    return path.startswith(f"{group}.") and path.count(".") == 1


def _choices(path: str, text: str) -> tuple[Choice, ...]:
    if is_carried(path):
        return (Choice(text, "as it is said here", is_chosen=True),) if text else ()
    setting = next((one for one in SETTINGS if one.path == path), None)
    if setting is not None:
        present = next((one for one in setting.values if str(one) == text), None)
        return setting.choices(present if present is not None or not text else _number(text))
    return tuple(Choice(action, action, action == text) for action in _ACTIONS)


def _number(text: str) -> object:
    """Return a value that a form does not offer as the number it is."""
    try:
        return float(text) if "." in text else int(text)
    except ValueError:
        return text


def _watches(path: str, text: str) -> tuple[Choice, ...]:
    if path.partition(".")[0] not in GROUPS:
        return ()
    return tuple(
        Choice(SHADOW + action, f"{action}, only watched", SHADOW + action == text)
        for action in _ACTIONS[1:]
    )


def _held(origin: FieldOrigin | None) -> str:
    if origin is None or origin.held_by is None:
        return ""
    return f"{LOCKS[origin.mode]}: {origin.held_by.name}"


def layer_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], below: Mapping[str, Any] = _NO_FIELDS
) -> tuple[Difference, ...]:
    """Return what two documents of a layer say differently, what they hold too.

    `below` are the fields that hold where the layer says nothing.
    """
    was, now = said_fields(before), said_fields(after)
    fields = sorted({*was, *now})
    changes = [
        Difference(
            path, field_label(path), _said(path, was, below), _said(path, now, below),
            direction(path, was.get(path, below.get(path)), now.get(path, below.get(path))),
        )
        for path in fields
        if was.get(path) != now.get(path)
    ]  # fmt: skip
    locked, locks = (one.get("locks", {}) for one in (before, after))
    changes += [
        Difference(
            f"locks.{path}", f"{field_label(path)}: what is below",
            LOCKS[locked.get(path, "")], LOCKS[locks.get(path, "")], "",
        )
        for path in sorted({*locked, *locks})
        if locked.get(path) != locks.get(path)
    ]  # fmt: skip
    return tuple(changes)


def _said(path: str, fields: Mapping[str, Any], below: Mapping[str, Any]) -> str:
    if fields.get(path) is not None:
        return field_value(path, fields[path])
    if below.get(path) is None:
        return "not said here"
    return f"{field_value(path, below[path])}, not said here"
