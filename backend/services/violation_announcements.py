"""Tells live feeds of committed violations; it never delays an acknowledgement or undoes one."""

import asyncio
from collections import deque
from typing import Any, Final
from uuid import UUID

import structlog

from backend.core.scope import Scope
from backend.live.publisher import Publisher
from backend.services.audit_entries import AuditEntry, Receipt
from backend.services.violation_feed import ViolationFeed

MOST_WAITING: Final = 20_000
LARGEST_GROUP: Final = 500
_log = structlog.get_logger(__name__)
_Committed = tuple[AuditEntry, Receipt]


class ViolationAnnouncements:
    """Announces in the order of commits. The state is fetched, so a live event equals a replay."""

    def __init__(self, feed: ViolationFeed, publisher: Publisher) -> None:
        self._feed = feed
        self._publisher = publisher
        self._waiting: deque[_Committed] = deque(maxlen=MOST_WAITING)
        self._has_work = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._is_closing = False

    def open(self) -> None:
        """Start to announce."""
        self._task = asyncio.create_task(self._announce_for_ever())

    async def close(self) -> None:
        """Announce what waits, then stop."""
        self._is_closing = True
        self._has_work.set()
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    def put(self, entry: AuditEntry, receipt: Receipt) -> None:
        """Announce soon; when too much waits, the oldest hint is given up."""
        self._waiting.append((entry, receipt))
        self._has_work.set()

    async def _announce_for_ever(self) -> None:
        while self._waiting or not self._is_closing:
            if not self._waiting:
                self._has_work.clear()
                await self._has_work.wait()
                continue
            group = [self._waiting.popleft() for _ in range(min(LARGEST_GROUP, len(self._waiting)))]
            try:
                await self._announce(group)
            except Exception as error:  # noqa: BLE001 -- a lost hint is healed by the next resume
                _log.warning("violations_not_announced", kind=type(error).__name__)

    async def _announce(self, group: list[_Committed]) -> None:
        states = await self._states(group)
        for entry, receipt in group:
            state = states.get((entry.client_id, receipt.submission_id))
            if state is not None:
                event = {**state, "sequence": receipt.sequence}
                await self._publisher.violation(entry.client_id, entry.principal.msp_id, event)

    async def _states(self, group: list[_Committed]) -> dict[tuple[UUID, UUID], dict[str, Any]]:
        by_msp: dict[UUID, list[_Committed]] = {}
        for committed in group:
            by_msp.setdefault(committed[0].principal.msp_id, []).append(committed)
        states: dict[tuple[UUID, UUID], dict[str, Any]] = {}
        for msp_id, theirs in by_msp.items():
            wanted = [(entry.client_id, receipt.submission_id) for entry, receipt in theirs]
            states |= await self._feed.states(Scope.msp(msp_id), wanted)
        return states
