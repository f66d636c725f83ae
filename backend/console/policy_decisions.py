"""What waits for a second person, and going back to what a policy said before."""

from dataclasses import dataclass
from uuid import UUID

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.policy_form import base_version
from backend.console.policy_pages import PreviewForm, form_page, preview_page, version_of
from backend.console.room import blueprint, services
from backend.console.shapes import Notice
from backend.console.visitors import page, visitor
from backend.core.errors import Conflict, Forbidden, InvalidInput, PreconditionFailed
from backend.services.policy_approvals import PendingChange
from backend.services.policy_publishing import Change
from backend.services.wording import BAD_REASON


@dataclass(frozen=True, slots=True)
class _Wish:
    """The version somebody wants to go back to, on top of which, and why."""

    base: int
    version: int
    reason: str


@blueprint.post("/clients/<uuid:client_id>/policy/changes/<uuid:change_id>")
@page("policy:publish")
async def decide_change(client_id: UUID, change_id: UUID) -> ResponseReturnValue:
    """Publish what somebody else proposed, or reject it."""
    form = await request.form
    approves = form.get("step") == "approve"
    try:
        decided = await services().policy_approvals.decide(
            visitor(), change_id, approves=approves, reason=form.get("reason", "")
        )
    except PreconditionFailed as error:
        notice = Notice("The policy has changed since", _MOVED_ON)
        return await form_page(client_id, {}, problem=notice), failures.status(error)
    except (InvalidInput, Conflict, Forbidden) as error:
        shown = await form_page(client_id, {}, problem=failures.words(error))
        return shown, failures.status(error)
    if decided.version is None:
        return redirect(url_for("console.policy", client_id=client_id, rejected=1), 303)
    return redirect(url_for("console.policy", client_id=client_id, published=decided.version), 303)


@blueprint.post("/clients/<uuid:client_id>/policy/back")
@page("policy:publish", keeps_form=True)
async def go_back(client_id: UUID) -> ResponseReturnValue:
    """Look at an earlier version, or let it hold again as the next one."""
    form = (await request.form).to_dict()
    wish = _Wish(base_version(form), _number(form.get("restores", "")), form.get("reason", ""))
    policy_id, _ = await version_of(client_id, wish.base)
    try:
        if form.get("step") != "publish":
            return await _preview(client_id, policy_id, wish)
        return await _publish(client_id, policy_id, wish)
    except (InvalidInput, Conflict, PreconditionFailed) as error:
        shown = await form_page(client_id, {}, problem=failures.words(error))
        return shown, failures.status(error)


async def _publish(client_id: UUID, policy_id: UUID, wish: _Wish) -> ResponseReturnValue:
    change = Change(wish.base, wish.reason, {}, restores=wish.version)
    try:
        return await submitted(client_id, policy_id, change, "console.policy")
    except InvalidInput as error:
        if error.stable_code != BAD_REASON:
            raise
        notice = Notice("The reason is missing or too long", error.message)
        return await _preview(client_id, policy_id, wish, notice), failures.status(error)


async def _preview(
    client_id: UUID, policy_id: UUID, wish: _Wish, problem: Notice | None = None
) -> str:
    documents = await services().policy_publishing.preview(
        visitor(), policy_id, Change(wish.base, "", {}, restores=wish.version)
    )
    form = PreviewForm(
        wish.base,
        [("restores", str(wish.version))],
        url_for("console.go_back", client_id=client_id),
        url_for("console.policy", client_id=client_id),
        wish.reason or f"Back to version {wish.version}",
    )
    return await preview_page(client_id, form, documents, problem)


async def submitted(
    client_id: UUID, policy_id: UUID, change: Change, endpoint: str
) -> ResponseReturnValue:
    """Publish a change, or keep it for a second person; go to the page that says which."""
    made = await services().policy_approvals.submit(visitor(), policy_id, change)
    if isinstance(made, PendingChange):
        return redirect(url_for("console.policy", client_id=client_id, proposed=1), 303)
    return redirect(url_for(endpoint, client_id=client_id, published=made.version), 303)


def _number(text: str) -> int:
    if not text.isdecimal() or not text.isascii() or len(text) > _LONGEST_NUMBER:
        raise InvalidInput("There is no such version of this policy. Reload the page.")
    return int(text)


_LONGEST_NUMBER = 9
_MOVED_ON = (
    "It was proposed for an older version, so it was not published. Ask its author to look at the "
    "newest version and propose it again."
)
