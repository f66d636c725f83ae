"""What a client's policy says, and the next version of it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.idempotency import idempotent
from backend.api.v1.fields import ClientQuery, Reason, Version
from backend.api.v1.policy_shapes import PendingShape, pending_shape
from backend.api.validation import validate_querystring, validate_request
from backend.services.policy_approvals import PendingChange
from backend.services.policy_publishing import Change

blueprint = Blueprint("policies", __name__)
PAGE_SIZE = 50


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


class Adoption(msgspec.Struct, forbid_unknown_fields=True):
    """The template that a client's policy shall inherit from."""

    template_id: UUID
    base_version: Version
    reason: Reason


class Rollback(msgspec.Struct, forbid_unknown_fields=True):
    """The version whose words shall hold again."""

    version: Version
    base_version: Version
    reason: Reason


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
