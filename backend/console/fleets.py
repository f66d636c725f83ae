"""Which browser of a client obeys which policy version."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from quart import Response, redirect, render_template, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.first_steps import steps_of_client
from backend.console.fleet_view import browser_rows, fleet_state_of
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.times import moment
from backend.console.visitors import page, visitor
from backend.core.errors import InvalidInput, QuillgateError
from backend.services.deployment_files import LONGEST
from backend.services.enrolment import EnrolmentCode

MOST_USES: Final = 10_000
PAGE_SIZE: Final = 100
_LONGEST: Final = 120
_DONE: Final = {
    "disconnected": Notice("The browser is disconnected", "Its next call is refused."),
}


@blueprint.get("/clients/<uuid:client_id>/fleet")
@page("device:read")
async def fleet(client_id: UUID) -> ResponseReturnValue:
    """Show a client's browsers; the page renews the table by itself."""
    return await _shown(client_id, done=_DONE.get(request.args.get("done", "")))


@blueprint.post("/clients/<uuid:client_id>/fleet/codes", endpoint="enrolment_code")
@page("device:enrol-code")
async def enrolment_code(client_id: UUID) -> ResponseReturnValue:
    """Make a code for a few browsers; it is shown this once."""
    form = await request.form
    try:
        uses, days = _number(form.get("uses"), MOST_USES), _number(form.get("days"), LONGEST.days)
        made = await services().enrolment.create_code(
            visitor(), client_id, uses, timedelta(days=days)
        )
    except QuillgateError as error:
        shown = await _shown(client_id, problem=failures.words(error))
        return shown, failures.status(error)
    return await _shown(client_id, code=made)


@blueprint.post("/clients/<uuid:client_id>/fleet/<uuid:device_id>/disconnect")
@page("device:revoke")
async def disconnect(client_id: UUID, device_id: UUID) -> ResponseReturnValue:
    """End a browser's enrolment for good."""
    try:
        await services().device_revocation.revoke(
            visitor(), client_id, device_id, "Disconnected in the console"
        )
    except QuillgateError as error:
        shown = await _shown(client_id, problem=failures.words(error))
        return shown, failures.status(error)
    return redirect(url_for("console.fleet", client_id=client_id, done="disconnected"), 303)


async def _shown(
    client_id: UUID,
    *,
    code: EnrolmentCode | None = None,
    problem: Notice | None = None,
    done: Notice | None = None,
) -> str:
    place = {name: value for name, value in _place().items() if value}
    client = await services().clients.one(visitor(), client_id)
    return await screen(
        "fleet.html",
        "Browsers",
        client=client,
        steps=await steps_of_client(client),
        **await _state(client_id),
        fragment_href=url_for("console.fleet_state", client_id=client_id, **place),
        here=url_for("console.fleet", client_id=client_id),
        may_enrol=visitor().may("device:enrol-code"),
        deployment_href=url_for("console.deployment", client_id=client_id),
        longest_days=LONGEST.days,
        code=code,
        code_until=moment(code.expires_at) if code else None,
        server=services().settings.public_url,
        problem=problem,
        done=done,
    )


@blueprint.post("/clients/<uuid:client_id>/deployment")
@page("device:enrol-code")
async def deployment(client_id: UUID) -> ResponseReturnValue:
    """Hand out the files for every browser of an office; the code inside is shown this once."""
    form = await request.form
    uses, days = _number(form.get("uses"), MOST_USES), _number(form.get("days"), LONGEST.days)
    made = await services().deployment_files.make(visitor(), client_id, uses, timedelta(days=days))
    headers = {"Content-Disposition": 'attachment; filename="quillgate-deployment.zip"'}
    return Response(made.archive(), headers=headers, content_type="application/zip")


def _number(text: str | None, most: int) -> int:
    """Return a number from a form. Raise InvalidInput for none between 1 and `most`."""
    if text is None or not text.isascii() or not text.isdigit() or not 0 < int(text[:6]) <= most:
        raise InvalidInput(f"No files were made: write a number between 1 and {most:,}.")
    return int(text)


@blueprint.get("/clients/<uuid:client_id>/fleet/state")
@page("device:read", is_fragment=True)
async def fleet_state(client_id: UUID) -> ResponseReturnValue:
    """Return the part of that page which changes."""
    return await render_template("fleet_state.html", **await _state(client_id))


@blueprint.get("/clients/<uuid:client_id>/policy/obeying")
@page("device:read", is_fragment=True)
async def obeying(client_id: UUID) -> ResponseReturnValue:
    """Return how many browsers obey the policy in force, for who has just published it."""
    return await render_template(
        "obeying.html",
        fleet=fleet_state_of(await services().fleet.standing(visitor(), client_id)),
        shown=request.args.get("shown", ""),
        fleet_href=url_for("console.fleet", client_id=client_id),
    )


async def _state(client_id: UUID) -> dict[str, Any]:
    """Return the part of the page that changes: the figures, and one page of the table."""
    place = _place()
    found = await services().fleet.page(
        visitor(), client_id, place["q"], place["from"], PAGE_SIZE + 1
    )
    files = await services().extension_package.read()
    more = {**place, "from": place["from"] + PAGE_SIZE}
    return {
        "fleet": fleet_state_of(await services().fleet.standing(visitor(), client_id)),
        "rows": browser_rows(found[:PAGE_SIZE], files.build),
        "more_href": url_for("console.fleet", client_id=client_id, **more)
        if len(found) > PAGE_SIZE
        else "",
        "disconnects": visitor().may("device:revoke"),
        "client_id": client_id,
        "search": place["q"],
    }


def _place() -> dict[str, Any]:
    """Return what is searched for and where the page begins."""
    start = request.args.get("from", "")
    is_number = start.isascii() and start.isdecimal() and len(start) < len("1000000")
    search = request.args.get("q", "")[:_LONGEST].replace("\0", "")
    return {"q": search, "from": int(start) if is_number else 0}
