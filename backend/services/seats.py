"""Seats: how many browsers a client pays for, and how many a month saw."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Conflict, InvalidInput
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.services.admin_trail import AdminTrail, Subject

SILENT_DAYS: Final = 30
"""A browser that was silent for so long frees its seat."""


class SeatsUsedUp(Conflict):
    """No seat is left, so no further browser is enrolled."""

    code = "seats-used-up"


@dataclass(frozen=True, slots=True)
class ClientSeats:
    """One client's seats in one month; a locked client is billed like any other."""

    client_id: UUID
    name: str
    status: str
    seats: int
    active: int
    enrolled: int


class Seats:
    """Counts seats."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def of_month(self, principal: Principal, month: str | None) -> tuple[ClientSeats, ...]:
        """Return each client's seats in `month` (`2026-11`), the present one by default.

        A seat is active in a month in which its browser was heard of at least once.
        """
        principal.require("msp:read", Reach.MSP)
        first = _first_day(month, self._clock.now())
        async with self._database.scoped(principal.scope()) as connection:
            rows = await connection.fetch(_SEATS, first)
        return tuple(ClientSeats(**dict(row)) for row in rows)

    async def note_refusal(self, tenant_id: UUID, msp_id: UUID) -> None:
        """Record that a browser was refused for want of a seat."""
        async with self._database.scoped(Scope.tenant(tenant_id, msp_id)) as connection:
            await AdminTrail.record(
                connection, None, "device.refuse", Subject("client", tenant_id), "No seat is left."
            )


async def refuse_without_seat(connection: Connection, now: datetime) -> None:
    """Raise SeatsUsedUp when the client whose scope we are in has no seat left.

    Its row is locked, so that two browsers do not share the last seat. No seats (0) means no limit.
    """
    seats = await connection.fetchval("SELECT seats FROM clients FOR NO KEY UPDATE")
    if not seats:
        return
    taken = await connection.fetchval(_TAKEN, now - timedelta(days=SILENT_DAYS))
    if taken >= seats:
        raise SeatsUsedUp(
            f"All {seats} seats of this client are in use, so this browser was not connected. Ask "
            "your administrator for another seat, or to disconnect a browser nobody uses.",
        )


def _first_day(month: str | None, now: datetime) -> date:
    if month is None:
        return now.astimezone(UTC).date().replace(day=1)
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise InvalidInput("There is no such month. Write it like 2026-11.") from None


_TAKEN: Final = """
SELECT count(*) FROM devices WHERE revoked_at IS NULL AND last_seen_at > $1
"""
_SEATS: Final = """
SELECT c.tenant_id AS client_id, c.name, c.status, c.seats,
    count(s.device_id) FILTER (WHERE s.month = $1) AS active,
    count(DISTINCT s.device_id) AS enrolled
FROM clients c
LEFT JOIN seat_months s ON s.tenant_id = c.tenant_id AND s.month <= $1
WHERE c.status <> 'offboarded'
GROUP BY c.tenant_id, c.name, c.status, c.seats
ORDER BY c.name, c.tenant_id
"""
