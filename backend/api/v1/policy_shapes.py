"""The shapes of layers, changes and trials of policies, as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from backend.services.policy_layers import LayerVersion
from backend.services.policy_lookup import Explained

VersionNumber = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
ServiceName = Annotated[str, msgspec.Meta(max_length=253)]


class EffectiveQuery(msgspec.Struct, forbid_unknown_fields=True):
    """For whom: a client's own people may leave the client out."""

    client_id: UUID | None = None
    user_id: UUID | None = None


class OriginShape(msgspec.Struct):
    """Who set a field: the layer, its name and version, and its author."""

    kind: str
    id: str
    name: str
    version: int
    author: str


class FieldShape(msgspec.Struct):
    """Where a field's value came from; `mode` is how it is held for layers below, and by whom."""

    origin: OriginShape
    mode: str
    held_by: OriginShape | None


class RefusalShape(msgspec.Struct):
    """A wish that a lock did not allow, and what holds instead."""

    field: str
    origin: OriginShape
    wished: Any
    held: Any
    mode: str
    by: OriginShape


class EffectiveShape(msgspec.Struct):
    """What holds for one person, field by field, and why."""

    client_id: UUID
    version: int
    etag: str
    document: dict[str, Any]
    provenance: dict[str, FieldShape]
    refused: list[RefusalShape]
    layers: list[OriginShape]


def effective_shape(found: Explained) -> EffectiveShape:
    """Return it as the API shows it."""
    return EffectiveShape(
        found.policy.client_id,
        found.policy.version,
        found.policy.etag,
        dict(found.policy.document),
        {
            path: msgspec.convert(one, FieldShape, from_attributes=True)
            for path, one in found.effective.provenance.items()
        },
        [
            msgspec.convert(one, RefusalShape, from_attributes=True)
            for one in found.effective.refused
        ],
        [msgspec.convert(one.origin, OriginShape, from_attributes=True) for one in found.layers],
    )


class NewLayerShape(msgspec.Struct, forbid_unknown_fields=True):
    """A layer to be made: a template of the MSP, or of a group or a person of a client."""

    kind: Annotated[str, msgspec.Meta(pattern="^(msp_template|group|user)$")]
    name: Name
    reason: Reason
    document: dict[str, Any]
    client_id: UUID | None = None
    owner_id: UUID | None = None
    template: Annotated[str, msgspec.Meta(pattern="^[a-z0-9-]{1,64}$")] = "hipaa"


class WrittenLayerShape(msgspec.Struct):
    """A layer in the version in force; `changed` says how many policies changed with it."""

    id: UUID
    kind: str
    owner_id: UUID
    client_id: UUID | None
    name: str
    template: str
    version: int
    etag: str
    document: dict[str, Any]
    updated_at: datetime
    changed: int


class WrittenLayerPage(msgspec.Struct):
    """Layers, by name."""

    items: list[WrittenLayerShape]
    next: str | None = None


def layer_shape(found: LayerVersion) -> WrittenLayerShape:
    """Return it as the API shows it."""
    return msgspec.convert(found, WrittenLayerShape, from_attributes=True)


class Adoption(msgspec.Struct, forbid_unknown_fields=True):
    """The template that a client's policy shall inherit from."""

    template_id: UUID
    base_version: VersionNumber
    reason: Reason


class Rollback(msgspec.Struct, forbid_unknown_fields=True):
    """The version whose words shall hold again."""

    version: VersionNumber
    base_version: VersionNumber
    reason: Reason


class DiffQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which two versions."""

    before: VersionNumber
    after: VersionNumber


class DifferenceShape(msgspec.Struct):
    """One field that differs; `is_weaker` where the second protects less."""

    field: str
    before: Any
    after: Any
    is_weaker: bool


class DifferencePage(msgspec.Struct):
    """Differences, by field."""

    items: list[DifferenceShape]
    next: str | None = None


class DriftShape(msgspec.Struct):
    """One field a client has of its own; `revert` it in the next version to inherit again."""

    field: str
    inherited: Any
    here: Any
    is_weaker: bool


class DriftPage(msgspec.Struct):
    """Where a policy departs from its template, by field."""

    items: list[DriftShape]
    next: str | None = None


class Trial(msgspec.Struct, forbid_unknown_fields=True):
    """A text to be judged by the live policy and, with a draft, by the draft beside it.

    Nothing of it is stored or logged. `draft` is a patch on top of `base_version`.
    """

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=200_000)]
    draft: dict[str, Any] | None = None
    base_version: VersionNumber | None = None

    def __repr__(self) -> str:
        """Never show the text."""
        return f"Trial({len(self.text)} characters)"


class TrialReason(msgspec.Struct):
    """A field and what it calls for."""

    field: str
    action: str


class TrialVerdict(msgspec.Struct):
    """What one policy says; `kinds` counts findings by type."""

    action: str
    remedies: list[str]
    message: str
    reasons: list[TrialReason]
    shadow: list[TrialReason]
    kinds: dict[str, int]


class TrialAnswer(msgspec.Struct):
    """Live and draft, side by side."""

    live: TrialVerdict
    draft: TrialVerdict | None
