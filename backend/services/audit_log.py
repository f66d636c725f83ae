"""Records audit entries in groups; an entry is acknowledged after its commit, never before."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from backend.core.database import Database
from backend.core.errors import QuillgateError, Unavailable
from backend.core.monitoring import AUDIT_QUEUE, AUDIT_SECONDS, VERDICTS
from backend.core.scope import Scope
from backend.live.publisher import Publisher
from backend.services.audit_entries import (
    AuditEntry,
    Receipt,
    header_bytes,
    row_bytes,
)
from backend.services.violation_announcements import ViolationAnnouncements
from backend.services.violation_feed import ViolationFeed

LARGEST_GROUP: Final = 500
LARGEST_GROUP_BYTES: Final = 2 * 1024 * 1024
MOST_WAITING: Final = 20_000
MOST_WAITING_BYTES: Final = 64 * 1024 * 1024
FLUSHERS: Final = 2
_RECORD: Final = "SELECT * FROM qg_record($1::jsonb, $2::bytea[])"
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An entry, its bytes made once, and who waits for it."""

    entry: AuditEntry
    header: bytes
    row: bytes
    future: "asyncio.Future[Receipt]"


class AuditLog:
    """The one way into `client_audit_logs`."""

    def __init__(
        self, database: Database, publisher: Publisher, most_waiting: int = MOST_WAITING
    ) -> None:
        self._database = database
        self._most_waiting = most_waiting
        self._announcements = ViolationAnnouncements(ViolationFeed(database), publisher)
        self._waiting: deque[_Waiting] = deque()
        self._waiting_bytes = 0
        self._has_work = asyncio.Event()
        self._flushers: list[asyncio.Task[None]] = []
        self._is_closing = False

    async def open(self) -> None:
        """Start the flushers."""
        self._flushers = [asyncio.create_task(self._flush_for_ever()) for _ in range(FLUSHERS)]
        self._announcements.open()

    async def close(self) -> None:
        """Write what waits, then stop; what cannot be written any more is refused, not dropped."""
        self._is_closing = True
        self._has_work.set()
        await asyncio.gather(*self._flushers, return_exceptions=True)
        await self._announcements.close()

    async def record(self, entry: AuditEntry) -> Receipt:
        """Return once `entry` is durable. Raise Unavailable when it is not; it may be sent again.

        An event id that was recorded before is not recorded again: its first receipt is returned.
        """
        return await self._enter(entry)

    async def record_all(self, entries: Sequence[AuditEntry]) -> tuple[Receipt, ...]:
        """Return the receipts in order, once all are durable. Raise Unavailable if one is not."""
        return tuple(await asyncio.gather(*[self._enter(entry) for entry in entries]))

    def _enter(self, entry: AuditEntry) -> "asyncio.Future[Receipt]":
        is_full = (
            len(self._waiting) >= self._most_waiting or self._waiting_bytes > MOST_WAITING_BYTES
        )
        if self._is_closing or is_full:
            raise Unavailable(
                "The audit log cannot take more entries right now. Send this again in a moment."
            )
        header = header_bytes(entry.header())
        future: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        waiting = _Waiting(entry, header, row_bytes(entry, header), future)
        self._waiting.append(waiting)
        self._waiting_bytes += len(waiting.row)
        self._has_work.set()
        return future

    async def _flush_for_ever(self) -> None:
        while self._waiting or not self._is_closing:
            if self._waiting:
                await self._flush(self._next_group())
            else:
                self._has_work.clear()
                await self._has_work.wait()

    def _next_group(self) -> list[_Waiting]:
        group: list[_Waiting] = []
        size = 0
        while self._waiting and len(group) < LARGEST_GROUP and size < LARGEST_GROUP_BYTES:
            waiting = self._waiting.popleft()
            size += len(waiting.row)
            group.append(waiting)
        self._waiting_bytes -= size
        AUDIT_QUEUE.set(len(self._waiting))
        return group

    async def _flush(self, group: list[_Waiting]) -> None:
        try:
            with AUDIT_SECONDS.time():
                receipts = await self._written(group)
        except Exception as error:  # noqa: BLE001 -- a flusher must survive; every waiter is told
            if len(group) == 1 or isinstance(error, Unavailable):
                _refuse(group, error)
                return
            middle = len(group) // 2  # one bad entry must not refuse its neighbours
            await self._flush(group[:middle])
            await self._flush(group[middle:])
            return
        self._acknowledge(group, receipts)

    async def _written(self, group: list[_Waiting]) -> list[Receipt]:
        rows = b"[%b]" % b",".join([waiting.row for waiting in group])
        headers = [waiting.header for waiting in group]
        async with self._database.scoped(Scope.ingest()) as connection:
            answered = await connection.fetch(_RECORD, rows.decode(), headers)
            receipts = [Receipt(*row) for row in answered]
            if [r.event_id for r in receipts] != [w.entry.event_id for w in group]:
                raise RuntimeError("the receipts are not those of the entries")
        return receipts

    def _acknowledge(self, group: list[_Waiting], receipts: list[Receipt]) -> None:
        """After the commit: first whoever waits, then the live feeds."""
        for waiting, receipt in zip(group, receipts, strict=True):
            if not waiting.future.done():
                waiting.future.set_result(receipt)
            if receipt.is_duplicate:
                continue
            entry = waiting.entry
            if entry.entry_kind == "verdict":
                VERDICTS.labels(entry.action, entry.engine).inc()
            if entry.action != "allow":
                self._announcements.put(entry, receipt)


def _refuse(group: list[_Waiting], error: Exception) -> None:
    """Say that nothing is known to be durable; an error's own message may hold a value."""
    _log.error("audit_not_written", kind=type(error).__name__, entries=len(group))
    told = (
        error
        if isinstance(error, QuillgateError)
        else Unavailable("The audit log could not be written. Send this again in a moment.")
    )
    for waiting in group:
        if not waiting.future.done():
            waiting.future.set_exception(told)
