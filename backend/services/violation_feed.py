"""What a live feed shows: the state of violations, and what a feed has missed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from backend.core.database import Database
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.services.audit_query import AuditFilter
from backend.services.control_mapping import controls_of
from backend.services.violation_list import ViolationList, ViolationPage

MOST_REPLAYED: Final = 500
MOST_DISPOSITIONS_BEHIND: Final = 5000
"""How many sequences back a changed disposition is told of; a violation itself always is."""


@dataclass(frozen=True, slots=True)
class Missed:
    """Events in order, and the gap before them when not all are given."""

    events: tuple[dict[str, Any], ...]
    gap: tuple[int, int] | None


class ViolationFeed:
    """Reads violations for feeds, and policy versions for catching up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self, principal: Principal, client_id: UUID, offset: int) -> Missed:
        """Return the events of one client behind `offset`, at most the newest 500."""
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            rows = await connection.fetch(
                _SINCE, offset, MOST_REPLAYED + 1, MOST_DISPOSITIONS_BEHIND
            )
        events = tuple(_event(row) for row in reversed(rows[:MOST_REPLAYED]))
        gap = (offset + 1, events[0]["sequence"] - 1) if len(rows) > MOST_REPLAYED else None
        return Missed(events, gap)

    async def lately(self, principal: Principal, seconds: float) -> tuple[dict[str, Any], ...]:
        """Return what happened in the last seconds, in order, for everything a principal sees."""
        async with self._database.scoped(principal.scope()) as connection:
            rows = await connection.fetch(_LATELY, timedelta(seconds=seconds), MOST_REPLAYED)
        return tuple(_event(row) for row in reversed(rows))

    async def page(self, principal: Principal, wanted: AuditFilter) -> ViolationPage:
        """Return violations as an admin reads them, newest first."""
        return await ViolationList(self._database).page(principal, wanted)

    async def states(
        self, scope: Scope, wanted: Sequence[tuple[UUID, UUID]]
    ) -> dict[tuple[UUID, UUID], dict[str, Any]]:
        """Return the state of each violation, by (client, submission)."""
        clients, submissions = zip(*wanted, strict=True)
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(_STATES, clients, submissions)
        return {(row["client_id"], row["submission_id"]): _event(row) for row in rows}

    async def versions(self, tenant_ids: set[UUID]) -> dict[UUID, tuple[int, str]]:
        """Return the policy version of each of these clients, in one query.

        Beside it stands the mark of what was decided about AI services in the last ten minutes:
        later ones sort behind earlier ones. Older news reach browsers as they poll.
        """
        async with self._database.scoped(Scope.relay()) as connection:
            rows = await connection.fetch(_VERSIONS, list(tenant_ids))
        return {row["tenant_id"]: (row["version"], row["mark"]) for row in rows}


_COLUMNS: Final = """v.tenant_id AS client_id, c.name AS client_name, v.id AS submission_id,
    v.user_id, v.ai_service_id, v.service_host, v.channel, v.action, v.severity,
    v.kinds::text AS kinds, v.disposition, v.policy_version, v.occurred_at, v.recorded_at,
    v.status, c.frameworks"""
_FROM: Final = "FROM client_policy_violations v JOIN clients c ON c.tenant_id = v.tenant_id"
_DISPOSED: Final = f"""{_FROM}
JOIN client_audit_logs l ON l.tenant_id = v.tenant_id AND l.submission_id = v.id
    AND l.entry_kind = 'disposition'"""
_SINCE: Final = f"""
SELECT {_COLUMNS}, v.sequence {_FROM} WHERE v.sequence > $1
UNION ALL
SELECT {_COLUMNS}, l.sequence {_DISPOSED}
WHERE l.sequence > greatest($1, (SELECT max(sequence) FROM client_audit_logs) - $3)
ORDER BY sequence DESC LIMIT $2
"""  # noqa: S608 -- made of constants only
_LATELY: Final = f"""
SELECT {_COLUMNS}, v.sequence {_FROM} WHERE v.recorded_at > now() - $1::interval
UNION ALL
SELECT {_COLUMNS}, l.sequence {_DISPOSED} WHERE l.recorded_at > now() - $1::interval
ORDER BY recorded_at DESC, sequence DESC LIMIT $2
"""
_STATES: Final = f"""
SELECT {_COLUMNS}, v.sequence {_FROM}
JOIN unnest($1::uuid[], $2::uuid[]) AS w (tenant_id, id)
    ON w.tenant_id = v.tenant_id AND w.id = v.id
"""
_VERSIONS: Final = """
SELECT p.tenant_id, max(p.current_version) AS version, coalesce((
    SELECT max(o.id::text) FROM outbox o
    WHERE o.tenant_id = p.tenant_id AND o.kind = 'services.changed'
        AND o.created_at > now() - interval '10 minutes'), '') AS mark
FROM policies p
WHERE p.tenant_id = ANY($1::uuid[]) GROUP BY p.tenant_id
"""


def _event(row: Any) -> dict[str, Any]:
    event = dict(row)
    event["kinds"] = json.loads(event["kinds"])
    event["controls"] = controls_of(event, event["kinds"], event["recorded_at"])
    del event["frameworks"]
    for name in ("client_id", "submission_id", "user_id"):
        event[name] = str(event[name])
    for name in ("occurred_at", "recorded_at"):
        event[name] = event[name].isoformat()
    return event
