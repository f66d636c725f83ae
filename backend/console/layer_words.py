"""What pages call every field a layer may say, and its values; locks too."""

from collections.abc import Mapping
from typing import Any, Final

from backend.console.policy_values import families_in_words, value_in_words
from backend.console.policy_words import field_in_words
from backend.console.shapes import capitalised
from backend.policy.layers import EVERYTHING, Kind

LOCKS: Final = {
    "": "free",
    "floor": "only stricter",
    "locked": "fixed",
}
KINDS: Final = {
    Kind.PLATFORM: "Quillgate template",
    Kind.MSP_TEMPLATE: "template",
    Kind.CLIENT: "client",
    Kind.GROUP: "group",
    Kind.USER: "person",
    Kind.EXCEPTION: "exception",
}
_PARTS: Final = {
    "keywords": "Keyword list",
    "patterns": "Pattern",
    "values": "Known values",
    "allowed": "Allowed values",
}


def field_label(path: str) -> str:
    """Return what a page calls a field, wherever in a document it stands."""
    group, _, rest = path.partition(".")
    if path == EVERYTHING:
        return "Everything said here"
    if group == "combinations" and rest:
        first, second = (families_in_words(side.split("+")) for side in rest.split("/"))
        return capitalised(f"{first} with {second}")
    if group == "custom" and rest:
        part, _, key = rest.partition(".")
        return (
            f"{_PARTS.get(part, part)} “{key}”" if key else f"{_PARTS.get(part, part)} as a whole"
        )
    if group == "switches" and rest:
        return "Emergency stop of " + ("all AI services" if rest == EVERYTHING else rest)
    if group == "translations" and rest:
        language, _, name = rest.partition(".")
        return f"{field_in_words(f'messages.{name}')}, in “{language}”"
    return field_in_words(path)


def field_value(path: str, value: Any) -> str:
    """Return a field's value in words; of an own rule never what it looks for."""
    group = path.partition(".")[0]
    if isinstance(value, Mapping) and group == "switches":
        return f"{value.get('effect')}, until {str(value.get('until'))[:16].replace('T', ' ')} UTC"
    if isinstance(value, Mapping):
        return "set"
    if isinstance(value, list) and path.endswith(".promote"):
        return "; ".join(f"{step['to']} from {step['on']}" for step in value)
    if group == "combinations" and value is not None:
        return str(value)
    return value_in_words(path, value)
