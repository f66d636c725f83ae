"""One row per client: who is protected, what was stopped and what left, in one query."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.principal import Principal
from backend.services.fleet import SILENT_AFTER

DAY: Final = timedelta(days=1)
MONTH: Final = timedelta(days=30)
STAYED: Final = frozenset({"prevented", "redacted_sent", "abandoned"})
LEFT: Final = frozenset({"justified_sent", "overridden_sent", "sent_unflagged"})


@dataclass(frozen=True, slots=True)
class ClientSummary:
    """One client; violations and dispositions are those of the last 30 days."""

    client_id: UUID
    name: str
    status: str
    seats: int
    policy_version: int
    browsers: int
    browsers_current: int
    prompts_24h: int
    prompts_30d: int
    actions: Mapping[str, int]
    dispositions: Mapping[str, int]
    last_event_at: datetime | None

    @property
    def violations(self) -> int:
        """How many submissions were not simply allowed."""
        return sum(self.actions.values())

    @property
    def prevented(self) -> int:
        """In how many of them nothing sensitive left the browser."""
        return _of(self.dispositions, STAYED)

    @property
    def left(self) -> int:
        """In how many of them it did."""
        return _of(self.dispositions, LEFT)


@dataclass(frozen=True, slots=True)
class Summary:
    """All clients a principal may see, by name, and their sums."""

    clients: tuple[ClientSummary, ...]
    totals: ClientSummary


class MspSummary:
    """Reads the dashboard's figures."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of(self, principal: Principal) -> Summary:
        """Return each client of the principal's MSP, or its own client alone."""
        principal.require("msp:read")
        now = self._clock.now()
        async with self._database.scoped(principal.scope()) as connection:
            rows = await connection.fetch(_SUMMARY, now - DAY, now - MONTH, now - SILENT_AFTER)
        clients = tuple(_client(row) for row in rows)
        return Summary(clients, _totals(principal.msp_id, clients))


def _client(row: Record) -> ClientSummary:
    groups = msgspec.json.decode(row["violations"], type=list[tuple[str, str, int]])
    actions: Counter[str] = Counter()
    dispositions: Counter[str] = Counter()
    for action, disposition, count in groups:
        actions[action] += count
        dispositions[disposition] += count
    plain = {key: value for key, value in row.items() if key != "violations"}
    return ClientSummary(**plain, actions=dict(actions), dispositions=dict(dispositions))


def _totals(msp_id: UUID, clients: tuple[ClientSummary, ...]) -> ClientSummary:
    moments = [client.last_event_at for client in clients if client.last_event_at is not None]
    return ClientSummary(
        client_id=msp_id,
        name="All clients",
        status="active",
        seats=sum(client.seats for client in clients),
        policy_version=0,
        browsers=sum(client.browsers for client in clients),
        browsers_current=sum(client.browsers_current for client in clients),
        prompts_24h=sum(client.prompts_24h for client in clients),
        prompts_30d=sum(client.prompts_30d for client in clients),
        actions=_summed(client.actions for client in clients),
        dispositions=_summed(client.dispositions for client in clients),
        last_event_at=max(moments, default=None),
    )


def _summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    return dict(total)


def _of(dispositions: Mapping[str, int], wanted: frozenset[str]) -> int:
    return sum(count for disposition, count in dispositions.items() if disposition in wanted)


_SUMMARY: Final = """
WITH in_force AS (
    SELECT DISTINCT ON (tenant_id) tenant_id, current_version FROM policies
    ORDER BY tenant_id, created_at, id
), browsers AS (
    SELECT d.tenant_id, count(*) AS enrolled, count(*) FILTER (
        WHERE d.policy_version = p.current_version AND d.last_seen_at >= $3) AS current
    FROM devices d LEFT JOIN in_force p USING (tenant_id)
    WHERE d.revoked_at IS NULL GROUP BY 1
), prompts AS (
    SELECT tenant_id, count(*) FILTER (WHERE recorded_at >= $1) AS day, count(*) AS month,
        max(recorded_at) AS last
    FROM client_audit_logs WHERE recorded_at >= $2 AND entry_kind = 'verdict' GROUP BY 1
), grouped AS (
    SELECT tenant_id, action, disposition, count(*) AS count
    FROM client_policy_violations WHERE recorded_at >= $2 GROUP BY 1, 2, 3
), violations AS (
    SELECT tenant_id, jsonb_agg(jsonb_build_array(action, disposition, count)) AS groups
    FROM grouped GROUP BY 1
)
SELECT c.tenant_id AS client_id, c.name, c.status, c.seats,
    coalesce(p.current_version, 0) AS policy_version,
    coalesce(b.enrolled, 0) AS browsers, coalesce(b.current, 0) AS browsers_current,
    coalesce(q.day, 0) AS prompts_24h, coalesce(q.month, 0) AS prompts_30d,
    q.last AS last_event_at, coalesce(v.groups, '[]')::text AS violations
FROM clients c
LEFT JOIN in_force p USING (tenant_id)
LEFT JOIN browsers b USING (tenant_id)
LEFT JOIN prompts q USING (tenant_id)
LEFT JOIN violations v USING (tenant_id)
WHERE c.status <> 'archived'
ORDER BY c.name, c.tenant_id
"""
