"""A layer's next version becomes part of every policy it belongs to, in the same transaction."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Connection
from backend.core.errors import NotFound
from backend.core.scope import Scope
from backend.policy.chain import read_chain
from backend.policy.difference import differences, weakened
from backend.policy.inheritance import effective
from backend.policy.layers import Kind, Layer
from backend.policy.reading import read_policy
from backend.policy.taxonomy import Taxonomy
from backend.services import policy_versions
from backend.services.policy_lookup import PolicyLookup, chain_of
from backend.services.policy_refusals import NeedsApproval
from backend.services.policy_versions import NextVersion, Signature, next_version
from backend.services.wording import LONGEST_REASON


@dataclass(frozen=True, slots=True)
class Inheritor:
    """What a layer's next version does to one policy."""

    made: NextVersion
    changed: tuple[str, ...]
    """The fields whose value changes."""
    overridden: tuple[str, ...]
    """The fields of the layer that the client has set otherwise, so that they stay."""
    weakened: tuple[str, ...]
    """The fields that a second person has to agree to."""


class PolicyInheritors:
    """Works out and writes what a layer does to the policies it is part of."""

    def __init__(self, lookup: PolicyLookup, clock: Clock) -> None:
        self._lookup = lookup
        self._clock = clock

    async def of(
        self, connection: Connection, scope: Scope, layer: Layer, former: Layer | None
    ) -> tuple[Inheritor, ...]:
        """Return what `layer` does in place of `former`, with the policies locked."""
        if layer.kind == Kind.MSP_TEMPLATE:
            return await self._heirs(connection, layer)
        return (await self._of_client(connection, scope, layer, former),)

    async def write(
        self,
        connection: Connection,
        layer: Layer,
        found: Sequence[Inheritor],
        by: Signature,
    ) -> None:
        """Write the next version of every policy of `found`.

        Raise NeedsApproval when one of them is weakened and nobody has agreed.
        """
        weakens = tuple(sorted({field for one in found for field in one.weakened}))
        if weakens and by.approver_id is None:
            raise NeedsApproval(weakens)
        why = f"{layer.origin.name}, version {layer.origin.version}: {by.reason}"[:LONGEST_REASON]
        if layer.kind != Kind.MSP_TEMPLATE:
            signature = Signature(by.author_id, by.approver_id, why, by.moment)
            for one in found:
                await policy_versions.add(connection, one.made, signature)
        elif found:
            await connection.execute(
                _HAND_DOWN, UUID(layer.origin.id), by.author_id, by.approver_id, why, by.moment,
                json.dumps([one.made.entry() for one in found]),
            )  # fmt: skip

    async def _heirs(self, connection: Connection, layer: Layer) -> tuple[Inheritor, ...]:
        rows = await connection.fetch("SELECT * FROM qg_heirs($1)", UUID(layer.origin.id))
        taxonomy = self._lookup.taxonomy
        found = []
        for row in rows:
            was = read_chain(row["chain"])
            chain = [layer if one.origin.id == layer.origin.id else one for one in was]
            needs = read_policy(json.loads(row["document"])).asks_second_person
            made = next_version(row, chain, taxonomy)
            found.append(inheritor(made, was, chain, layer, taxonomy, needs=needs))
        return tuple(found)

    async def _of_client(
        self, connection: Connection, scope: Scope, layer: Layer, former: Layer | None
    ) -> Inheritor:
        """Browsers compare a policy's number, so a layer of a group gives it the next one."""
        held = await policy_versions.locked(connection, scope.tenant_id)
        if held is None:
            raise NotFound("There is no policy for such a client. Check the client id.")
        taxonomy, chain = self._lookup.taxonomy, chain_of(held)
        before = read_policy(json.loads(held["document"]))
        made = next_version(held, chain, taxonomy)
        was = chain if former is None else (*chain, former)
        needs = before.asks_second_person
        return inheritor(made, was, (*chain, layer), layer, taxonomy, needs=needs)


def inheritor(
    made: NextVersion,
    was: Sequence[Layer],
    chain: Sequence[Layer],
    layer: Layer,
    taxonomy: Taxonomy,
    *,
    needs: bool,
) -> Inheritor:
    """Return what it does to a policy that `chain` takes the place of `was`."""
    before, after = effective(was, taxonomy), effective(chain, taxonomy)
    changed = tuple(one.field for one in differences(before.document, after.document))
    last = chain[-1]
    overridden = (
        tuple(
            path
            for path, value in sorted(layer.fields.items())
            if path in last.fields and after.fields.get(path) != value
        )
        if last is not layer
        else ()
    )
    return Inheritor(made, changed, overridden, weakened(before, after, taxonomy) if needs else ())


_HAND_DOWN: Final = "SELECT qg_pass_on($1, $2, $3, $4, $5, $6::jsonb)"
