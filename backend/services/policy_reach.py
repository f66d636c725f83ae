"""How far a change would reach, before it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.core.database import Database
from backend.core.principal import Principal
from backend.services.policy_inheritors import Inheritor
from backend.services.policy_layers import LayerChange, PolicyLayers


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

    def __init__(self, database: Database, layers: PolicyLayers) -> None:
        self._database = database
        self._layers = layers

    async def of_layer(
        self, principal: Principal, layer_id: UUID, change: LayerChange
    ) -> tuple[Reached, ...]:
        """Return the clients that a layer's next version would reach, by name.

        Raise as `PolicyLayers.publish` does, but for the second person.
        """
        found = await self._layers.reach(principal, layer_id, change)
        return await named(self._database, principal, found)


async def named(
    database: Database, principal: Principal, found: Sequence[Inheritor]
) -> tuple[Reached, ...]:
    """Return what happens to policies with whose they are, by client's name."""
    ids = [one.made.client_id for one in found]
    async with database.scoped(principal.scope()) as connection:
        rows = await connection.fetch(_CLIENTS, ids)
    names = {row["tenant_id"]: (row["name"], row["browsers"]) for row in rows}
    reached = (_reached(one, *names.get(one.made.client_id, ("", 0))) for one in found)
    return tuple(sorted(reached, key=lambda one: (one.name, one.client_id)))


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
