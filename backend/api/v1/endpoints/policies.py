"""What a client's policy says, layer by layer, and the next version of it."""

from collections import Counter
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.idempotency import idempotent
from backend.api.v1.policy_shapes import (
    Adoption,
    Decision,
    DifferencePage,
    DifferenceShape,
    DiffQuery,
    DriftPage,
    DriftShape,
    EffectiveQuery,
    EffectiveShape,
    LayerDraft,
    NewLayerShape,
    NewLayerVersion,
    PendingPage,
    PendingShape,
    ReachAnswer,
    ReachShape,
    Replay,
    ReplayAnswer,
    Rollback,
    ShadowPage,
    ShadowQuery,
    ShadowShape,
    Trial,
    TrialAnswer,
    TrialReason,
    TrialVerdict,
    WrittenLayerPage,
    WrittenLayerShape,
    effective_shape,
    layer_shape,
    pending_shape,
    replay_shape,
)
from backend.api.validation import validate_querystring, validate_request
from backend.core.errors import InvalidInput
from backend.policy.verdict import Verdict
from backend.services.policy_approvals import PendingChange
from backend.services.policy_layers import LayerChange, NewLayer
from backend.services.policy_publishing import Change

blueprint = Blueprint("policies", __name__)
PAGE_SIZE = 50


class ClientQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose policy; a client's own people may leave it out."""

    client_id: UUID | None = None


class VersionQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Where to go on: the `next` of the page before."""

    cursor: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)] | None = None


class LayerShape(msgspec.Struct):
    """One layer; `provenance` names, per field of the document, the layer its value came from."""

    id: str
    layer: str
    client_id: UUID | None
    name: str
    version: int
    etag: str
    document: dict[str, Any]
    provenance: dict[str, str]
    author: str
    reason: str
    updated_at: datetime | None


class LayerPage(msgspec.Struct):
    """The effective chain; the last layer is what holds."""

    items: list[LayerShape]
    next: str | None = None


class VersionShape(msgspec.Struct):
    """One version as it was published."""

    version: int
    etag: str
    document: dict[str, Any]
    author: str
    reason: str
    created_at: datetime


class VersionPage(msgspec.Struct):
    """Versions, newest first."""

    items: list[VersionShape]
    next: str | None = None


class NewVersion(msgspec.Struct, forbid_unknown_fields=True):
    """A change, why it is made, and the version it was decided on."""

    base_version: Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
    patch: dict[str, Any]
    revert: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=200)]],
        msgspec.Meta(max_length=500),
    ] = []


class PublishedVersion(msgspec.Struct):
    """What was published."""

    id: UUID
    version: int
    etag: str


class KnownValues(msgspec.Struct, forbid_unknown_fields=True):
    """Values to be listed; they are not kept, only their digests are given back."""

    values: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=200)]],
        msgspec.Meta(min_length=1, max_length=5000),
    ]


class ValueDigestShape(msgspec.Struct):
    """What a list keeps of one value: a keyed digest, and how many letters and digits it has."""

    digest: str
    length: int


class ValueDigestPage(msgspec.Struct):
    """The digests, in the order of the values."""

    items: list[ValueDigestShape]
    next: str | None = None


@blueprint.get("/policies")
@requires("policy:read")
@validate_querystring(ClientQuery)
@validate_response(LayerPage)
async def list_policies(query_args: ClientQuery) -> LayerPage:
    """List the layers of a client's effective policy."""
    caller = principal()
    layers = await services().policy_lookup.chain(
        caller, query_args.client_id or caller.own_client()
    )
    return LayerPage([msgspec.convert(layer, LayerShape, from_attributes=True) for layer in layers])


@blueprint.get("/policies/<uuid:policy_id>/versions")
@requires("policy:read")
@validate_querystring(VersionQuery)
@validate_response(VersionPage)
async def list_versions(policy_id: UUID, query_args: VersionQuery) -> VersionPage:
    """List the versions of a policy."""
    found = await services().policy_history.versions(
        principal(), policy_id, query_args.cursor, PAGE_SIZE
    )
    items = [msgspec.convert(one, VersionShape, from_attributes=True) for one in found]
    is_last = len(items) < PAGE_SIZE or items[-1].version == 1
    return VersionPage(items, None if is_last else str(items[-1].version))


@blueprint.post("/policies/<uuid:policy_id>/versions")
@requires("policy:publish")
@idempotent
@validate_request(NewVersion)
@validate_response(PublishedVersion, 201)
@validate_response(PendingShape, 202)
async def publish_version(
    policy_id: UUID, data: NewVersion
) -> tuple[PublishedVersion | PendingShape, int]:
    """Publish a change as the next version; open tabs obey it within a second.

    Where the policy asks for a second person and the change protects less, it waits for one: 202.
    """
    change = Change(data.base_version, data.reason, data.patch, tuple(data.revert))
    made = await services().policy_approvals.submit(principal(), policy_id, change)
    if isinstance(made, PendingChange):
        return pending_shape(made), 202
    return PublishedVersion(policy_id, made.version, made.etag), 201


@blueprint.post("/policies/<uuid:policy_id>/digests")
@requires("policy:publish")
@validate_request(KnownValues)
@validate_response(ValueDigestPage)
async def digest_values(policy_id: UUID, data: KnownValues) -> ValueDigestPage:
    """Return what `custom.values` and `custom.allowed` of this policy keep of values."""
    client_id = await services().policy_publishing.client_of(principal(), policy_id)
    salt = await services().policy_lookup.salt(principal(), client_id)
    made = services().custom_detections.digests(client_id, data.values, salt)
    return ValueDigestPage([ValueDigestShape(one.digest, one.length) for one in made])


@blueprint.get("/policies/effective")
@requires("policy:read")
@validate_querystring(EffectiveQuery)
@validate_response(EffectiveShape)
async def show_effective(query_args: EffectiveQuery) -> EffectiveShape:
    """Show what holds for a person of a client, who set each field, and which wishes failed."""
    caller = principal()
    found = await services().policy_lookup.explained(
        caller, query_args.client_id or caller.own_client(), query_args.user_id
    )
    return effective_shape(found)


@blueprint.get("/policies/layers")
@requires("policy:read")
@validate_querystring(ClientQuery)
@validate_response(WrittenLayerPage)
async def list_layers(query_args: ClientQuery) -> WrittenLayerPage:
    """List the layers of a client's groups and people; without a client the MSP's templates."""
    caller = principal()
    client_id = query_args.client_id or caller.client_id
    found = await services().policy_layers.list_of(caller, client_id)
    return WrittenLayerPage([layer_shape(one) for one in found])


@blueprint.post("/policies/layers")
@requires("policy:publish")
@validate_request(NewLayerShape)
@validate_response(WrittenLayerShape, 201)
async def create_layer(data: NewLayerShape) -> tuple[WrittenLayerShape, int]:
    """Make a template of the MSP, or the layer of a group or a person."""
    wanted = NewLayer(
        data.kind, data.owner_id, data.client_id, data.name, data.template, data.document,
        data.reason,
    )  # fmt: skip
    return layer_shape(await services().policy_layers.create(principal(), wanted)), 201


@blueprint.get("/policies/layers/<uuid:layer_id>")
@requires("policy:read")
@validate_response(WrittenLayerShape)
async def show_layer(layer_id: UUID) -> WrittenLayerShape:
    """Show a layer in the version in force."""
    return layer_shape(await services().policy_layers.get(principal(), layer_id))


@blueprint.post("/policies/layers/<uuid:layer_id>/versions")
@requires("policy:publish")
@validate_request(NewLayerVersion)
@validate_response(WrittenLayerShape, 201)
@validate_response(PendingShape, 202)
async def publish_layer(
    layer_id: UUID, data: NewLayerVersion
) -> tuple[WrittenLayerShape | PendingShape, int]:
    """Publish the next version of a layer, and of every policy that inherits from it.

    Where one of these asks for a second person and is weakened, it waits for one: 202.
    """
    change = LayerChange(data.base_version, data.reason, data.patch)
    made = await services().policy_approvals.submit_layer(principal(), layer_id, change)
    if isinstance(made, PendingChange):
        return pending_shape(made), 202
    return layer_shape(made), 201


@blueprint.post("/policies/layers/<uuid:layer_id>/preview")
@requires("policy:publish")
@validate_request(LayerDraft)
@validate_response(ReachAnswer)
async def preview_layer(layer_id: UUID, data: LayerDraft) -> ReachAnswer:
    """Show which clients and browsers a layer's next version would reach, and who overrides it."""
    change = LayerChange(data.base_version, "", data.patch)
    found = await services().policy_reach.of_layer(principal(), layer_id, change)
    items = [msgspec.convert(one, ReachShape, from_attributes=True) for one in found]
    return ReachAnswer(
        clients=len(items),
        browsers=sum(one.browsers for one in items),
        overriding=sum(1 for one in items if one.overridden),
        needs_approval=any(one.weakened for one in items),
        items=items,
    )


@blueprint.get("/policies/layers/<uuid:layer_id>/changes")
@requires("policy:read")
@validate_response(PendingPage)
async def list_layer_changes(layer_id: UUID) -> PendingPage:
    """List the proposed changes of a layer, decided ones too."""
    found = await services().policy_approvals.pending_of_layer(principal(), layer_id)
    return PendingPage([pending_shape(one) for one in found])


@blueprint.post("/policies/<uuid:policy_id>/template")
@requires("policy:publish")
@validate_request(Adoption)
@validate_response(PublishedVersion, 201)
@validate_response(PendingShape, 202)
async def adopt_template(
    policy_id: UUID, data: Adoption
) -> tuple[PublishedVersion | PendingShape, int]:
    """Let a client's policy inherit from a template of its MSP; its own overrides stay."""
    made = await services().policy_approvals.submit_adoption(
        principal(), policy_id, data.base_version, data.template_id, data.reason
    )
    if isinstance(made, PendingChange):
        return pending_shape(made), 202
    return PublishedVersion(policy_id, made.version, made.etag), 201


@blueprint.post("/policies/<uuid:policy_id>/rollback")
@requires("policy:publish")
@validate_request(Rollback)
@validate_response(PublishedVersion, 201)
@validate_response(PendingShape, 202)
async def roll_back(policy_id: UUID, data: Rollback) -> tuple[PublishedVersion | PendingShape, int]:
    """Publish what the client said in an earlier version as the next one; 202 as above."""
    change = Change(data.base_version, data.reason, {}, restores=data.version)
    made = await services().policy_approvals.submit(principal(), policy_id, change)
    if isinstance(made, PendingChange):
        return pending_shape(made), 202
    return PublishedVersion(policy_id, made.version, made.etag), 201


@blueprint.get("/policies/<uuid:policy_id>/diff")
@requires("policy:read")
@validate_querystring(DiffQuery)
@validate_response(DifferencePage)
async def show_difference(policy_id: UUID, query_args: DiffQuery) -> DifferencePage:
    """Show what changed from one version to another, field by field."""
    found = await services().policy_history.difference(
        principal(), policy_id, query_args.before, query_args.after
    )
    return DifferencePage([DifferenceShape(o.field, o.before, o.after, o.is_weaker) for o in found])


@blueprint.get("/policies/<uuid:policy_id>/drift")
@requires("policy:read")
@validate_response(DriftPage)
async def show_drift(policy_id: UUID) -> DriftPage:
    """Show where a client's policy departs from what it inherits."""
    found = await services().policy_history.drift(principal(), policy_id)
    return DriftPage([DriftShape(o.field, o.inherited, o.here, o.is_weaker) for o in found])


@blueprint.post("/policies/<uuid:policy_id>/test")
@requires("policy:publish")
@validate_request(Trial)
@validate_response(TrialAnswer)
async def try_text(policy_id: UUID, data: Trial) -> TrialAnswer:
    """Judge a text by the live policy and by a draft; nothing is stored or logged."""
    caller, publishing = principal(), services().policy_publishing
    if data.draft is not None and data.base_version is None:
        raise InvalidInput("Say which version the draft was made on (base_version).")
    client_id, live, draft = await publishing.beside(
        caller, policy_id, data.base_version, data.draft
    )
    analysis = services().prompt_analysis
    judged = await analysis.try_out(caller, client_id, live, data.text)
    drafted = await analysis.try_out(caller, client_id, draft, data.text) if draft else None
    return TrialAnswer(_trial(judged), _trial(drafted) if drafted else None)


@blueprint.post("/policies/<uuid:policy_id>/backtest")
@requires("policy:publish")
@validate_request(Replay)
@validate_response(ReplayAnswer)
async def replay_draft(policy_id: UUID, data: Replay) -> ReplayAnswer:
    """Replay a draft over what the audit log has kept: rules and counts, never text."""
    found = await services().policy_backtests.run(
        principal(), policy_id, data.base_version, data.draft, data.days
    )
    return replay_shape(found)


@blueprint.get("/policies/<uuid:policy_id>/shadow")
@requires("policy:read")
@validate_querystring(ShadowQuery)
@validate_response(ShadowPage)
async def show_shadow(policy_id: UUID, query_args: ShadowQuery) -> ShadowPage:
    """Show what settings in shadow would have done, worked out from rules and counts."""
    found = await services().policy_backtests.shadow(principal(), policy_id, query_args.days)
    return ShadowPage(
        [ShadowShape(o.field, o.action.value, o.events, o.stricter, o.people) for o in found]
    )


@blueprint.get("/policies/<uuid:policy_id>/changes")
@requires("policy:read")
@validate_response(PendingPage)
async def list_changes(policy_id: UUID) -> PendingPage:
    """List the proposed changes of a policy, decided ones too."""
    found = await services().policy_approvals.pending(principal(), policy_id)
    return PendingPage([pending_shape(one) for one in found])


@blueprint.post("/policies/changes/<uuid:change_id>/approve")
@requires("policy:publish")
@validate_request(Decision)
@validate_response(PendingShape)
async def approve_change(change_id: UUID, data: Decision) -> PendingShape:
    """Publish a change that somebody else has proposed."""
    found = await services().policy_approvals.decide(
        principal(), change_id, approves=True, reason=data.reason
    )
    return pending_shape(found)


@blueprint.post("/policies/changes/<uuid:change_id>/reject")
@requires("policy:publish")
@validate_request(Decision)
@validate_response(PendingShape)
async def reject_change(change_id: UUID, data: Decision) -> PendingShape:
    """Reject a change that somebody else has proposed."""
    found = await services().policy_approvals.decide(
        principal(), change_id, approves=False, reason=data.reason
    )
    return pending_shape(found)


def _trial(verdict: Verdict) -> TrialVerdict:
    kinds = Counter(finding.type for finding in verdict.findings)
    return TrialVerdict(
        verdict.action.value,
        [remedy.value for remedy in verdict.remedies],
        verdict.message,
        [TrialReason(one.field, one.action.value) for one in verdict.provenance],
        [TrialReason(one.field, one.action.value) for one in verdict.shadow],
        dict(sorted(kinds.items())),
    )
