"""What every template is handed: plain values, already in words a person reads."""

from dataclasses import dataclass
from typing import Final

from backend.console.scopes import ScopeBadge

DASH: Final = "\N{EN DASH}"


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One link of a menu."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the page, and whose data it shows."""

    name: str
    role_name: str
    organisation: str
    menu: tuple[MenuItem, ...]
    scope: ScopeBadge
    scope_menu: tuple[MenuItem, ...]
    up_href: str
    """Where one client is left for all of them; empty for who has only one."""
    account_href: str


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence above the page: a problem, or something that has been done."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its words."""

    value: str
    label: str
    note: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a filter."""

    value: str
    label: str
    is_chosen: bool


def percent(part: int, whole: int) -> int:
    """Return a whole percentage, 0 of nothing being 0; 100 only when nothing is missing."""
    if part == whole:
        return 100 if whole else 0
    return min(99, round(100 * part / whole))


def capitalised(text: str) -> str:
    """Return a text as a line starts, its other letters as they are."""
    return text[:1].upper() + text[1:]


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: `1 browser`, `1,204 browsers`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
