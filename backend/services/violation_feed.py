"""What a live feed missed: violations of a client behind an offset."""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from backend.core.database import Database
from backend.core.principal import Principal
from backend.core.scope import Scope

MOST_REPLAYED: Final = 500


@dataclass(frozen=True, slots=True)
class Missed:
    """Events in order, the newest offset there is, and the gap when not all are given."""

    events: tuple[dict[str, Any], ...]
    gap: tuple[int, int] | None


class ViolationFeed:
    """Reads violations for feeds, and policy versions for catching up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self, principal: Principal, client_id: UUID, offset: int) -> Missed:
        """Return the events behind `offset`, at most the newest 500, telling the gap before."""
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            rows = await connection.fetch(_SINCE, offset, MOST_REPLAYED + 1)
        kept = rows[:MOST_REPLAYED]
        events = tuple(_event(row) for row in reversed(kept))
        gap = (offset + 1, events[0]["sequence"] - 1) if len(rows) > MOST_REPLAYED else None
        return Missed(events, gap)

    async def recent(
        self, principal: Principal, client_id: UUID | None
    ) -> tuple[dict[str, Any], ...]:
        """Return the newest 50 violations, newest first, of one client or of all."""
        scope = principal.scope_for(client_id) if client_id else principal.scope()
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(_RECENT)
        return tuple(_event(row) for row in rows)

    async def versions(self, tenant_ids: set[UUID]) -> dict[UUID, tuple[int, str]]:
        """Return the policy version of each of these clients, in one query."""
        async with self._database.scoped(Scope.relay()) as connection:
            rows = await connection.fetch(_VERSIONS, list(tenant_ids))
        return {row["tenant_id"]: (row["version"], "") for row in rows}


_COLUMNS: Final = (
    "v.tenant_id AS client_id, c.name AS client_name, v.id AS submission_id, v.sequence,"
    " v.user_id, v.ai_service_id, v.service_host, v.channel, v.action, v.severity,"
    " v.kinds::text AS kinds, v.disposition, v.policy_version, v.occurred_at, v.recorded_at"
)
_FROM: Final = "FROM client_policy_violations v JOIN clients c ON c.tenant_id = v.tenant_id"
_SINCE: Final = f"SELECT {_COLUMNS} {_FROM} WHERE v.sequence > $1 ORDER BY v.sequence DESC LIMIT $2"
_RECENT: Final = f"SELECT {_COLUMNS} {_FROM} ORDER BY v.recorded_at DESC, v.sequence DESC LIMIT 50"
_VERSIONS: Final = (
    "SELECT tenant_id, max(current_version) AS version FROM policies"
    " WHERE tenant_id = ANY($1::uuid[]) GROUP BY tenant_id"
)


def _event(row: Any) -> dict[str, Any]:
    event = dict(row)
    for name in ("client_id", "submission_id", "user_id"):
        event[name] = str(event[name])
    for name in ("occurred_at", "recorded_at"):
        event[name] = event[name].isoformat()
    event["kinds"] = json.loads(event["kinds"])
    return event
