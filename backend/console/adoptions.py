"""A template adopted by one client or by many, after a look at what it would do to each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from quart import request, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.layer_view import layer_changes
from backend.console.layer_words import field_label
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Notice, counted
from backend.console.template_pages import msp_template
from backend.console.visitors import page, visitor
from backend.core.errors import InvalidInput, NotFound, QuillgateError
from backend.services.policy_approvals import PendingChange
from backend.services.policy_departures import Heir
from backend.services.policy_layers import LayerVersion
from backend.services.policy_reach import Reached

MOST_SHOWN: Final = 200
MOST_CHOSEN: Final = 200
_LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Candidate:
    """One client that may adopt a template, and what it inherits from now."""

    id: UUID
    name: str
    now: str
    version: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one client's adoption."""

    name: str
    href: str
    look: str
    said: str


@blueprint.get("/templates/<uuid:layer_id>/clients", endpoint="adoption")
@page("policy:read")
async def adoption(layer_id: UUID) -> ResponseReturnValue:
    """Ask which clients shall adopt a template."""
    return await _asking(await msp_template(layer_id), request.args.getlist("client"))


@blueprint.post("/templates/<uuid:layer_id>/clients", endpoint="adopted")
@page("policy:publish")
async def adopted(layer_id: UUID) -> ResponseReturnValue:
    """Show what an adoption would do, or let the clients adopt."""
    layer, form = await msp_template(layer_id), await request.form
    chosen, reason = form.getlist("client"), form.get("reason", "")
    try:
        heirs = await _chosen(chosen)
        reached = await services().adoption_reach.of(
            visitor(), layer_id, [one.client_id for one in heirs]
        )
        if form.get("step") != "adopt":
            return await _preview(layer, heirs, reached, reason)
        if not reason.strip():
            notice = Notice("The reason is missing", "Say why: it is kept with each version.")
            return await _preview(layer, heirs, reached, reason, notice), 422
        return await _adopted(layer, heirs, _versions(form.getlist("at")), reason)
    except (InvalidInput, NotFound) as error:
        shown = await _asking(layer, chosen, failures.words(error))
        return shown, failures.status(error)


async def _chosen(texts: Sequence[str]) -> list[Heir]:
    """Return the policies of the chosen clients. Raise InvalidInput."""
    if not texts:
        raise InvalidInput("No client is chosen. Tick one or more, then look at it.")
    if len(texts) > MOST_CHOSEN:
        raise InvalidInput(f"Choose at most {MOST_CHOSEN} clients at a time.")
    heirs = {str(one.client_id): one for one in await services().policy_departures.heirs(visitor())}
    if any(text not in heirs for text in texts):
        raise NotFound("One of these clients is not there any more. Choose again.")
    return [heirs[text] for text in dict.fromkeys(texts)]


def _versions(texts: Sequence[str]) -> dict[str, int]:
    """Return the versions that were looked at, by client."""
    found = [text.partition(":") for text in texts]
    return {
        name: int(number) for name, _, number in found if number.isascii() and number.isdecimal()
    }


async def _adopted(
    layer: LayerVersion, heirs: Sequence[Heir], looked_at: Mapping[str, int], reason: str
) -> str:
    results = [
        await _one(layer, one, looked_at.get(str(one.client_id), one.version), reason)
        for one in heirs
    ]
    count = sum(1 for one in results if one.look == "allow")
    return await screen(
        "adopted.html",
        f"{layer.name} adopted",
        layer=layer,
        results=results,
        done=Notice(
            f"{counted(count, 'client')} of {len(results)} adopted it",
            "Open tabs obey within a second.",
        ),
    )


async def _one(layer: LayerVersion, heir: Heir, version: int, reason: str) -> Result:
    href = url_for("console.policy", client_id=heir.client_id)
    try:
        made = await services().policy_approvals.submit_adoption(
            visitor(), heir.policy_id, version, layer.id, reason
        )
    except QuillgateError as error:
        return Result(heir.client, href, "block", error.message)
    if isinstance(made, PendingChange):
        weakens = ", ".join(field_label(one) for one in made.weakens[:3])
        return Result(heir.client, href, "warn", f"waits for a second person: {weakens}")
    return Result(heir.client, href, "allow", f"version {made.version} is published")


async def _asking(layer: LayerVersion, chosen: Sequence[str], problem: Notice | None = None) -> str:
    search = request.args.get("q", "")[:_LONGEST]
    heirs = await services().policy_departures.heirs(visitor())
    free = [one for one in heirs if one.template_id != layer.id]
    found = [one for one in free if search.casefold() in one.client.casefold()]
    return await screen(
        "adopt.html",
        f"Adopt {layer.name}",
        layer=layer,
        candidates=[_candidate(one, chosen) for one in found[:MOST_SHOWN]],
        found=len(found),
        have=len(heirs) - len(free),
        search=search,
        may_adopt=visitor().may("policy:publish"),
        problem=problem,
    )


def _candidate(heir: Heir, chosen: Sequence[str]) -> Candidate:
    now = heir.template or "no template of yours"
    return Candidate(heir.client_id, heir.client, now, heir.version, str(heir.client_id) in chosen)


async def _preview(
    layer: LayerVersion,
    heirs: Sequence[Heir],
    reached: Sequence[Reached],
    reason: str,
    problem: Notice | None = None,
) -> str:
    return await screen(
        "adopt_preview.html",
        f"Adopt {layer.name}",
        layer=layer,
        says=layer_changes({}, layer.document),
        heirs=heirs,
        reached=reached,
        browsers=sum(one.browsers for one in reached),
        weakened=[one for one in reached if one.weakened],
        field_label=field_label,
        reason=reason,
        problem=problem,
    )
