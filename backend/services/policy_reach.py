"""How far a change would reach, before it is made."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Database
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.policy.layers import Layer
from backend.policy.reading import read_policy
from backend.policy.taxonomy import Taxonomy
from backend.services import policy_versions
from backend.services.policy_adoption import PolicyAdoption, adopted_chain
from backend.services.policy_inheritors import Inheritor, inheritor
from backend.services.policy_layers import LayerChange, PolicyLayers
from backend.services.policy_lookup import PolicyLookup, chain_of
from backend.services.policy_versions import next_version


@dataclass(frozen=True, slots=True)
class Reached:
    """One client that a layer's next version would reach."""

    client_id: UUID
    name: str
    browsers: int
    changed: tuple[str, ...]
    overridden: tuple[str, ...]
    weakened: tuple[str, ...]


class PolicyReach:
    """Counts clients and browsers."""

    def __init__(
        self,
        database: Database,
        layers: PolicyLayers,
        adoption: PolicyAdoption,
        lookup: PolicyLookup,
    ) -> None:
        self._database = database
        self._layers = layers
        self._adoption = adoption
        self._lookup = lookup

    async def of_layer(
        self, principal: Principal, layer_id: UUID, change: LayerChange
    ) -> tuple[Reached, ...]:
        """Return the clients that a layer's next version would reach, by name.

        Raise as `PolicyLayers.publish` does, but for the second person.
        """
        return await self._named(principal, await self._layers.reach(principal, layer_id, change))

    async def of_adoption(
        self, principal: Principal, layer_id: UUID, client_ids: Sequence[UUID]
    ) -> tuple[Reached, ...]:
        """Return what adopting a template would do to the policies of clients, by name.

        Raise NotFound, Forbidden.
        """
        principal.require("policy:publish", Reach.MSP)
        adopted = await self._adoption.template(principal, layer_id)
        async with self._database.scoped(principal.scope()) as connection:
            rows = await policy_versions.newest_of(connection, client_ids)
        found = [adoption_of(row, adopted, self._lookup.taxonomy) for row in rows]
        return await self._named(principal, found)

    async def _named(self, principal: Principal, found: Sequence[Inheritor]) -> tuple[Reached, ...]:
        ids = [one.made.client_id for one in found]
        async with self._database.scoped(principal.scope()) as connection:
            rows = await connection.fetch(_CLIENTS, ids)
        names = {row["tenant_id"]: (row["name"], row["browsers"]) for row in rows}
        reached = (_reached(one, *names.get(one.made.client_id, ("", 0))) for one in found)
        return tuple(sorted(reached, key=lambda one: (one.name, one.client_id)))


def adoption_of(held: Record, adopted: Layer, taxonomy: Taxonomy) -> Inheritor:
    """Return what adopting a template does to the policy whose newest version is `held`."""
    former = chain_of(held)
    chain = adopted_chain(former, adopted)
    needs = read_policy(json.loads(held["document"])).asks_second_person
    made = next_version(held, chain, taxonomy)
    return inheritor(made, former, chain, adopted, taxonomy, needs=needs)


def _reached(found: Inheritor, name: str, browsers: int) -> Reached:
    return Reached(
        found.made.client_id, name, browsers, found.changed, found.overridden, found.weakened
    )


_CLIENTS: Final = """
SELECT c.tenant_id, c.name, (
    SELECT count(*) FROM devices d WHERE d.tenant_id = c.tenant_id AND d.revoked_at IS NULL
) AS browsers
FROM clients c WHERE c.tenant_id = ANY($1::uuid[])
"""
