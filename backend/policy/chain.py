"""The chain of layers that made a version: as it is stored with it, and how a change alters it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from backend.policy.fields import fields_of, is_one_of, overrides
from backend.policy.inheritance import Refusal
from backend.policy.layers import Kind, Layer, Origin, read_layer
from backend.policy.policy import Policy, written
from backend.policy.validation import PolicyError

_ORIGIN: Final = ("kind", "id", "name", "version", "author")


def platform_layer(template_id: str, title: str, version: int, policy: Policy) -> Layer:
    """Return a template of the platform as the lowest layer: it says every field."""
    origin = Origin(Kind.PLATFORM, template_id, title, version, "Quillgate")
    return Layer(origin, MappingProxyType(fields_of(policy.document())))


def whole_document_layer(document: Mapping[str, Any], below: Layer, origin: Origin) -> Layer:
    """Return what a version stored as a whole document says over its template."""
    return Layer(origin, overrides(fields_of(document), below.fields))


def chain_text(layers: Iterable[Layer]) -> str:
    """Return layers as they are kept with the version that they made."""
    said = [
        {**{name: getattr(layer.origin, name) for name in _ORIGIN}, "document": layer.document()}
        for layer in layers
    ]
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def read_chain(text: str) -> tuple[Layer, ...]:
    """Return the layers of a kept chain."""
    return tuple(
        read_layer(one["document"], Origin(**{name: one[name] for name in _ORIGIN}))
        for one in json.loads(text)
    )


def changed_layer(
    layer: Layer, before: Policy, after: Policy, reverted: Sequence[str] = ()
) -> Layer:
    """Return a layer that also wants what `after` says differently from `before`.

    `reverted` fields, or groups of them, are inherited again. Raise PolicyError for one that the
    layer does not override.
    """
    wanted = overrides(fields_of(after.document()), fields_of(before.document()))
    fields = {**layer.fields, **wanted}
    for name in reverted:
        ours = [path for path in fields if is_one_of(path, (name,))]
        if not ours:
            raise PolicyError("revert", "names a field that is not overridden here")
        fields = {path: value for path, value in fields.items() if path not in ours}
    return replace(layer, fields=MappingProxyType(fields))


def refused_wish(refused: Sequence[Refusal], before: Layer, after: Layer) -> Refusal | None:
    """Return the first refusal of something that a change newly wants."""
    return next(
        (
            one
            for one in refused
            if one.origin.id == after.origin.id
            and after.fields.get(one.field) != before.fields.get(one.field, _NEVER)
        ),
        None,
    )


_NEVER: Final = object()


def layer_text(layer: Layer) -> str:
    """Return the one JSON text of a layer."""
    return written(layer.document())
