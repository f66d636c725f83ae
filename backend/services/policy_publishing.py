"""A change to a policy becomes its next version: committed first, announced after."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    PreconditionFailed,
    RefusedField,
)
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.policy.chain import chain_text, changed_layer, refused_wish
from backend.policy.difference import Difference, Drift, differences, drifted, weakened
from backend.policy.inheritance import Refusal, effective
from backend.policy.layers import Layer, Mode
from backend.policy.patch import RuleNames, patched
from backend.policy.policy import Policy, document_etag, written
from backend.policy.reading import read_policy
from backend.policy.validation import PolicyError
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.custom_detections import try_new_patterns
from backend.services.policy_announcements import (
    CHANGED,
    Announcement,
    Announcer,
    PolicyAnnouncements,
)
from backend.services.policy_lookup import AUTHOR, PolicyLookup, chain_of

LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants to publish, and the version they saw when they wanted it."""

    base_version: int
    reason: str
    patch: object
    revert: tuple[str, ...] = ()
    """Fields, or groups of them, that are inherited again."""
    restored: Layer | None = None
    """The client's own layer of an earlier version, to hold again instead of a patch."""


@dataclass(frozen=True, slots=True)
class PolicyDraft:
    """The documents before and after a change that is not published."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version as it was published, for the history."""

    version: int
    etag: str
    document: Mapping[str, Any]
    author: str
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class _Draft:
    """A change worked out, and whose policy it changes."""

    client_id: UUID
    before: Policy
    after: Policy


class NeedsApproval(Conflict):
    """The change protects less, and the policy asks for a second person then."""

    code = "policy-needs-approval"

    def __init__(self, weakens: tuple[str, ...]) -> None:
        super().__init__(
            f"Nothing was published: {', '.join(weakens[:5])} would protect less, which a second "
            "person has to approve. Propose the change; somebody else who may publish decides."
        )
        self.weakens = weakens


class PolicyPublishing:
    """Writes versions. With `names`, a misspelt rule or entity type is refused."""

    def __init__(
        self,
        database: Database,
        publisher: Announcer,
        lookup: PolicyLookup,
        clock: Clock,
        names: RuleNames | None = None,
    ) -> None:
        self._database = database
        self._announcements = PolicyAnnouncements(database, publisher, clock)
        self._lookup = lookup
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

        Raise NotFound, PreconditionFailed when somebody published meanwhile, Conflict when the
        patch changes nothing, InvalidInput when it gives no policy or no reason.
        """
        principal.require("policy:publish")
        change = Change(base_version, _said(reason), _attributed(principal, patch), tuple(revert))
        draft = await self._draft(principal, policy_id, change)
        client_id = draft.client_id
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            announcement = await self._write(connection, principal, policy_id, change)
        await self.tell(announcement)
        return announcement

    async def write_approved(
        self,
        connection: Connection,
        approver: Principal,
        author_id: UUID,
        policy_id: UUID,
        change: Change,
    ) -> Announcement:
        """Write a change that somebody else proposed, in the caller's transaction.

        Raise as `publish` does. Call `tell` after the commit.
        """
        return await self._write(connection, approver, policy_id, change, author_id)

    async def tell(self, announcement: Announcement) -> None:
        """Announce a version that is committed."""
        self._lookup.invalidate(announcement.client_id)
        await self._announcements.announce(announcement)

    async def roll_back(
        self, principal: Principal, policy_id: UUID, base_version: int, version: int, reason: str
    ) -> Announcement:
        """Publish what the client said in `version` as the next version. Raise as `publish` does.

        What the policy inherits is today's, so a lock set since then holds.
        """
        principal.require("policy:publish")
        client_id = await self.client_of(principal, policy_id)
        row = await self._version_row(principal, client_id, policy_id, version)
        change = Change(base_version, _said(reason), {}, restored=chain_of(row)[-1])
        _ = await self._draft(principal, policy_id, change)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            announcement = await self._write(connection, principal, policy_id, change)
        await self.tell(announcement)
        return announcement

    async def difference(
        self, principal: Principal, policy_id: UUID, first: int, second: int
    ) -> tuple[Difference, ...]:
        """Return what changed from one version to another, field by field. Raise NotFound."""
        principal.require("policy:read")
        client_id = await self.client_of(principal, policy_id)
        if first == second:
            raise Conflict("Name two different versions; a version does not differ from itself.")
        documents = [
            json.loads((await self._version_row(principal, client_id, policy_id, one))["document"])
            for one in (first, second)
        ]
        return differences(*(read_policy(one).document() for one in documents))

    async def drift(self, principal: Principal, policy_id: UUID) -> tuple[Drift, ...]:
        """Return where a client's policy departs from what it inherits. Raise NotFound."""
        principal.require("policy:read")
        client_id = await self.client_of(principal, policy_id)
        async with self._database.scoped(principal.scope()) as connection:
            row = await connection.fetchrow(_NEWEST, client_id, policy_id)
        if row is None:
            raise _no_such_policy()
        return drifted(chain_of(row), self._lookup.taxonomy)

    async def _version_row(
        self, principal: Principal, client_id: UUID, policy_id: UUID, version: int
    ) -> Record:
        async with self._database.scoped(principal.scope()) as connection:
            row = await connection.fetchrow(_ONE, client_id, policy_id, version)
        if row is None:
            raise NotFound("There is no such version of the policy. List its versions.")
        return row

    async def beside(
        self, principal: Principal, policy_id: UUID, base_version: int | None, patch: object
    ) -> tuple[UUID, Policy, Policy | None]:
        """Return whose policy it is, the live one, and with a patch what it would become."""
        principal.require("policy:publish")
        client_id = await self.client_of(principal, policy_id)
        if patch is not None:
            change = Change(base_version or 0, "", _attributed(principal, patch))
            draft = await self._draft(principal, policy_id, change)
            return client_id, draft.before, draft.after
        held = await self._lookup.effective(principal.scope_for(client_id), client_id)
        return client_id, held.policy, None

    async def preview(
        self, principal: Principal, policy_id: UUID, base_version: int, patch: object
    ) -> PolicyDraft:
        """Return what `publish` would do, doing nothing. Raise as it does, but for the reason."""
        principal.require("policy:publish")
        change = Change(base_version, "", _attributed(principal, patch))
        draft = await self._draft(principal, policy_id, change)
        return PolicyDraft(draft.before.document(), draft.after.document())

    async def publish_pending(self) -> int:
        """Announce committed versions whose announcement was lost; return how many."""
        return await self._announcements.publish_pending()

    async def versions(
        self, principal: Principal, policy_id: UUID, before: int | None = None, limit: int = 50
    ) -> tuple[PolicyVersion, ...]:
        """Return at most `limit` versions older than `before`, newest first. Raise NotFound."""
        principal.require("policy:read")
        client_id = await self.client_of(principal, policy_id)
        async with self._database.scoped(principal.scope()) as connection:
            rows = await connection.fetch(_VERSIONS, client_id, policy_id, before, limit)
        return tuple(_version(row) for row in rows)

    async def _draft(self, principal: Principal, policy_id: UUID, change: Change) -> _Draft:
        """Return a change that may be published: its patterns are tried, which takes a moment."""
        client_id = await self.client_of(principal, policy_id)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            row = await connection.fetchrow(_NEWEST, client_id, policy_id)
        if row is None:
            raise _no_such_policy()
        _refuse_stale(change.base_version, row["version"])
        before, after, _ = self._changed(row, change)
        await try_new_patterns(before, after)
        return _Draft(client_id, before, after)

    async def client_of(self, principal: Principal, policy_id: UUID) -> UUID:
        """Return whose policy it is. Raise NotFound."""
        async with self._database.scoped(principal.scope()) as connection:
            client_id: UUID | None = await connection.fetchval(
                "SELECT tenant_id FROM policies WHERE id = $1", policy_id
            )
        if client_id is None:
            raise _no_such_policy()
        return client_id

    async def _write(
        self,
        connection: Connection,
        principal: Principal,
        policy_id: UUID,
        change: Change,
        proposed_by: UUID | None = None,
    ) -> Announcement:
        locked = await connection.fetchrow(_LOCK, policy_id)
        if locked is None:
            raise _no_such_policy()
        _refuse_stale(change.base_version, locked["current_version"])
        tenant_id, version = locked["tenant_id"], locked["current_version"] + 1
        former = await connection.fetchrow(_NEWEST, tenant_id, policy_id)
        if former is None:
            raise _no_such_policy()
        before, policy, chain = self._changed(former, change)
        weakens = self._weakened(before, chain_of(former), chain)
        if weakens and proposed_by is None:
            raise NeedsApproval(weakens)
        document = written(policy.document())
        made = Announcement(
            uuid7(), tenant_id, locked["msp_id"], version, document_etag(document, version)
        )
        said = {"policy_id": str(policy_id), "version": version, "etag": made.etag}
        await connection.execute(
            _WRITE, tenant_id, policy_id, version, made.msp_id, document, made.etag,
            proposed_by or principal.user_id, change.reason, self._clock.now(), made.outbox_id,
            CHANGED, json.dumps(said), policy.name, chain_text(chain),
            principal.user_id if proposed_by else None, bool(weakens),
        )  # fmt: skip
        await AdminTrail.record(
            connection, principal, "policy.publish", Subject("policy", policy_id), change.reason,
            version=version, base_version=change.base_version,
        )  # fmt: skip
        return made

    def _weakened(
        self, before: Policy, was: Sequence[Layer], chain: Sequence[Layer]
    ) -> tuple[str, ...]:
        """Return what a second person has to agree to, by field."""
        if before.second_approval == "never":
            return ()
        taxonomy = self._lookup.taxonomy
        return weakened(effective(was, taxonomy), effective(chain, taxonomy), taxonomy)

    def _changed(self, former: Record, change: Change) -> tuple[Policy, Policy, list[Layer]]:
        """Return the policy before and after a change, and the layers that make the latter."""
        before = read_policy(json.loads(former["document"]))
        *below, own = chain_of(former)
        if change.restored is not None:
            return self._restored(former["version"], before, [*below, own], change.restored)
        try:
            wanted = (
                before
                if change.patch == {} and change.revert
                else patched(before, _as_thrown(before, change.patch), self._names)
            )
            layer = changed_layer(own, before, wanted, change.revert)
            layer = replace(layer, origin=replace(own.origin, version=former["version"] + 1))
            found = effective([*below, layer], self._lookup.taxonomy)
            after = read_policy(found.document)
        except PolicyError as error:
            raise RefusedField(
                f"Nothing was published: {error}.", error.field, error.why, code="policy-invalid"
            ) from None
        _refuse_locked(refused_wish(found.refused, own, layer))
        if after == before and layer.fields == own.fields:
            raise Conflict(
                "Nothing was published: the policy already says everything in the patch.",
                code="policy-unchanged",
            )
        return before, after, [*below, layer]

    def _restored(
        self, version: int, before: Policy, chain: Sequence[Layer], restored: Layer
    ) -> tuple[Policy, Policy, list[Layer]]:
        """Return what an earlier layer makes today: locks that have come since then hold it."""
        *below, own = chain
        layer = replace(restored, origin=replace(own.origin, version=version + 1))
        if layer.fields == own.fields:
            raise Conflict(
                "Nothing was published: the policy already says what it said then.",
                code="policy-unchanged",
            )
        found = effective([*below, layer], self._lookup.taxonomy)
        return before, read_policy(found.document), [*below, layer]


def _refuse_locked(refusal: Refusal | None) -> None:
    if refusal is None:
        return
    how = "locked" if refusal.mode == Mode.LOCKED else "held to be no milder"
    why = (
        f"is {how} by {refusal.by.name}, version {refusal.by.version}, and stays {refusal.held}"
        if isinstance(refusal.held, str)
        else f"is {how} by {refusal.by.name}, version {refusal.by.version}"
    )
    raise RefusedField(
        f"Nothing was published: {refusal.field} {why}. Ask whoever set the lock, or leave this "
        "field out.",
        refusal.field,
        why,
        code="policy-locked",
    )


def _no_such_policy() -> NotFound:
    return NotFound("There is no such policy. List policies to find its id.")


def _attributed(principal: Principal, patch: object) -> object:
    """Return a patch whose emergency stops say who made them; nobody says so of themselves."""
    if not isinstance(patch, Mapping) or not isinstance(patch.get("switches"), Mapping):
        return patch
    by = "msp" if principal.client_id is None else "client"
    switches = {
        service: {**one, "by": by} if isinstance(one, Mapping) else one
        for service, one in patch["switches"].items()
    }
    return {**patch, "switches": switches}


def _as_thrown(before: Policy, patch: object) -> object:
    """Return a patch in which the emergency stops it leaves alone say who threw them."""
    if not isinstance(patch, Mapping) or not isinstance(patch.get("switches"), Mapping):
        return patch
    thrown = {key: one.document() for key, one in before.switches.items()}

    def kept(key: str, one: object) -> object:
        was = thrown.get(key)
        is_same = (
            was is not None
            and isinstance(one, Mapping)
            and {**was, **one, "by": ""} == {**was, "by": ""}
        )
        return was if is_same else one

    switches = {key: kept(key, one) for key, one in patch["switches"].items()}
    return {**patch, "switches": switches}


def _said(reason: str) -> str:
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON or "\0" in words:
        raise InvalidInput(
            f"Say in 1 to {LONGEST_REASON} characters why the policy changes; the reason is kept "
            "with the version.",
            code="policy-reason",
        )
    return words


def _refuse_stale(base_version: int, current_version: int) -> None:
    if base_version != current_version:
        raise PreconditionFailed(
            f"The policy is at version {current_version}, your change was made on version "
            f"{base_version}, so it was not published. Read version {current_version}, decide "
            "again, and publish on top of it.",
            code="policy-stale",
        )


def _version(row: Record) -> PolicyVersion:
    return PolicyVersion(
        version=row["version"],
        etag=row["etag"],
        document=json.loads(row["document"]),
        author=row["author"],
        reason=row["reason"],
        created_at=row["created_at"],
    )


_LOCK: Final = "SELECT tenant_id, msp_id, current_version FROM policies WHERE id = $1 FOR UPDATE"
_KEPT: Final = f"""
SELECT p.id, p.template, c.name AS client_name, v.version, v.document, v.chain, {AUTHOR}
FROM policies p
JOIN clients c ON c.tenant_id = p.tenant_id
JOIN policy_versions v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)
WHERE p.tenant_id = $1 AND p.id = $2"""  # noqa: S608 -- made of constants only
_NEWEST: Final = f"{_KEPT} ORDER BY v.version DESC LIMIT 1"
_ONE: Final = f"{_KEPT} AND v.version = $3"
_WRITE: Final = """
WITH version AS (
    INSERT INTO policy_versions
        (tenant_id, policy_id, version, msp_id, document, etag, author_id, reason, created_at,
        chain, approver_id, needs_approval)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $14, $15, $16)
), announcement AS (
    INSERT INTO outbox (tenant_id, id, msp_id, kind, payload)
    VALUES ($1, $10, $4, $11, $12::jsonb)
)
UPDATE policies SET current_version = $3, updated_at = $9, name = $13
WHERE tenant_id = $1 AND id = $2
"""
_VERSIONS: Final = f"""
SELECT v.version, v.etag, v.document, v.reason, v.created_at, {AUTHOR}
FROM policy_versions v
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)
WHERE v.tenant_id = $1 AND v.policy_id = $2 AND ($3::int IS NULL OR v.version < $3)
ORDER BY v.version DESC
LIMIT $4
"""  # noqa: S608 -- made of constants only
