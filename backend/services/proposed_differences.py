"""What a proposed change would do today, worked out once for each version of its policy."""

from typing import Final
from uuid import UUID

from backend.core.errors import Conflict, InvalidInput, PreconditionFailed
from backend.core.principal import Principal
from backend.core.recent import Recent
from backend.services.policy_approvals import PendingChange
from backend.services.policy_publishing import Change, PolicyDraft, PolicyPublishing

MOST_KEPT: Final = 512


class ProposedDifferences:
    """Keeps them by change and version; what a policy inherits gives it a version of its own."""

    def __init__(self, publishing: PolicyPublishing) -> None:
        self._publishing = publishing
        self._kept: Recent[tuple[UUID, int], tuple[PolicyDraft | None]] = Recent(MOST_KEPT)

    async def of(
        self, principal: Principal, found: PendingChange, version: int
    ) -> PolicyDraft | None:
        """Return what a change of a policy at `version` would do; None where it no longer can."""
        principal.require("policy:publish")
        if found.policy_id is None or found.layer_id is not None:
            return None
        principal.scope_for(found.tenant_id)
        name = (found.id, version)
        kept = self._kept.get(name)
        if kept is None:
            kept = (await self._worked_out(principal, found, version),)
            self._kept.keep(name, kept)
        return kept[0]

    async def _worked_out(
        self, principal: Principal, found: PendingChange, version: int
    ) -> PolicyDraft | None:
        if found.policy_id is None or found.base_version != version:
            return None
        change = Change(found.base_version, "", found.patch, found.revert, found.restores)
        try:
            return await self._publishing.preview(principal, found.policy_id, change)
        except (Conflict, InvalidInput, PreconditionFailed):
            return None
