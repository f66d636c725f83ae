"""A client's policy: what it says, and publishing its next version."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from quart import redirect, request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.policy_form import Patch, base_version, overlaid, patch_of
from backend.console.policy_view import policy_view, version_row
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.visitors import page, visitor
from backend.core.errors import Conflict, InvalidInput, PreconditionFailed

VERSIONS_SHOWN: Final = 20
_UNCHANGED: Final = Notice("Nothing changed", "Choose another action or text, then publish.")


@blueprint.get("/clients/<uuid:client_id>/policy")
@page("policy:read")
async def policy(client_id: UUID) -> ResponseReturnValue:
    """Show the policy in force."""
    return await _page(client_id, {}, published=request.args.get("published", ""))


@blueprint.post("/clients/<uuid:client_id>/policy")
@page("policy:publish")
async def publish(client_id: UUID) -> ResponseReturnValue:
    """Publish what was changed, or show the form again with the reason and the typed values."""
    form = (await request.form).to_dict()
    reason = form.get("reason", "")
    patch: Patch = {}
    try:
        base = base_version(form)
        policy_id = await _policy_id(client_id)
        patch = patch_of(form, await _document(policy_id, base))
        if not patch:
            return await _page(client_id, {}, reason=reason, problem=_UNCHANGED)
        made = await services().policy_publishing.publish(visitor(), policy_id, base, reason, patch)
    except (InvalidInput, Conflict) as error:
        notice = failures.words(error)
        text = await _page(client_id, patch, reason=reason, problem=notice)
        return text, failures.status(error)
    except PreconditionFailed as error:
        notice = Notice("Somebody published meanwhile", _stale(base))
        text = await _page(client_id, patch, reason=reason, problem=notice)
        return text, failures.status(error)
    return redirect(url_for("console.policy", client_id=client_id, published=made.version), 303)


def _stale(base: int) -> str:
    return (
        f"Your change was made on version {base}. Below is the newest version with your changes "
        "written over it, marked “not published yet”. Check them and publish again."
    )


async def _policy_id(client_id: UUID) -> UUID:
    await services().clients.one(visitor(), client_id)
    return UUID((await services().policy_lookup.chain(visitor(), client_id))[-1].id)


async def _document(policy_id: UUID, version: int) -> Mapping[str, Any]:
    found = await services().policy_publishing.versions(visitor(), policy_id, version + 1, 1)
    if not found or found[0].version != version:
        raise InvalidInput("There is no such version of this policy. Reload the page.")
    return found[0].document


async def _page(
    client_id: UUID,
    patch: Patch,
    *,
    reason: str = "",
    problem: Notice | None = None,
    published: str = "",
) -> str:
    client = await services().clients.one(visitor(), client_id)
    layer = (await services().policy_lookup.chain(visitor(), client_id))[-1]
    versions = await services().policy_publishing.versions(
        visitor(), UUID(layer.id), None, VERSIONS_SHOWN
    )
    done = None
    if published == str(layer.version):
        done = Notice(f"Version {published} is published", "Open tabs obey it within a second.")
    return await screen(
        "policy.html",
        "Policy",
        client=client,
        policy=policy_view(layer, overlaid(layer.document, patch)),
        versions=[version_row(version) for version in versions],
        known_types=sorted({rule.type for rule in services().rulebook.rules}),
        may_publish=visitor().may("policy:publish"),
        fleet_href=url_for("console.fleet", client_id=client_id),
        save_href=url_for("console.policy", client_id=client_id),
        reason=reason,
        problem=problem,
        done=done,
    )
