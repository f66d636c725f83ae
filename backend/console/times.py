"""Times on pages: UTC for everybody; a page's script says them in the reader's own zone."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Moment:
    """A time for machines and, in UTC, for people."""

    iso: str
    text: str


def moment(value: datetime) -> Moment:
    """Return a time as pages show it."""
    there = value.astimezone(UTC)
    text = f"{there.day} {there:%b %Y, %H:%M:%S} UTC"
    return Moment(there.isoformat(timespec="milliseconds"), text)


def moment_or_none(value: datetime | None) -> Moment | None:
    """Return the same, and nothing for a time that never was."""
    return None if value is None else moment(value)
