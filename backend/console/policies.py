"""A client's policy: what it says, a draft with its differences, and the next version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from quart import request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.policy_decisions import submitted
from backend.console.policy_form import (
    Patch,
    base_version,
    fields_of,
    patch_of,
    refuse_half_added,
)
from backend.console.policy_pages import PreviewForm, form_page, preview_page, version_of
from backend.console.policy_replay import Replayed, days_of, replayed
from backend.console.room import blueprint, services
from backend.console.shapes import Notice
from backend.console.visitors import page, visitor
from backend.core.errors import Conflict, InvalidInput, PreconditionFailed
from backend.services.policy_publishing import Change
from backend.services.wording import BAD_REASON

NOBODY: Final = UUID(int=0)
_UNCHANGED: Final = Notice("Nothing changed", "Choose another action or text, then look at it.")


@dataclass(slots=True)
class Draft:
    """What somebody typed, as far as it could be read."""

    typed: Mapping[str, str]
    base: int = 0
    policy_id: UUID = NOBODY
    patch: Patch = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """Why it is changed."""
        return self.typed.get("reason", "")


@blueprint.get("/clients/<uuid:client_id>/policy")
@page("policy:read")
async def policy(client_id: UUID) -> ResponseReturnValue:
    """Show the policy in force."""
    return await form_page(client_id, {}, told=request.args)


@blueprint.post("/clients/<uuid:client_id>/policy")
@page("policy:publish", keeps_form=True)
async def change(client_id: UUID) -> ResponseReturnValue:
    """Take one step with a draft: look at its differences, edit it further, or publish it."""
    draft = Draft((await request.form).to_dict())
    try:
        await _read(draft, client_id)
        return await _step(draft, client_id)
    except PreconditionFailed as error:
        notice = Notice("Somebody published meanwhile", _stale(draft.base))
        shown = await _form_again(draft, client_id, notice, meanwhile_since=draft.base)
        return shown, failures.status(error)
    except (InvalidInput, Conflict) as error:
        return await _form_again(draft, client_id, failures.words(error)), failures.status(error)


async def _read(draft: Draft, client_id: UUID) -> None:
    """Understand what was typed, keeping what was understood before something is wrong."""
    draft.base = base_version(draft.typed)
    draft.policy_id, document = await version_of(client_id, draft.base)
    draft.patch = patch_of(draft.typed, document)
    refuse_half_added(draft.typed)


async def _step(draft: Draft, client_id: UUID) -> ResponseReturnValue:
    step = draft.typed.get("step", "preview")
    if step == "edit":
        return await form_page(client_id, draft.patch, reason=draft.reason)
    if not draft.patch:
        return await form_page(client_id, {}, reason=draft.reason, problem=_UNCHANGED)
    return await (_publish if step == "publish" else _preview)(draft, client_id)


async def _publish(draft: Draft, client_id: UUID) -> ResponseReturnValue:
    try:
        change = Change(draft.base, draft.reason, draft.patch)
        return await submitted(client_id, draft.policy_id, change, "console.policy")
    except InvalidInput as error:
        if error.stable_code != BAD_REASON:
            raise
        notice = Notice("The reason is missing or too long", error.message)
        return await _preview(draft, client_id, notice), failures.status(error)


async def _preview(draft: Draft, client_id: UUID, problem: Notice | None = None) -> str:
    documents = await services().policy_publishing.preview(
        visitor(), draft.policy_id, Change(draft.base, "", draft.patch)
    )
    here = url_for("console.policy", client_id=client_id)
    form = PreviewForm(
        draft.base, list(fields_of(draft.patch)), here, here, draft.reason,
        may_replay=True,
        replayed=await _replayed(draft) if draft.typed.get("step") == "replay" else None,
    )  # fmt: skip
    return await preview_page(client_id, form, documents, problem)


async def _replayed(draft: Draft) -> Replayed:
    days = days_of(draft.typed)
    found = await services().policy_backtests.run(
        visitor(), draft.policy_id, draft.base, draft.patch, days
    )
    return replayed(found, days)


async def _form_again(
    draft: Draft, client_id: UUID, notice: Notice, meanwhile_since: int | None = None
) -> str:
    return await form_page(
        client_id,
        draft.patch,
        reason=draft.reason,
        problem=notice,
        typed=draft.typed,
        meanwhile_since=meanwhile_since,
    )


def _stale(base: int) -> str:
    return (
        f"Your change was made on version {base}. Below is the newest version with your changes "
        "written over it, marked “not published yet”. Check them, then look at the change again."
    )
