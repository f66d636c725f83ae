"""Which policy holds for a client right now, and where each of its fields came from."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Database
from backend.core.errors import NotFound
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.policy.policy import Policy, document_etag, written
from backend.policy.provenance import Layer, origins
from backend.policy.reading import read_policy
from backend.services.client_cache import ClientCache
from backend.services.shared_data import Template, templates


@dataclass(frozen=True, slots=True)
class PublishedPolicy:
    """The version in force: what decides, and the document it was read from."""

    id: UUID
    client_id: UUID
    client_name: str
    version: int
    etag: str
    policy: Policy
    document: Mapping[str, Any]
    template: str
    reason: str
    published_at: datetime
    salt: bytes = b""
    """The random half of the client's keys; without it its digests are nobody's to make."""


@dataclass(frozen=True, slots=True)
class PolicyLayer:
    """One step of a client's effective chain; the last one is what holds."""

    id: str
    layer: str
    client_id: UUID | None
    name: str
    version: int
    etag: str
    document: Mapping[str, Any]
    provenance: Mapping[str, str]
    author: str
    reason: str
    updated_at: datetime | None


class PolicyLookup:
    """Reads policies; the newest of each client is kept for a moment."""

    def __init__(self, database: Database, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._cache: ClientCache[PublishedPolicy] = ClientCache(monotonic)

    async def effective(self, scope: Scope, client_id: UUID) -> PublishedPolicy:
        """Return the policy in force, at most 30 s old unless invalidated. Raise NotFound."""

        async def read() -> PublishedPolicy:
            return await self._read(scope, client_id)

        return await self._cache.get(client_id, scope, read)

    async def salt(self, principal: Principal, client_id: UUID) -> bytes:
        """Return the random half of a client's keys. Raise NotFound."""
        return (await self.effective(principal.scope_for(client_id), client_id)).salt

    def invalidate(self, client_id: UUID) -> None:
        """Forget a client's policy, because a newer version was announced."""
        self._cache.invalidate(client_id)

    async def chain(self, principal: Principal, client_id: UUID) -> tuple[PolicyLayer, ...]:
        """Return the layers of a client's policy, the effective one last, never from the cache."""
        principal.require("policy:read")
        principal.scope_for(client_id)
        row = await self._row(principal.scope(), client_id)
        published = _published(row)
        template = templates().get(published.template)
        below = () if template is None else (_template_layer(template),)
        return (*below, _client_layer(published, below, row["author"]))

    async def _read(self, scope: Scope, client_id: UUID) -> PublishedPolicy:
        return _published(await self._row(scope, client_id))

    async def _row(self, scope: Scope, client_id: UUID) -> Record:
        async with self._database.scoped(scope) as connection:
            row = await connection.fetchrow(_IN_FORCE, client_id)
        if row is None:
            raise NotFound("There is no policy for such a client. Check the client id.")
        return row


def _published(row: Record) -> PublishedPolicy:
    policy = read_policy(json.loads(row["document"]), row["version"])
    return PublishedPolicy(
        id=row["id"],
        client_id=row["tenant_id"],
        client_name=row["client_name"],
        version=row["version"],
        etag=row["etag"],
        policy=policy,
        document=policy.document(),
        template=row["template"],
        reason=row["reason"],
        published_at=row["created_at"],
        salt=bytes(row["salt"]),
    )


AUTHOR: Final = """CASE WHEN v.author_id IS NULL THEN 'Quillgate'
    ELSE coalesce(u.display_name, 'Your service provider') END AS author"""
"""A client cannot see its MSP's staff, so their names stay with the MSP."""

_IN_FORCE: Final = f"""
SELECT p.tenant_id, p.id, p.template, c.name AS client_name, v.version, v.etag, v.document,
    v.reason, v.created_at, coalesce(k.salt, '') AS salt, {AUTHOR}
FROM policies p
JOIN clients c ON c.tenant_id = p.tenant_id
LEFT JOIN tenant_keys k ON k.tenant_id = p.tenant_id
JOIN policy_versions v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id
    AND v.version = p.current_version
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)
WHERE p.tenant_id = $1
ORDER BY p.created_at, p.id
LIMIT 1
"""  # noqa: S608 -- made of constants only


def _template_layer(template: Template) -> PolicyLayer:
    document = template.policy.document()
    return PolicyLayer(
        id=f"template:{template.id}",
        layer="template",
        client_id=None,
        name=template.title,
        version=template.version,
        etag=document_etag(written(document), template.version),
        document=document,
        provenance=origins([Layer("template", document)]),
        author="Quillgate",
        reason=template.why,
        updated_at=None,
    )


def _client_layer(
    published: PublishedPolicy, below: Sequence[PolicyLayer], author: str
) -> PolicyLayer:
    layers = [Layer(layer.layer, layer.document) for layer in below]
    return PolicyLayer(
        id=str(published.id),
        layer="client",
        client_id=published.client_id,
        name=published.policy.name,
        version=published.version,
        etag=published.etag,
        document=published.document,
        provenance=origins([*layers, Layer("client", published.document)]),
        author=author,
        reason=published.reason,
        updated_at=published.published_at,
    )
