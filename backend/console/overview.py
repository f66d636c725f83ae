"""The start of the console, and an MSP's clients."""

from dataclasses import replace
from typing import Any, Final

from quart import Quart, redirect, render_template, request, url_for
from quart.typing import ResponseReturnValue

from backend.console.client_table import (
    ORDERS,
    PAGE_SIZE,
    ClientTable,
    ClientWish,
    client_table,
)
from backend.console.first_steps import steps_of_msp
from backend.console.room import blueprint, services
from backend.console.screens import is_operator, makes_clients, screen
from backend.console.visitors import page, public_page, visitor

_LONGEST: Final = 120


@public_page
async def door() -> ResponseReturnValue:
    """Lead whoever types the bare address of the server to the console."""
    return redirect(url_for("console.home"), 303)


def open_door(app: Quart) -> None:
    """Register the one page outside the console's own addresses."""
    app.add_url_rule("/", "console.door", door)


@blueprint.get("", endpoint="home")
@page()
async def home() -> ResponseReturnValue:
    """Send people to what they look at first."""
    client_id = visitor().client_id
    if client_id is not None:
        return redirect(url_for("console.client_feed", client_id=client_id), 303)
    if is_operator(visitor()):
        return await screen("operator.html", "Platform")
    return redirect(url_for("console.clients"), 303)


@blueprint.get("/clients")
@page("msp:read")
async def clients() -> ResponseReturnValue:
    """Show every client of the MSP with its figures; the page renews them by itself."""
    if visitor().client_id is not None or is_operator(visitor()):
        return redirect(url_for("console.home"), 303)
    wish, table = _wish(), await _table()
    further = replace(wish, start=wish.start + PAGE_SIZE)
    return await screen(
        "clients.html",
        "Clients",
        table=table,
        steps=await steps_of_msp(has_clients=table.total > 0, has_browsers=table.browsers > 0),
        here=url_for("console.clients"),
        wish=wish,
        orders=[(name, words) for name, (words, _) in ORDERS.items()],
        more_href=_href("clients", further) if table.found > further.start else "",
        fragment_href=_href("clients_state", wish),
        new_href=url_for("console.client_new") if makes_clients(visitor()) else "",
    )


@blueprint.get("/clients/state")
@page("msp:read", is_fragment=True)
async def clients_state() -> ResponseReturnValue:
    """Return the part of that page which changes."""
    return await render_template("clients_state.html", table=await _table(), wish=_wish())


async def _table() -> ClientTable:
    summary = await services().msp_summary.of(visitor())
    cards = await services().clients.visible(visitor())
    return client_table(visitor(), summary, {card.id: card for card in cards}, _wish())


def _wish() -> ClientWish:
    """Return what the address asks for; what makes no sense asks for nothing."""
    order, start = request.args.get("order", ""), request.args.get("from", "")
    is_number = start.isascii() and start.isdecimal() and len(start) < len("1000000")
    return ClientWish(
        request.args.get("q", "")[:_LONGEST],
        order if order in ORDERS else "name",
        int(start) if is_number else 0,
    )


def _href(endpoint: str, wish: ClientWish) -> str:
    values: dict[str, Any] = wish.values()
    return url_for(f"console.{endpoint}", **values)
