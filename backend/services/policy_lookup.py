"""Which policy holds for a client right now, and where each of its fields came from."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Database
from backend.core.errors import NotFound
from backend.core.principal import Principal
from backend.core.recent import Recent
from backend.core.scope import Scope
from backend.policy.chain import platform_layer, read_chain, whole_document_layer
from backend.policy.exemptions import Exemption
from backend.policy.inheritance import Effective
from backend.policy.inheritance import effective as resolved
from backend.policy.layers import Kind, Origin, read_layer
from backend.policy.layers import Layer as WrittenLayer
from backend.policy.policy import Policy, document_etag, written
from backend.policy.provenance import Layer, origins
from backend.policy.reading import read_policy
from backend.policy.taxonomy import Taxonomy
from backend.services.client_cache import ClientCache
from backend.services.shared_data import Template, templates
from backend.services.suspensions import Suspension


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
    chain: tuple[WrittenLayer, ...] = ()
    """The layers that made it; the client's own is the last."""
    below_client: tuple["OwnedLayer", ...] = ()
    """What groups and people of the client have of their own."""
    exemptions: tuple["OwnedExemption", ...] = ()
    suspension: Suspension | None = None

    def exemptions_of(self, user_id: UUID, moment: datetime) -> tuple[Exemption, ...]:
        """Return the exceptions that one person has been granted and that still hold."""
        return tuple(
            one.exemption
            for one in self.exemptions
            if user_id in one.people and moment < one.exemption.until
        )


@dataclass(frozen=True, slots=True)
class OwnedExemption:
    """A granted exception, and for whom it is."""

    exemption: Exemption
    people: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class OwnedLayer:
    """A layer of a group or a person, and for a group who is in it."""

    layer: WrittenLayer
    people: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Explained:
    """What holds for one person of a client, and why."""

    policy: PublishedPolicy
    effective: Effective
    layers: tuple[WrittenLayer, ...]


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

    def __init__(
        self,
        database: Database,
        monotonic: Callable[[], float] = time.monotonic,
        taxonomy: Taxonomy | None = None,
    ) -> None:
        self._database = database
        self.taxonomy = taxonomy or Taxonomy()
        self._cache: ClientCache[PublishedPolicy] = ClientCache(monotonic)
        self._of_people: Recent[tuple[str, ...], PublishedPolicy] = Recent(MOST_KEPT)

    async def effective(
        self, scope: Scope, client_id: UUID, user_id: UUID | None = None
    ) -> PublishedPolicy:
        """Return the policy in force, at most 30 s old unless invalidated. Raise NotFound.

        With `user_id`, the one that holds for this person: the layers of their groups and their own
        are laid over the client's.
        """

        async def read() -> PublishedPolicy:
            return await self._read(scope, client_id)

        published = await self._cache.get(client_id, scope, read)
        own = _layers_of(published, user_id)
        return self._with_layers(published, own) if own else published

    async def explained(
        self, principal: Principal, client_id: UUID, user_id: UUID | None = None
    ) -> Explained:
        """Return what holds for a person with the origin of each field. Raise NotFound."""
        principal.require("policy:read")
        scope = principal.scope_for(client_id)
        if user_id is not None:
            await self._require_user(scope, client_id, user_id)
        published = await self._read(scope, client_id)
        layers = (*published.chain, *_layers_of(published, user_id))
        policy = self._with_layers(published, layers[len(published.chain) :])
        return Explained(policy, resolved(layers, self.taxonomy), layers)

    async def _require_user(self, scope: Scope, client_id: UUID, user_id: UUID) -> None:
        async with self._database.scoped(scope) as connection:
            found = await connection.fetchval(
                "SELECT true FROM users WHERE tenant_id = $1 AND id = $2", client_id, user_id
            )
        if not found:
            raise NotFound("There is no such person at this client. List users to find the id.")

    def _with_layers(
        self, published: PublishedPolicy, own: Sequence[WrittenLayer]
    ) -> PublishedPolicy:
        """Return a policy with layers laid over it; the same layers are worked out once."""
        if not own:
            return published
        name = (
            str(published.client_id), published.etag,
            *(f"{one.origin.id}/{one.origin.version}" for one in own),
        )  # fmt: skip
        made = self._of_people.get(name)
        if made is None:
            document = resolved([*published.chain, *own], self.taxonomy).document
            policy = read_policy(document, published.version)
            whole = policy.document()
            etag = document_etag(written(whole), published.version)
            made = replace(published, policy=policy, document=whole, etag=etag)
            self._of_people.keep(name, made)
        return made

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
        middle = tuple(
            _middle_layer(layer, published.chain[: place + 1], self.taxonomy)
            for place, layer in enumerate(published.chain)
            if layer.kind == Kind.MSP_TEMPLATE
        )
        return (*below, *middle, _client_layer(published, (*below, *middle), row["author"]))

    async def _read(self, scope: Scope, client_id: UUID) -> PublishedPolicy:
        published = _published(await self._row(scope, client_id))
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(_OF_PEOPLE, client_id)
            granted = await connection.fetch(_GRANTED, client_id)
        return replace(
            published,
            below_client=tuple(_owned(row) for row in rows),
            exemptions=tuple(_granted(row) for row in granted),
        )

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
        chain=chain_of(row),
        salt=bytes(row["salt"]),
        suspension=Suspension.of(dict(row)),
    )


def chain_of(row: Record) -> tuple[WrittenLayer, ...]:
    """Return the layers that made a version; one kept as a whole document is read as overrides."""
    if row["chain"]:
        return read_chain(row["chain"])
    origin = Origin(Kind.CLIENT, str(row["id"]), row["client_name"], row["version"], row["author"])
    document = read_policy(json.loads(row["document"])).document()
    found = templates().get(row["template"])
    if found is None:
        return (whole_document_layer(document, WrittenLayer(origin), origin),)
    platform = platform_layer(found.id, found.title, found.version, found.policy)
    return platform, whole_document_layer(document, platform, origin)


def _layers_of(published: PublishedPolicy, user_id: UUID | None) -> tuple[WrittenLayer, ...]:
    if user_id is None or not published.below_client:
        return ()
    return tuple(one.layer for one in published.below_client if user_id in one.people)


def _owned(row: Record) -> OwnedLayer:
    kind, owner = Kind(row["owner_kind"]), row["owner_id"]
    origin = Origin(kind, str(row["id"]), row["name"], row["version"], row["author"])
    people = row["people"] if kind == Kind.GROUP else [owner]
    return OwnedLayer(read_layer(json.loads(row["document"]), origin), frozenset(people))


def _granted(row: Record) -> OwnedExemption:
    exemption = Exemption(
        str(row["id"]), row["service"], frozenset(row["kinds"]), row["subject"] == "service",
        row["ends_at"],
    )  # fmt: skip
    return OwnedExemption(exemption, frozenset(row["people"]))


AUTHOR: Final = """CASE WHEN v.author_id IS NULL THEN 'Quillgate'
    ELSE coalesce(u.display_name, 'Your service provider') END AS author"""
"""A client cannot see its MSP's staff, so their names stay with the MSP."""

_IN_FORCE: Final = f"""
SELECT p.tenant_id, p.id, p.template, c.name AS client_name, v.version, v.etag, v.document,
    v.reason, v.created_at, v.chain, coalesce(k.salt, '') AS salt, {AUTHOR},
    c.status AS client_status, c.suspended_at AS client_suspended_at, c.grace_days,
    m.status AS msp_status, m.suspended_at AS msp_suspended_at
FROM policies p
JOIN clients c ON c.tenant_id = p.tenant_id
JOIN msps m ON m.msp_id = c.msp_id
LEFT JOIN tenant_keys k ON k.tenant_id = p.tenant_id
JOIN policy_versions v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id
    AND v.version = p.current_version
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)
WHERE p.tenant_id = $1
ORDER BY p.created_at, p.id
LIMIT 1
"""  # noqa: S608 -- made of constants only
_OF_PEOPLE: Final = f"""
SELECT l.id, l.owner_kind, l.owner_id, l.name, v.version, v.document, {AUTHOR},
    ARRAY(SELECT m.user_id FROM group_members m
        WHERE m.tenant_id = l.tenant_id AND m.group_id = l.owner_id) AS people
FROM policy_layers l
JOIN policy_layer_versions v ON v.tenant_id = l.tenant_id AND v.layer_id = l.id
    AND v.version = l.current_version
LEFT JOIN users u ON u.id = v.author_id AND u.tenant_id IN (v.tenant_id, v.msp_id)
WHERE l.tenant_id = $1 AND l.owner_kind IN ('group', 'user')
ORDER BY l.owner_kind, l.id
"""  # noqa: S608 -- made of constants only
_GRANTED: Final = """
SELECT e.id, e.subject, e.service, e.kinds, e.ends_at, CASE WHEN e.group_id IS NULL
    THEN ARRAY[e.user_id] ELSE ARRAY(SELECT m.user_id FROM group_members m
        WHERE m.tenant_id = e.tenant_id AND m.group_id = e.group_id) END AS people
FROM exceptions e
WHERE e.tenant_id = $1 AND e.status = 'approved' AND e.ends_at > now()
ORDER BY e.id
"""
MOST_KEPT: Final = 1024


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


def _middle_layer(
    layer: WrittenLayer, chain: Sequence[WrittenLayer], taxonomy: Taxonomy
) -> PolicyLayer:
    """Return an MSP's template as it stands in a client's chain: what holds after it."""
    found = resolved(chain, taxonomy)
    document = read_policy(found.document, layer.origin.version).document()
    return PolicyLayer(
        id=layer.origin.id,
        layer="msp_template",
        client_id=None,
        name=layer.origin.name,
        version=layer.origin.version,
        etag=document_etag(written(document), layer.origin.version),
        document=document,
        provenance={path: _place(one.origin.kind) for path, one in found.provenance.items()},
        author=layer.origin.author,
        reason="",
        updated_at=None,
    )


def _place(kind: str) -> str:
    return "template" if kind == Kind.PLATFORM else kind


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
