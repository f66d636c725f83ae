"""Renders pages inside the common frame: who looks, at which client, with which menus."""

from typing import Any, Final
from uuid import UUID

from quart import g, render_template, request, url_for

from backend.console.room import services
from backend.console.shapes import ROLE_NAMES, MenuItem, Viewer
from backend.core.principal import Principal
from backend.services.clients import ClientCard

COLOURS: Final = 6
_MAIN: Final = (
    ("Clients", "console.clients", "msp:read"),
    ("Live violations", "console.feed", "violation:feed"),
)
_OF_CLIENT: Final = (
    ("Live violations", "console.client_feed", "violation:feed"),
    ("Browsers", "console.fleet", "device:read"),
    ("Policy", "console.policy", "policy:read"),
)


async def screen(
    template: str, title: str, *, client: ClientCard | None = None, **values: object
) -> str:
    """Return a page; with nobody signed in it has no menus."""
    caller: Principal | None = g.get("principal")
    return await render_template(
        template,
        title=title,
        viewer=await _viewer(caller) if caller else None,
        client=client,
        client_menu=client_menu(caller, client.id) if caller and client else (),
        scope_colour=f"scope-{client.id.bytes[-1] % COLOURS}" if client else "",
        **values,
    )


def client_menu(caller: Principal, client_id: UUID) -> tuple[MenuItem, ...]:
    """Return the links to a client's pages that the caller may open."""
    return tuple(
        _item(label, endpoint, client_id=client_id)
        for label, endpoint, permission in _OF_CLIENT
        if caller.may(permission)
    )


async def _viewer(caller: Principal) -> Viewer:
    card = await services().users.self_card(caller)
    async with services().database.scoped(caller.scope()) as connection:
        organisation = await connection.fetchval(
            "SELECT name FROM msps WHERE msp_id = $1", caller.msp_id
        )
    menu = () if caller.client_id else _MAIN
    return Viewer(
        name=card["display_name"] if card else "You",
        role_name=ROLE_NAMES.get(caller.role, str(caller.role)),
        organisation=organisation or "your organisation",
        menu=tuple(_item(label, endpoint) for label, endpoint, need in menu if caller.may(need)),
    )


def _item(label: str, endpoint: str, **values: Any) -> MenuItem:
    href = url_for(endpoint, **values)
    return MenuItem(label, href, is_current=request.path == href)
