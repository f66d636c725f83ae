"""The trail of administrative changes: written in the change's own transaction, read by keyset."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from backend.core.database import Connection, Database
from backend.core.identifiers import uuid7
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.services.keyset import cursor_at, place_of, within_reason
from backend.services.wording import LONGEST_REASON

Plain = str | int | float | bool | UUID | None
Detail = Plain | list[str] | list[int] | dict[str, Plain]


@dataclass(frozen=True, slots=True)
class Subject:
    """What was changed: a kind in snake_case and its id."""

    kind: str
    id: UUID | str


@dataclass(frozen=True, slots=True)
class AdminFilter:
    """Which events; None does not filter."""

    client_id: UUID | None = None
    actor: UUID | None = None
    action: str | None = None
    subject_kind: str | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class AdminEvent:
    """One change; `client_id` is None for what belongs to the MSP itself."""

    id: UUID
    client_id: UUID | None
    at: datetime
    actor_id: UUID | None
    actor: str
    actor_role: str
    action: str
    subject_kind: str
    subject_id: str
    reason: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AdminPage:
    """Events, newest first, and where the next page starts."""

    items: tuple[AdminEvent, ...]
    next: str | None


class AdminTrail:
    """Records and reads administrative changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @staticmethod
    async def record(
        connection: Connection,
        principal: Principal | None,
        action: str,
        subject: Subject,
        reason: str = "",
        **details: Detail,
    ) -> UUID:
        """Write one event of the tenant whose scope `connection` is in; return its id.

        `action` is `resource.verb`. `details` hold names, numbers and ids: never prompt text, a
        secret or a token. Without a principal the system itself acted. Whatever rolls the change
        back rolls its event back too.
        """
        event_id = uuid7()
        await connection.execute(
            _RECORD,
            event_id,
            principal.user_id if principal else None,
            str(principal.role) if principal else "system",
            action,
            subject.kind,
            str(subject.id),
            " ".join(reason.split())[:LONGEST_REASON],
            json.dumps(details, default=str),
        )
        return event_id

    async def events(self, principal: Principal, wanted: AdminFilter) -> AdminPage:
        """Return events, newest first; who may read only their own sees what names them."""
        principal.require("audit:read", Reach.SELF)
        client_id = wanted.client_id or principal.client_id
        scope = principal.scope_for(client_id) if client_id else principal.scope()
        at, last = place_of(wanted.cursor)
        only = principal.user_id if principal.reach("audit:read") is Reach.SELF else None
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(
                _EVENTS, wanted.actor, wanted.action, wanted.subject_kind, wanted.subject,
                within_reason(wanted.since), within_reason(wanted.until), at, last, only,
                wanted.limit + 1,
            )  # fmt: skip
        items = tuple(_event(row) for row in rows[: wanted.limit])
        return AdminPage(
            items, cursor_at(items[-1].at, items[-1].id) if len(rows) > wanted.limit else None
        )


def _event(row: Any) -> AdminEvent:
    return AdminEvent(**{**dict(row), "details": json.loads(row["details"])})


_RECORD: Final = """
INSERT INTO admin_events
    (tenant_id, id, msp_id, actor_id, actor_role, action, subject_kind, subject_id, reason, details)
VALUES (split_part(current_setting('app.scope'), '.', 2)::uuid, $1,
    split_part(current_setting('app.scope'), '.', 3)::uuid, $2, $3, $4, $5, $6, $7, $8::jsonb)
"""
"""The tenant is that of the scope, whatever its role; row-level security verifies it."""
# A client cannot see its MSP's staff, so their names stay with the MSP.
_EVENTS: Final = """
SELECT e.id, nullif(e.tenant_id, e.msp_id) AS client_id, e.at, e.actor_id,
    CASE WHEN e.actor_id IS NULL THEN 'Quillgate'
        ELSE coalesce(u.display_name, 'Your service provider') END AS actor,
    e.actor_role, e.action, e.subject_kind, e.subject_id, e.reason, e.details::text AS details
FROM admin_events e
LEFT JOIN users u ON u.id = e.actor_id AND u.tenant_id IN (e.tenant_id, e.msp_id)
WHERE ($1::uuid IS NULL OR e.actor_id = $1) AND ($2::text IS NULL OR e.action = $2)
    AND ($3::text IS NULL OR e.subject_kind = $3) AND ($4::text IS NULL OR e.subject_id = $4)
    AND ($5::timestamptz IS NULL OR e.at >= $5) AND ($6::timestamptz IS NULL OR e.at < $6)
    AND ($7::timestamptz IS NULL OR (e.at, e.id) < ($7, $8::uuid))
    AND ($9::uuid IS NULL OR e.actor_id = $9
        OR (e.subject_kind = 'user' AND e.subject_id = $9::text))
ORDER BY e.at DESC, e.id DESC
LIMIT $10
"""
