"""The people of a client."""

from typing import Annotated
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.validation import validate_querystring

blueprint = Blueprint("users", __name__)


class UserQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose people, and from where on; `cursor` is the `next` of the page before."""

    client_id: UUID
    cursor: UUID | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50


class UserShape(msgspec.Struct):
    """One person."""

    id: UUID
    email: str
    display_name: str
    role: str
    status: str


class UserPage(msgspec.Struct):
    """People, and where the next page starts."""

    items: list[UserShape]
    next: str | None


@blueprint.get("/users")
@requires("user:read")
@validate_querystring(UserQuery)
@validate_response(UserPage)
async def list_users(query_args: UserQuery) -> UserPage:
    """List the people of one client."""
    found = await services().users.of_client(
        principal(), query_args.client_id, query_args.cursor, query_args.limit + 1
    )
    shown = [
        msgspec.convert(card, UserShape, from_attributes=True) for card in found[: query_args.limit]
    ]
    more = len(found) > query_args.limit
    return UserPage(shown, str(shown[-1].id) if more else None)
