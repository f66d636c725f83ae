"""Whether a client lets its MSP in: always, never, or until a moment it chose."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import InvalidInput
from backend.core.principal import Principal
from backend.live.publisher import Publisher
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import Administering, absent_client
from backend.services.keyset import is_within_reason
from backend.services.wording import said_reason


@dataclass(frozen=True, slots=True)
class Lockbox:
    """A client's lockbox. Closed, it lets the MSP in until `open_until`, if at all."""

    client_id: UUID
    is_closed: bool
    open_until: datetime | None
    reason: str
    set_at: datetime | None


class Lockboxes:
    """Reads and sets lockboxes."""

    def __init__(self, database: Database, publisher: Publisher, clock: Clock) -> None:
        self._database = database
        self._publisher = publisher
        self._clock = clock
        self._administering = Administering(database)

    async def of_client(self, principal: Principal, client_id: UUID) -> Lockbox:
        """Return a client's lockbox; its MSP sees it even when it is closed. Raise NotFound."""
        principal.require("client:read")
        principal.scope_for(client_id)
        async with self._database.scoped(principal.scope()) as connection:
            row = await connection.fetchrow(_LOCKBOX, client_id)
        if row is None:
            raise absent_client()
        return Lockbox(**dict(row))

    async def set(
        self,
        principal: Principal,
        client_id: UUID,
        reason: str,
        *,
        is_closed: bool,
        open_until: datetime | None,
    ) -> Lockbox:
        """Close or open a lockbox, or close it with a time during which the MSP may enter."""
        principal.require("lockbox:write")
        words, now = said_reason(reason), self._clock.now()
        is_odd = open_until is not None and not is_within_reason(open_until)
        if is_odd or (open_until is not None and (not is_closed or open_until <= now)):
            raise InvalidInput(
                "`open_until` goes with a closed lockbox and lies in the future: it says until "
                "when your service provider may come in all the same.",
                code="lockbox-time",
            )
        scope = await self._administering.of_client(principal, client_id)
        async with self._database.scoped(scope) as connection:
            await connection.execute(
                _SET, client_id, scope.msp_id, is_closed, open_until, words, principal.user_id, now
            )
            await AdminTrail.record(
                connection, principal, "lockbox.close" if is_closed else "lockbox.open",
                Subject("client", client_id), words,
                open_until=open_until.isoformat() if open_until else None,
            )  # fmt: skip
        await self._publisher.rights_changed(client_id, scope.msp_id, scope.msp_id)
        return Lockbox(client_id, is_closed, open_until, words, now)


_LOCKBOX: Final = """
SELECT c.tenant_id AS client_id, coalesce(b.is_closed, false) AS is_closed, b.open_until,
    coalesce(b.reason, '') AS reason, b.set_at
FROM clients c LEFT JOIN lockboxes b ON b.tenant_id = c.tenant_id
WHERE c.tenant_id = $1
"""
_SET: Final = """
INSERT INTO lockboxes (tenant_id, msp_id, is_closed, open_until, reason, set_by, set_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (tenant_id) DO UPDATE SET is_closed = excluded.is_closed,
    open_until = excluded.open_until, reason = excluded.reason, set_by = excluded.set_by,
    set_at = excluded.set_at
"""
