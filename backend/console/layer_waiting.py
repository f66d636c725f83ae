"""Changes of a layer that wait for a second person, as its page shows them."""

from dataclasses import dataclass

from backend.console.layer_view import layer_changes
from backend.console.layer_words import field_label
from backend.console.policy_changes import Difference
from backend.console.room import services
from backend.console.times import Moment, moment
from backend.console.visitors import visitor
from backend.services.policy_approvals import PendingChange
from backend.services.policy_layers import LayerVersion, patched_document


@dataclass(frozen=True, slots=True)
class LayerWaiting:
    """One proposed change of a layer."""

    author: str
    proposed: Moment
    reason: str
    weakens: tuple[str, ...]
    changes: tuple[Difference, ...]
    base: int
    is_stale: bool
    is_own: bool
    decide_href: str


async def layer_waiting(layer: LayerVersion, href: str) -> tuple[LayerWaiting, ...]:
    """Return what is still to be decided, newest first."""
    found = await services().policy_approvals.pending_of_layer(visitor(), layer.id)
    return tuple(_row(one, layer, href) for one in found if one.status == "pending")


def _row(found: PendingChange, layer: LayerVersion, href: str) -> LayerWaiting:
    return LayerWaiting(
        found.author,
        moment(found.created_at),
        found.reason,
        tuple(field_label(field) for field in found.weakens),
        layer_changes(layer.document, patched_document(layer.document, found.patch)),
        found.base_version,
        found.base_version != layer.version,
        found.author_id == visitor().user_id,
        f"{href}/changes/{found.id}",
    )
