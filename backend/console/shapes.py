"""What the templates are handed: plain values, already in words a person reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

DASH = "\N{EN DASH}"
TIMES = "\N{MULTIPLICATION SIGN}"
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


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its words."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client in the MSP's table."""

    name: str
    href: str
    current: int
    browsers: int
    seats: int
    prompts_day: int
    prompts_month: int
    violations: int
    left: int
    last_event: str


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One violation in the feed."""

    client_id: str
    submission_id: str
    sequence: int
    recorded_at: str
    time: str
    action: str
    kinds: str
    detail: str
    where: str


@dataclass(frozen=True, slots=True)
class BrowserRow:
    """One browser in the fleet's table."""

    name: str
    person: str
    state: str
    look: str
    policy: str
    rulebook: str
    last_seen: str


@dataclass(frozen=True, slots=True)
class FleetState:
    """The fleet's figures and rows."""

    policy_version: int
    current: int
    total: int
    behind: int
    silent: int
    percent: int
    rows: tuple[BrowserRow, ...]


def moment(value: datetime | None) -> str:
    """Return a UTC time as people write it, or a dash."""
    if value is None:
        return DASH
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def clock_time(value: datetime, now: datetime) -> str:
    """Return the time of day in UTC, with the date instead of seconds when it was not today."""
    there, here = value.astimezone(UTC), now.astimezone(UTC)
    is_today = there.date() == here.date()
    return there.strftime("%H:%M:%S" if is_today else "%m-%d %H:%M")


def counted(kinds: Mapping[str, int]) -> str:
    """Return finding types with their counts: the count behind the name."""
    words = [
        f"{name} {TIMES}{count}" if count > 1 else name for name, count in sorted(kinds.items())
    ]
    return ", ".join(words) or "AI service not approved"


def percent(part: int, whole: int) -> int:
    """Return a whole percentage, 0 of nothing being 0."""
    return round(100 * part / whole) if whole else 0
