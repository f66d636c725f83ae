"""Templates of an MSP, and the layers of groups and people."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.v1.fields import ClientQuery, Reason, Version
from backend.api.v1.policy_shapes import PendingPage, PendingShape, pending_shape
from backend.api.validation import validate_querystring, validate_request
from backend.services.policy_approvals import PendingChange
from backend.services.policy_layers import LayerChange, LayerVersion, NewLayer

blueprint = Blueprint("policy_layers", __name__)
LayerName = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class NewLayerShape(msgspec.Struct, forbid_unknown_fields=True):
    """A layer to be made: a template of the MSP, or of a group or a person of a client."""

    kind: Literal["msp_template", "group", "user"]
    name: LayerName
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


class NewLayerVersion(msgspec.Struct, forbid_unknown_fields=True):
    """A layer's next version: a merge patch, in which `null` takes a field back."""

    base_version: Version
    reason: Reason
    patch: dict[str, Any]


class LayerDraft(msgspec.Struct, forbid_unknown_fields=True):
    """A layer's next version, to be looked at."""

    base_version: Version
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


def layer_shape(found: LayerVersion) -> WrittenLayerShape:
    """Return it as the API shows it."""
    return msgspec.convert(found, WrittenLayerShape, from_attributes=True)
