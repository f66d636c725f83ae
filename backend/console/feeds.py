"""The live feed of violations: of one client, or of all clients of an MSP."""

from typing import Any, Final
from uuid import UUID

from quart import redirect, render_template, request, url_for
from quart.typing import ResponseReturnValue

from backend.console.feed_filters import OLDER, audit_filter, chosen, fields
from backend.console.feed_view import FeedItem, Links, feed_item
from backend.console.first_steps import steps_of_client
from backend.console.room import blueprint, services
from backend.console.scopes import client_badge
from backend.console.screens import screen
from backend.console.visitors import page, visitor
from backend.services.clients import ClientCard
from backend.services.shared_data import ai_services
from backend.services.violation_list import Violation

SOCKET: Final = "/api/v1/live"


@blueprint.get("/feed")
@page("violation:feed")
async def feed() -> ResponseReturnValue:
    """Show what happens at all clients."""
    if visitor().client_id is not None:
        return redirect(url_for("console.home"), 303)
    return await _page(None)


@blueprint.get("/clients/<uuid:client_id>/feed")
@page("violation:feed")
async def client_feed(client_id: UUID) -> ResponseReturnValue:
    """Show what happens at one client."""
    return await _page(await services().clients.one(visitor(), client_id))


@blueprint.get("/feed/items")
@page("violation:feed", is_fragment=True)
async def feed_items() -> ResponseReturnValue:
    """Return the part of the MSP's feed that changes."""
    return await _fragment(None)


@blueprint.get("/clients/<uuid:client_id>/feed/items")
@page("violation:feed", is_fragment=True)
async def client_feed_items(client_id: UUID) -> ResponseReturnValue:
    """Return the part of a client's feed that changes."""
    return await _fragment(await services().clients.one(visitor(), client_id))


async def _page(client: ClientCard | None) -> str:
    items, older = await _items(client)
    filters = chosen(request.args)
    return await screen(
        "feed.html",
        "Live violations",
        client=client,
        items=items,
        steps=await steps_of_client(client) if client else (),
        older_href=older,
        filters=fields(request.args),
        is_filtered=bool(filters),
        is_live=OLDER not in request.args,
        here=request.path,
        back=_at(client, "feed", **filters),
        may_write=visitor().may("violation:write"),
        fragment_href=_at(client, "feed_items", **filters),
        socket_path=SOCKET,
        news=await services().service_news.of(visitor(), client.id if client else None),
        names_clients=visitor().client_id is None,
        service_news_href=_service_news(client),
    )


async def _fragment(client: ClientCard | None) -> str:
    items, older = await _items(client)
    return await render_template(
        "feed_items.html",
        items=items,
        older_href=older,
        is_filtered=bool(chosen(request.args)),
        here=_at(client, "feed"),
        back=_at(client, "feed", **chosen(request.args)),
        may_write=visitor().may("violation:write"),
    )


async def _items(client: ClientCard | None) -> tuple[list[FeedItem], str]:
    """Return the rows, and where older ones are, if there are any."""
    given = request.args
    found = await services().violation_feed.page(
        visitor(), audit_filter(client.id if client else None, given)
    )
    cards = () if client else await services().clients.visible(visitor())
    badges = {card.id: client_badge(card) for card in cards}
    names = {service.id: service.name for service in ai_services()}
    items = [
        feed_item(
            violation,
            names,
            badges.get(violation.client_id),
            _links(violation),
        )
        for violation in found.items
    ]
    if found.next is None:
        return items, ""
    return items, _at(client, "feed", **chosen(given), **{OLDER: found.next})


def _links(violation: Violation) -> Links:
    where: dict[str, Any] = {"client_id": violation.client_id}
    return Links(
        client=url_for("console.client_feed", **where),
        exceptions=url_for("console.client_exceptions", **where),
        details=url_for("console.violation", **where, violation_id=violation.id),
        change=url_for("console.change_violations", **where),
    )


def _service_news(client: ClientCard | None) -> str:
    if client is None:
        return url_for("console.service_news")
    return url_for("console.client_service_news", client_id=client.id)


def _at(client: ClientCard | None, endpoint: str, **values: Any) -> str:
    if client is None:
        return url_for(f"console.{endpoint}", **values)
    return url_for(f"console.client_{endpoint}", client_id=client.id, **values)
