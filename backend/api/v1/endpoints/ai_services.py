"""The registry of AI services, with what a client decided about each."""

from datetime import date

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.v1.endpoints.policies import ClientQuery
from backend.api.validation import validate_querystring

blueprint = Blueprint("ai_services", __name__)


class AiServiceShape(msgspec.Struct):
    """One AI service; null where nobody has found out."""

    id: str
    name: str
    vendor: str
    hosts: list[str]
    category: str
    trains_on_input: bool | None
    baa_available: bool | None
    home_url: str
    source: str
    checked_on: date
    status: str
    review_due: date | None


class AiServicePage(msgspec.Struct):
    """AI services; there is never more than one page of them."""

    items: list[AiServiceShape]
    next: str | None = None


@blueprint.get("/ai-services")
@requires("ai_service:read")
@validate_querystring(ClientQuery)
@validate_response(AiServicePage)
async def list_ai_services(query_args: ClientQuery) -> AiServicePage:
    """List the AI services with a client's decisions."""
    caller = principal()
    found = await services().ai_service_registry.listed(
        caller, query_args.client_id or caller.own_client()
    )
    return AiServicePage(
        [msgspec.convert(one, AiServiceShape, from_attributes=True) for one in found.services]
    )
