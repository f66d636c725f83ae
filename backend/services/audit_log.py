"""Records audit entries in groups; an entry is acknowledged after its commit, never before."""

import asyncio
import json
from collections import deque
from typing import Any, Final

import structlog

from backend.core.database import Database
from backend.core.errors import QuillgateError, Unavailable
from backend.core.monitoring import AUDIT_QUEUE, AUDIT_SECONDS, VERDICTS
from backend.core.scope import Scope
from backend.live.publisher import Publisher
from backend.services.audit_entries import AuditEntry, Receipt, header_bytes

LARGEST_GROUP: Final = 500
MOST_WAITING: Final = 20_000
FLUSHERS: Final = 2
_RECORD: Final = "SELECT * FROM qg_record($1::jsonb, $2::bytea[])"
_log = structlog.get_logger(__name__)
_Waiting = tuple[AuditEntry, "asyncio.Future[Receipt]"]


class AuditLog:
    """The one way into `client_audit_logs`."""

    def __init__(self, database: Database, publisher: Publisher) -> None:
        self._database = database
        self._publisher = publisher
        self._waiting: deque[_Waiting] = deque()
        self._has_work = asyncio.Event()
        self._flushers: list[asyncio.Task[None]] = []
        self._is_closing = False

    async def open(self) -> None:
        """Start the flushers."""
        self._flushers = [asyncio.create_task(self._flush_for_ever()) for _ in range(FLUSHERS)]

    async def close(self) -> None:
        """Write what waits, then stop; what cannot be written any more is refused, not dropped."""
        self._is_closing = True
        self._has_work.set()
        await asyncio.gather(*self._flushers, return_exceptions=True)

    async def record(self, entry: AuditEntry) -> Receipt:
        """Return once `entry` is durable. Raise Unavailable when not; it may be sent again."""
        if self._is_closing or len(self._waiting) >= MOST_WAITING:
            raise Unavailable(
                "The audit log cannot take more entries right now. Send this again in a moment."
            )
        future: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, future))
        AUDIT_QUEUE.set(len(self._waiting))
        self._has_work.set()
        with AUDIT_SECONDS.time():
            return await future

    async def _flush_for_ever(self) -> None:
        while self._waiting or not self._is_closing:
            if not self._waiting:
                self._has_work.clear()
                await self._has_work.wait()
                continue
            count = min(LARGEST_GROUP, len(self._waiting))
            group = [self._waiting.popleft() for _ in range(count)]
            AUDIT_QUEUE.set(len(self._waiting))
            await self._flush(group)

    async def _flush(self, group: list[_Waiting]) -> None:
        try:
            receipts = await self._written([entry for entry, _ in group])
        except Exception as error:  # noqa: BLE001 -- a flusher must survive; every waiter is told
            if len(group) > 1 and not isinstance(error, Unavailable):
                # One bad entry must not refuse its neighbours: try each alone.
                for waiting in group:
                    await self._flush([waiting])
                return
            self._refuse(group, error)
            return
        for (entry, future), receipt in zip(group, receipts, strict=True):
            if not future.done():
                future.set_result(receipt)
            if not receipt.is_duplicate:
                await self._announce(entry, receipt)

    async def _written(self, entries: list[AuditEntry]) -> list[Receipt]:
        rows = json.dumps([entry.document() for entry in entries])
        headers = [header_bytes(entry.header()) for entry in entries]
        async with self._database.scoped(Scope.ingest()) as connection:
            answered = await connection.fetch(_RECORD, rows, headers)
        return [Receipt(**dict(row)) for row in answered]

    @staticmethod
    def _refuse(group: list[_Waiting], error: Exception) -> None:
        _log.error("audit_not_written", kind=type(error).__name__, entries=len(group))
        told = (
            error
            if isinstance(error, QuillgateError)
            else Unavailable("The audit log could not be written. Send this again in a moment.")
        )
        for _, future in group:
            if not future.done():
                future.set_exception(told)

    async def _announce(self, entry: AuditEntry, receipt: Receipt) -> None:
        if entry.entry_kind == "verdict":
            VERDICTS.labels(str(entry.action), entry.engine).inc()
        if entry.action != "allow":
            await self._publisher.violation(
                entry.client_id, entry.principal.msp_id, feed_event(entry, receipt)
            )


def feed_event(entry: AuditEntry, receipt: Receipt) -> dict[str, Any]:
    """Return what a live feed shows of an entry."""
    header = entry.header()
    names = ("submission_id", "ai_service_id", "service_host", "channel", "action", "disposition",
             "kinds", "policy_version", "occurred_at", "user_id", "late")  # fmt: skip
    return {
        **{name: header[name] for name in names},
        "client_id": header["tenant_id"],
        "severity": entry.severity,
        "sequence": receipt.sequence,
        "recorded_at": receipt.recorded_at.isoformat(),
    }
