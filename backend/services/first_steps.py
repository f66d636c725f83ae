"""How far a client has come from being made to its first prompt checked."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.core.database import Database
from backend.core.principal import Principal


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What is there already."""

    has_admin: bool
    has_people: bool
    has_code: bool
    """Whether anything was made that connects browsers."""
    has_browser: bool
    policy_version: int
    has_event: bool

    @property
    def is_over(self) -> bool:
        """Whether nobody needs to be told what comes next; looking a policy over is no must."""
        return self.has_admin and self.has_people and self.has_browser and self.has_event


class ClientFirstSteps:
    """Looks them up, in one query."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, principal: Principal, client_id: UUID) -> FirstSteps:
        """Return how far a client is."""
        principal.require("client:read")
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            row = await connection.fetchrow(_STEPS)
        return FirstSteps(**dict(row or {}))


_STEPS: Final = """
SELECT EXISTS (SELECT FROM users WHERE role = 'client_admin' AND status <> 'archived') AS has_admin,
    EXISTS (SELECT FROM users WHERE role = 'end_user' AND status <> 'archived') AS has_people,
    EXISTS (SELECT FROM enrolment_codes) AS has_code,
    EXISTS (SELECT FROM devices WHERE revoked_at IS NULL) AS has_browser,
    coalesce((SELECT max(current_version) FROM policies), 0) AS policy_version,
    EXISTS (SELECT FROM tenant_counters WHERE last_sequence > 0) AS has_event
"""
