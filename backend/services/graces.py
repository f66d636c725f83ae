"""The end of a suspended client's grace is noted once, and its browsers and consoles hear of it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.scope import Scope
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import locked_client
from backend.services.service_announcements import ServiceAnnouncements
from backend.services.service_notices import Noted


class Graces:
    """Looks for clients that are out of grace."""

    def __init__(
        self,
        database: Database,
        announcements: ServiceAnnouncements,
        publisher: Noted,
        clock: Clock,
    ) -> None:
        self._database = database
        self._announcements = announcements
        self._publisher = publisher
        self._clock = clock

    async def note_ends(self) -> int:
        """Note the ends of grace that nobody has noted; return how many.

        Several processes may run it: the client's row is locked, and the second finds it noted.
        """
        noted = 0
        async with self._database.scoped(Scope.relay()) as connection:
            rows = await connection.fetch(_OUT, self._clock.now())
        for row in rows:
            noted += await self._note(row["tenant_id"], row["msp_id"], row["since"])
        return noted

    async def _note(self, client_id: UUID, msp_id: UUID, since: datetime) -> bool:
        async with self._database.scoped(Scope.administration(client_id, msp_id)) as connection:
            held = await locked_client(connection, client_id)
            if await connection.fetchval(_NOTED, since):
                return False
            await AdminTrail.record(
                connection, None, "client.grace_over", Subject("client", client_id),
                "The grace of the suspension is over.", grace_days=held["grace_days"],
            )  # fmt: skip
            change = await self._announcements.note(connection, client_id, msp_id)
        await self._announcements.announce(change)
        await self._publisher.noted(client_id, msp_id, {"about": "client.grace_over"})
        return True


_OUT: Final = "SELECT * FROM qg_out_of_grace($1)"
_NOTED: Final = """
SELECT true FROM admin_events
WHERE action = 'client.grace_over' AND at >= $1 LIMIT 1
"""
