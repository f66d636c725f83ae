"""What adopting a template would do to clients' policies, before it is done."""

import json
from collections.abc import Sequence
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
from backend.services.policy_lookup import PolicyLookup, chain_of
from backend.services.policy_reach import Reached, named
from backend.services.policy_versions import next_version


class AdoptionReach:
    """Works it out for many clients at once."""

    def __init__(self, database: Database, adoption: PolicyAdoption, lookup: PolicyLookup) -> None:
        self._database = database
        self._adoption = adoption
        self._lookup = lookup

    async def of(
        self, principal: Principal, layer_id: UUID, client_ids: Sequence[UUID]
    ) -> tuple[Reached, ...]:
        """Return what would change for each of these clients, by name. Raise NotFound."""
        principal.require("policy:publish", Reach.MSP)
        adopted = await self._adoption.template(principal, layer_id)
        async with self._database.scoped(principal.scope()) as connection:
            rows = await policy_versions.newest_of(connection, client_ids)
        found = [_adopted(row, adopted, self._lookup.taxonomy) for row in rows]
        return await named(self._database, principal, found)


def _adopted(held: Record, adopted: Layer, taxonomy: Taxonomy) -> Inheritor:
    """Return what adopting a template does to the policy whose newest version is `held`."""
    former = chain_of(held)
    chain = adopted_chain(former, adopted)
    needs = read_policy(json.loads(held["document"])).asks_second_person
    made = next_version(held, chain, taxonomy)
    return inheritor(made, former, chain, adopted, taxonomy, needs=needs)
