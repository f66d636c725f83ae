"""Keeps count of each browser's events, and tells administrators where some never came."""

import json
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from backend.core.database import Connection, Database
from backend.core.principal import Principal
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.audit_entries import Receipt
from backend.services.event_numbers import EventNumbers


class MissingEvents:
    """Notes which numbers came. Who is no enrolled browser has none."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(
        self, principal: Principal, numbers: Sequence[int | None], receipts: Sequence[Receipt]
    ) -> None:
        """Note the numbers of events that are recorded now; those without one do not count."""
        if not numbers:
            return
        came = [
            (number, receipt.is_duplicate)
            for number, receipt in zip(numbers, receipts, strict=True)
            if number is not None
        ]
        if came:
            await self._change(principal, lambda known: known.after(came))

    async def note_word(self, principal: Principal, told: int) -> None:
        """Note that a browser says that every event up to this number was delivered."""
        await self._change(principal, lambda known: known.after_word(told))

    async def _change(
        self, principal: Principal, change: Callable[[EventNumbers], EventNumbers]
    ) -> None:
        if principal.device_id is None:
            return
        client_id = principal.own_client()
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            row = await connection.fetchrow(_KNOWN, client_id, principal.device_id)
            if row is None:
                return
            known = EventNumbers.of(json.loads(row["event_numbers"] or "null"))
            now = change(known)
            if now == known:
                return
            stored = json.dumps(now.stored())
            await connection.execute(_STORE, client_id, principal.device_id, stored)
            await _tell(connection, principal.device_id, known, now)


async def _tell(
    connection: Connection, device: UUID, known: EventNumbers, now: EventNumbers
) -> None:
    """Write into the trail that events are missing, or that a browser counted anew."""
    if now.missing > known.missing:
        await AdminTrail.record(
            connection, None, "device.events_missing", Subject("device", device),
            missing=now.missing, more=now.missing - known.missing, up_to=now.highest,
        )  # fmt: skip
    if now.restarts > known.restarts:
        await AdminTrail.record(
            connection, None, "device.count_restarted", Subject("device", device),
            from_number=known.highest, to_number=now.highest,
        )  # fmt: skip


_KNOWN: Final = """
SELECT event_numbers::text AS event_numbers FROM devices
WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL FOR UPDATE
"""
_STORE: Final = "UPDATE devices SET event_numbers = $3::jsonb WHERE tenant_id = $1 AND id = $2"
