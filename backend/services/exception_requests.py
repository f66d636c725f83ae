"""Somebody who was stopped asks for an exception, or takes the question back."""

import json
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from asyncpg import Record, UniqueViolationError

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import Conflict, NotFound
from backend.core.identifiers import uuid7
from backend.core.permissions import Reach
from backend.core.principal import Principal
from backend.live.publisher import Publisher
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.exception_cards import ExceptionCard
from backend.services.exception_list import ExceptionList, no_such_exception
from backend.services.given_reasons import GivenReasons
from backend.services.held_fields import is_held
from backend.services.memberships import refuse_group
from backend.services.policy_lookup import PolicyLookup
from backend.services.suspensions import refuse_suspended


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for: the submission that was stopped, and why it has to go."""

    submission_id: UUID
    justification: str
    words: str
    group_id: UUID | None = None
    """For everybody in a group of theirs, not for themselves alone."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a policy says about an exception: what it would cover, how long, by how many people."""

    subject: str
    kinds: tuple[str, ...]
    most_minutes: int
    approvers_needed: int


class ExceptionRequests:
    """Takes questions in; the policy bounds what can be asked for."""

    def __init__(
        self,
        database: Database,
        lookup: PolicyLookup,
        registry: AiServiceRegistry,
        reasons: GivenReasons,
        listed: ExceptionList,
        publisher: Publisher,
        clock: Clock,
    ) -> None:
        self._database = database
        self._lookup = lookup
        self._registry = registry
        self._reasons = reasons
        self._listed = listed
        self._publisher = publisher
        self._clock = clock

    async def ask(self, principal: Principal, wish: Wish) -> ExceptionCard:
        """Keep a question for an approver, who hears of it at once.

        What is for a group reaches many, so two people decide on it. Raise NotFound for a
        submission of somebody else or a group the caller is not in, Conflict where one is asked for
        already or the policy grants none, InvalidInput for words that say nothing or hold data.
        """
        principal.require("exception:request", Reach.SELF)
        client_id = principal.own_client()
        stopped = await self._stopped(principal, client_id, wish.submission_id)
        policy = await self._lookup.effective(
            principal.scope_for(client_id), client_id, principal.user_id
        )
        refuse_suspended(policy.suspension)
        words = self._reasons.fit(wish.words, policy)
        bounds = await self.bounds(principal, stopped, principal.user_id)
        if wish.group_id is not None:
            bounds = replace(bounds, approvers_needed=2)
        exception_id = await self._keep(principal, client_id, stopped, bounds, wish, words)
        await self._publisher.noted(client_id, principal.msp_id, {
            "about": "exception.requested", "exception_id": str(exception_id),
            "submission_id": str(wish.submission_id),
        })  # fmt: skip
        return await self._listed.one(principal, exception_id)

    async def bounds(self, principal: Principal, stopped: Record, user_id: UUID) -> Bounds:
        """Return what an exception for a violation of `user_id` covers, and what it needs.

        Raise Conflict where there is nothing to except or the policy grants none.
        """
        client_id = stopped["tenant_id"]
        explained = await self._lookup.explained(principal, client_id, user_id)
        policy = explained.policy.policy
        if policy.exception_minutes == 0:
            raise Conflict(
                "Your organisation grants no exceptions. Leave out what was found, or use an "
                "approved AI service.",
                code="exceptions-off",
            )
        scope = principal.scope_for(client_id)
        services = await self._registry.of_client(scope, client_id, user_id)
        status = services.status_of(stopped["service_host"])
        with_service = policy.services.setting_for(status)[1].stops
        kinds = tuple(sorted(json.loads(stopped["kinds"])))
        if not kinds and not with_service:
            raise Conflict(
                "Nothing was found that an exception could let pass. Send it again.",
                code="nothing-to-except",
            )
        is_two = policy.exception_approvers == "two" or is_held(
            explained.effective, policy, self._lookup.taxonomy, stopped["rules"], status
        )
        return Bounds(
            "service" if with_service else "submission", kinds, policy.exception_minutes,
            2 if is_two else 1,
        )  # fmt: skip

    async def present(self, principal: Principal, asked: ExceptionCard) -> Bounds | None:
        """Return what the policy says today about a request; None when its prompt is forgotten.

        Raise Conflict as `bounds` does.
        """
        async with self._database.scoped(principal.scope_for(asked.client_id)) as connection:
            stopped = await connection.fetchrow(STOPPED, asked.client_id, asked.submission_id)
        if stopped is None:
            return None
        return await self.bounds(principal, stopped, asked.requested_by)

    async def withdraw(self, principal: Principal, exception_id: UUID) -> ExceptionCard:
        """Take a question back that nobody has decided. Raise NotFound, Conflict."""
        principal.require("exception:request", Reach.SELF)
        client_id = principal.own_client()
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            row = await connection.fetchrow(_MINE, client_id, exception_id, principal.user_id)
            if row is None:
                raise no_such_exception()
            if row["status"] != "pending":
                raise Conflict("This request is decided already.", code="exception-decided")
            await connection.execute(_WITHDRAW, client_id, exception_id)
            await AdminTrail.record(
                connection, principal, "exception.withdraw", Subject("exception", exception_id)
            )
        await self._publisher.noted(client_id, principal.msp_id, {
            "about": "exception.withdrawn", "exception_id": str(exception_id),
            "submission_id": str(row["submission_id"]),
        })  # fmt: skip
        return await self._listed.one(principal, exception_id)

    async def _stopped(self, principal: Principal, client_id: UUID, submission_id: UUID) -> Record:
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            row = await connection.fetchrow(STOPPED, client_id, submission_id)
        if row is None or row["user_id"] != principal.user_id:
            raise NotFound("No such prompt of yours was stopped. Send it once more, then ask.")
        if row["action"] == "flag":
            raise Conflict("This prompt was not stopped. Send it again.", code="not-stopped")
        return row

    async def _keep(
        self, principal: Principal, client_id: UUID, stopped: Record, bounds: Bounds, wish: Wish,
        words: str,
    ) -> UUID:  # fmt: skip
        exception_id = uuid7()
        values: list[Any] = [
            client_id, exception_id, principal.msp_id, bounds.subject, wish.submission_id,
            stopped["service"], list(bounds.kinds), principal.user_id, wish.justification, words,
            bounds.approvers_needed, bounds.most_minutes, self._clock.now(),
            None if wish.group_id else principal.user_id, wish.group_id,
        ]  # fmt: skip
        try:
            async with self._database.scoped(principal.scope_for(client_id)) as connection:
                await refuse_group(connection, principal, wish.group_id)
                await connection.execute(KEEP, *values)
                await AdminTrail.record(
                    connection, principal, "exception.request", Subject("exception", exception_id),
                    words, submission=wish.submission_id, service=stopped["service"],
                    kinds=list(bounds.kinds), justification=wish.justification,
                    group=wish.group_id,
                )  # fmt: skip
        except UniqueViolationError:
            raise Conflict(
                "You have asked about this prompt already. Wait for the answer, or take the "
                "request back.",
                code="exception-asked",
            ) from None
        return exception_id


STOPPED: Final = """
SELECT v.tenant_id, v.id, v.user_id, v.action, v.service_host, v.kinds::text AS kinds, v.status,
    v.version, v.disposition, coalesce(v.ai_service_id, v.service_host) AS service,
    ARRAY(SELECT DISTINCT d.rule_id FROM pattern_detections d
        WHERE d.tenant_id = v.tenant_id AND d.violation_id = v.id) AS rules
FROM client_policy_violations v WHERE v.tenant_id = $1 AND v.id = $2
"""
KEEP: Final = """
INSERT INTO exceptions (tenant_id, id, msp_id, subject, submission_id, service, kinds, requested_by,
    justification, words, approvers_needed, most_minutes, created_at, user_id, group_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""
_MINE: Final = """
SELECT status, submission_id FROM exceptions
WHERE tenant_id = $1 AND id = $2 AND requested_by = $3 FOR UPDATE
"""
_WITHDRAW: Final = """
UPDATE exceptions SET status = 'ended', version = version + 1 WHERE tenant_id = $1 AND id = $2
"""
