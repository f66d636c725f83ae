"""Replays a draft over what a client's audit log has kept, without any text."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.principal import Principal
from backend.policy.backtest import Backtest, Event, backtest
from backend.policy.policy import UNREADABLE_KIND
from backend.policy.shadow import Watched, watched
from backend.policy.taxonomy import Kind
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.policy_lookup import PolicyLookup
from backend.services.policy_publishing import PolicyPublishing

MOST_DAYS: Final = 93


class PolicyBacktests:
    """Reads finding vectors, grouped by PostgreSQL, and judges each kind of them once."""

    def __init__(
        self,
        database: Database,
        publishing: PolicyPublishing,
        lookup: PolicyLookup,
        registry: AiServiceRegistry,
        clock: Clock,
    ) -> None:
        self._database = database
        self._publishing = publishing
        self._lookup = lookup
        self._registry = registry
        self._kinds: Mapping[str, Kind] = {
            kind[0]: kind for kind in (*lookup.taxonomy.kinds, UNREADABLE_KIND)
        }
        self._clock = clock

    async def run(
        self, principal: Principal, policy_id: UUID, base_version: int, patch: object, days: int
    ) -> Backtest:
        """Return what a draft would have changed in the last `days`. Raise as a preview does."""
        client_id, live, draft = await self._publishing.beside(
            principal, policy_id, base_version, patch
        )
        events = await self._events(principal, client_id, days)
        return backtest(events, live, draft or live, self._kinds)

    async def shadow(self, principal: Principal, policy_id: UUID, days: int) -> tuple[Watched, ...]:
        """Return what the policy's settings in shadow would have done in the last `days`.

        Worked out from the log by the policy in force, so that it also tells about the days before
        a setting was there. Raise NotFound.
        """
        principal.require("policy:read")
        client_id = await self._publishing.client_of(principal, policy_id)
        held = await self._lookup.effective(principal.scope_for(client_id), client_id)
        events = await self._events(principal, client_id, days)
        return watched(events, held.policy, self._kinds)

    async def _events(self, principal: Principal, client_id: UUID, days: int) -> list[Event]:
        scope = principal.scope_for(client_id)
        services = await self._registry.of_client(scope, client_id)
        since = self._clock.now() - timedelta(days=days)
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(_VECTORS, client_id, since)
        return [
            (
                (tuple(row["rule_ids"]), services.status_of(row["service_host"]).value),
                str(row["user_id"]), row["times"],
            )
            for row in rows
        ]  # fmt: skip


_VECTORS: Final = """
SELECT rule_ids, service_host, user_id, count(*)::int AS times FROM client_audit_logs
WHERE tenant_id = $1 AND recorded_at >= $2 AND entry_kind = 'verdict'
GROUP BY rule_ids, service_host, user_id
"""
