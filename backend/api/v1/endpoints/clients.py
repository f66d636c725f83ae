"""The clients of an MSP: made, changed, suspended, archived."""

from typing import Annotated, Self
from uuid import UUID

import msgspec
from quart import Blueprint, Response
from quart_schema import validate_response

from backend.api.authentication import requires, requires_step_up
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.idempotency import idempotent
from backend.api.v1.fields import Name, Reason, ReasonShape, Version
from backend.api.validation import validate_request
from backend.core.permissions import Reach
from backend.services.client_administration import ClientState, NewClient
from backend.services.clients import ClientCard

blueprint = Blueprint("clients", __name__)
SeatCount = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
Country = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$(?!\n)")]
Timezone = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_-]{1,64}$(?!\n)")]
Codes = Annotated[list[Code], msgspec.Meta(max_length=32)]
Days = Annotated[int, msgspec.Meta(ge=0, le=365)]


class ClientShape(msgspec.Struct):
    """One client."""

    id: UUID
    msp_id: UUID
    name: str
    slug: str
    status: str
    seats: int
    country: str
    timezone: str
    frameworks: list[str]
    version: int
    grace_days: int

    @classmethod
    def of(cls, client: ClientCard | ClientState) -> Self:
        """Shape a client."""
        return msgspec.convert(client, cls, from_attributes=True)


class ClientPage(msgspec.Struct):
    """Clients; there is never more than one page of them."""

    items: list[ClientShape]
    next: str | None = None


class NewClientShape(msgspec.Struct, forbid_unknown_fields=True):
    """A client to be made from a policy template; only the platform's operator names the MSP."""

    name: Name
    template: Code = "hipaa"
    seats: SeatCount = 0
    country: Country = "US"
    timezone: Timezone = "UTC"
    frameworks: Codes = []
    msp_id: UUID | None = None


class ClientChange(msgspec.Struct, forbid_unknown_fields=True):
    """What to change, on top of the version that was read. What is left out stays."""

    base_version: Version
    name: Name | msgspec.UnsetType = msgspec.UNSET
    seats: SeatCount | msgspec.UnsetType = msgspec.UNSET
    country: Country | msgspec.UnsetType = msgspec.UNSET
    timezone: Timezone | msgspec.UnsetType = msgspec.UNSET
    frameworks: Codes | msgspec.UnsetType = msgspec.UNSET
    grace_days: Days | msgspec.UnsetType = msgspec.UNSET

    def changes(self) -> dict[str, object]:
        """Return the named fields."""
        given = msgspec.structs.asdict(self)
        return {
            name: value
            for name, value in given.items()
            if name != "base_version" and value is not msgspec.UNSET
        }


class OffboardingShape(msgspec.Struct, forbid_unknown_fields=True):
    """Why a client goes, and its name typed by hand."""

    reason: Reason
    confirm_name: Name


@blueprint.get("/clients")
@requires("client:read")
@validate_response(ClientPage)
async def list_clients() -> ClientPage:
    """List the clients of the caller's MSP, or its own one."""
    return ClientPage([ClientShape.of(c) for c in await services().clients.visible(principal())])


@blueprint.post("/clients")
@requires("client:write", Reach.MSP)
@idempotent
@validate_request(NewClientShape)
@validate_response(ClientShape, 201)
async def create_client(data: NewClientShape) -> tuple[ClientShape, int]:
    """Make a client with a policy from a template, in one step or not at all."""
    wanted = NewClient(**{**msgspec.structs.asdict(data), "frameworks": tuple(data.frameworks)})
    return ClientShape.of(await services().client_administration.create(principal(), wanted)), 201


@blueprint.get("/clients/<uuid:client_id>")
@requires("client:read")
@validate_response(ClientShape)
async def get_client(client_id: UUID) -> ClientShape:
    """Return one client."""
    return ClientShape.of(await services().clients.one(principal(), client_id))


@blueprint.patch("/clients/<uuid:client_id>")
@requires("client:write")
@validate_request(ClientChange)
@validate_response(ClientShape)
async def change_client(client_id: UUID, data: ClientChange) -> ClientShape:
    """Change some fields of a client; its own administrator sets time zone and frameworks."""
    changed = await services().client_administration.update(
        principal(), client_id, data.base_version, data.changes()
    )
    return ClientShape.of(changed)


@blueprint.post("/clients/<uuid:client_id>/suspend")
@requires("client:write", Reach.MSP)
@validate_request(ReasonShape)
@validate_response(ClientShape)
async def suspend_client(client_id: UUID, data: ReasonShape) -> ClientShape:
    """Suspend a client: everything can be read, nothing changed; its browsers go on."""
    return await _stepped(client_id, "suspend", data.reason)


@blueprint.post("/clients/<uuid:client_id>/reactivate")
@requires("client:write", Reach.MSP)
@validate_request(ReasonShape)
@validate_response(ClientShape)
async def reactivate_client(client_id: UUID, data: ReasonShape) -> ClientShape:
    """Make a suspended or archived client active again."""
    return await _stepped(client_id, "reactivate", data.reason)


@blueprint.post("/clients/<uuid:client_id>/archive")
@requires("client:write", Reach.MSP)
@validate_request(ReasonShape)
@validate_response(ClientShape)
async def archive_client(client_id: UUID, data: ReasonShape) -> ClientShape:
    """Archive a client: its browsers and sign-ins end, its evidence stays."""
    return await _stepped(client_id, "archive", data.reason)


@blueprint.get("/clients/<uuid:client_id>/export")
@requires("client:export", Reach.MSP)
@requires_step_up
@answers(200, "Every row of the client, one JSON object a line (NDJSON).", "application/x-ndjson")
async def export_client(client_id: UUID) -> Response:
    """Export all a client has, without secrets; the last line counts the rows before it."""
    caller, offboarding = principal(), services().offboarding
    await offboarding.begin_export(caller, client_id)
    rows = offboarding.exported(caller, client_id)
    headers = {"Content-Disposition": 'attachment; filename="client.jsonl"'}
    response = Response(rows, headers=headers, content_type="application/x-ndjson")
    response.timeout = None
    return response


@blueprint.post("/clients/<uuid:client_id>/offboard")
@requires("client:write", Reach.MSP)
@validate_request(OffboardingShape)
@answers(204, "The client's keys are destroyed.")
async def offboard_client(client_id: UUID, data: OffboardingShape) -> tuple[str, int]:
    """Destroy the keys of an archived client that has been exported; this cannot be undone."""
    await services().offboarding.offboard(principal(), client_id, data.confirm_name, data.reason)
    return "", 204


async def _stepped(client_id: UUID, step: str, reason: str) -> ClientShape:
    changed = await services().client_administration.step(principal(), client_id, step, reason)
    return ClientShape.of(changed)
