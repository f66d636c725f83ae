"""A client's own rules: seen, tried, and changed the way every policy is changed."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from quart import request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.own_rule_draft import Draft, read_draft
from backend.console.own_rule_form import carried, error_beside
from backend.console.own_rule_pages import OwnRuleForm, form_page, kind_of, list_page, tried
from backend.console.own_rule_view import Trial
from backend.console.policy_decisions import submitted
from backend.console.policy_pages import PreviewForm, preview_page
from backend.console.room import blueprint, services
from backend.console.shapes import Notice
from backend.console.visitors import page, visitor
from backend.core.errors import (
    Conflict,
    InvalidInput,
    PreconditionFailed,
    RefusedField,
)
from backend.services.policy_publishing import Change, PolicyDraft
from backend.services.wording import BAD_REASON

_UNCHANGED: Final = Notice("Nothing changed", "Change something, then look at it.")
_STALE: Final = (
    "Your change was made on version {}. It is kept here and is not published; it will be written "
    "over the newest version. Check it, then look at the change again."
)
_LOOK: Final = "Nothing was published. What to change stands beside the field."


@blueprint.get("/clients/<uuid:client_id>/own-rules")
@page("policy:read")
async def own_rules(client_id: UUID) -> ResponseReturnValue:
    """Show what the client adds to the rulebook."""
    return await list_page(client_id, published=request.args.get("published", ""))


@blueprint.post("/clients/<uuid:client_id>/own-rules")
@page("policy:publish")
async def try_text(client_id: UUID) -> ResponseReturnValue:
    """Say what is found in a text; it is neither stored nor logged."""
    sample = (await request.form).get("sample", "")
    try:
        return await list_page(client_id, sample=sample, is_trial=True)
    except InvalidInput as error:
        shown = await list_page(client_id, sample=sample, problem=failures.words(error))
        return shown, failures.status(error)


@blueprint.get("/clients/<uuid:client_id>/own-rules/<part>")
@page("policy:publish")
async def new_own_rule(client_id: UUID, part: str) -> ResponseReturnValue:
    """Ask for a new entry."""
    return await form_page(client_id, OwnRuleForm(kind_of(part)))


@blueprint.get("/clients/<uuid:client_id>/own-rules/<part>/<key>")
@page("policy:publish")
async def own_rule(client_id: UUID, part: str, key: str) -> ResponseReturnValue:
    """Show one entry to be changed."""
    return await form_page(client_id, OwnRuleForm(kind_of(part), key))


@blueprint.post("/clients/<uuid:client_id>/own-rules/<part>")
@page("policy:publish", keeps_form=True)
async def change_own_rule(client_id: UUID, part: str) -> ResponseReturnValue:
    """Take one step with a draft: look at its differences, try it, edit it or publish it."""
    draft = Draft(client_id, kind_of(part).part, (await request.form).to_dict())
    try:
        await read_draft(draft)
        return await _step(draft)
    except PreconditionFailed as error:
        notice = Notice("Somebody published meanwhile", _STALE.format(draft.base))
        return await _again(draft, notice, since=draft.base), failures.status(error)
    except RefusedField as error:
        name, why = error_beside(error, part, draft.key, draft.entry or {})
        notice = Notice("That does not fit", _LOOK if name else why)
        return await _again(draft, notice, {name: why}), failures.status(error)
    except Conflict as error:
        return await _again(draft, _UNCHANGED), failures.status(error)
    except InvalidInput as error:
        return await _again(draft, failures.words(error)), failures.status(error)


async def _step(draft: Draft) -> ResponseReturnValue:
    step = draft.typed.get("step", "preview")
    if step == "edit":
        return await _again(draft)
    if step == "try":
        return await _try(draft)
    return await (_publish if step == "publish" else _preview)(draft)


async def _try(draft: Draft) -> str:
    try:
        documents = await _drafted(draft)
        after = documents.after
    except Conflict:
        after = draft.document
    trial = await tried(draft.client_id, after, draft.typed.get("sample", ""))
    return await _again(draft, trial=trial)


async def _publish(draft: Draft) -> ResponseReturnValue:
    try:
        change = Change(draft.base, draft.typed.get("reason", ""), draft.patch)
        return await submitted(draft.client_id, draft.policy_id, change, "console.own_rules")
    except InvalidInput as error:
        if error.stable_code != BAD_REASON:
            raise
        notice = Notice("The reason is missing or too long", error.message)
        return await _preview(draft, notice), failures.status(error)


async def _preview(draft: Draft, problem: Notice | None = None) -> str:
    documents = await _drafted(draft)
    fields = list(carried(draft.part, draft.own_key, draft.typed, draft.new))
    if draft.is_removal:
        fields = [("key", draft.own_key), ("removes", "1")]
    form = PreviewForm(
        draft.base,
        fields,
        url_for("console.change_own_rule", client_id=draft.client_id, part=draft.part),
        url_for("console.own_rules", client_id=draft.client_id),
        draft.typed.get("reason", ""),
    )
    return await preview_page(draft.client_id, form, documents, problem)


async def _drafted(draft: Draft) -> PolicyDraft:
    return await services().policy_publishing.preview(
        visitor(), draft.policy_id, Change(draft.base, "", draft.patch)
    )


async def _again(
    draft: Draft,
    notice: Notice | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    since: int | None = None,
    trial: Trial | None = None,
) -> str:
    """Show the form as it was typed, or for a removal that failed the page with all rules."""
    kind = kind_of(draft.part)
    if draft.is_removal:
        return await list_page(draft.client_id, problem=notice, meanwhile_since=since)
    if draft.typed.get("removes"):
        return await form_page(draft.client_id, OwnRuleForm(kind, draft.own_key), notice)
    typed = {**draft.typed, "values": ""} if draft.is_digested else draft.typed
    form = OwnRuleForm(kind, draft.own_key, typed, errors or {}, tuple(draft.new), trial, since)
    return await form_page(draft.client_id, form, notice)
