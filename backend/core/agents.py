"""What program a request came from, in the few words by which its owner knows it again."""

import re
from typing import Final

# Most programs also name others they resemble; the first that fits is the one that speaks.
_PROGRAMS: Final = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("CriOS", "Chrome"),
    ("Chrome", "Chrome"), ("Safari", "Safari"), ("curl", "curl"), ("python", "Python"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def agent_of(user_agent: str) -> str:
    """Return something like "Chrome on Windows"; nothing the caller wrote is passed on."""
    program = _first(_PROGRAMS, user_agent) or "Another program"
    system = _first(_SYSTEMS, user_agent)
    return f"{program} on {system}" if system else program


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str | None:
    return next((name for mark, name in names if re.search(rf"\b{mark}", user_agent)), None)
