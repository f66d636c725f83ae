"""Groups of a client's people."""

from typing import Self
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.idempotency import idempotent
from backend.api.v1.fields import Description, Identifiers, Name, PageSize, Version
from backend.api.validation import validate_querystring, validate_request
from backend.services.groups import GroupCard

blueprint = Blueprint("groups", __name__)


class GroupQuery(msgspec.Struct, forbid_unknown_fields=True):
    """From where on; `cursor` is the `next` of the page before."""

    cursor: UUID | None = None
    limit: PageSize = 50


class GroupShape(msgspec.Struct):
    """One group and how many people are in it."""

    id: UUID
    client_id: UUID
    name: str
    description: str
    version: int
    members: int

    @classmethod
    def of(cls, group: GroupCard) -> Self:
        """Shape a group."""
        return msgspec.convert(group, cls, from_attributes=True)


class GroupPage(msgspec.Struct):
    """Groups, and where the next page starts."""

    items: list[GroupShape]
    next: str | None


class NewGroup(msgspec.Struct, forbid_unknown_fields=True):
    """A group to be made."""

    name: Name
    description: Description = ""


class GroupChange(msgspec.Struct, forbid_unknown_fields=True):
    """What to change, on top of the version that was read."""

    base_version: Version
    name: Name | None = None
    description: Description | None = None


class MemberList(msgspec.Struct, forbid_unknown_fields=True):
    """Everybody who shall be in the group."""

    users: Identifiers


class MemberPage(msgspec.Struct):
    """The ids of everybody in a group."""

    items: list[UUID]
    next: str | None = None


@blueprint.get("/clients/<uuid:client_id>/groups")
@requires("user:read")
@validate_querystring(GroupQuery)
@validate_response(GroupPage)
async def list_groups(client_id: UUID, query_args: GroupQuery) -> GroupPage:
    """List the groups of one client."""
    found = await services().groups.of_client(
        principal(), client_id, query_args.cursor, query_args.limit + 1
    )
    shown = [GroupShape.of(group) for group in found[: query_args.limit]]
    return GroupPage(shown, str(shown[-1].id) if len(found) > query_args.limit else None)


@blueprint.post("/clients/<uuid:client_id>/groups")
@requires("user:write")
@idempotent
@validate_request(NewGroup)
@validate_response(GroupShape, 201)
async def create_group(client_id: UUID, data: NewGroup) -> tuple[GroupShape, int]:
    """Make a group."""
    made = await services().groups.create(principal(), client_id, data.name, data.description)
    return GroupShape.of(made), 201


@blueprint.patch("/clients/<uuid:client_id>/groups/<uuid:group_id>")
@requires("user:write")
@validate_request(GroupChange)
@validate_response(GroupShape)
async def change_group(client_id: UUID, group_id: UUID, data: GroupChange) -> GroupShape:
    """Rename or describe a group."""
    changed = await services().groups.update(
        principal(), client_id, group_id, data.base_version, data.name, data.description
    )
    return GroupShape.of(changed)


@blueprint.delete("/clients/<uuid:client_id>/groups/<uuid:group_id>")
@requires("user:write")
@answers(204, "The group is gone.")
async def delete_group(client_id: UUID, group_id: UUID) -> tuple[str, int]:
    """Remove a group; its people stay."""
    await services().groups.delete(principal(), client_id, group_id)
    return "", 204


@blueprint.get("/clients/<uuid:client_id>/groups/<uuid:group_id>/members")
@requires("user:read")
@validate_response(MemberPage)
async def list_members(client_id: UUID, group_id: UUID) -> MemberPage:
    """List who is in a group."""
    return MemberPage(list(await services().groups.members(principal(), client_id, group_id)))


@blueprint.put("/clients/<uuid:client_id>/groups/<uuid:group_id>/members")
@requires("user:write")
@validate_request(MemberList)
@validate_response(GroupShape)
async def set_members(client_id: UUID, group_id: UUID, data: MemberList) -> GroupShape:
    """Put exactly these people into a group."""
    changed = await services().groups.set_members(principal(), client_id, group_id, data.users)
    return GroupShape.of(changed)
