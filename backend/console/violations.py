"""One violation with what was done about it, and the buttons that take the next step."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.feed_view import kinds_in_words
from backend.console.kept import local
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Choice, Notice, capitalised
from backend.console.times import moment
from backend.console.visitors import page, visitor
from backend.console.work_words import STATUS, STEP, durations
from backend.core.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    NotFound,
    PreconditionFailed,
)
from backend.services.shared_data import ai_services
from backend.services.violation_work import KEEP, NEXT, Keep, ViolationCard, WorkChange

MOST_AT_ONCE: Final = 200
_BUTTONS: Final = frozenset({"triaged", "resolved", "false_positive"})


@blueprint.get("/clients/<uuid:client_id>/violations/<uuid:violation_id>")
@page("violation:feed")
async def violation(client_id: UUID, violation_id: UUID) -> ResponseReturnValue:
    """Show one violation."""
    return await _page(client_id, violation_id)


@blueprint.post("/clients/<uuid:client_id>/violations/<uuid:violation_id>")
@page("violation:write")
async def change_violation(client_id: UUID, violation_id: UUID) -> ResponseReturnValue:
    """Take a step with one violation, with words."""
    form = (await request.form).to_dict()
    await services().clients.one(visitor(), client_id)
    try:
        change = _change(form)
        minutes = form.get("exempt_minutes", "")
        if minutes:
            await services().false_positives.accept(
                visitor(), violation_id, change, _number(minutes)
            )
        else:
            await services().violation_work.change(visitor(), violation_id, change)
    except (Conflict, Forbidden, InvalidInput, PreconditionFailed) as error:
        shown = await _page(client_id, violation_id, failures.words(error), form)
        return shown, failures.status(error)
    here = url_for("console.violation", client_id=client_id, violation_id=violation_id, done=1)
    return redirect(here, 303)


@blueprint.post("/clients/<uuid:client_id>/violations")
@page("violation:write")
async def change_violations(client_id: UUID) -> ResponseReturnValue:
    """Take one step with all that a row of the feed stands for.

    What somebody else has changed meanwhile stays as it is; the feed shows it anew.
    """
    form = (await request.form).to_dict()
    await services().clients.one(visitor(), client_id)
    step = form.get("step", "")
    if step not in _BUTTONS:
        raise InvalidInput("There is no such step. Open the feed anew and choose again.")
    owner: UUID | Keep = visitor().user_id if step == "triaged" else KEEP
    for violation_id, version in _members(form.get("members", "")):
        try:
            await services().violation_work.change(
                visitor(), violation_id, WorkChange(version, step, owner)
            )
        except (Conflict, NotFound, PreconditionFailed):
            continue
    back = local(form.get("back", "")) or url_for("console.client_feed", client_id=client_id)
    return redirect(back, 303)


def _members(given: str) -> list[tuple[UUID, int]]:
    try:
        parts = [one.split(":") for one in given.split(",")][:MOST_AT_ONCE]
        return [(UUID(one), int(version)) for one, version in parts]
    except ValueError:
        raise InvalidInput("The row could not be read. Open the feed anew.") from None


def _change(form: Mapping[str, str]) -> WorkChange:
    owners: dict[str, UUID | Keep | None] = {"me": visitor().user_id, "nobody": None}
    status = form.get("status", "")
    if status and status not in STATUS:
        raise InvalidInput("There is no such state. Open the page anew and choose again.")
    return WorkChange(
        _number(form.get("base_version", "")), status or None,
        owners.get(form.get("owner", ""), KEEP), form.get("comment", ""),
    )  # fmt: skip


def _number(typed: str) -> int:
    if not typed.isascii() or not typed.isdigit() or len(typed) > 9:  # noqa: PLR2004 -- fits an int
        raise InvalidInput("A number on this page could not be read. Open it anew.")
    return int(typed)


async def _page(
    client_id: UUID, violation_id: UUID, problem: Notice | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    client = await services().clients.one(visitor(), client_id)
    card = await services().violation_work.one(visitor(), violation_id)
    names = {service.id: service.name for service in ai_services()}
    policy = await services().policy_lookup.effective(visitor().scope_for(client_id), client_id)
    most = policy.policy.exception_minutes
    is_own = card.user_id == visitor().user_id
    can_be_a_mistake = "false_positive" in NEXT[card.status] and not is_own
    may_exempt = visitor().may("exception:decide") and most > 0 and can_be_a_mistake
    return await screen(
        "violation.html",
        "Violation",
        client=client,
        card=card,
        at=moment(card.recorded_at),
        kinds=kinds_in_words(card.kinds),
        service=names.get(card.service, card.service),
        status=capitalised(STATUS[card.status]),
        next_choices=_next(card),
        durations=durations(most) if may_exempt else (),
        may_write=visitor().may("violation:write"),
        why_href=_policy(client.id, "origins", "policy:read", user=card.user_id),
        policy_href=_policy(client.id, "policy", "policy:publish"),
        history=[(moment(one.at), one.actor, STEP.get(one.action, one.action), one.comment)
                 for one in card.history],
        problem=problem,
        typed=typed or {},
        done=Notice("Saved", "It is in the history, and feeds show it.")
        if request.args.get("done") else None,
    )  # fmt: skip


def _policy(client_id: UUID, endpoint: str, permission: str, **values: Any) -> str:
    """Return where a policy is looked at or changed, for who may."""
    may = visitor().may(permission)
    return url_for(f"console.{endpoint}", client_id=client_id, **values) if may else ""


def _next(card: ViolationCard) -> tuple[Choice, ...]:
    stays = Choice("", f"stays: {STATUS[card.status]}", is_chosen=True)
    order = [name for name in STATUS if name in NEXT[card.status]]
    return (stays, *(Choice(name, STATUS[name], is_chosen=False) for name in order))
