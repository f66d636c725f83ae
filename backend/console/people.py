"""The people of a client, or an MSP's own staff: listed, searched, invited, put into groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from quart import Response, redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.first_steps import steps_of_client
from backend.console.people_view import person_rows, role_choices
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.visitors import page, visitor
from backend.core.errors import InvalidInput, NotFound, QuillgateError, StepUpRequired
from backend.core.permissions import Role
from backend.services.groups import GroupCard
from backend.services.user_administration import NewUser

PAGE_SIZE: Final = 50
MOST_GROUPS: Final = 200
_LONGEST: Final = 254


@dataclass(frozen=True, slots=True)
class Place:
    """Whose people a page shows: a client's, or without one those of the visitor's own MSP."""

    client_id: UUID | None

    def href(self, page_name: str = "people", **values: object) -> str:
        """Return the address of one of the pages about these people."""
        if self.client_id is None:
            names = {"people": "console.staff", "person": "console.staff_member"}
            return url_for(names.get(page_name, f"console.staff_{page_name}"), **values)  # type: ignore[arg-type]
        return url_for(f"console.{page_name}", client_id=self.client_id, **values)  # type: ignore[arg-type]

    async def groups(self) -> tuple[GroupCard, ...]:
        """Return the groups these people may be in, by name."""
        if self.client_id is None:
            return ()
        found = await services().groups.of_client(visitor(), self.client_id, None, MOST_GROUPS)
        return tuple(sorted(found, key=lambda one: one.name.casefold()))

    async def screen(self, template: str, title: str, **values: object) -> str:
        """Return a page about these people, with what comes next at a client."""
        if self.client_id is None:
            return await screen(template, title, client=None, place=self, **values)
        card = await services().clients.one(visitor(), self.client_id)
        steps = await steps_of_client(card)
        return await screen(template, title, client=card, place=self, steps=steps, **values)


def staff_place() -> Place:
    """Return the visitor's own MSP. Raise NotFound for people of a client."""
    if visitor().client_id is not None or visitor().role is Role.SUPER_ADMIN:
        raise NotFound("This page is about the staff of a service provider.")
    return Place(None)


@blueprint.get("/clients/<uuid:client_id>/people")
@page("user:read")
async def people(client_id: UUID) -> ResponseReturnValue:
    """Show a client's people."""
    return await _listed(Place(client_id))


@blueprint.get("/staff")
@page("user:read")
async def staff() -> ResponseReturnValue:
    """Show an MSP's own staff; people of a client are shown their own page."""
    if visitor().client_id is not None or visitor().role is Role.SUPER_ADMIN:
        return redirect(url_for("console.home"), 303)
    return await _listed(Place(None))


@blueprint.post("/clients/<uuid:client_id>/people", endpoint="people_invited")
@page("user:write")
async def people_invited(client_id: UUID) -> ResponseReturnValue:
    """Invite somebody to a client."""
    return await _invited(Place(client_id))


@blueprint.post("/staff", endpoint="staff_invited")
@page("user:write")
async def staff_invited() -> ResponseReturnValue:
    """Invite somebody to the MSP's own staff."""
    return await _invited(staff_place())


@blueprint.post("/clients/<uuid:client_id>/groups")
@page("user:write")
async def group_made(client_id: UUID) -> ResponseReturnValue:
    """Make a group."""
    place, name = Place(client_id), (await request.form).get("name", "")[:_LONGEST]
    try:
        await services().groups.create(visitor(), client_id, name, "")
    except QuillgateError as error:
        return await _listed(place, error)
    return redirect(place.href(done="group"), 303)


@blueprint.get("/clients/<uuid:client_id>/people.csv")
@page("user:export", needs_step_up=True)
async def people_csv(client_id: UUID) -> ResponseReturnValue:
    """Hand out a client's people as a CSV file."""
    text = await services().user_import.exported(visitor(), client_id)
    return Response(
        text,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="people.csv"'},
    )


async def _invited(place: Place) -> ResponseReturnValue:
    form = await request.form
    given = {name: form.get(name, "")[:_LONGEST] for name in ("email", "display_name", "role")}
    try:
        wanted = NewUser(
            given["email"], given["display_name"], _role(given["role"]), place.client_id,
            None if place.client_id else visitor().msp_id, group_ids(form.getlist("group")),
        )  # fmt: skip
        await services().user_administration.invite(visitor(), wanted)
    except StepUpRequired:
        raise
    except QuillgateError as error:
        return await _listed(place, error, given)
    return redirect(place.href(done="invited"), 303)


async def _listed(
    place: Place, error: QuillgateError | None = None, given: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    search = request.args.get("q", "")[:_LONGEST].replace("\0", "")
    after = _uuid_or_none(request.args.get("after", ""))
    found = await services().users.by_name(visitor(), place.client_id, search, after, PAGE_SIZE + 1)
    shown = found[:PAGE_SIZE]
    caller = visitor()
    role = (given or request.args).get("role", "")
    text = await place.screen(
        "people.html",
        "People" if place.client_id else "Staff",
        rows=person_rows(shown),
        more_href=place.href(q=search, after=shown[-1].id) if len(found) > PAGE_SIZE else "",
        search=search,
        groups=await place.groups(),
        roles=role_choices(caller, is_of_client=place.client_id is not None, chosen=role),
        is_inviting=bool(role),
        given=given or {},
        may_change=caller.may("user:write"),
        can_mail=_can_mail(),
        problem=failures.words(error) if error else None,
        done=_done(),
    )
    return text, failures.status(error) if error else 200


def _done() -> Notice | None:
    match request.args.get("done", ""):
        case "invited":
            return Notice("Invited", "A mail with a link for a password is on its way.")
        case "group":
            return Notice("The group is there", "Put people into it on their own pages.")
        case _:
            return None


def _can_mail() -> bool:
    settings = services().settings
    return settings.smtp_url is not None or settings.demonstration


def _role(word: str) -> Role:
    try:
        return Role(word)
    except ValueError:
        raise InvalidInput("Choose a role for the person.") from None


def group_ids(texts: list[str]) -> tuple[UUID, ...]:
    """Return the groups a form names. Raise InvalidInput."""
    found = [_uuid_or_none(text) for text in texts[:MOST_GROUPS]]
    if None in found:
        raise InvalidInput("A group of this form is none. Open the page again.")
    return tuple(one for one in found if one is not None)


def _uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
