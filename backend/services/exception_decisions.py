"""Somebody else says yes or no to an exception, and for how long; the open tab hears of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Conflict, Forbidden, InvalidInput
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.live.publisher import Publisher
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.exception_askers import own_address, refuse_own_browser
from backend.services.exception_cards import ANSWER_WITHIN, ExceptionCard
from backend.services.exception_list import ExceptionList, no_such_exception
from backend.services.exception_requests import Bounds, ExceptionRequests
from backend.services.policy_lookup import PolicyLookup
from backend.services.wording import said_reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What an approver says. `minutes` is None where the answer is no."""

    minutes: int | None
    reason: str


class ExceptionDecisions:
    """Takes answers. The database keeps the asker from approving, and counts the approvers."""

    def __init__(
        self, database: Database, lookup: PolicyLookup, requests: ExceptionRequests,
        listed: ExceptionList, publisher: Publisher, clock: Clock,
    ) -> None:  # fmt: skip
        self._database = database
        self._lookup = lookup
        self._requests = requests
        self._listed = listed
        self._publisher = publisher
        self._clock = clock

    async def decide(
        self, principal: Principal, exception_id: UUID, answer: Answer
    ) -> ExceptionCard:
        """Approve or reject a request.

        The policy may have become stricter since it was asked for: what it says now counts too.
        Raise NotFound, Forbidden to who asked or may have, Conflict when it is decided, has lapsed
        or is not granted any more, InvalidInput for more minutes than the policy allows.
        """
        principal.require("exception:decide")
        reason = said_reason(answer.reason)
        found = await self._listed.one(principal, exception_id)
        if found.requested_by == principal.user_id:
            raise Forbidden(
                "You asked for this exception, so somebody else has to decide on it.",
                code="exception-own-request",
            )
        now = self._clock.now()
        bounds = None if answer.minutes is None else await self._requests.present(principal, found)
        address = await own_address(self._database, principal)
        async with self._database.scoped(principal.scope_for(found.client_id)) as connection:
            held = await self._pending(connection, principal, found, now)
            if answer.minutes is not None:
                await refuse_own_browser(connection, principal, held, address)
            if bounds is not None:
                held = await _tightened(connection, held, bounds)
            _refuse_too_long(answer, held)
            await write_answer(connection, principal, held, Answer(answer.minutes, reason), now)
        await self._tell(found)
        return await self._listed.one(principal, exception_id)

    async def end(self, principal: Principal, exception_id: UUID, reason: str) -> ExceptionCard:
        """End a granted exception before its time. Raise NotFound, Conflict."""
        principal.require("exception:decide")
        words = said_reason(reason)
        found = await self._listed.one(principal, exception_id)
        now = self._clock.now()
        async with self._database.scoped(principal.scope_for(found.client_id)) as connection:
            held = await _locked(connection, found)
            if held["status"] != "approved" or held["ends_at"] <= now:
                raise Conflict("This exception is not in force.", code="exception-not-active")
            await connection.execute(_END, found.client_id, exception_id, now)
            await AdminTrail.record(
                connection, principal, "exception.end", Subject("exception", exception_id), words
            )
        await self._tell(found)
        return await self._listed.one(principal, exception_id)

    async def _pending(
        self, connection: Connection, principal: Principal, found: ExceptionCard, now: datetime
    ) -> Record:
        held = await _locked(connection, found)
        if held["status"] != "pending":
            raise Conflict("This request is decided already.", code="exception-decided")
        if now >= held["created_at"] + ANSWER_WITHIN:
            raise Conflict(
                "Nobody answered this request in time, so it has lapsed. Whoever asked can ask "
                "again.",
                code="exception-lapsed",
            )
        # Asked here, under the lock: of two clicks at once both saw that nothing had been said.
        if await connection.fetchval(_HAS_SAID, found.client_id, found.id, principal.user_id):
            raise Conflict(
                "You have approved this already; it needs one more person.",
                code="exception-needs-another",
            )
        return held

    async def _tell(self, found: ExceptionCard) -> None:
        """Forget what this process keeps of the client, then tell browsers and feeds."""
        self._lookup.invalidate(found.client_id)
        msp_id, exception_id = found.msp_id, found.id
        await self._publisher.exception_decided(
            found.client_id, msp_id, found.requested_by, exception_id
        )
        if found.group_id is not None:  # its other members' browsers fetch what holds for them
            await self._publisher.services_changed(found.client_id, msp_id, str(uuid7()))
        await self._publisher.noted(found.client_id, msp_id, {
            "about": "exception.decided", "exception_id": str(exception_id),
            "submission_id": str(found.submission_id),
        })  # fmt: skip


async def write_answer(
    connection: Connection, principal: Principal, held: Record, answer: Answer, now: datetime
) -> None:
    """Keep one approver's answer; the last one that is needed makes it hold."""
    approves = answer.minutes is not None
    client_id, exception_id = held["tenant_id"], held["id"]
    await connection.execute(
        _SAY, client_id, exception_id, principal.user_id, held["msp_id"], held["requested_by"],
        "approve" if approves else "reject", answer.minutes, answer.reason, now,
    )  # fmt: skip
    if not approves:
        await connection.execute(_REJECT, client_id, exception_id)
    else:
        counted = await connection.fetchrow(_COUNTED, client_id, exception_id)
        if counted is not None and counted["people"] >= held["approvers_needed"]:
            minutes = min(counted["minutes"], held["most_minutes"])
            ends_at = now + timedelta(minutes=minutes)
            await connection.execute(_GRANT, client_id, exception_id, minutes, now, ends_at)
    await AdminTrail.record(
        connection, principal, "exception.approve" if approves else "exception.reject",
        Subject("exception", exception_id), answer.reason, minutes=answer.minutes,
        submission=held["submission_id"], approvers_needed=held["approvers_needed"],
    )  # fmt: skip


async def _locked(connection: Connection, found: ExceptionCard) -> Record:
    row = await connection.fetchrow(LOCKED, found.client_id, found.id)
    if row is None:
        raise no_such_exception()
    return row


async def _tightened(connection: Connection, held: Record, bounds: Bounds) -> Record:
    """Return a request that asks for no less than the policy does now."""
    if (
        bounds.approvers_needed <= held["approvers_needed"]
        and bounds.most_minutes >= held["most_minutes"]
    ):
        return held
    row = await connection.fetchrow(
        _TIGHTEN, held["tenant_id"], held["id"], bounds.approvers_needed, bounds.most_minutes
    )
    return row or held


def _refuse_too_long(answer: Answer, held: Record) -> None:
    if answer.minutes is not None and not 1 <= answer.minutes <= held["most_minutes"]:
        raise InvalidInput(
            f"The policy allows exceptions of at most {held['most_minutes']} minutes. Choose from "
            "1 to that.",
            code="exception-too-long",
        )


LOCKED: Final = """
SELECT tenant_id, id, msp_id, requested_by, submission_id, status, approvers_needed, most_minutes,
    created_at, ends_at
FROM exceptions WHERE tenant_id = $1 AND id = $2 FOR UPDATE
"""
_HAS_SAID: Final = """
SELECT EXISTS (SELECT FROM exception_decisions
    WHERE tenant_id = $1 AND exception_id = $2 AND approver_id = $3)
"""
_TIGHTEN: Final = """
UPDATE exceptions SET approvers_needed = greatest(approvers_needed, $3),
    most_minutes = least(most_minutes, $4)
WHERE tenant_id = $1 AND id = $2
RETURNING tenant_id, id, msp_id, requested_by, submission_id, status, approvers_needed,
    most_minutes, created_at, ends_at
"""
_SAY: Final = """
INSERT INTO exception_decisions (tenant_id, exception_id, approver_id, msp_id, requested_by,
    decision, minutes, reason, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_COUNTED: Final = """
SELECT count(*) AS people, min(minutes) AS minutes FROM exception_decisions
WHERE tenant_id = $1 AND exception_id = $2 AND decision = 'approve'
"""
_REJECT: Final = """
UPDATE exceptions SET status = 'rejected', version = version + 1 WHERE tenant_id = $1 AND id = $2
"""
_GRANT: Final = """
UPDATE exceptions
SET status = 'approved', minutes = $3, starts_at = $4, ends_at = $5, version = version + 1
WHERE tenant_id = $1 AND id = $2
"""
_END: Final = """
UPDATE exceptions SET status = 'ended', ends_at = $3, version = version + 1
WHERE tenant_id = $1 AND id = $2
"""
