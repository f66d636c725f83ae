"""Changes that protect less wait for a second person, whom the database keeps from the first."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.policy_announcements import Announcement
from backend.services.policy_publishing import Change, NeedsApproval, PolicyPublishing

LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class PendingChange:
    """A proposed change: what it says, what it weakens, and what became of it."""

    id: UUID
    client_id: UUID
    policy_id: UUID
    base_version: int
    patch: Mapping[str, Any]
    revert: tuple[str, ...]
    weakens: tuple[str, ...]
    reason: str
    status: str
    author_id: UUID
    created_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    decision: str | None = None
    version: int | None = None


class PolicyApprovals:
    """Takes changes in, and lets somebody else decide."""

    def __init__(self, database: Database, publishing: PolicyPublishing, clock: Clock) -> None:
        self._database = database
        self._publishing = publishing
        self._clock = clock

    async def submit(
        self, principal: Principal, policy_id: UUID, change: Change
    ) -> Announcement | PendingChange:
        """Publish a change, or keep it for a second person where one is asked for.

        Raise as `PolicyPublishing.publish` does.
        """
        try:
            return await self._publishing.publish(
                principal, policy_id, change.base_version, change.reason, change.patch,
                change.revert,
            )  # fmt: skip
        except NeedsApproval as needed:
            return await self._keep(principal, policy_id, change, needed.weakens)

    async def _keep(
        self, principal: Principal, policy_id: UUID, change: Change, weakens: Sequence[str]
    ) -> PendingChange:
        client_id = await self._publishing.client_of(principal, policy_id)
        change_id = uuid7()
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            await connection.execute(
                _KEEP, client_id, change_id, principal.msp_id, policy_id, change.base_version,
                json.dumps(change.patch), list(change.revert), list(weakens), change.reason,
                principal.user_id, self._clock.now(),
            )  # fmt: skip
            await AdminTrail.record(
                connection, principal, "policy.propose", Subject("policy_change", change_id),
                change.reason, policy=policy_id, weakens=list(weakens)[:20],
            )  # fmt: skip
            row = await connection.fetchrow(_ONE, change_id)
        if row is None:
            raise _no_such_change()
        return _change(row)

    async def pending(self, principal: Principal, policy_id: UUID) -> tuple[PendingChange, ...]:
        """Return the proposed changes of a policy, newest first. Raise NotFound."""
        principal.require("policy:read")
        client_id = await self._publishing.client_of(principal, policy_id)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            rows = await connection.fetch(_LIST, client_id, policy_id)
        return tuple(_change(row) for row in rows)

    async def decide(
        self, principal: Principal, change_id: UUID, *, approves: bool, reason: str
    ) -> PendingChange:
        """Publish a proposed change, or reject it.

        Raise NotFound, Forbidden to its author, Conflict when it is decided already,
        PreconditionFailed when the policy has moved on since.
        """
        principal.require("policy:publish")
        words = _said(reason)
        found = await self._find(principal, change_id)
        if found.author_id == principal.user_id:
            raise Forbidden(
                "You proposed this change, so somebody else has to decide on it.",
                code="policy-own-change",
            )
        told: Announcement | None = None
        async with self._database.scoped(principal.scope_for(found.client_id)) as connection:
            held = await connection.fetchval(_LOCK, found.client_id, change_id)
            if held != "pending":
                raise Conflict("This change is decided already.", code="policy-change-decided")
            if approves:
                change = Change(found.base_version, found.reason, found.patch, found.revert)
                told = await self._publishing.write_approved(
                    connection, principal, found.author_id, found.policy_id, change
                )
            await connection.execute(
                _DECIDE, found.client_id, change_id, "approved" if approves else "rejected",
                principal.user_id, self._clock.now(), words, told.version if told else None,
            )  # fmt: skip
            await AdminTrail.record(
                connection, principal, "policy.approve" if approves else "policy.reject",
                Subject("policy_change", change_id), words, policy=found.policy_id,
            )  # fmt: skip
        if told is not None:
            await self._publishing.tell(told)
        return await self._find(principal, change_id)

    async def _find(self, principal: Principal, change_id: UUID) -> PendingChange:
        async with self._database.scoped(principal.scope()) as connection:
            row = await connection.fetchrow(_ONE, change_id)
        if row is None:
            raise _no_such_change()
        return _change(row)


def _no_such_change() -> NotFound:
    return NotFound("There is no such change of a policy. List a policy's changes to find its id.")


def _said(reason: str) -> str:
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON or "\0" in words:
        raise InvalidInput(f"Say in 1 to {LONGEST_REASON} characters why you decide so.")
    return words


def _change(row: Record) -> PendingChange:
    said = dict(row)
    for name in ("revert", "weakens"):
        said[name] = tuple(said[name])
    return PendingChange(**{**said, "patch": json.loads(said["patch"])})


_COLUMNS: Final = """SELECT id, tenant_id AS client_id, policy_id, base_version, patch, revert,
    weakens, reason, status, author_id, created_at, decided_by, decided_at, decision, version
FROM policy_changes"""
_ONE: Final = f"{_COLUMNS} WHERE id = $1"
_LIST: Final = f"""{_COLUMNS} WHERE tenant_id = $1 AND policy_id = $2
ORDER BY created_at DESC, id DESC LIMIT 200"""
_LOCK: Final = "SELECT status FROM policy_changes WHERE tenant_id = $1 AND id = $2 FOR UPDATE"
_KEEP: Final = """
INSERT INTO policy_changes (tenant_id, id, msp_id, policy_id, base_version, patch, revert, weakens,
    reason, author_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""
_DECIDE: Final = """
UPDATE policy_changes
SET status = $3, decided_by = $4, decided_at = $5, decision = $6, version = $7
WHERE tenant_id = $1 AND id = $2
"""
