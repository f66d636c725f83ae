"""Reads exceptions: an approver's, or somebody's own."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import NotFound
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.services.exception_cards import ANSWER_WITHIN, COLUMNS, ExceptionCard, cards
from backend.services.keyset import cursor_at, place_of

STATES: Final = (
    "pending", "lapsed", "active", "expired", "rejected", "withdrawn", "ended",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExceptionFilter:
    """Which exceptions; None does not filter. `states` are of `STATES`."""

    client_id: UUID | None = None
    states: tuple[str, ...] | None = None
    submission_ids: tuple[UUID, ...] | None = None
    service: str | None = None
    """The id of an AI service, or the host of one that nobody lists."""
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ExceptionPage:
    """Exceptions, newest first, and where the next page starts."""

    items: tuple[ExceptionCard, ...]
    next: str | None


class ExceptionList:
    """Reads exceptions and says how each stands now."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def page(self, principal: Principal, wanted: ExceptionFilter) -> ExceptionPage:
        """Return exceptions, newest first; who may read only their own gets those."""
        principal.require("exception:read", Reach.SELF)
        client_id = wanted.client_id or principal.client_id
        scope = principal.scope_for(client_id) if client_id else principal.scope()
        at, last = place_of(wanted.cursor)
        now = self._clock.now()
        states = None if wanted.states is None else list(wanted.states)
        submissions = None if wanted.submission_ids is None else list(wanted.submission_ids)
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(
                _PAGE, client_id, _only(principal), states, submissions, now, ANSWER_WITHIN, at,
                last, wanted.limit + 1, wanted.service,
            )  # fmt: skip
            items = await cards(connection, rows[: wanted.limit], now)
        more = cursor_at(items[-1].created_at, items[-1].id) if len(rows) > wanted.limit else None
        return ExceptionPage(items, more)

    async def services(self, principal: Principal, client_id: UUID | None) -> tuple[str, ...]:
        """Return the AI services that exceptions were asked for, by id or host."""
        principal.require("exception:read")
        client_id = client_id or principal.client_id
        scope = principal.scope_for(client_id) if client_id else principal.scope()
        async with self._database.scoped(scope) as connection:
            rows = await connection.fetch(_SERVICES, client_id)
        return tuple(row["service"] for row in rows)

    async def one(self, principal: Principal, exception_id: UUID) -> ExceptionCard:
        """Return one exception. Raise NotFound, alike for absent ones and those of others."""
        principal.require("exception:read", Reach.SELF)
        async with self._database.scoped(principal.scope()) as connection:
            row = await connection.fetchrow(_ONE, exception_id, _only(principal))
            if row is None:
                raise no_such_exception()
            (found,) = await cards(connection, [row], self._clock.now())
        return found


def _only(principal: Principal) -> UUID | None:
    return principal.user_id if principal.reach("exception:read") is Reach.SELF else None


def no_such_exception() -> NotFound:
    """Return the error for an exception that does not exist, or not for the caller."""
    return NotFound("There is no such exception. List the exceptions to find its id.")


_STATE: Final = """CASE e.status
    WHEN 'pending' THEN CASE WHEN $5 >= e.created_at + $6::interval THEN 'lapsed' ELSE 'pending' END
    WHEN 'approved' THEN CASE WHEN $5 < e.ends_at THEN 'active' ELSE 'expired' END
    WHEN 'ended' THEN CASE WHEN e.minutes IS NULL THEN 'withdrawn' ELSE 'ended' END
    ELSE e.status END"""
_PAGE: Final = f"""
SELECT {COLUMNS}
WHERE ($1::uuid IS NULL OR e.tenant_id = $1) AND ($2::uuid IS NULL OR e.requested_by = $2)
    AND ($3::text[] IS NULL OR {_STATE} = ANY($3))
    AND ($4::uuid[] IS NULL OR e.submission_id = ANY($4))
    AND ($10::text IS NULL OR e.service = $10)
    AND ($7::timestamptz IS NULL OR (e.created_at, e.id) < ($7, $8::uuid))
ORDER BY e.created_at DESC, e.id DESC LIMIT $9
"""
_ONE: Final = f"""
SELECT {COLUMNS} WHERE e.id = $1 AND ($2::uuid IS NULL OR e.requested_by = $2)
"""
_SERVICES: Final = """
SELECT DISTINCT service FROM exceptions WHERE $1::uuid IS NULL OR tenant_id = $1 ORDER BY 1
"""
