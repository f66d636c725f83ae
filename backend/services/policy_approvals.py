"""Changes that protect less wait for a second person, whom the database keeps from the first."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Conflict, Forbidden, NotFound
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.policy_adoption import PolicyAdoption
from backend.services.policy_announcements import Announcement
from backend.services.policy_layers import LayerChange, LayerVersion, PolicyLayers, Written
from backend.services.policy_publishing import Change, PolicyPublishing
from backend.services.policy_refusals import NeedsApproval
from backend.services.policy_stops import signed
from backend.services.policy_versions import Signature
from backend.services.wording import said_reason


@dataclass(frozen=True, slots=True)
class PendingChange:
    """A proposed change: what it says, what it weakens, and what became of it.

    It is one of a policy, of a layer, or with both the adoption of a template by a policy.
    """

    id: UUID
    tenant_id: UUID
    msp_id: UUID
    policy_id: UUID | None
    layer_id: UUID | None
    base_version: int
    patch: Mapping[str, Any]
    revert: tuple[str, ...]
    restores: int | None
    weakens: tuple[str, ...]
    reason: str
    status: str
    author_id: UUID
    author: str
    created_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    decision: str | None = None
    version: int | None = None

    @property
    def client_id(self) -> UUID | None:
        """Whose policy it is; none of a template, which is the MSP's own."""
        return None if self.tenant_id == self.msp_id else self.tenant_id


@dataclass(frozen=True, slots=True)
class _Proposal:
    """What is kept of a change until somebody decides."""

    policy_id: UUID | None
    layer_id: UUID | None
    change: Change
    weakens: Sequence[str]


class PolicyApprovals:
    """Publishes what one person may, keeps the rest, and lets somebody else decide."""

    def __init__(
        self,
        database: Database,
        publishing: PolicyPublishing,
        layers: PolicyLayers,
        adoption: PolicyAdoption,
        clock: Clock,
    ) -> None:
        self._database = database
        self._publishing = publishing
        self._layers = layers
        self._adoption = adoption
        self._clock = clock

    async def submit(
        self, principal: Principal, policy_id: UUID, change: Change
    ) -> Announcement | PendingChange:
        """Publish a change of a policy, or keep it for a second person where one is asked for.

        Raise as `PolicyPublishing.publish` does.
        """
        try:
            return await self._publishing.change(principal, policy_id, change)
        except NeedsApproval as needed:
            client_id = await self._publishing.client_of(principal, policy_id)
            wanted = replace(change, patch=signed(principal, change.patch))
            kept = _Proposal(policy_id, None, wanted, needed.weakens)
            return await self._keep(principal, principal.scope_for(client_id), kept)

    async def submit_layer(
        self, principal: Principal, layer_id: UUID, change: LayerChange
    ) -> LayerVersion | PendingChange:
        """Publish a layer's next version, or keep it. Raise as `PolicyLayers.publish` does."""
        try:
            return await self._layers.publish(
                principal, layer_id, change.base_version, change.reason, change.patch
            )
        except NeedsApproval as needed:
            held = await self._layers.get(principal, layer_id)
            scope = self._layers.scope_of(principal, held.kind, held.client_id)
            patch = signed(principal, change.patch)
            wanted = Change(change.base_version, change.reason, patch)
            return await self._keep(
                principal, scope, _Proposal(None, layer_id, wanted, needed.weakens)
            )

    async def submit_adoption(
        self, principal: Principal, policy_id: UUID, base_version: int, layer_id: UUID, reason: str
    ) -> Announcement | PendingChange:
        """Adopt a template, or keep the wish. Raise as `PolicyAdoption.adopt` does."""
        try:
            return await self._adoption.adopt(principal, policy_id, base_version, layer_id, reason)
        except NeedsApproval as needed:
            client_id = await self._publishing.client_of(principal, policy_id)
            wanted = Change(base_version, reason, {})
            kept = _Proposal(policy_id, layer_id, wanted, needed.weakens)
            return await self._keep(principal, principal.scope_for(client_id), kept)

    async def pending(self, principal: Principal, policy_id: UUID) -> tuple[PendingChange, ...]:
        """Return the proposed changes of a policy, newest first. Raise NotFound."""
        principal.require("policy:read")
        client_id = await self._publishing.client_of(principal, policy_id)
        return await self._list(principal.scope_for(client_id), policy_id, None)

    async def pending_of_layer(
        self, principal: Principal, layer_id: UUID
    ) -> tuple[PendingChange, ...]:
        """Return the proposed changes of a layer, newest first. Raise NotFound."""
        held = await self._layers.get(principal, layer_id)
        scope = principal.own_scope()
        if held.client_id is not None:
            scope = principal.scope_for(held.client_id)
        return await self._list(scope, None, layer_id)

    async def decide(
        self, principal: Principal, change_id: UUID, *, approves: bool, reason: str
    ) -> PendingChange:
        """Publish a proposed change, or reject it.

        Raise NotFound, Forbidden to its author, Conflict when it is decided already,
        StaleVersion when the policy has moved on since.
        """
        principal.require("policy:publish")
        words = said_reason(reason)
        found = await self._find(principal, change_id)
        if found.author_id == principal.user_id:
            raise Forbidden(
                "You proposed this change, so somebody else has to decide on it.",
                code="policy-own-change",
            )
        written: Written | None = None
        async with self._database.scoped(_scope_of(principal, found)) as connection:
            held = await connection.fetchval(_LOCK, found.tenant_id, change_id)
            if held != "pending":
                raise Conflict("This change is decided already.", code="policy-change-decided")
            if approves:
                written = await self._write(connection, principal, found)
            await connection.execute(
                _DECIDE, found.tenant_id, change_id, "approved" if approves else "rejected",
                principal.user_id, self._clock.now(), words, written.version if written else None,
            )  # fmt: skip
            await AdminTrail.record(
                connection, principal, "policy.approve" if approves else "policy.reject",
                Subject("policy_change", change_id), words, policy=found.policy_id,
                layer=found.layer_id,
            )  # fmt: skip
        if written is not None:
            await self._layers.tell(principal, written)
        return await self._find(principal, change_id)

    async def _write(
        self, connection: Connection, approver: Principal, found: PendingChange
    ) -> Written:
        if found.policy_id is None and found.layer_id is not None:
            held = await self._layers.get(approver, found.layer_id)
            layer_change = LayerChange(found.base_version, found.reason, found.patch)
            return await self._layers.write(
                connection, approver, held, layer_change, found.author_id
            )
        if found.policy_id is None:
            raise _no_such_change()
        if found.layer_id is not None:
            by = Signature(found.author_id, approver.user_id, found.reason, self._clock.now())
            made = await self._adoption.write(
                connection, approver, (found.tenant_id, found.policy_id), found.base_version,
                found.layer_id, by,
            )  # fmt: skip
        else:
            change = Change(
                found.base_version, found.reason, found.patch, found.revert, found.restores
            )
            made = await self._publishing.write(
                connection, approver, found.policy_id, change, found.author_id
            )
        return Written((made,), made.version)

    async def _keep(self, principal: Principal, scope: Scope, proposal: _Proposal) -> PendingChange:
        change_id, change = uuid7(), proposal.change
        async with self._database.scoped(scope) as connection:
            await connection.execute(
                _KEEP, scope.tenant_id, change_id, principal.msp_id, proposal.policy_id,
                change.base_version, json.dumps(change.patch), list(change.revert),
                list(proposal.weakens), said_reason(change.reason), principal.user_id,
                self._clock.now(), proposal.layer_id, change.restores,
            )  # fmt: skip
            await AdminTrail.record(
                connection, principal, "policy.propose", Subject("policy_change", change_id),
                change.reason, policy=proposal.policy_id, layer=proposal.layer_id,
                weakens=list(proposal.weakens)[:20],
            )  # fmt: skip
            row = await connection.fetchrow(_ONE, change_id)
        if row is None:
            raise _no_such_change()
        return _change(row)

    async def _list(
        self, scope: Scope, policy_id: UUID | None, layer_id: UUID | None
    ) -> tuple[PendingChange, ...]:
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(_LIST, scope.tenant_id, policy_id, layer_id)
        return tuple(_change(row) for row in rows)

    async def _find(self, principal: Principal, change_id: UUID) -> PendingChange:
        for scope in (principal.scope(), principal.own_scope()):
            async with self._database.scoped(scope) as connection:
                row = await connection.fetchrow(_ONE, change_id)
            if row is not None:
                return _change(row)
        raise _no_such_change()


def _scope_of(principal: Principal, found: PendingChange) -> Scope:
    """Return the scope a change is decided in: a client's, or for a template the MSP's own."""
    client_id = found.client_id
    return principal.own_scope() if client_id is None else principal.scope_for(client_id)


def _no_such_change() -> NotFound:
    return NotFound("There is no such change of a policy. List a policy's changes to find its id.")


def _change(row: Record) -> PendingChange:
    kept = dict(row)
    for name in ("revert", "weakens"):
        kept[name] = tuple(kept[name])
    return PendingChange(**{**kept, "patch": json.loads(kept["patch"])})


_COLUMNS: Final = """SELECT v.id, v.tenant_id, v.msp_id, v.policy_id, v.layer_id, v.base_version,
    v.patch, v.revert, v.restores, v.weakens, v.reason, v.status, v.author_id,
    coalesce(u.display_name, 'Your service provider') AS author, v.created_at, v.decided_by,
    v.decided_at, v.decision, v.version
FROM policy_changes v
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)"""
_ONE: Final = f"{_COLUMNS} WHERE v.id = $1"
_LIST: Final = f"""{_COLUMNS} WHERE v.tenant_id = $1
    AND ($2::uuid IS NULL OR v.policy_id = $2)
    AND ($3::uuid IS NULL OR (v.layer_id = $3 AND v.policy_id IS NULL))
ORDER BY v.created_at DESC, v.id DESC LIMIT 200"""
_LOCK: Final = "SELECT status FROM policy_changes WHERE tenant_id = $1 AND id = $2 FOR UPDATE"
_KEEP: Final = """
INSERT INTO policy_changes (tenant_id, id, msp_id, policy_id, base_version, patch, revert, weakens,
    reason, author_id, created_at, layer_id, restores)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
_DECIDE: Final = """
UPDATE policy_changes
SET status = $3, decided_by = $4, decided_at = $5, decision = $6, version = $7
WHERE tenant_id = $1 AND id = $2
"""
