"""What differs between the own rules of two versions, in words; never a digest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from backend.console.own_rule_words import (
    ALLOWED,
    KEYWORDS,
    KINDS,
    PATTERNS,
    VALUES,
    category_in_words,
)
from backend.console.shapes import counted
from backend.detection.explanation import named

STRICTER: Final = "stricter"
MILDER: Final = "milder"
MOST_NAMED: Final = 5
Entry = Mapping[str, Any]
Said = tuple[str, str, str, str]
"""Label, before, after and direction."""


@dataclass(frozen=True, slots=True)
class _Field:
    """One field of an entry: what it is called, and how its value is said."""

    name: str
    label: str
    say: Callable[[Any], str]


def own_rule_changes(before: Entry, after: Entry) -> Iterator[tuple[str, Said]]:
    """Yield the path and the words of everything that differs between two `custom` parts."""
    for part in KINDS:
        old, new = before.get(part, {}), after.get(part, {})
        for key in [*old, *(key for key in new if key not in old)]:
            path = f"custom.{part}.{key}"
            for said in _entry(part, old.get(key), new.get(key)):
                yield path, said


def described(part: str, entry: Entry) -> str:
    """Return what an entry says, in one line."""
    if part == ALLOWED:
        parts = [_values(entry["digests"]), f"as {_type(entry['type'])}", _until(entry["until"])]
        return ", ".join(parts)
    if part == KEYWORDS:
        what = _listed(entry["words"])
    elif part == PATTERNS:
        what = str(entry["pattern"]) + (_near(entry["near"]) if entry["near"] else "")
    else:
        what = _values(entry["digests"])
    return f"{what}; {category_in_words(entry['category'])}, severity {entry['severity']}"


def _entry(part: str, old: Entry | None, new: Entry | None) -> Iterator[Said]:
    if old == new:
        return
    entry = new or old or {}
    title = f"{_CALLED[part]} “{entry['name']}”"
    more, less = (MILDER, STRICTER) if part == ALLOWED else (STRICTER, MILDER)
    if old is None:
        yield f"{title} is new", "", described(part, entry), more
    elif new is None:
        yield f"{title} is removed", described(part, entry), "", less
    else:
        yield from _fields(part, title, old, new)


def _fields(part: str, title: str, old: Entry, new: Entry) -> Iterator[Said]:
    for field in _FIELDS[part]:
        before, after = old[field.name], new[field.name]
        if before == after:
            continue
        label = f"{title}: {field.label}"
        if field.name in {"words", "digests"}:
            yield (
                label,
                field.say(before),
                _list_change(field, before, after),
                (_list_direction(part, before, after)),
            )
        else:
            yield label, field.say(before), field.say(after), _direction(field.name, before, after)


def _list_change(field: _Field, before: Sequence[str], after: Sequence[str]) -> str:
    come = [one for one in after if one not in set(before)]
    gone = [one for one in before if one not in set(after)]
    parts = []
    if come:
        parts.append(f"{len(come):,} new" + (f" ({_listed(come)})" if field.say is _words else ""))
    if gone:
        parts.append(
            f"{len(gone):,} taken out" + (f" ({_listed(gone)})" if field.say is _words else "")
        )
    return f"{field.say(after)}: {', '.join(parts)}" if parts else f"{field.say(after)}, reordered"


def _list_direction(part: str, before: Sequence[str], after: Sequence[str]) -> str:
    come, gone = set(after) - set(before), set(before) - set(after)
    if bool(come) == bool(gone):
        return ""
    return MILDER if bool(come) == (part == ALLOWED) else STRICTER


def _direction(field: str, before: Any, after: Any) -> str:
    if field == "until":
        return MILDER if (after or "9999") > (before or "9999") else STRICTER
    if field == "type" and (before is None or after is None):
        return MILDER if after is None else STRICTER
    if field == "near" and bool(before) != bool(after):
        return MILDER if after else STRICTER
    return ""


def _listed(words: Sequence[str]) -> str:
    shown = ", ".join(f"“{word}”" for word in words[:MOST_NAMED])
    rest = len(words) - MOST_NAMED
    return f"{shown} and {rest:,} more" if rest > 0 else shown


def _near(words: Sequence[str]) -> str:
    return f" near {_listed(words)}"


def _words(words: Sequence[str]) -> str:
    return counted(len(words), "word")


def _values(digests: Sequence[str]) -> str:
    return counted(len(digests), "value")


def _type(name: str | None) -> str:
    return "any type" if name is None else named(name)


def _until(day: str | None) -> str:
    return f"until {day}" if day else "for good"


_CALLED: Final = {
    KEYWORDS: "Keyword list",
    PATTERNS: "Pattern",
    VALUES: "List of known values",
    ALLOWED: "List of allowed values",
}
_NAME: Final = _Field("name", "name", lambda name: f"“{name}”")
_BAD: Final = (
    _Field("category", "kind of data", category_in_words),
    _Field("severity", "severity", str),
)
_FIELDS: Final[Mapping[str, tuple[_Field, ...]]] = {
    KEYWORDS: (_NAME, _Field("words", "words", _words), *_BAD),
    PATTERNS: (
        _NAME,
        _Field("pattern", "pattern", str),
        _Field("near", "words near it", lambda words: _listed(words) or "none"),
        *_BAD,
    ),
    VALUES: (_NAME, _Field("digests", "values", _values), *_BAD),
    ALLOWED: (
        _NAME,
        _Field("digests", "values", _values),
        _Field("type", "only as", _type),
        _Field("until", "how long", _until),
    ),
}
