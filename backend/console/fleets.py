"""Which browser of a client obeys which policy version."""

from typing import Final
from uuid import UUID

from quart import render_template, url_for
from quart.typing import ResponseReturnValue

from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import DASH, BrowserRow, FleetState, moment, percent
from backend.console.visitors import page, visitor
from backend.services.fleet import Browser, BrowserState, FleetView

_LOOKS: Final = {
    BrowserState.CURRENT: "allow",
    BrowserState.BEHIND: "warn",
    BrowserState.SILENT: "flag",
}


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


async def _state(client_id: UUID) -> FleetState:
    view: FleetView = await services().fleet.of_client(visitor(), client_id)
    current, total = view.count(BrowserState.CURRENT), len(view.browsers)
    return FleetState(
        policy_version=view.policy_version,
        current=current,
        total=total,
        behind=view.count(BrowserState.BEHIND),
        silent=view.count(BrowserState.SILENT),
        percent=percent(current, total),
        rows=tuple(_row(browser) for browser in view.browsers),
    )


def _row(browser: Browser) -> BrowserRow:
    version = browser.policy_version
    return BrowserRow(
        name=browser.name,
        person=browser.person,
        state=str(browser.state),
        look=_LOOKS[browser.state],
        policy="none yet" if version is None else f"version {version}",
        rulebook=browser.rulebook_version or DASH,
        last_seen=moment(browser.last_seen_at),
    )
