"""A client's AI services: the registry, what is decided, what was reached, what is asked for."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.ai_service_form import read_wish
from backend.console.ai_service_pages import registry_page, service_page
from backend.console.room import blueprint, services
from backend.console.shapes import Notice
from backend.console.visitors import page, visitor
from backend.core.errors import Conflict, InvalidInput, RefusedField
from backend.services.service_requests import Answer
from backend.services.sighted_hosts import read_log

_LONGEST_STOP: Final = 24 * 30


@blueprint.get("/clients/<uuid:client_id>/ai-services")
@page("ai_service:review")
async def ai_services(client_id: UUID) -> ResponseReturnValue:
    """Show the registry with what the client decided, and what waits for a decision."""
    return await registry_page(client_id, done=_done(request.args.get("done", "")))


@blueprint.get("/clients/<uuid:client_id>/ai-services/<service_id>")
@page("ai_service:review")
async def ai_service(client_id: UUID, service_id: str) -> ResponseReturnValue:
    """Show one service: its risk with the reasons, the decision in force and the history."""
    return await service_page(client_id, service_id, done=_done(request.args.get("done", "")))


@blueprint.post("/clients/<uuid:client_id>/ai-services/<service_id>")
@page("ai_service:decide", keeps_form=True)
async def decide_service(client_id: UUID, service_id: str) -> ResponseReturnValue:
    """Record a decision about a service."""
    typed = (await request.form).to_dict()
    try:
        await services().service_approvals.decide(
            visitor(), client_id, service_id, read_wish(typed)
        )
    except InvalidInput as error:
        field = error.field if isinstance(error, RefusedField) else "reason"
        why = error.why if isinstance(error, RefusedField) else error.message
        shown = await service_page(
            client_id, service_id, typed=typed, errors={field: why},
            problem=Notice("Nothing was decided", "What to change stands beside the field."),
        )  # fmt: skip
        return shown, failures.status(error)
    return _to("console.ai_service", client_id, "decided", service_id=service_id)


@blueprint.post("/clients/<uuid:client_id>/ai-services/<service_id>/stop")
@page("policy:publish")
async def stop_service(client_id: UUID, service_id: str) -> ResponseReturnValue:
    """Stop a service at once, for so many hours."""
    typed = (await request.form).to_dict()
    hours = _number(typed.get("hours", ""), _LONGEST_STOP)
    if hours is None:
        return await _refused(client_id, service_id, f"Choose 1 to {_LONGEST_STOP} hours.")
    try:
        await services().service_stops.throw(
            visitor(), client_id, service_id, "block", timedelta(hours=hours),
            typed.get("reason", ""),
        )  # fmt: skip
    except (InvalidInput, Conflict) as error:
        return await _refused(client_id, service_id, error.message)
    return _to("console.ai_services", client_id, "stopped")


@blueprint.post("/clients/<uuid:client_id>/ai-services/<service_id>/lift")
@page("policy:publish")
async def lift_stop(client_id: UUID, service_id: str) -> ResponseReturnValue:
    """End a stop before its time."""
    reason = (await request.form).get("reason", "")
    try:
        await services().service_stops.lift(visitor(), client_id, service_id, reason)
    except (InvalidInput, Conflict) as error:
        shown = await registry_page(client_id, problem=failures.words(error))
        return shown, failures.status(error)
    return _to("console.ai_services", client_id, "lifted")


@blueprint.post("/clients/<uuid:client_id>/service-requests/<uuid:request_id>")
@page("ai_service:decide", keeps_form=True)
async def answer_request(client_id: UUID, request_id: UUID) -> ResponseReturnValue:
    """Approve a request for a time, or reject it."""
    typed = (await request.form).to_dict()
    approves = typed.get("answer") == "approve"
    days = _number(typed.get("days", ""), 366) if approves else None
    try:
        if approves and days is None:
            raise InvalidInput("Choose 1 to 366 days.")  # noqa: TRY301 -- said like the others
        await services().service_requests.decide(
            visitor(), client_id, request_id, Answer(approves, typed.get("reason", ""), days)
        )
    except (InvalidInput, Conflict) as error:
        shown = await registry_page(
            client_id, problem=failures.words(error), typed={str(request_id): typed}
        )
        return shown, failures.status(error)
    return _to("console.ai_services", client_id, "approved" if approves else "rejected")


@blueprint.post("/clients/<uuid:client_id>/ai-services/import")
@page("ai_service:discover")
async def import_sightings(client_id: UUID) -> ResponseReturnValue:
    """Take a DNS or proxy log; what says nothing about AI is kept nowhere."""
    files = await request.files
    given = files.get("log")
    try:
        content = given.read().decode("utf-8") if given else ""
        media_type = "json" if ((given and given.filename) or "").endswith("json") else "csv"
        made = await services().service_sightings.import_log(
            visitor(), client_id, read_log(content, media_type)
        )
    except (InvalidInput, UnicodeDecodeError) as error:
        notice = (
            failures.words(error)
            if isinstance(error, InvalidInput)
            else Notice("That does not fit", "The file is not in UTF-8. Save it in UTF-8.")
        )
        return await registry_page(client_id, problem=notice), 422
    said = Notice(
        f"{made.lines:,} lines read",
        f"{made.hosts:,} AI services or hosts named like one, {len(made.first_seen):,} of them "
        f"for the first time. {made.ignored:,} lines said nothing about AI and are kept nowhere.",
    )
    return await registry_page(client_id, done=said)


async def _refused(client_id: UUID, service_id: str, why: str) -> ResponseReturnValue:
    notice = Notice("Nothing was stopped", why)
    if service_id == "*":
        return await registry_page(client_id, problem=notice), 422
    return await service_page(client_id, service_id, problem=notice), 422


def _to(endpoint: str, client_id: UUID, done: str, **values: Any) -> ResponseReturnValue:
    return redirect(url_for(endpoint, client_id=client_id, done=done, **values), 303)


def _number(text: str, most: int) -> int | None:
    number = (
        int(text) if text.isascii() and text.isdigit() and len(text) < len(str(most)) + 1 else 0
    )
    return number if 1 <= number <= most else None


def _done(name: str) -> Notice | None:
    said = _DONE.get(name)
    return Notice(*said) if said else None


_DONE: Final = {
    "decided": ("The decision is recorded", "Open tabs obey it within a second."),
    "stopped": (
        "The emergency stop holds",
        "Open tabs obey it within a second; it ends by itself.",
    ),
    "lifted": ("The emergency stop is over", "Open tabs hear of it within a second."),
    "approved": ("The request is approved", "It ends by itself; the person may go on at once."),
    "rejected": ("The request is rejected", "The person sees why."),
}
