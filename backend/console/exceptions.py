"""The page of exceptions: who asks for what, yes or no, what is in force, what was."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from quart import redirect, render_template, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.exception_view import ExceptionRow, exception_row
from backend.console.room import blueprint, services
from backend.console.scopes import client_badge
from backend.console.screens import screen
from backend.console.shapes import Choice, Notice
from backend.console.visitors import page, visitor
from backend.core.errors import Conflict, Forbidden, InvalidInput
from backend.services.clients import ClientCard
from backend.services.exception_decisions import Answer
from backend.services.exception_list import ExceptionFilter
from backend.services.shared_data import ai_services

SHOWN: Final = 100
PAST_SHOWN: Final = 25
_LONGEST: Final = 300
_OVER: Final = ("expired", "rejected", "withdrawn", "ended", "lapsed")
_DONE: Final = {
    "approve": Notice("Said yes", "Whoever asked hears of it within a second, in the open tab."),
    "reject": Notice("Said no", "Whoever asked reads your reason in the open tab."),
    "end": Notice("Ended", "From now on it is stopped again."),
}


@blueprint.get("/exceptions")
@page("exception:read")
async def exceptions() -> ResponseReturnValue:
    """Show the exceptions of all clients."""
    if visitor().client_id is not None:
        return redirect(url_for("console.home"), 303)
    return await _page(None)


@blueprint.get("/clients/<uuid:client_id>/exceptions")
@page("exception:read")
async def client_exceptions(client_id: UUID) -> ResponseReturnValue:
    """Show the exceptions of one client."""
    return await _page(await services().clients.one(visitor(), client_id))


@blueprint.get("/exceptions/state")
@page("exception:read", is_fragment=True)
async def exceptions_state() -> ResponseReturnValue:
    """Return the part of the MSP's page that changes."""
    return await render_template("exceptions_state.html", **await _state(None, _wanted()))


@blueprint.get("/clients/<uuid:client_id>/exceptions/state")
@page("exception:read", is_fragment=True)
async def client_exceptions_state(client_id: UUID) -> ResponseReturnValue:
    """Return the part of a client's page that changes."""
    client = await services().clients.one(visitor(), client_id)
    return await render_template("exceptions_state.html", **await _state(client, _wanted()))


@blueprint.post("/exceptions/<uuid:exception_id>")
@page("exception:decide")
async def decide_exception(exception_id: UUID) -> ResponseReturnValue:
    """Say yes or no, or end what is in force."""
    form = (await request.form).to_dict()
    found = await services().exception_list.one(visitor(), exception_id)
    of_client = form.get("of") == "client" or visitor().client_id is not None
    client = await services().clients.one(visitor(), found.client_id) if of_client else None
    try:
        await _decide(exception_id, form)
    except (Conflict, Forbidden, InvalidInput) as error:
        shown = await _page(client, failures.words(error), {exception_id: form.get("reason", "")})
        return shown, failures.status(error)
    return redirect(_at(client, done=form["step"]), 303)


async def _decide(exception_id: UUID, form: Mapping[str, str]) -> None:
    step, reason = form.get("step"), form.get("reason", "")
    decisions = services().exception_decisions
    if step == "end":
        await decisions.end(visitor(), exception_id, reason)
        return
    if step not in {"approve", "reject"}:
        raise InvalidInput("Say yes or no. Open the page anew and choose again.")
    minutes = _minutes(form.get("minutes", "")) if step == "approve" else None
    await decisions.decide(visitor(), exception_id, Answer(minutes, reason))


def _minutes(typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or len(typed) > 6:  # noqa: PLR2004 -- a week has 5
        raise InvalidInput("Choose for how long it shall hold.")
    return int(typed)


async def _page(
    client: ClientCard | None,
    problem: Notice | None = None,
    typed: Mapping[UUID, str] | None = None,
) -> str:
    wanted = _wanted()
    return await screen(
        "exceptions.html",
        "Exceptions",
        client=client,
        here=_at(client),
        fragment_href=_at(client, endpoint="exceptions_state", **wanted),
        filters=await _choices(client, wanted.get("service", "")),
        problem=problem,
        done=_DONE.get(request.args.get("done", "")),
        typed=typed or {},
        **await _state(client, wanted),
    )


def _wanted() -> dict[str, str]:
    """Return what the address filters by, and where past exceptions go on."""
    found = {name: request.args.get(name, "")[:_LONGEST] for name in ("service", "past")}
    return {name: text.replace("\0", "") for name, text in found.items() if text}


async def _choices(client: ClientCard | None, chosen: str) -> list[Choice]:
    found = await services().exception_list.services(visitor(), client.id if client else None)
    names = _names()
    choices = [Choice(one, names.get(one, one), one == chosen) for one in found]
    return sorted(choices, key=lambda one: one.label.casefold())


async def _state(client: ClientCard | None, wanted: Mapping[str, str]) -> dict[str, object]:
    service = wanted.get("service")
    pending, _ = await _rows(client, ("pending",), service)
    active, _ = await _rows(client, ("active",), service)
    over, more = await _rows(client, _OVER, service, wanted.get("past"))
    return {
        "pending": pending,
        "active": active,
        "over": over,
        "older_href": _at(client, **{**wanted, "past": more}) if more else "",
        "may_decide": visitor().may("exception:decide"),
        "of": "client" if client else "",
        "is_filtered": bool(service),
    }


async def _rows(
    client: ClientCard | None,
    states: tuple[str, ...],
    service: str | None,
    cursor: str | None = None,
) -> tuple[list[ExceptionRow], str]:
    limit = PAST_SHOWN if states == _OVER else SHOWN
    client_id = client.id if client else None
    wanted = ExceptionFilter(client_id, states, service=service, cursor=cursor, limit=limit)
    found = await services().exception_list.page(visitor(), wanted)
    cards = () if client else await services().clients.visible(visitor())
    badges = {card.id: client_badge(card) for card in cards}
    names = _names()
    rows = [exception_row(one, visitor(), names, badges.get(one.client_id)) for one in found.items]
    return rows, found.next or ""


def _names() -> dict[str, str]:
    return {service.id: service.name for service in ai_services()}


def _at(client: ClientCard | None, endpoint: str = "exceptions", **values: Any) -> str:
    if client is None:
        return url_for(f"console.{endpoint}", **values)
    return url_for(f"console.client_{endpoint}", client_id=client.id, **values)
