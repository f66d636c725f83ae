"""The start of the console, and an MSP's clients."""

from quart import redirect, url_for
from quart.typing import ResponseReturnValue

from backend.console.room import blueprint, services
from backend.console.screens import client_menu, screen
from backend.console.shapes import ClientRow, Figure, moment, percent
from backend.console.visitors import page, visitor
from backend.services.msp_summary import ClientSummary


@blueprint.get("", endpoint="home")
@page()
async def home() -> ResponseReturnValue:
    """Send people to what they look at first."""
    client_id = visitor().client_id
    if client_id is None:
        return redirect(url_for("console.clients"), 303)
    return redirect(url_for("console.client_feed", client_id=client_id), 303)


@blueprint.get("/clients")
@page("msp:read")
async def clients() -> ResponseReturnValue:
    """Show every client of the MSP with its figures."""
    if visitor().client_id is not None:
        return redirect(url_for("console.home"), 303)
    summary = await services().msp_summary.of(visitor())
    rows = [_row(client) for client in summary.clients]
    return await screen("msp.html", "Clients", figures=_figures(summary.totals), clients=rows)


def _row(client: ClientSummary) -> ClientRow:
    menu = client_menu(visitor(), client.client_id)
    return ClientRow(
        name=client.name,
        href=menu[0].href if menu else "",
        current=client.browsers_current,
        browsers=client.browsers,
        seats=client.seats,
        prompts_day=client.prompts_24h,
        prompts_month=client.prompts_30d,
        violations=client.violations,
        left=client.left,
        last_event=moment(client.last_event_at),
    )


def _figures(totals: ClientSummary) -> tuple[Figure, ...]:
    share = percent(totals.browsers_current, totals.browsers)
    return (
        Figure(f"{totals.prompts_30d:,}", f"prompts checked, {totals.prompts_24h:,} in 24 hours"),
        Figure(f"{totals.violations:,}", "violations of a policy"),
        Figure(f"{totals.prevented:,}", "of them stopped or cleaned before they left"),
        Figure(f"{totals.left:,}", "of them left the browser"),
        Figure(
            f"{totals.browsers_current} of {totals.browsers}",
            f"browsers on the current policy ({share} %)",
        ),
    )
