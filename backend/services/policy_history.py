"""What a policy said before, what changed, and where it departs from what it inherits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Database
from backend.core.errors import Conflict, NotFound
from backend.core.principal import Principal
from backend.policy.difference import Difference, Drift, differences, drifted
from backend.policy.reading import read_policy
from backend.services import policy_versions
from backend.services.policy_lookup import AUTHOR, PolicyLookup, chain_of
from backend.services.policy_refusals import no_such_policy


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version as it was published."""

    version: int
    etag: str
    document: Mapping[str, Any]
    author: str
    reason: str
    created_at: datetime


class PolicyHistory:
    """Reads versions."""

    def __init__(self, database: Database, lookup: PolicyLookup) -> None:
        self._database = database
        self._lookup = lookup

    async def client_of(self, principal: Principal, policy_id: UUID) -> UUID:
        """Return whose policy it is. Raise NotFound."""
        async with self._database.scoped(principal.scope()) as connection:
            client_id = await policy_versions.client_of(connection, policy_id)
        if client_id is None:
            raise no_such_policy()
        return client_id

    async def versions(
        self, principal: Principal, policy_id: UUID, before: int | None = None, limit: int = 50
    ) -> tuple[PolicyVersion, ...]:
        """Return at most `limit` versions older than `before`, newest first. Raise NotFound."""
        principal.require("policy:read")
        client_id = await self.client_of(principal, policy_id)
        async with self._database.scoped(principal.scope()) as connection:
            rows = await connection.fetch(_VERSIONS, client_id, policy_id, before, limit)
        return tuple(_version(row) for row in rows)

    async def difference(
        self, principal: Principal, policy_id: UUID, first: int, second: int
    ) -> tuple[Difference, ...]:
        """Return what changed from one version to another, field by field. Raise NotFound."""
        principal.require("policy:read")
        client_id = await self.client_of(principal, policy_id)
        if first == second:
            raise Conflict("Name two different versions; a version does not differ from itself.")
        rows = [await self.row(principal, client_id, policy_id, one) for one in (first, second)]
        before, after = (read_policy(json.loads(row["document"])).document() for row in rows)
        return differences(before, after)

    async def drift(self, principal: Principal, policy_id: UUID) -> tuple[Drift, ...]:
        """Return where a client's policy departs from what it inherits. Raise NotFound."""
        principal.require("policy:read")
        client_id = await self.client_of(principal, policy_id)
        async with self._database.scoped(principal.scope()) as connection:
            row = await policy_versions.newest(connection, client_id, policy_id)
        if row is None:
            raise no_such_policy()
        return drifted(chain_of(row), self._lookup.taxonomy)

    async def row(
        self, principal: Principal, client_id: UUID, policy_id: UUID, version: int
    ) -> Record:
        """Return one version as it is kept. Raise NotFound."""
        async with self._database.scoped(principal.scope()) as connection:
            row = await policy_versions.one(connection, client_id, policy_id, version)
        if row is None:
            raise NotFound("There is no such version of the policy. List its versions.")
        return row


def _version(row: Record) -> PolicyVersion:
    return PolicyVersion(
        version=row["version"],
        etag=row["etag"],
        document=json.loads(row["document"]),
        author=row["author"],
        reason=row["reason"],
        created_at=row["created_at"],
    )


_VERSIONS: Final = f"""
SELECT v.version, v.etag, v.document, v.reason, v.created_at, {AUTHOR}
FROM policy_versions v
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)
WHERE v.tenant_id = $1 AND v.policy_id = $2 AND ($3::int IS NULL OR v.version < $3)
ORDER BY v.version DESC
LIMIT $4
"""  # noqa: S608 -- made of constants only
