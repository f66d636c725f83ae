"""A client's policy begins to inherit from a template of its MSP."""

import json
from collections.abc import Sequence
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.policy.difference import weakened
from backend.policy.inheritance import effective
from backend.policy.layers import Kind, Layer, Origin, read_layer
from backend.policy.reading import read_policy
from backend.services import policy_versions
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.policy_announcements import Announcement, PolicyAnnouncements
from backend.services.policy_history import PolicyHistory
from backend.services.policy_layers import LAYER
from backend.services.policy_lookup import PolicyLookup, chain_of
from backend.services.policy_refusals import (
    NeedsApproval,
    no_such_layer,
    no_such_policy,
    refuse_stale,
)
from backend.services.policy_versions import Signature, next_version
from backend.services.wording import said_reason


class PolicyAdoption:
    """Puts a template below what a client says itself."""

    def __init__(
        self,
        database: Database,
        announcements: PolicyAnnouncements,
        lookup: PolicyLookup,
        clock: Clock,
    ) -> None:
        self._database = database
        self._announcements = announcements
        self._lookup = lookup
        self._history = PolicyHistory(database, lookup)
        self._clock = clock

    async def adopt(
        self, principal: Principal, policy_id: UUID, base_version: int, layer_id: UUID, reason: str
    ) -> Announcement:
        """Let a client's policy inherit from a template of its MSP; its overrides stay.

        Raise NotFound, StaleVersion, NeedsApproval.
        """
        principal.require("policy:publish", Reach.MSP)
        client_id = await self._history.client_of(principal, policy_id)
        adopted = await self.template(principal, layer_id)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            made = await self._adopt(
                connection, principal, (client_id, policy_id), base_version, adopted,
                Signature(principal.user_id, None, said_reason(reason), self._clock.now()),
            )  # fmt: skip
        await self._announcements.tell(made)
        return made

    async def write(
        self,
        connection: Connection,
        principal: Principal,
        policy: tuple[UUID, UUID],
        base_version: int,
        layer_id: UUID,
        by: Signature,
    ) -> Announcement:
        """Write an adoption that somebody else proposed, in the caller's transaction.

        `policy` is the client's id and the policy's. Tell of it after the commit.
        """
        principal.require("policy:publish", Reach.MSP)
        adopted = await self.template(principal, layer_id)
        return await self._adopt(connection, principal, policy, base_version, adopted, by)

    async def template(self, principal: Principal, layer_id: UUID) -> Layer:
        """Return a template of the caller's MSP as it stands now. Raise NotFound."""
        async with self._database.scoped(principal.own_scope()) as connection:
            row = await connection.fetchrow(LAYER, layer_id)
        if row is None or row["owner_kind"] != Kind.MSP_TEMPLATE:
            raise no_such_layer()
        origin = Origin(
            Kind.MSP_TEMPLATE, str(layer_id), row["name"], row["version"], row["author"]
        )
        return read_layer(json.loads(row["document"]), origin)

    async def _adopt(
        self,
        connection: Connection,
        principal: Principal,
        policy: tuple[UUID, UUID],
        base_version: int,
        adopted: Layer,
        by: Signature,
    ) -> Announcement:
        held = await policy_versions.locked(connection, *policy)
        if held is None:
            raise no_such_policy()
        refuse_stale(base_version, held["version"])
        former, taxonomy = chain_of(held), self._lookup.taxonomy
        chain = adopted_chain(former, adopted)
        careful = read_policy(json.loads(held["document"])).asks_second_person
        if careful and by.approver_id is None:
            weakens = weakened(effective(former, taxonomy), effective(chain, taxonomy), taxonomy)
            if weakens:
                raise NeedsApproval(weakens)
        made = next_version(held, chain, taxonomy)
        await policy_versions.add(connection, made, by, UUID(adopted.origin.id))
        await AdminTrail.record(
            connection, principal, "policy.adopt", Subject("policy", policy[1]), by.reason,
            template=adopted.origin.id, version=made.version,
        )  # fmt: skip
        return made.announcement


def adopted_chain(former: Sequence[Layer], adopted: Layer) -> list[Layer]:
    """Return a client's layers with another template of its MSP among them."""
    return [*(one for one in former[:-1] if one.kind == Kind.PLATFORM), adopted, former[-1]]
