"""What a layer's form carries as it is: own rules, and emergency stops; each stays or goes."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from backend.console.own_rule_form import entry_of, key_for
from backend.console.own_rule_words import KEYWORDS, PATTERNS
from backend.core.errors import InvalidInput
from backend.policy.fields import canonical

PART: Final = "new-own-part"
SHOWN: Final = 160
FIELDS: Final = {
    "name": "new-own-name", "words": "new-own-text", "pattern": "new-own-text",
    "category": "new-own-category", "severity": "new-own-severity",
}  # fmt: skip
_PATH: Final = re.compile(
    r"custom\.(keywords|patterns|values|allowed)\.[a-z0-9-]{1,64}|switches\.(\*|[a-z0-9-]{1,64})"
)


def is_carried(path: str) -> bool:
    """Return whether a field is one own rule or one emergency stop."""
    return bool(_PATH.fullmatch(path))


def entry_in(text: str) -> dict[str, Any]:
    """Return the entry that a form carries. Raise InvalidInput for none."""
    try:
        entry = json.loads(text)
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict):
        raise InvalidInput("The form carries something odd. Reload the page.")
    return entry


def own_rule(text: str) -> str:
    """Return an entry in one line: its name, and what it looks for where that may be read."""
    if not text:
        return "taken out"
    entry = entry_in(text)
    if "until" in entry and "effect" in entry:
        until = str(entry["until"])[:16].replace("T", " ")
        return f"{entry['effect']} until {until} UTC: {entry.get('reason', '')}"
    words = ", ".join(entry.get("words", ())) or entry.get("pattern", "")
    line = f"{entry.get('name', '')}: {words}" if words else str(entry.get("name", ""))
    return line if len(line) <= SHOWN else f"{line[:SHOWN]} …"


def added_own_rule(form: Mapping[str, str], custom: Mapping[str, Any]) -> dict[str, str]:
    """Return the field of a list or pattern that a form adds; a name that is there replaces it.

    Raise InvalidInput for half of one.
    """
    typed = {name: form.get(said, "") for name, said in FIELDS.items()}
    if not typed["name"].strip() and not typed["words"].strip():
        return {}
    part = PATTERNS if form.get(PART) == PATTERNS else KEYWORDS
    entry = entry_of(part, typed, None, ())
    there: Mapping[str, Any] = custom.get(part, {})
    same = (key for key, one in there.items() if one and one.get("name") == entry["name"])
    key = next(same, None) or key_for(entry["name"], custom)
    return {f"custom.{part}.{key}": canonical(entry)}
