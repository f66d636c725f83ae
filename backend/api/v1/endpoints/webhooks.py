"""Where what happens at a client is sent to."""

from datetime import datetime, timedelta
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
from backend.services.webhook_deliveries import Delivery
from backend.services.webhooks import LONGEST_OVERLAP_HOURS, NewWebhook, Webhook

blueprint = Blueprint("webhooks", __name__)
WebhookKind = Literal["violations", "policies", "exceptions", "services", "browsers"]
Kinds = Annotated[list[WebhookKind], msgspec.Meta(min_length=1, max_length=5)]


class NewWebhookShape(msgspec.Struct, forbid_unknown_fields=True):
    """What to send where: an https address of the public internet."""

    url: Annotated[str, msgspec.Meta(min_length=8, max_length=500)]
    kinds: Kinds = msgspec.field(default_factory=lambda: ["violations"])


class WebhookChoice(msgspec.Struct, forbid_unknown_fields=True):
    """What is sent from now on."""

    kinds: Kinds


class WebhookRotation(msgspec.Struct, forbid_unknown_fields=True):
    """For how long the secret before signs too."""

    overlap_hours: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_OVERLAP_HOURS)] = 24


class WebhookReplay(msgspec.Struct, forbid_unknown_fields=True):
    """From when on violations are sent once more."""

    since: Annotated[datetime, msgspec.Meta(tz=True)]


class WebhookShape(msgspec.Struct):
    """One webhook; `given_up` after two days of failing, until somebody resumes it."""

    id: UUID
    client_id: UUID
    url: str
    kinds: list[WebhookKind]
    state: Literal["working", "failing", "given_up", "paused"]
    last_sequence: int
    attempts: int
    failing_since: datetime | None
    last_error: str
    before_until: datetime | None
    created_at: datetime


class WebhookPage(msgspec.Struct):
    """A client's webhooks, oldest first; there is never a further page."""

    items: list[WebhookShape]
    next: str | None = None


class FreshWebhook(msgspec.Struct):
    """A webhook and the secret it signs with, shown this once (Standard Webhooks, HMAC-SHA256)."""

    webhook: WebhookShape
    secret: str


class DeliveryShape(msgspec.Struct):
    """One sending; `error` is empty where the receiver said that it has arrived."""

    id: UUID
    kind: str
    message_id: str
    events: int
    error: str
    milliseconds: int
    created_at: datetime


class DeliveryPage(msgspec.Struct):
    """The 50 newest sendings, newest first; there is never a further page."""

    items: list[DeliveryShape]
    next: str | None = None


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
    """Send what happens at a client somewhere from now on: ids, kinds and counts, never text."""
    whose = _whose(query_args)
    return _fresh(await services().webhooks.create(principal(), whose, data.url, data.kinds)), 201


@blueprint.patch("/webhooks/<uuid:webhook_id>")
@requires("webhook:write")
@validate_querystring(ClientQuery)
@validate_request(WebhookChoice)
@validate_response(WebhookShape)
async def choose_webhook_kinds(
    webhook_id: UUID, query_args: ClientQuery, data: WebhookChoice
) -> WebhookShape:
    """Choose what is sent from now on."""
    whose = _whose(query_args)
    return _shape(await services().webhooks.choose(principal(), whose, webhook_id, data.kinds))


@blueprint.post("/webhooks/<uuid:webhook_id>/rotate")
@requires("webhook:write")
@requires_step_up
@validate_querystring(ClientQuery)
@validate_request(WebhookRotation)
@validate_response(FreshWebhook, 201)
async def rotate_webhook_secret(
    webhook_id: UUID, query_args: ClientQuery, data: WebhookRotation
) -> tuple[FreshWebhook, int]:
    """Sign with a new secret; meanwhile both sign, so that the receiver can follow."""
    overlap = timedelta(hours=data.overlap_hours)
    whose = _whose(query_args)
    return _fresh(await services().webhooks.rotate(principal(), whose, webhook_id, overlap)), 201


@blueprint.post("/webhooks/<uuid:webhook_id>/pause")
@requires("webhook:write")
@validate_querystring(ClientQuery)
@validate_response(WebhookShape)
async def pause_webhook(webhook_id: UUID, query_args: ClientQuery) -> WebhookShape:
    """Send nothing until it is resumed; what happens meanwhile waits."""
    return _shape(await services().webhooks.pause(principal(), _whose(query_args), webhook_id))


@blueprint.post("/webhooks/<uuid:webhook_id>/resume")
@requires("webhook:write")
@validate_querystring(ClientQuery)
@validate_response(WebhookShape)
async def resume_webhook(webhook_id: UUID, query_args: ClientQuery) -> WebhookShape:
    """Try again at once from where it stopped; nothing in between is lost."""
    return _shape(await services().webhooks.resume(principal(), _whose(query_args), webhook_id))


@blueprint.post("/webhooks/<uuid:webhook_id>/replay")
@requires("webhook:write")
@requires_step_up
@validate_querystring(ClientQuery)
@validate_request(WebhookReplay)
@validate_response(WebhookShape)
async def replay_webhook(
    webhook_id: UUID, query_args: ClientQuery, data: WebhookReplay
) -> WebhookShape:
    """Send the violations since a moment once more."""
    whose = _whose(query_args)
    return _shape(await services().webhooks.replay(principal(), whose, webhook_id, data.since))


@blueprint.post("/webhooks/<uuid:webhook_id>/test")
@requires("webhook:write")
@validate_querystring(ClientQuery)
@validate_response(DeliveryShape)
async def test_webhook(webhook_id: UUID, query_args: ClientQuery) -> DeliveryShape:
    """Send a signed message without events now, and say what became of it."""
    whose = _whose(query_args)
    return _delivery(await services().webhook_delivery.test(principal(), whose, webhook_id))


@blueprint.get("/webhooks/<uuid:webhook_id>/deliveries")
@requires("webhook:write")
@validate_querystring(ClientQuery)
@validate_response(DeliveryPage)
async def list_webhook_deliveries(webhook_id: UUID, query_args: ClientQuery) -> DeliveryPage:
    """List what was sent lately, and what became of it."""
    whose = _whose(query_args)
    found = await services().webhook_deliveries.of(principal(), whose, webhook_id)
    return DeliveryPage([_delivery(one) for one in found])


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


def _fresh(made: NewWebhook) -> FreshWebhook:
    return FreshWebhook(_shape(made.webhook), made.secret)


def _delivery(one: Delivery) -> DeliveryShape:
    return msgspec.convert(one, DeliveryShape, from_attributes=True)
