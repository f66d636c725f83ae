"""The values of a policy's fields, in words."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from backend.console.policy_words import (
    EXCEPTION_APPROVERS,
    FAMILIES,
    ON_UNAVAILABLE,
    REMEDIES,
    SECOND_APPROVAL,
    SERVER_VERDICTS,
)
from backend.console.work_words import lasting
from backend.policy.fields import SHADOW

UNSET: Final = {
    "families": "by category",
    "entities": "by group",
    "rules": "by type",
    "categories": "as the rest",
}


def value_in_words(path: str, value: Any) -> str:
    """Return one field's value as people say it; None is a field that is not set."""
    group = path.partition(".")[0]
    if value is None:
        return UNSET.get(group, "not set")
    if path.endswith(".on_unavailable"):
        group = "on_unavailable"
    if isinstance(value, str) and value.startswith(SHADOW):
        return f"{value.removeprefix(SHADOW)}, only watched"
    return _SAID.get(group, str)(value)


def _combinations(value: Any) -> str:
    return "; ".join(_combination(combination) for combination in value) or "nothing"


def _combination(value: Mapping[str, Any]) -> str:
    first, second = (families_in_words(value[name]) for name in ("families", "with_families"))
    return f"{first} with {second}: {value['action']}"


def families_in_words(names: Sequence[str]) -> str:
    """Join the names of groups, in the order of the form."""
    said = [FAMILIES[name][0].lower() for name in FAMILIES if name in names]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"


_SAID: Final[Mapping[str, Callable[[Any], str]]] = {
    "minimum_confidence": lambda share: f"{share * 100:g} %",
    "remedies": lambda names: ", ".join(REMEDIES.get(name, name) for name in names),
    "combinations": _combinations,
    "server_verdict": lambda value: SERVER_VERDICTS.get(value, str(value)),
    "exception_minutes": lambda value: lasting(value) if value else "none is granted",
    "exception_approvers": lambda value: EXCEPTION_APPROVERS.get(value, str(value)),
    "second_approval": lambda value: SECOND_APPROVAL.get(value, str(value)),
    "on_unavailable": lambda value: ON_UNAVAILABLE.get(value, str(value)),
}
