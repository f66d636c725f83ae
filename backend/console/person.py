"""One person: name, role and groups changed, suspended and let in again, invited once more."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from quart import redirect, request
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.people import Place, group_ids, staff_place
from backend.console.people_view import person_row, role_choices
from backend.console.room import blueprint, services
from backend.console.shapes import Notice
from backend.console.visitors import page, visitor
from backend.core.errors import QuillgateError, StepUpRequired
from backend.core.permissions import Role
from backend.services.user_administration import UserChange

_LONGEST: Final = 500
STEPS: Final = ("suspend", "reactivate", "archive")
_DONE: Final = {
    "changed": Notice("The change holds", "A new role ends what the person had open."),
    "suspend": Notice("Suspended", "Sign-ins and open sockets of this person have ended."),
    "reactivate": Notice("Active again", "This person may sign in again."),
    "archive": Notice("Archived", "What this person did stays attributable."),
    "invitation": Notice("Another invitation is on its way", "Earlier links no longer hold."),
    "withdrawn": Notice("The invitation is withdrawn", "No link of this person holds any more."),
}
Done = Callable[[], Awaitable[object]]


@blueprint.get("/clients/<uuid:client_id>/people/<uuid:user_id>")
@page("user:read")
async def person(client_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """Show one person of a client."""
    return await _shown(Place(client_id), user_id)


@blueprint.get("/staff/<uuid:user_id>")
@page("user:read")
async def staff_member(user_id: UUID) -> ResponseReturnValue:
    """Show one person of the MSP's own staff."""
    return await _shown(staff_place(), user_id)


@blueprint.post("/clients/<uuid:client_id>/people/<uuid:user_id>", endpoint="person_changed")
@page("user:write")
async def person_changed(client_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """Change somebody of a client."""
    return await _changed(Place(client_id), user_id)


@blueprint.post("/staff/<uuid:user_id>", endpoint="staff_changed")
@page("user:write")
async def staff_changed(user_id: UUID) -> ResponseReturnValue:
    """Change somebody of the MSP's own staff."""
    return await _changed(staff_place(), user_id)


async def _changed(place: Place, user_id: UUID) -> ResponseReturnValue:
    """Do what the pressed button says."""
    form = await request.form
    wanted, reason = form.get("do", "changed"), form.get("reason", "")[:_LONGEST]
    caller, invitations = visitor(), services().invitations

    async def act() -> None:
        if wanted in STEPS:
            await services().user_administration.step(caller, user_id, wanted, reason)
        elif wanted == "invitation":
            await invitations.send_again(caller, user_id)
        elif wanted == "withdrawn":
            await invitations.withdraw(caller, user_id)
        else:
            await _update(place, user_id)

    try:
        await services().users.one(caller, place.client_id, user_id)
        await act()
    except StepUpRequired:
        raise
    except QuillgateError as error:
        return await _shown(place, user_id, error)
    done = wanted if wanted in _DONE else "changed"
    return redirect(place.href("person", user_id=user_id, done=done), 303)


async def _update(place: Place, user_id: UUID) -> None:
    """Change what differs from what is there."""
    form = await request.form
    before = await services().users.one(visitor(), place.client_id, user_id)
    name, role = form.get("display_name", "")[:_LONGEST], form.get("role", "")
    groups = group_ids(form.getlist("group"))
    change = UserChange(
        name if name != before.card.display_name else None,
        Role(role) if role in set(Role) and role != before.card.role else None,
        groups if place.client_id and frozenset(groups) != before.groups else None,
    )
    if change != UserChange():
        await services().user_administration.update(visitor(), user_id, change)


async def _has_layer(client_id: UUID, user_id: UUID) -> bool:
    if not visitor().may("policy:read"):
        return False
    layers = await services().policy_layers.list_of(visitor(), client_id)
    return any(one.owner_id == user_id for one in layers)


async def _shown(
    place: Place, user_id: UUID, error: QuillgateError | None = None
) -> ResponseReturnValue:
    caller = visitor()
    found = await services().users.one(caller, place.client_id, user_id)
    text = await place.screen(
        "person.html",
        found.card.display_name,
        row=person_row(found.card),
        status=found.card.status,
        roles=role_choices(
            caller, is_of_client=place.client_id is not None, chosen=found.card.role
        ),
        groups=await place.groups(),
        member_of=found.groups,
        may_change=caller.may("user:write"),
        may_read_policy=caller.may("policy:read"),
        may_publish=caller.may("policy:publish"),
        has_layer=place.client_id is not None and await _has_layer(place.client_id, user_id),
        is_oneself=user_id == caller.user_id,
        problem=failures.words(error) if error else None,
        done=_DONE.get(request.args.get("done", "")),
    )
    return text, failures.status(error) if error else 200
