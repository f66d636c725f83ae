"""Renders pages inside the common frame: who looks, at which client, with which menus."""

from typing import Any, Final
from uuid import UUID

from quart import g, render_template, request, url_for

from backend.console.room import services
from backend.console.scopes import ScopeBadge, client_badge, organisation_badge
from backend.console.shapes import MenuItem, Viewer
from backend.core.permissions import Reach, Role
from backend.core.principal import Principal
from backend.services.clients import ClientCard

_ROLE_NAMES: Final = {
    Role.SUPER_ADMIN: "Platform operator",
    Role.MSP_ADMIN: "MSP administrator",
    Role.MSP_TECHNICIAN: "MSP technician",
    Role.CLIENT_ADMIN: "Client administrator",
    Role.AUDITOR: "Auditor",
}
_MAIN: Final = (
    ("Clients", "console.clients", "msp:read"),
    ("Live violations", "console.feed", "violation:feed"),
    ("Exceptions", "console.exceptions", "exception:read"),
    ("Templates", "console.templates", "policy:read"),
    ("Staff", "console.staff", "user:read"),
    ("API keys", "console.api_keys", "apikey:write"),
)
_OF_CLIENT: Final = (
    ("Live violations", "console.client_feed", "violation:feed"),
    ("Exceptions", "console.client_exceptions", "exception:read"),
    ("Browsers", "console.fleet", "device:read"),
    ("Policy", "console.policy", "policy:read"),
    ("Own rules", "console.own_rules", "policy:read"),
    ("AI services", "console.ai_services", "ai_service:review"),
    ("People", "console.people", "user:read"),
    ("Report", "console.report", "report:read"),
    ("Webhooks", "console.webhooks", "webhook:write"),
    ("Settings", "console.client_settings", "client:read"),
)
_HOLD_OTHERS: Final = frozenset(
    {
        "console.own_rules", "console.ai_services", "console.people", "console.staff",
        "console.client_settings", "console.policy", "console.templates",
        "console.fleet", "console.api_keys", "console.webhooks",
    }
)  # fmt: skip


async def screen(
    template: str, title: str, *, client: ClientCard | None = None, **values: object
) -> str:
    """Return a page; with nobody signed in it has no menus."""
    caller: Principal | None = g.get("principal")
    return await render_template(
        template,
        title=title,
        viewer=await _viewer(caller, client) if caller else None,
        client=client,
        is_development=services().settings.debug,
        **values,
    )


def client_menu(caller: Principal, client_id: UUID) -> tuple[MenuItem, ...]:
    """Return the links to a client's pages that the caller may open; keys are one's own."""
    pages = [
        _item(label, endpoint, client_id=client_id)
        for label, endpoint, permission in _OF_CLIENT
        if caller.may(permission)
    ]
    if caller.client_id and caller.may("apikey:write"):
        pages.insert(-1, _item("API keys", "console.api_keys"))
    return tuple(pages)


async def _viewer(caller: Principal, client: ClientCard | None) -> Viewer:
    card = await services().users.self_card(caller)
    if client is None and caller.client_id and not caller.is_limited:
        client = await services().clients.one(caller, caller.client_id)
    organisation = (card.msp_name if card else None) or "the platform"
    menu = () if caller.client_id or is_operator(caller) else _MAIN
    return Viewer(
        name=card.display_name if card else "You",
        role_name=_ROLE_NAMES.get(caller.role, str(caller.role)),
        organisation=organisation,
        menu=tuple(_item(label, endpoint) for label, endpoint, need in menu if caller.may(need)),
        scope=client_badge(client) if client else _whole(caller, organisation),
        scope_menu=client_menu(caller, client.id) if client and has_console(caller) else (),
        up_href=url_for("console.clients") if client and not caller.client_id else "",
        account_href=url_for("console.account"),
    )


def has_console(caller: Principal) -> bool:
    """Return whether the console is for somebody; who only uses the extension needs none."""
    return caller.role not in {Role.END_USER, Role.DEVICE}


def makes_clients(caller: Principal) -> bool:
    """Return whether somebody makes and suspends clients: administrators of an MSP do."""
    return caller.may("client:write", Reach.MSP) and not is_operator(caller)


def is_operator(caller: Principal) -> bool:
    """Return whether somebody looks after the platform and not after anybody's data."""
    return caller.role is Role.SUPER_ADMIN


def _whole(caller: Principal, organisation: str) -> ScopeBadge:
    if is_operator(caller):
        return organisation_badge("The platform", "QG")
    return organisation_badge(f"All clients of {organisation}")


def _item(label: str, endpoint: str, **values: Any) -> MenuItem:
    href = url_for(endpoint, **values)
    is_within = endpoint in _HOLD_OTHERS and request.path.startswith(f"{href}/")
    return MenuItem(label, href, is_current=is_within or request.path == href)
