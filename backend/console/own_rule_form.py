"""From a posted form to one entry of a client's own rules, and back into fields."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from backend.console.own_rule_values import kept_text, together
from backend.console.own_rule_words import ALLOWED, KEYWORDS, KINDS, PATTERNS, VALUES
from backend.core.errors import RefusedField
from backend.services.custom_detections import ValueDigest

Document = Mapping[str, Any]
Entry = dict[str, Any]
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    KEYWORDS: ("name", "words", "category", "severity"),
    PATTERNS: ("name", "pattern", "near", "category", "severity"),
    VALUES: ("name", "mode", "category", "severity"),
    ALLOWED: ("name", "mode", "type", "until"),
}
REPLACE: Final = "replace"
_DEFAULTS: Final = {"category": "pii", "severity": "high", "mode": "add"}
_LISTS: Final = frozenset({"words", "near"})
_LONGEST_KEY: Final = 40
_CALLED: Final = {
    "name": "The name",
    "words": "The list of words",
    "pattern": "The pattern",
    "near": "The list of words near it",
    "values": "The list of values",
    "category": "The kind of data",
    "severity": "The severity",
    "type": "The type",
    "until": "The day",
}
_WHERE: Final = {"digests": "values", "lengths": "values"}
_WHOLE: Final = {KEYWORDS: "words", PATTERNS: "pattern", VALUES: "values", ALLOWED: "values"}


def fields_of_entry(part: str, entry: Document | None) -> dict[str, str]:
    """Return what a form shows of an entry; of none, what a new one starts with."""
    if entry is None:
        return {name: _DEFAULTS.get(name, "") for name in FIELDS[part]}
    shown = {name: _shown(entry.get(name)) for name in FIELDS[part]}
    return {**shown, "mode": _DEFAULTS["mode"]}


def entry_of(
    part: str, typed: Mapping[str, str], before: Document | None, new: Sequence[ValueDigest]
) -> Entry:
    """Return the entry that was typed. Raise RefusedField for what the policy could not say."""
    entry: Entry = {"name": " ".join(typed.get("name", "").split())}
    if not entry["name"]:
        raise refused("name", "Give it a name; people read it in the reason of a finding.")
    for name in FIELDS[part]:
        if name in _LISTS:
            entry[name] = _lines(typed.get(name, ""))
        elif name in {"category", "severity"}:
            entry[name] = typed.get(name, "")
    if part == PATTERNS:
        entry["pattern"] = typed.get("pattern", "").strip()
    if part == ALLOWED:
        entry["type"] = typed.get("type", "").strip().upper().replace(" ", "_") or None
        entry["until"] = typed.get("until", "").strip() or None
    if part in {VALUES, ALLOWED}:
        entry |= _digests(part, typed, before, new)
    _refuse_nothing(part, entry)
    return entry


def carried(
    part: str, key: str, typed: Mapping[str, str], new: Iterable[ValueDigest]
) -> Iterator[tuple[str, str]]:
    """Yield the fields that give a draft again; of values only their digests."""
    yield "key", key
    for name in FIELDS[part]:
        yield name, typed.get(name, "")
    if part in {VALUES, ALLOWED}:
        yield "kept", kept_text(new)


def key_for(name: str, custom: Document) -> str:
    """Return an id for a new entry, made of its name; no entry has it yet."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    wanted = re.sub(r"[^a-z0-9]+", "-", letters)[:_LONGEST_KEY].strip("-") or "rule"
    taken = {key for part in KINDS for key in custom.get(part, {})}
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (wanted, *numbered) if key not in taken)


def refused(field: str, sentence: str) -> RefusedField:
    """Return what is raised for a field whose error is already a sentence."""
    return RefusedField(sentence, field, sentence)


def error_beside(error: RefusedField, part: str, key: str, entry: Document) -> tuple[str, str]:
    """Return the form's field that an error is about, and what stands beside it."""
    if error.why == error.message:
        return error.field, error.why
    path = error.field.removeprefix(f"custom.{part}").removeprefix(f".{key}").strip(".")
    name, _, index = path.partition(".")
    field = _WHERE.get(name, name) or _WHOLE[part]
    if field not in _CALLED:
        return "", f"{error.message}"
    items = entry.get(name)
    if index.isdigit() and field in _LISTS and isinstance(items, list):
        return field, f"“{items[int(index)]}” {error.why}."
    return field, f"{_CALLED[field]} {error.why}."


def _shown(value: object) -> str:
    return "\n".join(value) if isinstance(value, list | tuple) else str(value or "")


def _lines(text: str) -> list[str]:
    every = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in every if line))


def _digests(
    part: str, typed: Mapping[str, str], before: Document | None, new: Sequence[ValueDigest]
) -> Entry:
    stays = before if before is not None and typed.get("mode") != REPLACE else {}
    digests = dict.fromkeys((*stays.get("digests", ()), *(one.digest for one in together(new))))
    if not digests:
        why = "Paste the values again: they were not kept while you signed in."
        raise refused("values", why if typed.get("left-out") else "Paste at least one value.")
    entry: Entry = {"digests": list(digests)}
    if part == VALUES:
        entry["lengths"] = sorted({*stays.get("lengths", ()), *(one.length for one in new)})
    return entry


def _refuse_nothing(part: str, entry: Entry) -> None:
    if part == KEYWORDS and not entry["words"]:
        raise refused("words", "Write at least one word.")
    if part == PATTERNS and not entry["pattern"]:
        raise refused("pattern", "Write the pattern; the examples show how.")
