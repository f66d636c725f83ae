"""Keys for programs that call this API without a person."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires, requires_step_up
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.validation import validate_request
from backend.services.api_keys import LONGEST_DAYS, LONGEST_OVERLAP_HOURS, NewKey

blueprint = Blueprint("api_keys", __name__)
Permission = Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[a-z_]+:[a-z-]+$(?!\n)")]


class KeyRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What a key is for, what it may do, and for how many days."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
    scopes: Annotated[list[Permission], msgspec.Meta(min_length=1, max_length=64)]
    expires_in_days: Annotated[int, msgspec.Meta(ge=1, le=LONGEST_DAYS)] = 90


class Rotation(msgspec.Struct, forbid_unknown_fields=True):
    """For how many hours the old key works beside the new one."""

    overlap_hours: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_OVERLAP_HOURS)] = 24


class KeyShape(msgspec.Struct):
    """One key, without its secret."""

    id: UUID
    name: str
    prefix: str
    scopes: Sequence[str]
    owner_id: UUID
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class FreshKey(msgspec.Struct):
    """A key and its whole text, shown this once; send it as `Authorization: Bearer`."""

    key: KeyShape
    text: str

    @classmethod
    def of(cls, made: NewKey) -> "FreshKey":
        """Shape a new key."""
        return cls(msgspec.convert(made.key, KeyShape, from_attributes=True), made.text)


class KeyPage(msgspec.Struct):
    """The keys of one organisation, newest first; there is never a further page."""

    items: list[KeyShape]
    next: str | None = None


@blueprint.get("/auth/api-keys")
@requires("apikey:write")
@validate_response(KeyPage)
async def list_keys() -> KeyPage:
    """List the keys of the caller's organisation, those that have ended too."""
    found = await services().api_keys.of(principal())
    return KeyPage([msgspec.convert(one, KeyShape, from_attributes=True) for one in found])


@blueprint.post("/auth/api-keys")
@requires("apikey:write")
@requires_step_up
@validate_request(KeyRequest)
@validate_response(FreshKey, 201)
async def create_key(data: KeyRequest) -> tuple[FreshKey, int]:
    """Make a key that acts as the caller, with some of the caller's permissions."""
    lifetime = timedelta(days=data.expires_in_days)
    made = await services().api_keys.create(principal(), data.name, data.scopes, lifetime)
    return FreshKey.of(made), 201


@blueprint.post("/auth/api-keys/<uuid:key_id>/rotate")
@requires("apikey:write")
@requires_step_up
@validate_request(Rotation)
@validate_response(FreshKey, 201)
async def rotate_key(key_id: UUID, data: Rotation) -> tuple[FreshKey, int]:
    """Make a successor of one's own key; both work for a while, so nothing stands still."""
    overlap = timedelta(hours=data.overlap_hours)
    return FreshKey.of(await services().api_keys.rotate(principal(), key_id, overlap)), 201


@blueprint.delete("/auth/api-keys/<uuid:key_id>")
@requires("apikey:write")
@answers(204, "The key works no longer.")
async def revoke_key(key_id: UUID) -> tuple[str, int]:
    """End a key of the caller's organisation at once."""
    await services().api_keys.revoke(principal(), key_id)
    return "", 204
