"""The news about AI services above a feed; the page renews it by itself."""

from uuid import UUID

from quart import render_template
from quart.typing import ResponseReturnValue

from backend.console.room import blueprint, services
from backend.console.visitors import page, visitor


@blueprint.get("/feed/service-news")
@page("ai_service:review", is_fragment=True)
async def service_news() -> ResponseReturnValue:
    """Return what is new at all clients."""
    return await _shown(None)


@blueprint.get("/clients/<uuid:client_id>/feed/service-news")
@page("ai_service:review", is_fragment=True)
async def client_service_news(client_id: UUID) -> ResponseReturnValue:
    """Return what is new at one client."""
    return await _shown((await services().clients.one(visitor(), client_id)).id)


async def _shown(client_id: UUID | None) -> str:
    news = await services().service_news.of(visitor(), client_id)
    return await render_template(
        "service_news.html", news=news, names_clients=visitor().client_id is None
    )
