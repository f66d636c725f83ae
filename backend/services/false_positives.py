"""Somebody said that a verdict is wrong, and an admin agrees; perhaps it may pass for a while."""

from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import Conflict, Forbidden, InvalidInput
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.live.publisher import Publisher
from backend.services.exception_askers import own_address, refuse_own_browser
from backend.services.exception_decisions import LOCKED, Answer, write_answer
from backend.services.exception_requests import KEEP, STOPPED, Bounds, ExceptionRequests
from backend.services.policy_lookup import PolicyLookup
from backend.services.violation_work import (
    ViolationCard,
    ViolationWork,
    WorkChange,
    no_such_violation,
    write_step,
)

WORDS: Final = "Reported as a mistake of the check."


class FalsePositives:
    """Answers a report with one step: accepted, and with minutes also let pass for a while."""

    def __init__(
        self, database: Database, work: ViolationWork, requests: ExceptionRequests,
        lookup: PolicyLookup, publisher: Publisher, clock: Clock,
    ) -> None:  # fmt: skip
        self._database = database
        self._work = work
        self._requests = requests
        self._lookup = lookup
        self._publisher = publisher
        self._clock = clock

    async def accept(
        self, principal: Principal, violation_id: UUID, change: WorkChange, minutes: int
    ) -> ViolationCard:
        """Close a violation as a false positive, and let its kinds pass for who was stopped.

        Where the policy asks for two people the exception waits for the second one. Raise as
        `ViolationWork.change` does, and Forbidden for one's own, InvalidInput for too long.
        """
        principal.require("violation:write")
        principal.require("exception:decide")
        if change.status != "false_positive":
            raise InvalidInput("Only what is closed as a false positive is let pass for a while.")
        found = await self._work.one(principal, violation_id)
        if found.user_id == principal.user_id:
            raise Forbidden(
                "This is about a prompt of yours, so somebody else has to let it pass.",
                code="exception-own-request",
            )
        stopped = await self._stopped(principal, found)
        bounds = await self._requests.bounds(principal, stopped, found.user_id)
        if not 1 <= minutes <= bounds.most_minutes:
            raise InvalidInput(
                f"The policy allows exceptions of at most {bounds.most_minutes} minutes.",
                code="exception-too-long",
            )
        exception_id = await self._write(principal, stopped, change, bounds, minutes)
        self._lookup.invalidate(found.client_id)
        await self._publisher.exception_decided(
            found.client_id, principal.msp_id, found.user_id, exception_id
        )
        await self._work.tell(principal, found.client_id, violation_id)
        return await self._work.one(principal, violation_id)

    async def _stopped(self, principal: Principal, found: ViolationCard) -> Record:
        async with self._database.scoped(principal.scope_for(found.client_id)) as connection:
            row = await connection.fetchrow(STOPPED, found.client_id, found.id)
            waits = await connection.fetchval(_WAITS, found.client_id, found.id)
        if row is None:
            raise no_such_violation()
        if waits:
            raise Conflict(
                "An exception was asked for about this prompt. Answer that first.",
                code="exception-asked",
            )
        return row

    async def _write(
        self, principal: Principal, stopped: Record, change: WorkChange, bounds: Bounds,
        minutes: int,
    ) -> UUID:  # fmt: skip
        exception_id, now, client_id = uuid7(), self._clock.now(), stopped["tenant_id"]
        address = await own_address(self._database, principal)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            await write_step(connection, principal, stopped["id"], change, now)
            await connection.execute(
                KEEP, client_id, exception_id, principal.msp_id, bounds.subject, stopped["id"],
                stopped["service"], list(bounds.kinds), stopped["user_id"], "other", WORDS,
                bounds.approvers_needed, bounds.most_minutes, now, stopped["user_id"], None,
            )  # fmt: skip
            held = await connection.fetchrow(LOCKED, client_id, exception_id)
            if held is None:
                raise no_such_violation()
            await refuse_own_browser(connection, principal, held, address)
            answer = Answer(minutes, " ".join(change.comment.split()) or WORDS)
            await write_answer(connection, principal, held, answer, now)
        return exception_id


_WAITS: Final = """
SELECT true FROM exceptions WHERE tenant_id = $1 AND submission_id = $2 AND status = 'pending'
"""
