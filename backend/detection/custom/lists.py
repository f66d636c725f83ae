"""What a client's policy says about its own rules, as read from the policy document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Keywords:
    """Words or phrases of which none may leave; case does not matter, whole words do."""

    name: str
    category: str
    severity: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern in RE2's syntax; with `near`, one of these words has to stand beside it."""

    name: str
    category: str
    severity: str
    pattern: str
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """Values known one by one, such as the numbers of real patients, as keyed digests.

    `lengths` are how many letters and digits they have.
    """

    name: str
    category: str
    severity: str
    digests: tuple[str, ...]
    lengths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """Values that are found and may pass, of one type or of any, until the end of a day in UTC."""

    name: str
    digests: tuple[str, ...]
    type: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Custom:
    """Everything a client adds, by id."""

    keywords: Mapping[str, Keywords] = field(default_factory=dict)
    patterns: Mapping[str, Pattern] = field(default_factory=dict)
    values: Mapping[str, Values] = field(default_factory=dict)
    allowed: Mapping[str, Allowed] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether there is anything at all."""
        return bool(self.keywords or self.patterns or self.values or self.allowed)


NOTHING_ADDED: Final = Custom()


def rule_id(name: str) -> str:
    """Return how findings name the rule made of an entry."""
    return f"custom-{name}"
