"""A change to a policy becomes its next version: committed first, announced after."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
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
from backend.policy.patch import RuleNames, patched
from backend.policy.policy import Policy, document_etag, written
from backend.policy.reading import read_policy
from backend.policy.validation import PolicyError
from backend.services.custom_detections import try_new_patterns
from backend.services.policy_announcements import (
    CHANGED,
    Announcement,
    Announcer,
    PolicyAnnouncements,
)
from backend.services.policy_lookup import AUTHOR, PolicyLookup

LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants to publish, and the version they saw when they wanted it."""

    base_version: int
    reason: str
    patch: object


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
        self, principal: Principal, policy_id: UUID, base_version: int, reason: str, patch: object
    ) -> Announcement:
        """Publish `patch` on top of `base_version` as the next version, and announce it.

        Raise NotFound, PreconditionFailed when somebody published meanwhile, Conflict when the
        patch changes nothing, InvalidInput when it gives no policy or no reason.
        """
        principal.require("policy:publish")
        change = Change(base_version, _said(reason), patch)
        draft = await self._draft(principal, policy_id, base_version, patch)
        client_id = draft.client_id
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            announcement = await self._write(connection, principal, policy_id, change)
        self._lookup.invalidate(client_id)
        await self._announcements.announce(announcement)
        return announcement

    async def preview(
        self, principal: Principal, policy_id: UUID, base_version: int, patch: object
    ) -> PolicyDraft:
        """Return what `publish` would do, doing nothing. Raise as it does, but for the reason."""
        principal.require("policy:publish")
        draft = await self._draft(principal, policy_id, base_version, patch)
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

    async def _draft(
        self, principal: Principal, policy_id: UUID, base_version: int, patch: object
    ) -> _Draft:
        """Return a change that may be published: its patterns are tried, which takes a moment."""
        client_id = await self.client_of(principal, policy_id)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            row = await connection.fetchrow(_NEWEST, client_id, policy_id)
        if row is None:
            raise _no_such_policy()
        _refuse_stale(base_version, row["version"])
        before, after = self._changed(row["document"], patch)
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
        self, connection: Connection, principal: Principal, policy_id: UUID, change: Change
    ) -> Announcement:
        locked = await connection.fetchrow(_LOCK, policy_id)
        if locked is None:
            raise _no_such_policy()
        _refuse_stale(change.base_version, locked["current_version"])
        tenant_id, version = locked["tenant_id"], locked["current_version"] + 1
        former = await connection.fetchval(_DOCUMENT, tenant_id, policy_id, version - 1)
        _, policy = self._changed(former, change.patch)
        document = written(policy.document())
        made = Announcement(
            uuid7(), tenant_id, locked["msp_id"], version, document_etag(document, version)
        )
        said = {"policy_id": str(policy_id), "version": version, "etag": made.etag}
        await connection.execute(
            _WRITE, tenant_id, policy_id, version, made.msp_id, document, made.etag,
            principal.user_id, change.reason, self._clock.now(), made.outbox_id, CHANGED,
            json.dumps(said), policy.name,
        )  # fmt: skip
        return made

    def _changed(self, former: str, patch: object) -> tuple[Policy, Policy]:
        before = read_policy(json.loads(former))
        try:
            after = patched(before, patch, self._names)
        except PolicyError as error:
            raise RefusedField(
                f"Nothing was published: {error}.", error.field, error.why, code="policy-invalid"
            ) from None
        if after == before:
            raise Conflict(
                "Nothing was published: the policy already says everything in the patch.",
                code="policy-unchanged",
            )
        return before, after


def _no_such_policy() -> NotFound:
    return NotFound("There is no such policy. List policies to find its id.")


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
_DOCUMENT: Final = """SELECT document FROM policy_versions
WHERE tenant_id = $1 AND policy_id = $2 AND version = $3"""
_NEWEST: Final = """SELECT version, document FROM policy_versions
WHERE tenant_id = $1 AND policy_id = $2 ORDER BY version DESC LIMIT 1"""
_WRITE: Final = """
WITH version AS (
    INSERT INTO policy_versions
        (tenant_id, policy_id, version, msp_id, document, etag, author_id, reason, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
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
