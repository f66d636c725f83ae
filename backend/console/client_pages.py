"""A client made, and its settings: seats, state, lockbox, technicians."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import client_forms, failures
from backend.console.first_steps import steps_of_client
from backend.console.room import blueprint, services
from backend.console.screens import makes_clients, screen
from backend.console.settings_view import settings_view
from backend.console.shapes import Notice
from backend.console.visitors import page, visitor
from backend.core.errors import InvalidInput, QuillgateError
from backend.services.shared_data import frameworks, templates

_LONGEST: Final = 500
_HOURS: Final = {"1": 1, "8": 8, "24": 24, "168": 168}
_STEPS: Final = frozenset({"suspend", "reactivate", "archive"})
_DONE: Final = {
    "made": Notice("The client is there", "Below is what comes next."),
    "changed": Notice("The change holds", "It is in the trail of changes."),
    "suspend": Notice("Suspended", "People read on and change nothing; browsers go on enforcing."),
    "reactivate": Notice("Active again", "Everything works as before."),
    "archive": Notice("Archived", "Browsers are disconnected; the evidence is kept."),
    "lockbox": Notice("The lockbox is set", "Your service provider is told at once."),
    "technician": Notice("The technicians are set", "Open pages follow at once."),
}


@blueprint.get("/clients/new")
@page("client:write")
async def client_new() -> ResponseReturnValue:
    """Ask for a new client."""
    if not makes_clients(visitor()):
        return redirect(url_for("console.home"), 303)
    return await _asking()


@blueprint.post("/clients/new", endpoint="client_made")
@page("client:write")
async def client_made() -> ResponseReturnValue:
    """Make a client with its first policy."""
    if not makes_clients(visitor()):
        return redirect(url_for("console.home"), 303)
    try:
        wanted = client_forms.new_client(await request.form)
        made = await services().client_administration.create(visitor(), wanted)
    except QuillgateError as error:
        return await _asking(error)
    return redirect(url_for("console.client_settings", client_id=made.id, done="made"), 303)


@blueprint.get("/clients/<uuid:client_id>/settings")
@page("client:read")
async def client_settings(client_id: UUID) -> ResponseReturnValue:
    """Show a client's settings."""
    return await _shown(client_id)


@blueprint.post("/clients/<uuid:client_id>/settings", endpoint="client_changed")
@page("client:write")
async def client_changed(client_id: UUID) -> ResponseReturnValue:
    """Change settings, or the client's state."""
    form = await request.form
    wanted, administration = form.get("do", ""), services().client_administration
    try:
        if wanted in _STEPS:
            reason = form.get("reason", "")[:_LONGEST]
            await administration.step(visitor(), client_id, wanted, reason)
        else:
            card = await services().clients.one(visitor(), client_id)
            before: dict[str, Any] = {
                "name": card.name, "seats": card.seats, "country": card.country,
                "grace_days": card.grace_days, "timezone": card.timezone,
                "frameworks": sorted(card.frameworks),
            }  # fmt: skip
            changed = client_forms.changes(form, before, is_msp=makes_clients(visitor()))
            base_version = client_forms.whole(form, "base_version")
            await administration.update(visitor(), client_id, base_version, changed)
    except QuillgateError as error:
        return await _shown(client_id, error)
    return _back(client_id, wanted if wanted in _STEPS else "changed")


@blueprint.post("/clients/<uuid:client_id>/lockbox", endpoint="lockbox_set")
@page("lockbox:write")
async def lockbox_set(client_id: UUID) -> ResponseReturnValue:
    """Let the service provider in, keep it out, or let it in for a time."""
    form = await request.form
    wanted, reason = form.get("do", ""), form.get("reason", "")[:_LONGEST]
    hours = _HOURS.get(form.get("hours", ""), 1)
    until = services().clock.now() + timedelta(hours=hours) if wanted == "for-a-time" else None
    try:
        if wanted not in {"open", "close", "for-a-time"}:
            raise InvalidInput("Say whether the lockbox is open, closed, or open for a time.")
        await services().lockboxes.set(
            visitor(), client_id, reason, is_closed=wanted != "open", open_until=until
        )
    except QuillgateError as error:
        return await _shown(client_id, error)
    return _back(client_id, "lockbox")


@blueprint.post("/clients/<uuid:client_id>/technicians", endpoint="technicians_set")
@page("assignment:write")
async def technicians_set(client_id: UUID) -> ResponseReturnValue:
    """Assign exactly the technicians that are ticked."""
    ticked = set((await request.form).getlist("technician"))
    assignments = services().assignments
    try:
        present = {one.user_id for one in await assignments.of_client(visitor(), client_id)}
        for one in await services().users.staff(visitor(), None, None, 200):
            if one.role == "msp_technician" and (str(one.id) in ticked) != (one.id in present):
                act = assignments.assign if str(one.id) in ticked else assignments.withdraw
                await act(visitor(), client_id, one.id)
    except QuillgateError as error:
        return await _shown(client_id, error)
    return _back(client_id, "technician")


def _back(client_id: UUID, done: str) -> ResponseReturnValue:
    return redirect(url_for("console.client_settings", client_id=client_id, done=done), 303)


async def _asking(error: QuillgateError | None = None) -> ResponseReturnValue:
    form = await request.form
    text = await screen(
        "client_new.html",
        "New client",
        given={name: form.get(name, "") for name in ("name", "seats", "country", "timezone")},
        chosen_template=form.get("template", "hipaa-strict"),
        templates=tuple(templates().values()),
        frameworks=frameworks(),
        ticked=frozenset(form.getlist("framework")),
        problem=failures.words(error) if error else None,
    )
    return text, failures.status(error) if error else 200


async def _shown(client_id: UUID, error: QuillgateError | None = None) -> ResponseReturnValue:
    caller = visitor()
    client = await services().clients.one(caller, client_id)
    text = await screen(
        "client_settings.html",
        "Settings",
        client=client,
        settings=await settings_view(caller, client_id),
        steps=await steps_of_client(client),
        frameworks=frameworks(),
        is_msp=makes_clients(visitor()),
        may_change=caller.may("client:write"),
        is_staff=caller.client_id is None,
        may_lock=caller.may("lockbox:write"),
        problem=failures.words(error) if error else None,
        done=_DONE.get(request.args.get("done", "")),
    )
    return text, failures.status(error) if error else 200
