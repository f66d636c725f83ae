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

_REASON: Final = "Who is in a group that has rules or an exception of its own has changed."


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
        """Renew the client's policy if a layer or exception is for one of these groups."""
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            if not await connection.fetchval(_IS_FOR, client_id, list(groups)):
                return False
            held = await policy_versions.locked(connection, client_id)
            if held is None:
                return False
            made = next_version(held, chain_of(held), self._lookup.taxonomy)
            by = Signature(principal.user_id, None, _REASON, self._clock.now())
            await policy_versions.add(connection, made, by)
        await self._announcements.tell(made.announcement)
        return True


_IS_FOR: Final = """
SELECT true WHERE EXISTS (SELECT FROM policy_layers
    WHERE tenant_id = $1 AND owner_kind = 'group' AND owner_id = ANY($2::uuid[]))
OR EXISTS (SELECT FROM exceptions
    WHERE tenant_id = $1 AND group_id = ANY($2::uuid[]) AND status = 'approved' AND ends_at > now())
"""
