"""Layers in, the policy that holds out: field by field, with who set each and why a wish failed.

Platform baseline, MSP template, client, groups, user, exception. A lock holds every later layer on
the field itself and on every more specific setting about the same findings, but for those that the
locking layer has itself left open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from typing import Any, Final

from backend.policy.fields import (
    SETTINGS,
    document_of,
    split_attribute,
)
from backend.policy.layers import EVERYTHING, Kind, Layer, Mode, Origin
from backend.policy.strictness import is_ordered, stricter
from backend.policy.taxonomy import Taxonomy

KEPT: Final = object()
"""Not a value: the wish counts for nothing, what is below stays."""
_GROUP_LOCKS: Final = ("custom.allowed", "custom.keywords", "custom.patterns", "custom.values")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A wish of a layer that a lock before it did not allow, and what holds instead."""

    field: str
    origin: Origin
    wished: Any
    held: Any
    mode: str
    by: Origin


@dataclass(frozen=True, slots=True)
class Stack:
    """Layers laid over each other: the result so far, and everything that holds later ones."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    origins: Mapping[str, Origin] = field(default_factory=dict)
    guards: tuple[Layer, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldOrigin:
    """Who set a field that holds, and how it is held for later layers."""

    origin: Origin
    mode: str
    held_by: Origin | None


@dataclass(frozen=True, slots=True)
class Effective:
    """What holds: a whole document, where each field came from, and which wishes failed."""

    document: Mapping[str, Any]
    provenance: Mapping[str, FieldOrigin]
    refused: tuple[Refusal, ...]
    fields: Mapping[str, Any]


def effective(layers: Sequence[Layer], taxonomy: Taxonomy) -> Effective:
    """Return what layers in their order make. Groups count as one layer, the stricter winning."""
    taxonomy = taxonomy.with_own(document_of(layer.fields) for layer in layers)
    stack = stacked(_groups_joined(layers, taxonomy), taxonomy)
    fields = _in_agreement(stack.fields)
    provenance = {
        path: FieldOrigin(stack.origins[path], *_held(path, stack.guards, taxonomy))
        for path in sorted(fields)
    }
    return Effective(document_of(fields), provenance, stack.refused, fields)


def stacked(layers: Iterable[Layer], taxonomy: Taxonomy) -> Stack:
    """Return layers laid over each other, in their order."""
    return reduce(lambda below, layer: laid_over(below, of_layer(layer), taxonomy), layers, Stack())


def of_layer(layer: Layer) -> Stack:
    """Return a single layer as a stack."""
    origins = {path: layer.origin_of(path) for path in layer.fields}
    return Stack(layer.fields, origins, (layer,))


def laid_over(below: Stack, above: Stack, taxonomy: Taxonomy) -> Stack:
    """Return two stacks as one. It does not matter which of several is laid first."""
    passes = _passes(above)
    fields, origins, refused = dict(below.fields), dict(below.origins), []
    for path, wish in above.fields.items():
        value, by = _held_to(path, wish, below.guards, taxonomy, passes)
        if value is KEPT and by is not None:
            kept = below.fields.get(path)
            if kept != wish:
                refused.append(Refusal(path, above.origins[path], wish, kept, by[0], by[1].origin))
            continue
        if by is not None and value != wish:
            mode, guard = by
            refused.append(
                Refusal(path, above.origins[path], wish, value, mode, guard.origin_of(path))
            )
        fields[path] = value
        origins[path] = above.origins[path] if value == wish or by is None else by[1].origin
    return Stack(
        fields, origins, (*below.guards, *above.guards), (*below.refused, *refused, *above.refused)
    )


def joined(groups: Sequence[Layer], taxonomy: Taxonomy) -> Layer:
    """Return the groups of one user as one layer: about each field, the strictest that speaks."""
    ordered = sorted(groups, key=lambda layer: layer.origin.id)
    if len(ordered) == 1:
        return ordered[0]
    fields: dict[str, Any] = {}
    locks: dict[str, str] = {}
    origins: dict[str, Origin] = {}
    for path in sorted({path for layer in ordered for path in layer.fields}):
        said = [(layer, value) for layer in ordered for value in _said(path, layer, taxonomy)]
        value = reduce(lambda a, b: stricter(path, a, b), [value for _, value in said])
        fields[path] = value
        origins[path] = next(
            (layer.origin for layer, own in said if own == value), ordered[0].origin
        )
        modes = {layer.mode(name) for layer in ordered for name in _speaking(path, layer, taxonomy)}
        if Mode.LOCKED in modes or Mode.FLOOR in modes:
            locks[path] = Mode.LOCKED if Mode.LOCKED in modes else Mode.FLOOR
    for layer in ordered:
        for name in (*_GROUP_LOCKS, *SETTINGS):
            if name in layer.locks:
                locks[name] = max(locks.get(name, ""), layer.locks[name])
    names = " + ".join(layer.origin.name for layer in ordered)
    origin = Origin(
        Kind.GROUP, "+".join(layer.origin.id for layer in ordered), names,
        max(layer.origin.version for layer in ordered),
    )  # fmt: skip
    return Layer(origin, fields, locks, origins=origins)


def _groups_joined(layers: Sequence[Layer], taxonomy: Taxonomy) -> list[Layer]:
    groups = [layer for layer in layers if layer.kind == Kind.GROUP]
    before = [layer for layer in layers if layer.kind in _BEFORE_GROUPS]
    after = [layer for layer in layers if layer.kind in {Kind.USER, Kind.EXCEPTION}]
    return [*before, *([joined(groups, taxonomy)] if groups else []), *after]


_BEFORE_GROUPS: Final = (Kind.PLATFORM, Kind.MSP_TEMPLATE, Kind.CLIENT)


def _said(path: str, layer: Layer, taxonomy: Taxonomy) -> list[Any]:
    return [layer.fields[name] for name in _speaking(path, layer, taxonomy)]


def _speaking(path: str, layer: Layer, taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the fields of a layer that say something about `path`: itself or the next wider."""
    setting, attribute = split_attribute(path)
    suffix = f".{attribute}" if attribute else ""
    found: dict[str, None] = {}
    for chain in taxonomy.chains(setting):
        for step in chain:
            name = f"{step}{suffix}" if step != "default_action" else _widest(attribute)
            if name in layer.fields and (name == path or layer.fields[name] is not None):
                found[name] = None
                break
    return tuple(found)


def _widest(attribute: str) -> str:
    return "on_unavailable" if attribute == "on_unavailable" else "default_action"


def _passes(stack: Stack) -> frozenset[str]:
    return stack.guards[0].passes if len(stack.guards) == 1 else frozenset()


def _held_to(
    path: str,
    wish: Any,
    guards: Sequence[Layer],
    taxonomy: Taxonomy,
    passes: frozenset[str] = frozenset(),
) -> tuple[Any, tuple[str, Layer] | None]:
    """Return the value that guards leave of a wish, and the earliest guard that changed it."""
    value, by = wish, None
    for guard in reversed(guards):
        if guard.kind in passes:
            continue
        held, mode = _hold(path, value, guard, taxonomy)
        if held is not value and held != value:
            value, by = held, (mode, guard)
        if value is KEPT:
            break
    return value, by


def _hold(path: str, wish: Any, guard: Layer, taxonomy: Taxonomy) -> tuple[Any, str]:
    """Return what one layer leaves of a later layer's wish."""
    if is_switch(path):
        return _hold_switch(path, wish, guard)
    if path not in guard.fields and _is_closed(path, guard):
        return KEPT, Mode.LOCKED
    holding = [
        (guard.mode(name), name)
        for name in _speaking(path, guard, taxonomy)
        if guard.mode(name) != Mode.DEFAULT
    ]
    if wish is None and path not in guard.fields:
        return None, Mode.DEFAULT  # the next wider field answers, which is held itself
    values = [guard.fields[name] for _, name in holding]
    is_exact = any(mode == Mode.LOCKED or not is_ordered(path) for mode, _ in holding)
    if is_exact:
        return reduce(lambda a, b: stricter(path, a, b), values), Mode.LOCKED
    return reduce(lambda a, b: stricter(path, a, b), values, wish), Mode.FLOOR


def is_switch(path: str) -> bool:
    """Return whether a field is an emergency stop."""
    return path.startswith("switches.")


def _hold_switch(path: str, wish: Any, guard: Layer) -> tuple[Any, str]:
    """Keep an MSP's stop whoever wishes otherwise; and observing only would undercut floors.

    The mildest that a floor leaves of observing is no stop at all: the rules as ever.
    """
    thrown = guard.fields.get(path)
    if _is_of_msp(thrown) and not _is_of_msp(wish) and not _outlasts(wish, thrown):
        return thrown, Mode.FLOOR
    if wish is None or wish["effect"] != "observe" or not guard.locks_actions:
        return wish, Mode.DEFAULT
    if guard.kind == Kind.MSP_TEMPLATE and wish.get("by") == "msp":
        return wish, Mode.DEFAULT
    return guard.fields.get(path), Mode.LOCKED


def _is_of_msp(switch: Any) -> bool:
    return switch is not None and switch.get("by") == "msp"


def _outlasts(wish: Any, thrown: Any) -> bool:
    """Return whether a client's own word on a service is no milder than its MSP's."""
    if thrown["effect"] != "block":
        return wish is None or wish["effect"] == "block"
    if wish is None or wish["effect"] != "block":
        return False
    return datetime.fromisoformat(wish["until"]) >= datetime.fromisoformat(thrown["until"])


def _is_closed(path: str, guard: Layer) -> bool:
    """Return whether a layer lets nobody add to the group that a path is in."""
    parts = path.split(".")
    group = ".".join(parts[:2]) if parts[0] == "custom" else parts[0]
    if group == path:
        return False
    mode = guard.locks.get(group) or guard.locks.get(EVERYTHING)
    return mode == Mode.LOCKED or (group == "custom.allowed" and mode == Mode.FLOOR)


def _held(path: str, guards: Sequence[Layer], taxonomy: Taxonomy) -> tuple[str, Origin | None]:
    found: tuple[str, Origin | None] = (Mode.DEFAULT, None)
    for guard in guards:
        modes = _modes(path, guard, taxonomy)
        if Mode.LOCKED in modes:
            return Mode.LOCKED, guard.origin_of(path)
        if Mode.FLOOR in modes and found[1] is None:
            found = (Mode.FLOOR, guard.origin_of(path))
    return found


def _modes(path: str, guard: Layer, taxonomy: Taxonomy) -> set[str]:
    """Return how a layer holds a field; of emergency stops, only an MSP's are held."""
    if is_switch(path):
        return {Mode.FLOOR} if _is_of_msp(guard.fields.get(path)) else set()
    modes = {guard.mode(name) for name in _speaking(path, guard, taxonomy)}
    if path not in guard.fields and _is_closed(path, guard):
        modes.add(Mode.LOCKED)
    return modes


def _in_agreement(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields without what is taken out, and where they contradict, the stricter one."""
    kept = {path: value for path, value in fields.items() if value is not None}
    unapproved = kept.get("services.unapproved", "flag")  # as the reader has it
    prohibited = kept.get("services.prohibited")
    if prohibited:
        kept["services.prohibited"] = stricter("services.prohibited", prohibited, unapproved)
    for path in ("remedies.warn", "remedies.block"):
        if kept.get(path) == []:
            kept[path] = [_LAST_RESORT[path]]
    return {
        path: value
        for path, value in kept.items()
        if not split_attribute(path)[1] or split_attribute(path)[0] in kept
    }


_LAST_RESORT: Final = {"remedies.warn": "justify", "remedies.block": "request_exception"}
