"""The two pages of a policy: the form, and the differences of a draft."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final
from uuid import UUID

from quart import url_for

from backend.console.first_steps import steps_of_client
from backend.console.fleet_view import FleetState, fleet_state_of
from backend.console.policy_changes import differences, version_rows
from backend.console.policy_form import Document, Patch, overlaid
from backend.console.policy_replay import PERIODS, Replayed
from backend.console.policy_view import policy_view
from backend.console.policy_waiting import waiting
from backend.console.policy_words import ACTIONS
from backend.console.room import services
from backend.console.screens import screen
from backend.console.shapes import Notice
from backend.console.visitors import visitor
from backend.core.errors import InvalidInput
from backend.services.policy_publishing import PolicyDraft

VERSIONS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class PreviewForm:
    """What the button that publishes a draft sends, and where to go without publishing."""

    base: int
    fields: Sequence[tuple[str, str]]
    save_href: str
    leave_href: str
    reason: str
    may_replay: bool = False
    replayed: Replayed | None = None


async def form_page(
    client_id: UUID,
    patch: Patch,
    *,
    reason: str = "",
    problem: Notice | None = None,
    told: Mapping[str, str] = MappingProxyType({}),
    typed: Mapping[str, str] | None = None,
    meanwhile_since: int | None = None,
) -> str:
    """Return the newest version as a form, with a patch written over it.

    `told` is what the address says has just been done.
    """
    chain = await services().policy_lookup.chain(visitor(), client_id)
    layer = chain[-1]
    versions = await services().policy_history.versions(
        visitor(), UUID(layer.id), None, VERSIONS_SHOWN + 1
    )
    rows = version_rows(versions, VERSIONS_SHOWN)
    return await screen(
        "policy.html",
        "Policy",
        client=(client := await services().clients.one(visitor(), client_id)),
        steps=await steps_of_client(client),
        policy=policy_view(chain, versions, overlaid(layer.document, patch)),
        versions=rows,
        meanwhile=[row for row in rows if meanwhile_since and row.number > meanwhile_since],
        actions=ACTIONS,
        known_types=sorted({rule.type for rule in services().rulebook.rules}),
        may_publish=visitor().may("policy:publish"),
        fleet=await _fleet(client_id),
        fleet_href=url_for("console.fleet", client_id=client_id),
        obeying_href=url_for("console.obeying", client_id=client_id, shown=layer.version),
        save_href=url_for("console.policy", client_id=client_id),
        reason=reason,
        typed=typed or {},
        has_draft=bool(patch),
        problem=problem,
        own_rules_href=url_for("console.own_rules", client_id=client_id),
        done=_outcome(told) or done(told.get("published", ""), layer.version),
        waiting=await waiting(UUID(layer.id), layer.version),
        back_href=url_for("console.go_back", client_id=client_id),
    )


async def preview_page(
    client_id: UUID, form: PreviewForm, draft: PolicyDraft, problem: Notice | None
) -> str:
    """Return what a draft would change, with the button that publishes it."""
    changes = differences(draft.before, draft.after)
    return await screen(
        "policy_preview.html",
        f"Publish version {form.base + 1}",
        client=await services().clients.one(visitor(), client_id),
        base=form.base,
        changes=changes,
        milder=[change for change in changes if change.direction == "milder"],
        fields=form.fields,
        fleet=await _fleet(client_id),
        save_href=form.save_href,
        leave_href=form.leave_href,
        may_replay=form.may_replay,
        replayed=form.replayed,
        periods=PERIODS,
        reason=form.reason,
        problem=problem,
    )


async def version_of(client_id: UUID, version: int) -> tuple[UUID, Document]:
    """Return the id of a client's policy, and what a version of it says. Raise InvalidInput."""
    await services().clients.one(visitor(), client_id)
    policy_id = UUID((await services().policy_lookup.chain(visitor(), client_id))[-1].id)
    found = await services().policy_history.versions(visitor(), policy_id, version + 1, 1)
    if not found or found[0].version != version:
        raise InvalidInput("There is no such version of this policy. Reload the page.")
    return policy_id, found[0].document


async def _fleet(client_id: UUID) -> FleetState:
    return fleet_state_of(await services().fleet.standing(visitor(), client_id))


def _outcome(told: Mapping[str, str]) -> Notice | None:
    """Return what says that a change was proposed or rejected just now."""
    if "proposed" in told:
        return Notice(
            "It waits for a second person",
            "Your change protects less, so somebody else who may publish has to agree. It is "
            "listed below until then.",
        )
    if "rejected" in told:
        return Notice("The change is rejected", "The policy stays as it is.")
    return None


def done(published: str, newest: int) -> Notice | None:
    """Return what says that the newest version has just been published, if it has."""
    if published != str(newest):
        return None
    return Notice(f"Version {newest} is published", "Open tabs obey it within a second.")
