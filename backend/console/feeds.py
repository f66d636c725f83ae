"""The live feed of violations: of one client, or of all clients of an MSP."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from quart import redirect, url_for
from quart.typing import ResponseReturnValue

from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import FeedItem, clock_time, counted
from backend.console.visitors import page, visitor
from backend.services.clients import ClientCard
from backend.services.shared_data import ai_services

SOCKET: Final = "/api/v1/live"


@blueprint.get("/feed")
@page("violation:feed")
async def feed() -> ResponseReturnValue:
    """Show what happens at all clients."""
    if visitor().client_id is not None:
        return redirect(url_for("console.home"), 303)
    return await _feed(None)


@blueprint.get("/clients/<uuid:client_id>/feed")
@page("violation:feed")
async def client_feed(client_id: UUID) -> ResponseReturnValue:
    """Show what happens at one client."""
    return await _feed(await services().clients.one(visitor(), client_id))


async def _feed(client: ClientCard | None) -> str:
    events = await services().violation_feed.recent(visitor(), client.id if client else None)
    cards = () if client else await services().clients.visible(visitor())
    names = {service.id: service.name for service in ai_services()}
    return await screen(
        "feed.html",
        "Live violations",
        client=client,
        items=[_item(event, names, with_client=client is None) for event in events],
        client_names={str(card.id): card.name for card in cards},
        service_names=names,
        socket_path=SOCKET,
    )


def _item(event: Mapping[str, Any], names: Mapping[str, str], *, with_client: bool) -> FeedItem:
    service = names.get(event["ai_service_id"] or "") or event["service_host"]
    where = (event["client_name"] if with_client else "", service)
    said = (event["disposition"].replace("_", " "), event["channel"].replace("_", " "))
    return FeedItem(
        client_id=event["client_id"],
        submission_id=event["submission_id"],
        sequence=event["sequence"],
        recorded_at=event["recorded_at"],
        time=clock_time(datetime.fromisoformat(event["recorded_at"]), services().clock.now()),
        action=event["action"],
        kinds=counted(event["kinds"]),
        detail=" · ".join([*said, f"policy version {event['policy_version']}"]),
        where=" · ".join(part for part in where if part),
    )
