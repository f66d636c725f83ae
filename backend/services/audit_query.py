"""Reads the audit log and the violations, a page at a time by keyset, newest first."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from backend.core.database import Database
from backend.core.errors import InvalidInput
from backend.core.principal import Principal


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; None does not filter."""

    client_id: UUID | None = None
    action: str | None = None
    service: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Rows, and where the next page starts."""

    items: tuple[dict[str, Any], ...]
    next: str | None


_LOGS = (
    "tenant_id AS client_id, sequence, event_id, submission_id, entry_kind, user_id, device_id,"
    " ai_service_id, service_host, channel, size, action, disposition, kinds::text AS kinds,"
    " policy_version, rulebook_version, engine, occurred_at, recorded_at, late"
)
_VIOLATIONS = (
    "tenant_id AS client_id, sequence, id AS submission_id, user_id, device_id, ai_service_id,"
    " service_host, channel, action, severity, kinds::text AS kinds, disposition, policy_version,"
    " status, occurred_at, recorded_at"
)


class AuditQuery:
    """Reads what was recorded."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def logs(self, principal: Principal, wanted: AuditFilter) -> AuditPage:
        """Return audit entries, newest first."""
        return await self._page(principal, wanted, "client_audit_logs", _LOGS)

    async def violations(self, principal: Principal, wanted: AuditFilter) -> AuditPage:
        """Return violations, newest first."""
        return await self._page(principal, wanted, "client_policy_violations", _VIOLATIONS)

    async def _page(
        self, principal: Principal, wanted: AuditFilter, table: str, columns: str
    ) -> AuditPage:
        scope = principal.scope_for(wanted.client_id) if wanted.client_id else principal.scope()
        before_at, before_sequence = _position(wanted.cursor)
        statement = (
            f"SELECT {columns} FROM {table} WHERE ($1::text IS NULL OR action = $1)"  # noqa: S608 -- constants
            " AND ($2::text IS NULL OR ai_service_id = $2 OR service_host = $2)"
            " AND ($3::timestamptz IS NULL OR recorded_at >= $3)"
            " AND ($4::timestamptz IS NULL OR recorded_at < $4)"
            " AND ($5::timestamptz IS NULL OR (recorded_at, sequence) < ($5, $6))"
            " ORDER BY recorded_at DESC, sequence DESC LIMIT $7"
        )
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(
                statement, wanted.action, wanted.service, wanted.since, wanted.until, before_at,
                before_sequence, wanted.limit + 1,
            )  # fmt: skip
        items = tuple(dict(row) for row in rows[: wanted.limit])
        has_more = len(rows) > wanted.limit
        return AuditPage(items, _cursor(items[-1]) if has_more else None)


def _cursor(row: dict[str, Any]) -> str:
    text = f"{row['recorded_at'].isoformat()} {row['sequence']}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def _position(cursor: str | None) -> tuple[datetime | None, int | None]:
    if cursor is None:
        return None, None
    try:
        moment, sequence = base64.urlsafe_b64decode(cursor).decode().split(" ")
        at, number = datetime.fromisoformat(moment), int(sequence)
    except ValueError:
        at, number = None, -1
    if at is None or at.tzinfo is None or not 0 <= number < 2**63:
        raise InvalidInput(
            "The cursor is not one of ours. Use `next` of the page before, or none at all."
        )
    return at, number
