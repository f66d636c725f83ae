"""Which layer each field of an effective policy came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backend.policy.fields import SHADOW


@dataclass(frozen=True, slots=True)
class Layer:
    """One step of the chain that makes a policy: a template, then what the client changed."""

    name: str
    document: Mapping[str, object]


def origins(chain: Sequence[Layer]) -> dict[str, str]:
    """Return, per field of the last layer, the first layer from which on it has had its value.

    A field that a layer changed and a later one set back counts as the later one's.
    """
    flat = [dict(leaves(layer.document)) for layer in chain]
    if not flat:
        return {}
    return {field: _origin(field, flat, chain) for field in flat[-1]}


def _origin(field: str, flat: Sequence[Mapping[str, object]], chain: Sequence[Layer]) -> str:
    position = len(flat) - 1
    while (
        position > 0
        and field in flat[position - 1]
        and flat[position - 1][field] == flat[-1][field]
    ):
        position -= 1
    return chain[position].name


def leaves(document: Mapping[str, object], path: str = "") -> Iterator[tuple[str, object]]:
    """Yield dotted paths with their values; a list is one value, a setting its action.

    What else a setting says follows below it; one that only watches is `shadow:ACTION`.
    """
    for key, value in document.items():
        where = f"{path}.{key}" if path else key
        if isinstance(value, Mapping) and "action" in value:
            yield where, setting_text(value)
            rest = {name: one for name, one in value.items() if name not in {"action", "mode"}}
            yield from leaves(rest, where)
        elif isinstance(value, Mapping):
            yield from leaves(value, where)
        else:
            yield where, value


def setting_text(setting: Mapping[str, object]) -> str:
    """Return what a setting calls for as one word: its action, `shadow:ACTION` in shadow."""
    return (SHADOW if setting.get("mode") == "shadow" else "") + str(setting["action"])
