"""What a client's policy says, layer by layer, and the next version of it."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.idempotency import idempotent
from backend.api.validation import validate_querystring, validate_request

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
    found = await services().policy_publishing.versions(
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
async def publish_version(policy_id: UUID, data: NewVersion) -> tuple[PublishedVersion, int]:
    """Publish a change as the next version; open tabs obey it within a second."""
    made = await services().policy_publishing.publish(
        principal(), policy_id, data.base_version, data.reason, data.patch
    )
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
