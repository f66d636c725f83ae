"""A change that waits for a second person, as several endpoints show it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backend.services.policy_approvals import PendingChange


class PendingShape(msgspec.Struct):
    """A proposed change; `weakens` names the fields that a second person has to agree to.

    It is one of a policy, of a layer, or with both ids the adoption of a template by a policy. A
    template's has no client. `restores` is the version that a rollback goes back to.
    """

    id: UUID
    client_id: UUID | None
    policy_id: UUID | None
    layer_id: UUID | None
    base_version: int
    patch: dict[str, Any]
    revert: list[str]
    restores: int | None
    weakens: list[str]
    reason: str
    status: str
    author_id: UUID
    created_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    decision: str | None
    version: int | None


class PendingPage(msgspec.Struct):
    """Proposed changes, newest first."""

    items: list[PendingShape]
    next: str | None = None


def pending_shape(found: PendingChange) -> PendingShape:
    """Return it as the API shows it."""
    return msgspec.convert(found, PendingShape, from_attributes=True)
