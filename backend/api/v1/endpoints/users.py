"""The people of a client."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import may_need_step_up, requires
from backend.api.context import principal, services
from backend.api.idempotency import idempotent
from backend.api.v1.fields import Email, Identifiers, Name, ReasonShape
from backend.api.validation import validate_querystring, validate_request
from backend.core.permissions import Reach, Role
from backend.services.user_administration import NewUser, UserChange
from backend.services.users import UserCard

blueprint = Blueprint("users", __name__)
RoleName = Literal["msp_admin", "msp_technician", "client_admin", "auditor", "end_user"]


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


class NewUserShape(msgspec.Struct, forbid_unknown_fields=True):
    """A person to be invited: of a client, or, without one, of the caller's MSP."""

    email: Email
    display_name: Name
    role: RoleName
    client_id: UUID | None = None
    msp_id: UUID | None = None
    groups: Identifiers = []


class UserChangeShape(msgspec.Struct, forbid_unknown_fields=True):
    """What to change; what is left out stays."""

    display_name: Name | None = None
    role: RoleName | None = None
    groups: Identifiers | None = None


@blueprint.get("/users")
@requires("user:read", Reach.SELF)
@validate_querystring(UserQuery)
@validate_response(UserPage)
async def list_users(query_args: UserQuery) -> UserPage:
    """List the people of one client; who has no more sees their own record."""
    found = await services().users.of_client(
        principal(), query_args.client_id, query_args.cursor, query_args.limit + 1
    )
    shown = [
        msgspec.convert(card, UserShape, from_attributes=True) for card in found[: query_args.limit]
    ]
    more = len(found) > query_args.limit
    return UserPage(shown, str(shown[-1].id) if more else None)


@blueprint.post("/users")
@requires("user:write")
@may_need_step_up("For every role above end user:")
@idempotent
@validate_request(NewUserShape)
@validate_response(UserShape, 201)
async def invite_user(data: NewUserShape) -> tuple[UserShape, int]:
    """Invite somebody, with a role that is not above the caller's own."""
    wanted = NewUser(
        data.email, data.display_name, Role(data.role), data.client_id or principal().client_id,
        data.msp_id, tuple(data.groups),
    )  # fmt: skip
    return _shape(await services().user_administration.invite(principal(), wanted)), 201


@blueprint.patch("/users/<uuid:user_id>")
@requires("user:write", Reach.SELF)
@may_need_step_up("For a role with which somebody may more than before:")
@validate_request(UserChangeShape)
@validate_response(UserShape)
async def change_user(user_id: UUID, data: UserChangeShape) -> UserShape:
    """Change somebody's name, role or groups; people change their own name."""
    change = UserChange(
        data.display_name,
        None if data.role is None else Role(data.role),
        None if data.groups is None else tuple(data.groups),
    )
    return _shape(await services().user_administration.update(principal(), user_id, change))


@blueprint.post("/users/<uuid:user_id>/suspend")
@requires("user:write")
@validate_request(ReasonShape)
@validate_response(UserShape)
async def suspend_user(user_id: UUID, data: ReasonShape) -> UserShape:
    """Suspend somebody: their sign-ins and open sockets end at once."""
    return await _stepped(user_id, "suspend", data.reason)


@blueprint.post("/users/<uuid:user_id>/reactivate")
@requires("user:write")
@validate_request(ReasonShape)
@validate_response(UserShape)
async def reactivate_user(user_id: UUID, data: ReasonShape) -> UserShape:
    """Let somebody sign in again."""
    return await _stepped(user_id, "reactivate", data.reason)


@blueprint.post("/users/<uuid:user_id>/archive")
@requires("user:write")
@validate_request(ReasonShape)
@validate_response(UserShape)
async def archive_user(user_id: UUID, data: ReasonShape) -> UserShape:
    """Archive somebody who has left; what they did stays attributable."""
    return await _stepped(user_id, "archive", data.reason)


async def _stepped(user_id: UUID, step: str, reason: str) -> UserShape:
    return _shape(await services().user_administration.step(principal(), user_id, step, reason))


def _shape(card: UserCard) -> UserShape:
    return msgspec.convert(card, UserShape, from_attributes=True)
