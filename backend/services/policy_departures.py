"""Where clients' policies depart from what they inherit, who made it so, and since when."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Database
from backend.core.principal import Principal
from backend.core.recent import Recent
from backend.policy.difference import Drift, drifted
from backend.policy.layers import Kind, Origin, read_layer
from backend.policy.validation import PolicyError
from backend.services.policy_lookup import AUTHOR, PolicyLookup, chain_of

MOST_KEPT: Final = 1024
MOST_VERSIONS: Final = 200
_NEVER: Final = object()


@dataclass(frozen=True, slots=True)
class Heir:
    """One client's policy: what it inherits from, and where it says something else."""

    client_id: UUID
    client: str
    status: str
    policy_id: UUID
    version: int
    base: str
    """The platform's template it was started from."""
    template_id: UUID | None
    """The template of its MSP that it inherits from."""
    template: str
    departures: tuple[Drift, ...]


@dataclass(frozen=True, slots=True)
class Since:
    """The version that made a client say something of its own, as far back as was looked."""

    version: int
    author: str
    reason: str
    at: datetime


class PolicyDepartures:
    """Compares each policy with what is below it; a version is compared once."""

    def __init__(self, database: Database, lookup: PolicyLookup) -> None:
        self._database = database
        self._lookup = lookup
        self._kept: Recent[tuple[UUID, int], tuple[Drift, ...]] = Recent(MOST_KEPT)

    async def heirs(
        self,
        principal: Principal,
        client_id: UUID | None = None,
        template_id: UUID | None = None,
    ) -> tuple[Heir, ...]:
        """Return the policies somebody may see, by client's name; of one client, or template."""
        principal.require("policy:read")
        scope = principal.scope_for(client_id) if client_id else principal.scope()
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(_HEIRS, client_id, template_id)
        return tuple(self._heir(row) for row in rows)

    async def since(
        self, principal: Principal, found: Sequence[Heir]
    ) -> Mapping[tuple[UUID, str], Since]:
        """Return since when each departure stands, by client and field."""
        principal.require("policy:read")
        async with self._database.scoped(principal.scope()) as connection:
            rows = await connection.fetch(_VERSIONS, [one.policy_id for one in found])
        versions: dict[UUID, list[Record]] = {}
        for row in rows:
            versions.setdefault(row["tenant_id"], []).append(row)
        return {
            (heir.client_id, field): since
            for heir in found
            for field, since in _stood(heir, versions.get(heir.client_id, []))
        }

    def _heir(self, row: Record) -> Heir:
        name = (row["id"], row["version"])
        chain = chain_of(row)
        drifts = self._kept.get(name)
        if drifts is None:
            drifts = drifted(chain, self._lookup.taxonomy)
            self._kept.keep(name, drifts)
        middle = next((one.origin for one in chain if one.kind == Kind.MSP_TEMPLATE), None)
        return Heir(
            row["tenant_id"], row["client_name"], row["status"], row["id"], row["version"],
            row["template"], UUID(middle.id) if middle else None, middle.name if middle else "",
            drifts,
        )  # fmt: skip


def _stood(heir: Heir, versions: Sequence[Record]) -> list[tuple[str, Since]]:
    """Return the oldest version of the present run in which a field has its present value."""
    said = [_own_fields(row) for row in versions]
    found = []
    for field in (one.field for one in heir.departures):
        now = said[0].get(field, _NEVER) if said else _NEVER
        run = 0
        while run + 1 < len(said) and said[run + 1].get(field, _NEVER) == now:
            run += 1
        if now is not _NEVER:
            row = versions[run]
            since = Since(row["version"], row["author"], row["reason"], row["created_at"])
            found.append((field, since))
    return found


def _own_fields(row: Record) -> Mapping[str, Any]:
    """Return what the client itself said in a version."""
    if row["own"] is None:
        return chain_of(row)[-1].fields
    origin = Origin(Kind.CLIENT, "", "", row["version"])
    try:
        return read_layer(json.loads(row["own"]), origin).fields
    except PolicyError:  # one that today's reader would not take says nothing
        return {}


_HEIRS: Final = f"""
SELECT p.tenant_id, p.id, p.template, c.name AS client_name, c.status, v.version, v.document,
    v.chain, {AUTHOR}
FROM policies p
JOIN clients c ON c.tenant_id = p.tenant_id
JOIN policy_versions v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id
    AND v.version = p.current_version
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)
WHERE c.status <> 'offboarded' AND ($1::uuid IS NULL OR p.tenant_id = $1)
    AND ($2::uuid IS NULL OR p.parent_id = $2)
ORDER BY c.name, p.tenant_id
"""  # noqa: S608 -- made of constants only
_VERSIONS: Final = f"""
SELECT p.tenant_id, p.id, p.template, c.name AS client_name, v.version, v.reason, v.created_at,
    v.own, v.document, v.chain, {AUTHOR}
FROM policies p
JOIN clients c ON c.tenant_id = p.tenant_id
CROSS JOIN LATERAL (
    SELECT tenant_id, msp_id, version, author_id, reason, created_at,
        CASE WHEN chain <> '' THEN chain::jsonb -> -1 ->> 'document' END AS own,
        CASE WHEN chain <> '' THEN '' ELSE document END AS document, '' AS chain
    FROM policy_versions
    WHERE tenant_id = p.tenant_id AND policy_id = p.id
    ORDER BY version DESC LIMIT {MOST_VERSIONS}
) v
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)
WHERE p.id = ANY($1::uuid[])
ORDER BY p.tenant_id, v.version DESC
"""  # noqa: S608 -- made of constants only
