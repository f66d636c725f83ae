"""How the console names what is done about violations and exceptions."""

from typing import Final

from backend.console.shapes import Choice, counted

STATUS: Final = {
    "new": "not dealt with yet",
    "triaged": "taken up",
    "escalated": "escalated",
    "resolved": "closed",
    "false_positive": "accepted as a mistake",
}
JUSTIFICATION: Final = {
    "treatment": "Treating a patient",
    "operations": "Running the organisation",
    "legal": "A legal duty or a claim",
    "public_data": "The data is public",
    "synthetic_data": "The data is made up, for a test",
    "consent": "The person has agreed",
    "other": "Something else",
}
STATE: Final = {
    "pending": ("waiting", "warn"),
    "lapsed": ("nobody answered", "flag"),
    "active": ("in force", "allow"),
    "expired": ("over", "flag"),
    "rejected": ("declined", "block"),
    "withdrawn": ("taken back", "flag"),
    "ended": ("ended early", "flag"),
}
STEP: Final = {
    "violation.triage": "taken up",
    "violation.resolve": "closed",
    "violation.escalate": "escalated",
    "violation.accept": "accepted as a mistake",
    "violation.reopen": "opened again",
    "violation.assign": "given to somebody",
    "violation.comment": "commented on",
}
_HOUR: Final = 60
_DAY: Final = 24 * _HOUR
_OFFERED: Final = (15, 30, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, _DAY, 3 * _DAY, 7 * _DAY)
_USUAL: Final = _HOUR


def lasting(minutes: int) -> str:
    """Return a duration in words: `30 minutes`, `8 hours`."""
    for size, unit in ((_DAY, "day"), (_HOUR, "hour")):
        if minutes >= size and minutes % size == 0:
            return counted(minutes // size, unit)
    return counted(minutes, "minute")


def durations(most: int) -> tuple[Choice, ...]:
    """Return the durations an approver may choose; an hour is suggested where it is allowed."""
    offered = sorted({*(one for one in _OFFERED if one <= most), most})
    usual = max(one for one in offered if one <= _USUAL or one == offered[0])
    return tuple(Choice(str(one), lasting(one), one == usual) for one in offered)
