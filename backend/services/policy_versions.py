"""The versions of clients' policies as they lie in the database: read, locked, written."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Connection
from backend.core.identifiers import uuid7
from backend.policy.chain import chain_text
from backend.policy.inheritance import effective
from backend.policy.layers import Layer
from backend.policy.policy import document_etag, written
from backend.policy.reading import read_policy
from backend.policy.taxonomy import Taxonomy
from backend.services.policy_announcements import CHANGED, Announcement
from backend.services.policy_lookup import AUTHOR


@dataclass(frozen=True, slots=True)
class NextVersion:
    """The next version of one policy, worked out and not yet written."""

    client_id: UUID
    policy_id: UUID
    msp_id: UUID
    version: int
    name: str
    document: str
    chain: str
    etag: str
    outbox_id: UUID

    @property
    def announcement(self) -> Announcement:
        """What browsers hear of it once it is committed."""
        return Announcement(self.outbox_id, self.client_id, self.msp_id, self.version, self.etag)

    def said(self) -> dict[str, Any]:
        """Return the payload of its announcement."""
        return {"policy_id": str(self.policy_id), "version": self.version, "etag": self.etag}

    def entry(self) -> dict[str, Any]:
        """Return it as `qg_pass_on` takes it."""
        return {
            "tenant_id": str(self.client_id), "policy_id": str(self.policy_id),
            "version": self.version, "document": self.document, "chain": self.chain,
            "etag": self.etag, "outbox_id": str(self.outbox_id), "kind": CHANGED,
            "payload": self.said(),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signature:
    """Who wrote a version, who agreed where that was needed, why, and when."""

    author_id: UUID | None
    approver_id: UUID | None
    reason: str
    moment: datetime


def next_version(held: Record, chain: Sequence[Layer], taxonomy: Taxonomy) -> NextVersion:
    """Return what the layers of `chain` make of the policy whose newest version is `held`."""
    policy = read_policy(effective(chain, taxonomy).document)
    text, version = written(policy.document()), held["version"] + 1
    return NextVersion(
        held["tenant_id"], held["policy_id"], held["msp_id"], version, policy.name, text,
        chain_text(chain), document_etag(text, version), uuid7(),
    )  # fmt: skip


async def client_of(connection: Connection, policy_id: UUID) -> UUID | None:
    """Return whose policy it is, as far as the scope sees it."""
    found: UUID | None = await connection.fetchval(_CLIENT, policy_id)
    return found


async def newest(
    connection: Connection, client_id: UUID, policy_id: UUID | None = None
) -> Record | None:
    """Return the version in force; without `policy_id` of the policy that counts."""
    found: Record | None = await connection.fetchrow(_NEWEST, client_id, policy_id)
    return found


async def newest_of(connection: Connection, client_ids: Sequence[UUID]) -> list[Record]:
    """Return the versions in force of several clients, as far as the scope sees them."""
    found: list[Record] = await connection.fetch(_NEWEST_OF, list(client_ids))
    return found


async def locked(
    connection: Connection, client_id: UUID, policy_id: UUID | None = None
) -> Record | None:
    """Return the version in force, which nobody else can follow until the transaction ends.

    Two statements: one that waits for a lock goes on with the rows of before.
    """
    held = await connection.fetchval(_LOCK, client_id, policy_id)
    return None if held is None else await newest(connection, client_id, held)


async def one(
    connection: Connection, client_id: UUID, policy_id: UUID, version: int
) -> Record | None:
    """Return one version of a policy."""
    found: Record | None = await connection.fetchrow(_ONE, client_id, policy_id, version)
    return found


async def add(
    connection: Connection, made: NextVersion, by: Signature, parent_id: UUID | None = None
) -> None:
    """Write a version and its announcement; with `parent_id` the policy inherits from that."""
    await connection.execute(
        _ADD, made.client_id, made.policy_id, made.version, made.msp_id, made.document, made.etag,
        by.author_id, by.reason, by.moment, made.outbox_id, CHANGED, json.dumps(made.said()),
        made.name, made.chain, by.approver_id, by.approver_id is not None, parent_id,
    )  # fmt: skip


_CLIENT: Final = "SELECT tenant_id FROM policies WHERE id = $1"
_FROM: Final = f"""
SELECT p.tenant_id, p.msp_id, p.id, p.id AS policy_id, p.template, p.parent_id,
    c.name AS client_name, v.version, v.document, v.chain, {AUTHOR}
FROM policies p
JOIN clients c ON c.tenant_id = p.tenant_id
JOIN policy_versions v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)"""  # noqa: S608 -- made of constants only
_KEPT: Final = f"{_FROM} WHERE p.tenant_id = $1 AND ($2::uuid IS NULL OR p.id = $2)"
_NEWEST_OF: Final = f"""{_FROM}
WHERE p.tenant_id = ANY($1::uuid[]) AND v.version = p.current_version ORDER BY p.tenant_id"""
_NEWEST: Final = f"""{_KEPT} AND v.version = p.current_version
ORDER BY p.created_at, p.id LIMIT 1"""
_LOCK: Final = """
SELECT id FROM policies WHERE tenant_id = $1 AND ($2::uuid IS NULL OR id = $2)
ORDER BY created_at, id LIMIT 1 FOR UPDATE
"""
_ONE: Final = f"{_KEPT} AND v.version = $3"
_ADD: Final = """
WITH version AS (
    INSERT INTO policy_versions
        (tenant_id, policy_id, version, msp_id, document, etag, author_id, reason, created_at,
        chain, approver_id, needs_approval)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $14, $15, $16)
), announcement AS (
    INSERT INTO outbox (tenant_id, id, msp_id, kind, payload)
    VALUES ($1, $10, $4, $11, $12::jsonb)
)
UPDATE policies SET current_version = $3, updated_at = $9, name = $13,
    parent_id = coalesce($17, parent_id)
WHERE tenant_id = $1 AND id = $2
"""
