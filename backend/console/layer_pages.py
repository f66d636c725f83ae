"""The two pages of a layer: its form, and what its next version would do and to whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from quart import redirect, url_for
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.layer_form import LayerDraft, draft_of, patch_of
from backend.console.layer_view import NOTHING_BELOW, Below, layer_changes, layer_view
from backend.console.layer_waiting import layer_waiting
from backend.console.layer_words import field_label
from backend.console.own_rule_words import KINDS_OF_DATA, SEVERITIES
from backend.console.policy_form import base_version
from backend.console.policy_words import FAMILIES
from backend.console.room import services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.visitors import visitor
from backend.core.errors import Conflict, InvalidInput, PreconditionFailed
from backend.core.permissions import Reach
from backend.services.clients import ClientCard
from backend.services.policy_approvals import PendingChange
from backend.services.policy_layers import LayerChange, LayerVersion, patched_document
from backend.services.policy_reach import Reached
from backend.services.wording import BAD_REASON

TYPED_FROM: Final = 5
"""From so many clients on, a change is confirmed by typing the layer's name."""
SHOWN: Final = 25
_STALE: Final = Notice(
    "Somebody published meanwhile",
    "Below is the newest version with your changes written over it. Check them, then look again.",
)
_UNCHANGED: Final = Notice("Nothing changed", "Choose something else, then look at it.")
_OUTCOMES: Final = {
    "made": Notice("It is there", "It says nothing yet: choose below what it shall say."),
    "proposed": Notice(
        "It waits for a second person",
        "Your change protects less, so somebody else who may publish has to agree. It is listed "
        "below until then.",
    ),
    "rejected": Notice("The change is rejected", "Everything stays as it is."),
}


@dataclass(frozen=True, slots=True)
class Place:
    """One layer, where its pages are, and what is said about it there."""

    layer: LayerVersion
    href: str
    list_href: str
    list_label: str
    client: ClientCard | None = None
    below: Below = NOTHING_BELOW
    controls: Mapping[str, Sequence[str]] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def may_publish(self) -> bool:
        """Whether the visitor may change it; a template takes somebody of the MSP."""
        reach = Reach.OWN if self.layer.client_id else Reach.MSP
        return visitor().may("policy:publish", reach)


async def layer_page(
    place: Place,
    draft: LayerDraft | None = None,
    *,
    reason: str = "",
    problem: Notice | None = None,
    told: str = "",
) -> str:
    """Return the form of a layer, with a draft written over it."""
    layer = place.layer
    return await screen(
        "layer.html",
        layer.name,
        client=place.client,
        place=place,
        layer=layer,
        view=layer_view(layer.document, draft or LayerDraft(), place.below, place.controls),
        has_draft=draft is not None and not draft.is_empty,
        known={
            "type": sorted({rule.type for rule in services().rulebook.rules}),
            "rule": sorted(rule.id for rule in services().rulebook.rules),
        },
        families=FAMILIES,
        kinds_of_data=KINDS_OF_DATA,
        severities=SEVERITIES,
        waiting=await layer_waiting(layer, place.href),
        reason=reason,
        problem=problem,
        done=_OUTCOMES.get(told) or _published(told, layer.version),
        **place.extra,
    )


async def step(place: Place, form: Mapping[str, str]) -> ResponseReturnValue:
    """Look at a draft, edit it further, or publish it."""
    draft, reason = LayerDraft(), form.get("reason", "")
    try:
        base = base_version(form)
        draft = draft_of(form, place.layer.document)
        patch = patch_of(draft, place.layer.document)
        if form.get("step") == "edit":
            return await layer_page(place, draft, reason=reason)
        if draft.is_empty:
            return await layer_page(place, reason=reason, problem=_UNCHANGED)
        if form.get("step") == "publish":
            return await _publish(place, draft, LayerChange(base, reason, patch), form)
        return await _preview(place, draft, LayerChange(base, reason, patch))
    except PreconditionFailed as error:
        shown = await layer_page(place, draft, reason=reason, problem=_STALE)
        return shown, failures.status(error)
    except (InvalidInput, Conflict) as error:
        shown = await layer_page(place, draft, reason=reason, problem=failures.words(error))
        return shown, failures.status(error)


async def _publish(
    place: Place, draft: LayerDraft, change: LayerChange, form: Mapping[str, str]
) -> ResponseReturnValue:
    reached = await services().policy_reach.of_layer(visitor(), place.layer.id, change)
    if len(reached) >= TYPED_FROM and form.get("typed", "").strip() != place.layer.name:
        notice = Notice(
            "The name is not typed yet", f"This reaches {len(reached)} clients: type the name too."
        )
        return await _preview(place, draft, change, notice, reached), 422
    try:
        made = await services().policy_approvals.submit_layer(visitor(), place.layer.id, change)
    except InvalidInput as error:
        if error.stable_code != BAD_REASON:
            raise
        notice = Notice("The reason is missing or too long", error.message)
        return await _preview(place, draft, change, notice, reached), failures.status(error)
    told = "proposed" if isinstance(made, PendingChange) else f"{made.version}.{made.changed}"
    return redirect(f"{place.href}?done={told}", 303)


async def _preview(
    place: Place,
    draft: LayerDraft,
    change: LayerChange,
    problem: Notice | None = None,
    reached: tuple[Reached, ...] | None = None,
) -> str:
    layer = place.layer
    if reached is None:
        reached = await services().policy_reach.of_layer(visitor(), layer.id, change)
    after = patched_document(layer.document, change.patch)
    moved = [one for one in reached if one.changed]
    return await screen(
        "layer_preview.html",
        f"Publish version {layer.version + 1}",
        client=place.client,
        place=place,
        layer=layer,
        changes=layer_changes(layer.document, after, place.below.fields),
        fields=[("base_version", str(change.base_version)), *draft.fields()],
        reached=reached,
        moved=moved,
        browsers=sum(one.browsers for one in moved),
        keeping=[one for one in reached if one.overridden],
        weakened=[one for one in reached if one.weakened],
        shown=SHOWN,
        is_typed=len(reached) >= TYPED_FROM,
        field_label=field_label,
        reason=change.reason,
        problem=problem,
    )


def _published(told: str, version: int) -> Notice | None:
    number, _, changed = told.partition(".")
    if number != str(version) or not changed.isdecimal() or len(changed) > len("10000"):
        return None
    clients = "1 client obeys" if changed == "1" else f"{int(changed):,} clients obey"
    detail = "No client inherits from it yet." if changed == "0" else (
        f"{clients} it: open tabs within a second."
    )  # fmt: skip
    return Notice(f"Version {version} is published", detail)


async def decide(place: Place, change_id: UUID, form: Mapping[str, str]) -> ResponseReturnValue:
    """Publish what somebody else proposed of a layer, or reject it."""
    try:
        decided = await services().policy_approvals.decide(
            visitor(), change_id, approves=form.get("step") == "approve",
            reason=form.get("reason", ""),
        )  # fmt: skip
    except PreconditionFailed as error:
        notice = Notice(
            "It has changed since",
            "The change was proposed for an older version, so it was not published. Ask its author "
            "to look at the newest version and propose it again.",
        )
        return await layer_page(place, problem=notice), failures.status(error)
    except (InvalidInput, Conflict) as error:
        return await layer_page(place, problem=failures.words(error)), failures.status(error)
    told = "rejected" if decided.version is None else f"{decided.version}.1"
    return redirect(f"{place.href}?done={told}", 303)


def client_href(endpoint: str, client_id: UUID, **values: Any) -> str:
    """Return the address of one of a client's pages."""
    return url_for(f"console.{endpoint}", client_id=client_id, **values)
