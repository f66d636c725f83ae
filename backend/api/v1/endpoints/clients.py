"""The clients a caller may see."""

from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services

blueprint = Blueprint("clients", __name__)


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


class ClientPage(msgspec.Struct):
    """Clients; there is never more than one page of them."""

    items: list[ClientShape]
    next: str | None = None


@blueprint.get("/clients")
@requires("client:read")
@validate_response(ClientPage)
async def list_clients() -> ClientPage:
    """List the clients of the caller's MSP, or its own one."""
    cards = await services().clients.visible(principal())
    return ClientPage([msgspec.convert(card, ClientShape, from_attributes=True) for card in cards])


@blueprint.get("/clients/<uuid:client_id>")
@requires("client:read")
@validate_response(ClientShape)
async def get_client(client_id: UUID) -> ClientShape:
    """Return one client."""
    card = await services().clients.one(principal(), client_id)
    return msgspec.convert(card, ClientShape, from_attributes=True)
