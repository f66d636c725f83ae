"""The shapes of layers, changes and trials of policies, as the API speaks of them."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from backend.policy.backtest import Backtest
from backend.services.policy_approvals import PendingChange
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

    kind: Literal["msp_template", "group", "user"]
    name: Name
    reason: Reason
    document: dict[str, Any]
    client_id: UUID | None = None
    owner_id: UUID | None = None
    template: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] = "hipaa"


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


class NewLayerVersion(msgspec.Struct, forbid_unknown_fields=True):
    """A layer's next version: a merge patch, in which `null` takes a field back."""

    base_version: VersionNumber
    reason: Reason
    patch: dict[str, Any]


class LayerDraft(msgspec.Struct, forbid_unknown_fields=True):
    """A layer's next version, to be looked at."""

    base_version: VersionNumber
    patch: dict[str, Any]


class ReachShape(msgspec.Struct):
    """What it does to one client's policy.

    `overridden` are fields of the layer that the client has set otherwise, so that they stay.
    """

    client_id: UUID
    name: str
    browsers: int
    changed: list[str]
    overridden: list[str]
    weakened: list[str]


class ReachAnswer(msgspec.Struct):
    """How far a layer's next version reaches, before it is published."""

    clients: int
    browsers: int
    overriding: int
    needs_approval: bool
    items: list[ReachShape]


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


class PendingShape(msgspec.Struct):
    """A proposed change; `weakens` names the fields that a second person has to agree to.

    It is one of a policy, of a layer, or with both ids the adoption of a template by a policy. A
    template's has no client. `restores` is the version that a rollback goes back to.
    """

    id: UUID
    client_id: UUID | None
    policy_id: UUID | None
    layer_id: UUID | None
    base_version: int
    patch: dict[str, Any]
    revert: list[str]
    restores: int | None
    weakens: list[str]
    reason: str
    status: str
    author_id: UUID
    created_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    decision: str | None
    version: int | None


class PendingPage(msgspec.Struct):
    """Proposed changes, newest first."""

    items: list[PendingShape]
    next: str | None = None


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """Why a proposed change is approved or rejected."""

    reason: Reason


def pending_shape(found: PendingChange) -> PendingShape:
    """Return it as the API shows it."""
    return msgspec.convert(found, PendingShape, from_attributes=True)


class Replay(msgspec.Struct, forbid_unknown_fields=True):
    """A draft to be replayed over the last days: a patch on top of `base_version`."""

    base_version: VersionNumber
    draft: dict[str, Any]
    days: Annotated[int, msgspec.Meta(ge=1, le=93)] = 31


class ReplayMove(msgspec.Struct):
    """How many events would move from one action to another."""

    before: str
    after: str
    events: int


class ReplayAnswer(msgspec.Struct):
    """What would have changed.

    Of `unseen_rules` the past says nothing: they did not exist, or found nothing. `unknown_rules`
    were recorded and exist no more. Every finding counts as sure, since its confidence is not kept.
    """

    events: int
    changed: int
    people: int
    stricter: int
    milder: int
    disclosures_more: int
    disclosures_fewer: int
    moves: list[ReplayMove]
    unknown_rules: list[str]
    unseen_rules: list[str]


class ShadowQuery(msgspec.Struct, forbid_unknown_fields=True):
    """How far back to look."""

    days: Annotated[int, msgspec.Meta(ge=1, le=93)] = 31


class ShadowShape(msgspec.Struct):
    """A setting that only watches, and what it would have done; no feed and no alert shows it.

    `stricter` counts the submissions whose verdict it alone would have made stricter.
    """

    field: str
    action: str
    events: int
    stricter: int
    people: int


class ShadowPage(msgspec.Struct):
    """Settings in shadow, by field."""

    items: list[ShadowShape]
    next: str | None = None


def replay_shape(found: Backtest) -> ReplayAnswer:
    """Return it as the API shows it."""
    moves = [ReplayMove(was, now, number) for (was, now), number in found.moves.items()]
    return ReplayAnswer(
        found.events, found.changed, found.people, found.stricter, found.milder,
        found.disclosures_more, found.disclosures_fewer, moves, list(found.unknown_rules),
        list(found.unseen_rules),
    )  # fmt: skip
