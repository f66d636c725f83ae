"""Reads untrusted JSON into policy values, and says where and why when it cannot."""

import re
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

Choice = TypeVar("Choice", bound=StrEnum)
Item = TypeVar("Item")
MOST_ITEMS = 500
_SHOWN = re.compile(r"[A-Za-z0-9_-]{1,64}|\*")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class PolicyError(ValueError):
    """A document or patch is not a policy; `field` is a dotted path, "" for the document itself."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}" if field else why)
        self.field = field
        self.why = why


def join(path: str, key: object) -> str:
    """Return the dotted path of `key` under `path`; what is written unlike a key is not shown."""
    shown = str(key) if _SHOWN.fullmatch(str(key)) else "…"
    return f"{path}.{shown}" if path else shown


def mapping(value: object, path: str) -> Mapping[str, object]:
    """Return `value` as a JSON object of bounded size."""
    if not isinstance(value, Mapping):
        raise PolicyError(path, "must be an object")
    if len(value) > MOST_ITEMS:
        raise PolicyError(path, f"has more than {MOST_ITEMS} entries")
    for key in value:
        if not isinstance(key, str):
            raise PolicyError(path, "has a key that is not text")
    return value


def known_keys(value: object, path: str, known: Sequence[str]) -> Mapping[str, object]:
    """Return `value` as an object whose keys are all in `known`."""
    found = mapping(value, path)
    unknown = sorted(found.keys() - set(known))
    if unknown:
        raise PolicyError(join(path, unknown[0]), f"is unknown; known are {', '.join(known)}")
    return found


def sequence(
    value: object, path: str, read: Callable[[object, str], Item], most: int = MOST_ITEMS
) -> tuple[Item, ...]:
    """Return a JSON list of at most `most` items as a tuple, each item read by `read`."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise PolicyError(path, "must be a list")
    if len(value) > most:
        raise PolicyError(path, f"has more than {most} entries")
    return tuple(read(item, join(path, index)) for index, item in enumerate(value))


def choice(value: object, path: str, choices: type[Choice]) -> Choice:
    """Return the member of `choices` that `value` names."""
    for member in choices:
        if isinstance(value, str) and member.value == value:
            return member
    raise PolicyError(path, f"must be one of {', '.join(choices)}")


def one_of(value: object, path: str, known: Sequence[str]) -> str:
    """Return `value` when it is one of `known`."""
    if isinstance(value, str) and value in known:
        return value
    raise PolicyError(path, f"must be one of {', '.join(known)}")


def whole(value: object, path: str, most: int) -> int:
    """Return a whole number from 0 to `most`."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise PolicyError(path, f"must be a whole number from 0 to {most}")
    return value


def text(value: object, path: str, longest: int) -> str:
    """Return non-blank text of at most `longest` characters without control characters."""
    if not isinstance(value, str) or not value.strip():
        raise PolicyError(path, "must be text")
    if len(value) > longest:
        raise PolicyError(path, f"is longer than {longest} characters")
    if _UNPRINTABLE.search(value):
        raise PolicyError(path, "holds a control character")
    return value


def share(value: object, path: str) -> float:
    """Return a number from 0.0 to 1.0."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise PolicyError(path, "must be a number from 0 to 1")
    return float(value)
