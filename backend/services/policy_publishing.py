"""A change to a client's policy becomes its next version: committed first, announced after."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.principal import Principal
from backend.policy.chain import changed_layer, refused_wish
from backend.policy.difference import weakened
from backend.policy.inheritance import effective
from backend.policy.layers import Layer
from backend.policy.merging import Merge, merge
from backend.policy.patch import RuleNames, patched
from backend.policy.policy import Policy
from backend.policy.reading import read_policy
from backend.policy.taxonomy import Taxonomy
from backend.policy.validation import PolicyError
from backend.services import policy_versions
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.custom_detections import try_new_patterns
from backend.services.policy_announcements import Announcement, PolicyAnnouncements
from backend.services.policy_history import PolicyHistory
from backend.services.policy_lookup import PolicyLookup, chain_of
from backend.services.policy_refusals import (
    NeedsApproval,
    StaleVersion,
    no_such_policy,
    refuse_locked,
    refuse_stale,
    refused,
    unchanged,
)
from backend.services.policy_stops import as_thrown, refuse_lifting, signed
from backend.services.policy_versions import Signature, next_version
from backend.services.wording import said_reason


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants to publish, and the version they saw when they wanted it."""

    base_version: int
    reason: str
    patch: object
    revert: tuple[str, ...] = ()
    """Fields, or groups of them, that are inherited again."""
    restores: int | None = None
    """A version whose own layer is to hold again, instead of a patch."""


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """The documents before and after a change that is not published."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A change worked out: the policy before and after it, and the layers that make the latter."""

    before: Policy
    after: Policy
    chain: list[Layer]


class PolicyPublishing:
    """Writes versions. With `names`, a misspelt rule or entity type is refused."""

    def __init__(
        self,
        database: Database,
        announcements: PolicyAnnouncements,
        lookup: PolicyLookup,
        clock: Clock,
        names: RuleNames | None = None,
    ) -> None:
        self._database = database
        self._announcements = announcements
        self._lookup = lookup
        self._history = PolicyHistory(database, lookup)
        self._clock = clock
        self._names = names

    async def publish(
        self,
        principal: Principal,
        policy_id: UUID,
        base_version: int,
        reason: str,
        patch: object,
        revert: Sequence[str] = (),
    ) -> Announcement:
        """Publish `patch` on top of `base_version` as the next version, and announce it.

        Raise NotFound, StaleVersion when somebody published meanwhile, Conflict when the
        patch changes nothing, InvalidInput when it gives no policy or no reason, NeedsApproval.
        """
        change = Change(base_version, reason, patch, tuple(revert))
        return await self.change(principal, policy_id, change)

    async def change(self, principal: Principal, policy_id: UUID, change: Change) -> Announcement:
        """Publish a change, a rollback too. Raise as `publish` does.

        What a policy inherits is today's, so a lock set since an earlier version holds.
        """
        principal.require("policy:publish")
        change = _signed(principal, replace(change, reason=said_reason(change.reason)))
        client_id, _ = await self._draft(principal, policy_id, change)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            announcement = await self.write(connection, principal, policy_id, change)
        await self._announcements.tell(announcement)
        return announcement

    async def write(
        self,
        connection: Connection,
        principal: Principal | None,
        policy_id: UUID,
        change: Change,
        author_id: UUID | None = None,
    ) -> Announcement:
        """Write a change in the caller's transaction; with `author_id` somebody else's proposal.

        Without a principal Quillgate itself publishes.

        The change is `signed` already. Raise as `publish` does. Tell of it after the commit.
        """
        client_id = await policy_versions.client_of(connection, policy_id)
        if client_id is None:
            raise no_such_policy()
        former = await policy_versions.locked(connection, client_id, policy_id)
        if former is None:
            raise no_such_policy()
        refuse_stale(change.base_version, former["version"])
        draft = await self._worked_out(connection, former, change)
        weakens = _weakened(draft.before, chain_of(former), draft.chain, self._lookup.taxonomy)
        if weakens and author_id is None:
            raise NeedsApproval(weakens)
        made = next_version(former, draft.chain, self._lookup.taxonomy)
        caller = principal.user_id if principal else None
        approver = caller if author_id else None
        by = Signature(author_id or caller, approver, change.reason, self._clock.now())
        await policy_versions.add(connection, made, by)
        await AdminTrail.record(
            connection, principal, "policy.publish", Subject("policy", policy_id), change.reason,
            version=made.version, base_version=change.base_version,
        )  # fmt: skip
        return made.announcement

    async def roll_back(
        self, principal: Principal, policy_id: UUID, base_version: int, version: int, reason: str
    ) -> Announcement:
        """Publish what the client said in `version` as the next version. Raise as `publish`."""
        change = Change(base_version, reason, {}, restores=version)
        return await self.change(principal, policy_id, change)

    async def beside(
        self, principal: Principal, policy_id: UUID, base_version: int | None, patch: object
    ) -> tuple[UUID, Policy, Policy | None]:
        """Return whose policy it is, the live one, and with a patch what it would become."""
        principal.require("policy:publish")
        if patch is not None:
            change = _signed(principal, Change(base_version or 0, "", patch))
            client_id, draft = await self._draft(principal, policy_id, change)
            return client_id, draft.before, draft.after
        client_id = await self._history.client_of(principal, policy_id)
        held = await self._lookup.effective(principal.scope_for(client_id), client_id)
        return client_id, held.policy, None

    async def preview(self, principal: Principal, policy_id: UUID, change: Change) -> PolicyDraft:
        """Return what `publish` would do, doing nothing. Raise as it does, but for the reason."""
        principal.require("policy:publish")
        _, draft = await self._draft(principal, policy_id, _signed(principal, change))
        return PolicyDraft(draft.before.document(), draft.after.document())

    async def client_of(self, principal: Principal, policy_id: UUID) -> UUID:
        """Return whose policy it is. Raise NotFound."""
        return await self._history.client_of(principal, policy_id)

    async def _draft(
        self, principal: Principal, policy_id: UUID, change: Change
    ) -> tuple[UUID, _Draft]:
        """Return a change that may be published: its patterns are tried, which takes a moment."""
        client_id = await self._history.client_of(principal, policy_id)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            former = await policy_versions.newest(connection, client_id, policy_id)
            if former is None:
                raise no_such_policy()
            if change.base_version != former["version"]:
                merged = await self._merge(connection, former, change)
                raise StaleVersion(former["version"], change.base_version, merged)
            draft = await self._worked_out(connection, former, change)
        before, after = draft.before.document(), draft.after.document()
        refuse_lifting(principal, before, after, self._clock.now())
        await try_new_patterns(draft.before, draft.after)
        return client_id, draft

    async def _merge(self, connection: Connection, former: Record, change: Change) -> Merge | None:
        """Return where a change made on an older version meets what was published since."""
        base = await policy_versions.one(
            connection, former["tenant_id"], former["policy_id"], change.base_version
        )
        if base is None or change.restores is not None:
            return None
        wanted = await self._worked_out(connection, base, change)
        current = read_policy(json.loads(former["document"]))
        return merge(wanted.before.document(), current.document(), wanted.after.document())

    async def _worked_out(self, connection: Connection, former: Record, change: Change) -> _Draft:
        before = read_policy(json.loads(former["document"]))
        *below, own = chain_of(former)
        if change.restores is None:
            layer = self._changed(before, own, change)
        else:
            kept = await policy_versions.one(
                connection, former["tenant_id"], former["policy_id"], change.restores
            )
            if kept is None:
                raise no_such_policy()
            layer = chain_of(kept)[-1]
        layer = replace(layer, origin=replace(own.origin, version=former["version"] + 1))
        try:
            found = effective([*below, layer], self._lookup.taxonomy)
            after = read_policy(found.document)
        except PolicyError as error:
            raise refused(error) from None
        if change.restores is None:
            refuse_locked(refused_wish(found.refused, own, layer))
        if after == before and layer.fields == own.fields:
            raise unchanged()
        return _Draft(before, after, [*below, layer])

    def _changed(self, before: Policy, own: Layer, change: Change) -> Layer:
        try:
            only_reverts = change.patch == {} and change.revert
            wanted = (
                before
                if only_reverts
                else patched(before, as_thrown(before, change.patch), self._names)
            )
            return changed_layer(own, before, wanted, change.revert)
        except PolicyError as error:
            raise refused(error) from None


def _weakened(
    before: Policy, was: Sequence[Layer], chain: Sequence[Layer], taxonomy: Taxonomy
) -> tuple[str, ...]:
    """Return what a second person has to agree to, by field."""
    if not before.asks_second_person:
        return ()
    return weakened(effective(was, taxonomy), effective(chain, taxonomy), taxonomy)


def _signed(principal: Principal, change: Change) -> Change:
    return replace(change, patch=signed(principal, change.patch))
