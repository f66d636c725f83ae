"""Who is in a group has changed: browsers hear of it as of a new version of the policy."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.principal import Principal
from backend.services import policy_versions
from backend.services.policy_announcements import PolicyAnnouncements
from backend.services.policy_lookup import PolicyLookup, chain_of
from backend.services.policy_versions import Signature, next_version

_REASON: Final = "Who is in a group that has rules of its own has changed."


class PolicyRenewal:
    """Gives a policy its next number: browsers compare it, and fetch what holds for them."""

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
        self._clock = clock

    async def because_of(
        self, principal: Principal, client_id: UUID, groups: Iterable[UUID]
    ) -> bool:
        """Renew the client's policy if one of these groups has a layer; return whether it did."""
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            if not await connection.fetchval(_HAS_LAYER, client_id, list(groups)):
                return False
            held = await policy_versions.locked(connection, client_id)
            if held is None:
                return False
            made = next_version(held, chain_of(held), self._lookup.taxonomy)
            by = Signature(principal.user_id, None, _REASON, self._clock.now())
            await policy_versions.add(connection, made, by)
        await self._announcements.tell(made.announcement)
        return True


_HAS_LAYER: Final = """
SELECT true FROM policy_layers
WHERE tenant_id = $1 AND owner_kind = 'group' AND owner_id = ANY($2::uuid[]) LIMIT 1
"""
