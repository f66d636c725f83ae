"""Changes of a policy that wait for a second person, as the page shows them."""

from dataclasses import dataclass
from uuid import UUID

from quart import url_for

from backend.console.policy_changes import Difference, differences
from backend.console.policy_words import field_in_words
from backend.console.room import services
from backend.console.times import Moment, moment
from backend.console.visitors import visitor
from backend.services.policy_approvals import PendingChange


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One proposed change, and whether the visitor may decide on it."""

    author: str
    proposed: Moment
    reason: str
    weakens: tuple[str, ...]
    changes: tuple[Difference, ...]
    """What it would change today; none where that is not possible any more."""
    base: int
    restores: int | None
    adopts: bool
    is_own: bool
    decide_href: str


async def waiting(policy_id: UUID, version: int) -> tuple[WaitingRow, ...]:
    """Return what is still to be decided about a policy at `version`, newest first."""
    found = await services().policy_approvals.pending(visitor(), policy_id)
    return tuple([await _row(one, version) for one in found if one.status == "pending"])


async def _row(found: PendingChange, version: int) -> WaitingRow:
    return WaitingRow(
        author=found.author,
        proposed=moment(found.created_at),
        reason=found.reason,
        weakens=tuple(field_in_words(field) for field in found.weakens),
        changes=await _changes(found, version),
        base=found.base_version,
        restores=found.restores,
        adopts=found.layer_id is not None,
        is_own=found.author_id == visitor().user_id,
        decide_href=url_for("console.decide_change", client_id=found.client_id, change_id=found.id),
    )


async def _changes(found: PendingChange, version: int) -> tuple[Difference, ...]:
    if not visitor().may("policy:publish"):
        return ()
    draft = await services().proposed_differences.of(visitor(), found, version)
    return differences(draft.before, draft.after) if draft else ()
