"""Which browser of a client obeys which policy version."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from quart import Response, render_template, request, url_for
from quart.typing import ResponseReturnValue

from backend.console.fleet_view import FleetState, fleet_state_of
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.visitors import page, visitor
from backend.core.errors import InvalidInput
from backend.services.deployment_files import LONGEST

MOST_USES: Final = 10_000


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
        may_enrol=visitor().may("device:enrol-code"),
        deployment_href=url_for("console.deployment", client_id=client_id),
        longest_days=LONGEST.days,
    )


@blueprint.post("/clients/<uuid:client_id>/deployment")
@page("device:enrol-code")
async def deployment(client_id: UUID) -> ResponseReturnValue:
    """Hand out the files for every browser of an office; the code inside is shown this once."""
    form = await request.form
    uses, days = _number(form.get("uses"), MOST_USES), _number(form.get("days"), LONGEST.days)
    made = await services().deployment_files.make(visitor(), client_id, uses, timedelta(days=days))
    headers = {"Content-Disposition": 'attachment; filename="quillgate-deployment.zip"'}
    return Response(made.archive(), headers=headers, content_type="application/zip")


def _number(text: str | None, most: int) -> int:
    """Return a number from a form. Raise InvalidInput for none between 1 and `most`."""
    if text is None or not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) <= most:
        raise InvalidInput(f"No files were made: write a number between 1 and {most:,}.")
    return int(text)


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
    return fleet_state_of(
        await services().fleet.of_client(visitor(), client_id),
        services().extension_package.files.build,
    )
