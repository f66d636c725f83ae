"""Signing in without a password on one's own machine, as a person of the demonstration: DEBUG=true.

The settings and this check keep it from every database that holds anything else (decision 0013).
"""

from datetime import datetime, timedelta
from typing import Final

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import ConfigurationError, InvalidInput
from backend.core.permissions import Role
from backend.core.scope import Scope
from backend.core.tokens import ACCESS_SECONDS
from backend.services.demonstration.world import CLIENTS, users
from backend.services.sessions import Sessions, SignedIn

ROLE: Final = Role.CLIENT_ADMIN
AGENT: Final = "DEBUG=true"
_EARLY: Final = timedelta(seconds=30)
_KNOWN: Final = frozenset(client.id for client in CLIENTS)


async def refuse_real_clients(database: Database) -> None:
    """Raise ConfigurationError when the database holds a client that nobody made up."""
    async with database.scoped(Scope.sign_in()) as connection:
        rows = await connection.fetch("SELECT tenant_id FROM clients")
    if {row["tenant_id"] for row in rows} - _KNOWN:
        raise ConfigurationError(
            "DEBUG=true lets everybody on this machine in without a password, and this database "
            "holds clients that are not of the demonstration. Unset DEBUG, or choose another "
            "directory with --data."
        )


class DevelopmentSignIn:
    """Starts sessions of demonstration people for whoever works on this machine."""

    def __init__(self, database: Database, sessions: Sessions, clock: Clock) -> None:
        self._database = database
        self._sessions = sessions
        self._clock = clock
        self._started: dict[Role, tuple[SignedIn, datetime]] = {}

    async def start(self, role: str = ROLE) -> SignedIn:
        """Return a new session of the demonstration's first person with `role`.

        Raise InvalidInput for a role nobody has, ConfigurationError without the demonstration.
        """
        person = next((user for user in users() if user.signs_in and user.role == role), None)
        if person is None:
            known = ", ".join(sorted({user.role for user in users() if user.signs_in}))
            raise InvalidInput(f"X-Debug-Role names no role of the demonstration. Use {known}.")
        async with self._database.scoped(Scope.sign_in()) as connection:
            row = await connection.fetchrow(
                "SELECT * FROM users WHERE tenant_id = $1 AND id = $2", person.tenant_id, person.id
            )
            if row is None:
                raise ConfigurationError(
                    "DEBUG=true signs in as a person of the demonstration, which is not there. "
                    "Start with `quillgate up` and without --no-demo."
                )
            return await self._sessions.start(connection, row, agent=AGENT, is_shown=True)

    async def access_token(self, role: str = ROLE) -> str:
        """Return an access token of such a session; one serves for some minutes."""
        now = self._clock.now()
        known = self._started.get(Role(role)) if role in set(Role) else None
        if known is None or known[1] <= now or self._is_ended(known[0]):
            signed_in = await self.start(role)
            until = now + timedelta(seconds=ACCESS_SECONDS) - _EARLY
            known = self._started[Role(role)] = signed_in, until
        return known[0].access_token

    def _is_ended(self, signed_in: SignedIn) -> bool:
        return self._sessions.is_ended(signed_in.principal.session_id)
