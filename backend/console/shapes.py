"""What the templates are handed: plain values, already in words a person reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

ROLE_NAMES = {
    "super_admin": "Platform operator",
    "msp_admin": "MSP administrator",
    "msp_technician": "MSP technician",
    "client_admin": "Client administrator",
    "auditor": "Auditor",
    "end_user": "User",
}


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One link of a menu."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at the page."""

    name: str
    role_name: str
    organisation: str
    menu: tuple[MenuItem, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence above the page: a problem, or something that has been done."""

    title: str
    detail: str


def moment(value: datetime | None) -> str:
    """Return a UTC time as people write it, or a dash."""
    if value is None:
        return "–"
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def clock_time(value: datetime) -> str:
    """Return the time of day in UTC."""
    return value.astimezone(UTC).strftime("%H:%M:%S")


def counted(kinds: Mapping[str, int]) -> str:
    """Return finding types with their counts: `US_SSN, EMAIL_ADDRESS ×3`."""
    words = [f"{name} ×{count}" if count > 1 else name for name, count in sorted(kinds.items())]
    return ", ".join(words) or "AI service not approved"


def percent(part: int, whole: int) -> int:
    """Return a whole percentage, 0 of nothing being 0."""
    return round(100 * part / whole) if whole else 0
