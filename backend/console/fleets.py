"""Which browser of a client obeys which policy version."""

from uuid import UUID

from quart import render_template, request, url_for
from quart.typing import ResponseReturnValue

from backend.console.fleet_view import FleetState, fleet_state_of
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.visitors import page, visitor


@blueprint.get("/clients/<uuid:client_id>/fleet")
@page("device:read")
async def fleet(client_id: UUID) -> ResponseReturnValue:
    """Show a client's browsers; the page renews the table by itself."""
    return await screen(
        "fleet.html",
        "Browsers",
        client=await services().clients.one(visitor(), client_id),
        fleet=await _state(client_id),
        fragment_href=url_for("console.fleet_state", client_id=client_id),
    )


@blueprint.get("/clients/<uuid:client_id>/fleet/state")
@page("device:read", is_fragment=True)
async def fleet_state(client_id: UUID) -> ResponseReturnValue:
    """Return the part of that page which changes."""
    return await render_template("fleet_state.html", fleet=await _state(client_id))


@blueprint.get("/clients/<uuid:client_id>/policy/obeying")
@page("device:read", is_fragment=True)
async def obeying(client_id: UUID) -> ResponseReturnValue:
    """Return how many browsers obey the policy in force, for who has just published it."""
    return await render_template(
        "obeying.html",
        fleet=await _state(client_id),
        shown=request.args.get("shown", ""),
        fleet_href=url_for("console.fleet", client_id=client_id),
    )


async def _state(client_id: UUID) -> FleetState:
    return fleet_state_of(await services().fleet.of_client(visitor(), client_id))
