"""Which of two values of a field is the stricter one."""

from collections.abc import Mapping
from typing import Any, Final

from backend.policy.fields import SETTINGS, SHADOW, canonical, group_of, split_attribute

_ACTIONS: Final = {"allow": 0, "flag": 1, "warn": 2, "block": 3}
_ORDERS: Final[Mapping[str, Mapping[str, int]]] = {
    "exception_approvers": {"two_if_locked": 0, "two": 1},
    "second_approval": {"never": 0, "weakening": 1},
    "server_verdict": {"never": 0, "on_finding": 1, "always": 2},
    "on_unavailable": {"allow_and_queue": 0, "enforce_cached": 1, "warn": 2, "block": 3},
}
_REMEDIES: Final = (
    "redact", "justify", "acknowledge", "request_exception", "redirect", "report_false_positive",
)  # fmt: skip
_LISTS: Final = ("custom.keywords", "custom.patterns", "custom.values")


def is_action(path: str) -> bool:
    """Return whether the field's value is an action."""
    return not split_attribute(path)[1] and group_of(path) in {
        *SETTINGS, "default_action", "combinations", "services", "files",
    }  # fmt: skip


def is_ordered(path: str) -> bool:
    """Return whether stricter means something for this field; words have no order."""
    return (
        is_action(path)
        or path == "minimum_confidence"
        or split_attribute(path)[1] == "on_unavailable"
        or group_of(path) in {*_ORDERS, "exception_minutes", "remedies", "custom"}
    )


def live_rank(value: str | None) -> int:
    """Return how much a setting stops, 0 to 3; one in shadow stops nothing."""
    return 0 if value is None or value.startswith(SHADOW) else _ACTIONS[value]


def stricter(path: str, one: Any, other: Any) -> Any:
    """Return the least strict value that is at least as strict as both.

    It does not matter which comes first, and values may be joined in any grouping.
    """
    if one == other:
        return one
    if group_of(path) == "remedies":
        return _both_offer(one, other)
    if path.startswith("custom.allowed."):
        return None if one is None or other is None else max(one, other, key=canonical)
    if one is None or other is None:
        return other if one is None else one
    return max(one, other, key=lambda value: _rank(path, value))


def is_milder(path: str, value: Any, than: Any) -> bool:
    """Return whether `value` protects less than `than` does; words never do."""
    if not is_ordered(path) or value == than:
        return False
    if is_action(path):
        return live_rank(value) < live_rank(than)
    if group_of(path) == "remedies":
        return not set(value or ()) <= set(than or ())
    return bool(stricter(path, value, than) != value)


def _rank(path: str, value: Any) -> tuple[float, str]:
    if is_action(path):
        return live_rank(value) + _ACTIONS[value.removeprefix(SHADOW)] / 8, ""
    if path in {"minimum_confidence", "exception_minutes"}:
        return -value, ""
    if path.startswith("switches."):
        return float(value["effect"] == "block"), canonical(value)
    name = split_attribute(path)[1] or path
    if name in _ORDERS:
        return _ORDERS[name][value], ""
    return 0, canonical(value)


def _both_offer(one: Any, other: Any) -> list[str] | None:
    if one is None or other is None:
        return one if other is None else other  # type: ignore[no-any-return]
    return [remedy for remedy in _REMEDIES if remedy in one and remedy in other]
