"""The `custom` part of a policy document: what a client adds to the rulebook, read and written."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any, Final, TypeVar

from backend.detection.custom.digests import LONGEST, SHORTEST
from backend.detection.custom.lists import Allowed, Custom, Keywords, Pattern, Values
from backend.detection.custom.syntax import PatternFault, translated
from backend.detection.finding import SEVERITIES
from backend.policy.actions import CATEGORIES
from backend.policy.validation import PolicyError, join, known_keys, mapping, one_of, sequence, text

MOST_PATTERNS: Final = 200
MOST_WORDS_LISTED: Final = 2000
MOST_DIGESTS: Final = 5000
LONGEST_NAME: Final = 80
LONGEST_WORDS: Final = 100
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,47}")
_DIGEST: Final = re.compile(r"[0-9a-f]{32}")
_TYPE: Final = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_LETTERS: Final = re.compile(r"[^\W_]")
_RULE_FIELDS: Final = ("name", "category", "severity")
_DEFAULTS: Final = {"category": "pii", "severity": "high"}

Entry = TypeVar("Entry")


def read_custom(value: object, path: str) -> Custom:
    """Return what a document adds. Raise PolicyError, naming the entry and what to write."""
    found = known_keys(value, path, tuple(_READ))
    groups = {name: _entries(found.get(name, {}), join(path, name), _READ[name]) for name in _READ}
    _refuse_shared_names(groups, path)
    custom = Custom(**groups)
    _refuse_too_much(custom, path)
    return custom


def custom_document(custom: Custom) -> dict[str, object]:
    """Return it as a policy document writes it."""
    return {
        "keywords": {
            key: {**_said(one), "words": list(one.words)}
            for key, one in sorted(custom.keywords.items())
        },
        "patterns": {
            key: {**_said(one), "pattern": one.pattern, "near": list(one.near)}
            for key, one in sorted(custom.patterns.items())
        },
        "values": {
            key: {
                **_said(one),
                "digests": list(one.digests),
                "lengths": list(one.lengths),
            }
            for key, one in sorted(custom.values.items())
        },
        "allowed": {
            key: {
                "name": one.name,
                "digests": list(one.digests),
                "type": one.type,
                "until": one.until.isoformat() if one.until else None,
            }
            for key, one in sorted(custom.allowed.items())
        },
    }


def _said(one: Keywords | Pattern | Values) -> dict[str, object]:
    return {"name": one.name, "category": one.category, "severity": one.severity}


def _entries(
    value: object, path: str, read: Callable[[Mapping[str, object], str], Entry]
) -> Mapping[str, Entry]:
    found = mapping(value, path)
    for key in found:
        if not _ID.fullmatch(key):
            raise PolicyError(join(path, key), "is not written like project-names")
    entries = {
        key: read(mapping(one, join(path, key)), join(path, key)) for key, one in found.items()
    }
    return MappingProxyType(entries)


def _keywords(found: Mapping[str, object], path: str) -> Keywords:
    known_keys(found, path, (*_RULE_FIELDS, "words"))
    words = sequence(found.get("words"), join(path, "words"), _words)
    if not words:
        raise PolicyError(join(path, "words"), "names no word")
    return Keywords(words=words, **_rule(found, path))


def _pattern(found: Mapping[str, object], path: str) -> Pattern:
    known_keys(found, path, (*_RULE_FIELDS, "pattern", "near"))
    where = join(path, "pattern")
    source = text(found.get("pattern"), where, 10_000)
    try:
        _ = translated(source)
    except PatternFault as fault:
        raise PolicyError(where, str(fault)) from None
    near = sequence(found.get("near", ()), join(path, "near"), _words)
    return Pattern(pattern=source, near=near, **_rule(found, path))


def _values(found: Mapping[str, object], path: str) -> Values:
    known_keys(found, path, (*_RULE_FIELDS, "digests", "lengths"))
    digests = _digests(found, path)
    where = join(path, "lengths")
    lengths = sequence(found.get("lengths"), where, _length)
    if not lengths:
        raise PolicyError(where, "is empty; take what POST /policies/ID/digests gives")
    return Values(digests=digests, lengths=lengths, **_rule(found, path))


def _allowed(found: Mapping[str, object], path: str) -> Allowed:
    known_keys(found, path, ("name", "digests", "type", "until"))
    of_type = found.get("type")
    if of_type is not None and not (isinstance(of_type, str) and _TYPE.fullmatch(of_type)):
        raise PolicyError(join(path, "type"), "is not written like US_SSN")
    return Allowed(
        name=text(found.get("name"), join(path, "name"), LONGEST_NAME),
        digests=_digests(found, path),
        type=of_type,
        until=_day(found.get("until"), join(path, "until")),
    )


def _rule(found: Mapping[str, object], path: str) -> dict[str, Any]:
    known: dict[str, Sequence[str]] = {"category": CATEGORIES, "severity": SEVERITIES}
    chosen = {
        key: one_of(found.get(key, _DEFAULTS[key]), join(path, key), known[key]) for key in known
    }
    return {"name": text(found.get("name"), join(path, "name"), LONGEST_NAME), **chosen}


def _words(value: object, path: str) -> str:
    words = " ".join(text(value, path, LONGEST_WORDS).split())
    if len(_LETTERS.findall(words)) < 3:  # noqa: PLR2004 -- shorter ones are in every text
        raise PolicyError(path, "has fewer than three letters or digits")
    return words


def _digests(found: Mapping[str, object], path: str) -> tuple[str, ...]:
    where = join(path, "digests")
    digests = sequence(found.get("digests"), where, _digest, MOST_DIGESTS)
    if not digests:
        raise PolicyError(where, "names no value")
    return digests


def _digest(value: object, path: str) -> str:
    if not isinstance(value, str) or not _DIGEST.fullmatch(value):
        raise PolicyError(path, "is no digest; take what POST /policies/ID/digests gives")
    return value


def _length(value: object, path: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not SHORTEST <= value <= LONGEST:
        raise PolicyError(path, f"must be a number from {SHORTEST} to {LONGEST}")
    return value


def _day(value: object, path: str) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(text(value, path, 10))
    except ValueError:
        raise PolicyError(path, "must be a day such as 2027-01-31") from None


def _refuse_shared_names(groups: Mapping[str, Mapping[str, object]], path: str) -> None:
    """Raise PolicyError where two kinds of entries share an id: findings name them by it."""
    seen: set[str] = set()
    for name in ("keywords", "patterns", "values"):
        for key in groups[name]:
            if key in seen:
                raise PolicyError(join(join(path, name), key), "is the id of another entry too")
            seen.add(key)


def _refuse_too_much(custom: Custom, path: str) -> None:
    words = sum(len(one.words) for one in custom.keywords.values())
    known: tuple[Values | Allowed, ...] = (*custom.values.values(), *custom.allowed.values())
    digests = sum(len(one.digests) for one in known)
    for name, count, most in (
        ("patterns", len(custom.patterns), MOST_PATTERNS),
        ("keywords", words, MOST_WORDS_LISTED),
        ("values", digests, MOST_DIGESTS),
    ):
        if count > most:
            raise PolicyError(join(path, name), f"has {count} entries in all; {most} is the most")


_READ: Final[Mapping[str, Callable[[Mapping[str, object], str], Any]]] = {
    "keywords": _keywords,
    "patterns": _pattern,
    "values": _values,
    "allowed": _allowed,
}
