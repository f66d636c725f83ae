"""A client's audit log or violations as one file, page by page, and that it was taken."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, Final, Literal
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import absent_client
from backend.services.audit_query import AuditFilter, AuditPage, AuditQuery, as_json
from backend.services.csv_text import csv_line
from backend.services.keyset import within_reason

PAGE: Final = 500
What = Literal["logs", "violations"]
_COLUMNS: Final = (
    "recorded_at", "occurred_at", "sequence", "submission_id", "user_id", "device_id",
    "ai_service_id", "service_host", "channel", "action", "severity", "disposition", "kinds",
    "policy_version", "status",
)  # fmt: skip


class AuditExport:
    """Hands out what was recorded; there is no text in it to hand out."""

    def __init__(self, database: Database, query: AuditQuery, clock: Clock) -> None:
        self._database = database
        self._query = query
        self._clock = clock

    async def begin(self, principal: Principal, what: What, wanted: AuditFilter) -> AuditFilter:
        """Note in the trail that an export is taken; return its filter, of one client, ended now.

        Raise NotFound, InvalidInput. The event is the system's, so that a suspended client's can be
        taken too.
        """
        principal.require("audit:export")
        client_id = wanted.client_id or principal.own_client()
        within_reason(wanted.since)  # here: once the first line is sent, nothing can be refused
        within_reason(wanted.until)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            msp_id: UUID | None = await connection.fetchval("SELECT msp_id FROM clients")
        if msp_id is None:
            raise absent_client()
        until = min(wanted.until or self._clock.now(), self._clock.now())
        async with self._database.scoped(Scope.tenant(client_id, msp_id)) as connection:
            await AdminTrail.record(
                connection, principal, "audit.export", Subject("client", client_id), what=what,
                since=wanted.since.isoformat() if wanted.since else None, until=until.isoformat(),
            )  # fmt: skip
        return replace(wanted, client_id=client_id, until=until, limit=PAGE)

    async def lines(
        self, principal: Principal, what: What, wanted: AuditFilter, *, is_csv: bool
    ) -> AsyncIterator[bytes]:
        """Yield the file, newest first; each page is a transaction of its own."""
        if is_csv:
            yield csv_line(_COLUMNS).encode()
        while True:
            page = await self._page(principal, what, wanted)
            yield "".join(_line(row, is_csv=is_csv) for row in page.items).encode()
            if page.next is None:
                return
            wanted = replace(wanted, cursor=page.next)

    async def _page(self, principal: Principal, what: What, wanted: AuditFilter) -> AuditPage:
        read = self._query.logs if what == "logs" else self._query.violations
        return await read(principal, wanted)


def _line(row: dict[str, Any], *, is_csv: bool) -> str:
    plain = as_json(row)
    if not is_csv:
        return json.dumps(plain, ensure_ascii=False) + "\n"
    return csv_line(_cell(plain.get(name)) for name in _COLUMNS)


def _cell(value: Any) -> str | int | float | bool | None:
    return json.dumps(value) if isinstance(value, dict | list | tuple) else value
