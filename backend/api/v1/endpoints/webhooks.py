"""Where a client's violations are sent to."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires, requires_step_up
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.v1.fields import ClientQuery
from backend.api.validation import validate_querystring, validate_request
from backend.services.webhooks import Webhook

blueprint = Blueprint("webhooks", __name__)


class NewWebhookShape(msgspec.Struct, forbid_unknown_fields=True):
    """Where to send them; an https address of the public internet."""

    url: Annotated[str, msgspec.Meta(min_length=8, max_length=500)]


class WebhookShape(msgspec.Struct):
    """One webhook; `given_up` after two days of failing, until somebody resumes it."""

    id: UUID
    client_id: UUID
    url: str
    state: Literal["working", "failing", "given_up"]
    last_sequence: int
    attempts: int
    failing_since: datetime | None
    last_error: str
    created_at: datetime


class WebhookPage(msgspec.Struct):
    """A client's webhooks, oldest first; there is never a further page."""

    items: list[WebhookShape]
    next: str | None = None


class FreshWebhook(msgspec.Struct):
    """A webhook and the secret it signs with, shown this once (Standard Webhooks, HMAC-SHA256)."""

    webhook: WebhookShape
    secret: str


@blueprint.get("/webhooks")
@requires("webhook:write")
@validate_querystring(ClientQuery)
@validate_response(WebhookPage)
async def list_webhooks(query_args: ClientQuery) -> WebhookPage:
    """List a client's webhooks and how each fares."""
    found = await services().webhooks.of(principal(), _whose(query_args))
    return WebhookPage([_shape(one) for one in found])


@blueprint.post("/webhooks")
@requires("webhook:write")
@requires_step_up
@validate_querystring(ClientQuery)
@validate_request(NewWebhookShape)
@validate_response(FreshWebhook, 201)
async def create_webhook(
    query_args: ClientQuery, data: NewWebhookShape
) -> tuple[FreshWebhook, int]:
    """Send a client's violations somewhere from now on: ids, kinds and counts, never text."""
    made = await services().webhooks.create(principal(), _whose(query_args), data.url)
    return FreshWebhook(_shape(made.webhook), made.secret), 201


@blueprint.post("/webhooks/<uuid:webhook_id>/resume")
@requires("webhook:write")
@validate_querystring(ClientQuery)
@validate_response(WebhookShape)
async def resume_webhook(webhook_id: UUID, query_args: ClientQuery) -> WebhookShape:
    """Try again at once from where it stopped; nothing in between is lost."""
    return _shape(await services().webhooks.resume(principal(), _whose(query_args), webhook_id))


@blueprint.delete("/webhooks/<uuid:webhook_id>")
@requires("webhook:write")
@validate_querystring(ClientQuery)
@answers(204, "Nothing is sent there any more.")
async def remove_webhook(webhook_id: UUID, query_args: ClientQuery) -> tuple[str, int]:
    """End a webhook."""
    await services().webhooks.remove(principal(), _whose(query_args), webhook_id)
    return "", 204


def _whose(query: ClientQuery) -> UUID:
    return query.client_id or principal().own_client()


def _shape(webhook: Webhook) -> WebhookShape:
    return msgspec.convert(webhook, WebhookShape, from_attributes=True)
