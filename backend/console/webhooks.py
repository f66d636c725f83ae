"""Where what happens at a client is sent: listed, added, tried, paused, signed anew, ended."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.visitors import page, visitor
from backend.console.webhook_view import delivery_row, error_words, kind_choices, webhook_row
from backend.core.errors import InvalidInput, NotFound, QuillgateError
from backend.services.webhooks import MOST, NewWebhook

OVERLAPS: Final = ((1, "an hour"), (24, "a day"), (168, "a week"), (0, "not at all"))
DAYS: Final = ((1, "24 hours"), (7, "7 days"), (30, "30 days"))
_LONGEST: Final = 500
_DONE: Final = {
    "choose": Notice("That is sent from now on", "What began before goes on where it stands."),
    "pause": Notice("Paused", "What happens meanwhile waits, and comes when it is resumed."),
    "resume": Notice("Resumed", "It goes on where it stopped. Nothing in between is lost."),
    "replay": Notice("The past comes once more", "Receivers tell by the submission's id."),
    "remove": Notice("The webhook is gone", "Nothing is sent there any more."),
    "arrived": Notice("The test arrived", "The receiver answered that it has it."),
}


@blueprint.get("/clients/<uuid:client_id>/webhooks")
@page("webhook:write")
async def webhooks(client_id: UUID) -> ResponseReturnValue:
    """Show a client's webhooks."""
    return await _listed(client_id)


@blueprint.post("/clients/<uuid:client_id>/webhooks", endpoint="webhook_made")
@page("webhook:write", needs_step_up=True)
async def webhook_made(client_id: UUID) -> ResponseReturnValue:
    """Add one; its secret is shown this once."""
    form = await request.form
    url, kinds = form.get("url", "").strip()[:_LONGEST], form.getlist("kind")
    try:
        made = await services().webhooks.create(visitor(), client_id, url, _ticked(kinds))
    except QuillgateError as error:
        return await _listed(client_id, error, url=url, kinds=kinds)
    return await _shown(client_id, made.webhook.id, made=made)


@blueprint.get("/clients/<uuid:client_id>/webhooks/<uuid:webhook_id>")
@page("webhook:write")
async def webhook(client_id: UUID, webhook_id: UUID) -> ResponseReturnValue:
    """Show one webhook with what became of what was sent."""
    return await _shown(client_id, webhook_id)


@blueprint.post("/clients/<uuid:client_id>/webhooks/<uuid:webhook_id>", endpoint="webhook_changed")
@page("webhook:write")
async def webhook_changed(client_id: UUID, webhook_id: UUID) -> ResponseReturnValue:
    """Try, pause, resume or end one, or choose what is sent."""
    form, who, act = await request.form, visitor(), services().webhooks
    wanted = form.get("do", "")
    try:
        if wanted == "test":
            tried = await services().webhook_delivery.test(who, client_id, webhook_id)
            if tried.error:
                raise InvalidInput(f"The test did not arrive: {error_words(tried.error)}.")
            wanted = "arrived"
        elif wanted == "choose":
            await act.choose(who, client_id, webhook_id, _ticked(form.getlist("kind")))
        elif wanted == "pause":
            await act.pause(who, client_id, webhook_id)
        elif wanted == "resume":
            await act.resume(who, client_id, webhook_id)
        elif wanted == "remove":
            await act.remove(who, client_id, webhook_id)
            return redirect(url_for("console.webhooks", client_id=client_id, done=wanted), 303)
        else:
            raise InvalidInput("Say what is to be done with this webhook.")
    except NotFound:
        raise
    except QuillgateError as error:
        return await _shown(client_id, webhook_id, error)
    return _back(client_id, webhook_id, wanted)


@blueprint.post(
    "/clients/<uuid:client_id>/webhooks/<uuid:webhook_id>/secret", endpoint="webhook_rotated"
)
@page("webhook:write", needs_step_up=True)
async def webhook_rotated(client_id: UUID, webhook_id: UUID) -> ResponseReturnValue:
    """Sign with a new secret, and for the chosen time with the one before too."""
    chosen = (await request.form).get("overlap", "")
    hours = next((hours for hours, _ in OVERLAPS if str(hours) == chosen), OVERLAPS[1][0])
    made = await services().webhooks.rotate(
        visitor(), client_id, webhook_id, timedelta(hours=hours)
    )
    return await _shown(client_id, webhook_id, made=made)


@blueprint.post(
    "/clients/<uuid:client_id>/webhooks/<uuid:webhook_id>/replay", endpoint="webhook_replayed"
)
@page("webhook:write", needs_step_up=True)
async def webhook_replayed(client_id: UUID, webhook_id: UUID) -> ResponseReturnValue:
    """Send the violations of the last days once more."""
    chosen = (await request.form).get("days", "")
    days = next((days for days, _ in DAYS if str(days) == chosen), DAYS[0][0])
    since = services().clock.now() - timedelta(days=days)
    await services().webhooks.replay(visitor(), client_id, webhook_id, since)
    return _back(client_id, webhook_id, "replay")


def _back(client_id: UUID, webhook_id: UUID, done: str) -> ResponseReturnValue:
    there = url_for("console.webhook", client_id=client_id, webhook_id=webhook_id, done=done)
    return redirect(there, 303)


def _ticked(kinds: list[str]) -> list[str]:
    if not kinds:
        raise InvalidInput("Nothing would be sent. Tick what the receiver is to hear of.")
    return kinds


async def _listed(
    client_id: UUID,
    error: QuillgateError | None = None,
    *,
    url: str = "",
    kinds: list[str] | None = None,
) -> ResponseReturnValue:
    client = await services().clients.one(visitor(), client_id)
    found = await services().webhooks.of(visitor(), client_id)
    text = await screen(
        "webhooks.html",
        "Webhooks",
        client=client,
        rows=[webhook_row(one) for one in found],
        has_room=len(found) < MOST,
        most=MOST,
        url=url,
        choices=kind_choices(["violations"] if kinds is None else kinds),
        problem=failures.words(error) if error else None,
        done=_DONE.get(request.args.get("done", "")),
    )
    return text, failures.status(error) if error else 200


async def _shown(
    client_id: UUID,
    webhook_id: UUID,
    error: QuillgateError | None = None,
    *,
    made: NewWebhook | None = None,
) -> ResponseReturnValue:
    client = await services().clients.one(visitor(), client_id)
    deliveries = await services().webhook_deliveries.of(visitor(), client_id, webhook_id)
    found = await services().webhooks.of(visitor(), client_id)
    text = await screen(
        "webhook.html",
        "Webhook",
        client=client,
        row=next(webhook_row(one) for one in found if one.id == webhook_id),
        deliveries=[delivery_row(one) for one in deliveries],
        secret=made.secret if made else "",
        overlaps=OVERLAPS,
        days=DAYS,
        problem=failures.words(error) if error else None,
        done=_DONE.get(request.args.get("done", "")),
    )
    return text, failures.status(error) if error else 200
