"""Why a policy says what it says: who set each field, what changed, where it departs."""

from typing import Any
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.v1.fields import Version
from backend.api.validation import validate_querystring
from backend.services.policy_lookup import Explained

blueprint = Blueprint("policy_origins", __name__)


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


class DiffQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which two versions."""

    before: Version
    after: Version


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
