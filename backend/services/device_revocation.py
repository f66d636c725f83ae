"""Ending a browser's enrolment: its sign-in ends with it, and its open socket is closed."""

from typing import Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import NotFound
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.live.publisher import Publisher
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import Administering
from backend.services.sessions import Sessions


class DeviceRevocation:
    """Revokes browsers. Every process is told at once; untold it notices in half a second."""

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        publisher: Publisher,
        clock: Clock,
    ) -> None:
        self._database = database
        self._administering = Administering(database)
        self._sessions = sessions
        self._publisher = publisher
        self._clock = clock

    async def revoke(
        self, principal: Principal, client_id: UUID, device_id: UUID, reason: str
    ) -> None:
        """End a browser's enrolment for good; doing it twice changes nothing. Raise NotFound.

        Who may revoke only their own browsers finds no others.
        """
        principal.require("device:revoke", Reach.SELF)
        only = principal.user_id if principal.reach("device:revoke") is Reach.SELF else None
        scope = await self._administering.of_client(principal, client_id)
        async with self._database.scoped(scope) as connection:
            row = await connection.fetchrow(_DEVICE, client_id, device_id, only)
            if row is None:
                raise _absent()
            if row["revoked_at"] is not None:
                return
            ended = await self._revoke(connection, client_id, device_id)
            await AdminTrail.record(
                connection, principal, "device.revoke", Subject("device", device_id), reason
            )
        for session_id in ended:
            self._sessions.forget(session_id)
        await self._publisher.revoked(client_id, scope.msp_id, device_id)

    async def _revoke(
        self, connection: Connection, client_id: UUID, device_id: UUID
    ) -> tuple[UUID, ...]:
        """Write it; the database ends the sessions. Return those that were open."""
        open_ones = await connection.fetch(_SESSIONS, client_id, device_id)
        await connection.execute(_REVOKE, client_id, device_id, self._clock.now())
        return tuple(row["id"] for row in open_ones)


def _absent() -> NotFound:
    return NotFound("There is no such browser. List the client's browsers.")


_DEVICE: Final = """
SELECT revoked_at FROM devices
WHERE tenant_id = $1 AND id = $2 AND ($3::uuid IS NULL OR user_id = $3) FOR UPDATE
"""
_SESSIONS: Final = """
SELECT id FROM sessions WHERE tenant_id = $1 AND device_id = $2 AND revoked_at IS NULL
"""
_REVOKE: Final = "UPDATE devices SET revoked_at = $3 WHERE tenant_id = $1 AND id = $2"
