"""Reads the audit log and the violations, a page at a time by keyset, newest first."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from backend.core.database import Database
from backend.core.errors import InvalidInput
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.services.control_mapping import controls_of
from backend.services.keyset import is_within_reason, within_reason


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; None does not filter."""

    client_id: UUID | None = None
    action: str | None = None
    severity: str | None = None  # of violations only
    dispositions: tuple[str, ...] | None = None
    status: str | None = None  # of violations only
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
    " status, owner_id, status_at, status_reason, version, occurred_at, recorded_at,"
    " (SELECT c.frameworks FROM clients c"
    " WHERE c.tenant_id = client_policy_violations.tenant_id) AS frameworks"
)


class AuditQuery:
    """Reads what was recorded."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def logs(self, principal: Principal, wanted: AuditFilter) -> AuditPage:
        """Return audit entries, newest first."""
        return await self._page(principal, wanted, "client_audit_logs", _LOGS)

    async def violations(self, principal: Principal, wanted: AuditFilter) -> AuditPage:
        """Return violations, newest first, with the controls they touch."""
        page = await self._page(principal, wanted, "client_policy_violations", _VIOLATIONS)
        return AuditPage(tuple(_with_controls(row) for row in page.items), page.next)

    async def _page(
        self, principal: Principal, wanted: AuditFilter, table: str, columns: str
    ) -> AuditPage:
        principal.require("audit:read", Reach.SELF)
        client_id = wanted.client_id or principal.client_id
        scope = principal.scope_for(client_id) if client_id else principal.scope()
        only = principal.user_id if principal.reach("audit:read") is Reach.SELF else None
        conditions, values = _conditions(wanted, client_id, only)
        order = _ONE_CLIENT if client_id else _ALL_CLIENTS
        statement = (
            f"SELECT {columns} FROM {table} WHERE {conditions}"  # noqa: S608 -- constants and $n
            f" ORDER BY {order} LIMIT {wanted.limit + 1:d}"
        )
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(statement, *values)
        items = tuple(dict(row) for row in rows[: wanted.limit])
        has_more = len(rows) > wanted.limit
        return AuditPage(items, _cursor(items[-1]) if has_more else None)


def as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry as JSON has it: ids and times as text, counts as an object."""
    return {name: _plain(name, value) for name, value in row.items()}


def _plain(name: str, value: Any) -> Any:
    if name == "kinds":
        return json.loads(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _with_controls(row: dict[str, Any]) -> dict[str, Any]:
    kinds = json.loads(row["kinds"])
    controls = controls_of(row, kinds, row["recorded_at"])
    return {name: value for name, value in row.items() if name != "frameworks"} | {
        "controls": controls
    }


_ONE_CLIENT: Final = "sequence DESC"
_ALL_CLIENTS: Final = "recorded_at DESC, sequence DESC, tenant_id DESC"


def _conditions(
    wanted: AuditFilter, client_id: UUID | None, only: UUID | None
) -> tuple[str, list[object]]:
    """Return the WHERE and its values. The cursor is a plain range, so that an index serves it."""
    parts: list[str] = ["true"]
    values: list[object] = []

    def add(condition: str, *given: object) -> None:
        if None not in given:
            numbers = [f"${len(values) + place}" for place in range(1, len(given) + 1)]
            values.extend(given)
            parts.append(condition.format(*numbers))

    at, sequence, last_client = _position(wanted.cursor)
    add("tenant_id = {}", client_id)
    add("user_id = {}", only)
    add("action = {}", wanted.action)
    add("severity = {}", wanted.severity)
    add("status = {}", wanted.status)
    add("disposition = ANY({}::text[])", wanted.dispositions)
    add("(ai_service_id = {0} OR service_host = {0})", wanted.service)
    add("recorded_at >= {}", within_reason(wanted.since))
    add("recorded_at < {}", within_reason(wanted.until))
    if client_id:
        add("sequence < {}", sequence)
    else:
        add("(recorded_at, sequence, tenant_id) < ({}, {}, {})", at, sequence, last_client)
    return " AND ".join(parts), values


def _cursor(row: dict[str, Any]) -> str:
    """Name a place: entries of two clients may share time and sequence, never all three."""
    text = f"{row['recorded_at'].isoformat()} {row['sequence']} {row['client_id']}"
    return base64.urlsafe_b64encode(text.encode()).decode()


def _position(cursor: str | None) -> tuple[datetime, int, UUID] | tuple[None, None, None]:
    if cursor is None:
        return None, None, None
    try:
        moment, sequence, client_id = base64.urlsafe_b64decode(cursor).decode().split(" ")
        at, number = datetime.fromisoformat(moment), int(sequence)
        if not is_within_reason(at) or not 0 <= number < 2**63:
            raise ValueError  # noqa: TRY301 -- one refusal for whatever is wrong with it
        return at, number, UUID(client_id)
    except ValueError:
        raise InvalidInput(
            "The cursor is not one of ours. Use `next` of the page before, or none at all."
        ) from None
