"""Keeps why people went on after a warning: what for, and their words with nothing in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from backend.core.database import Database
from backend.core.principal import Principal
from backend.services.given_reasons import GivenReasons
from backend.services.policy_lookup import PolicyLookup


@dataclass(frozen=True, slots=True)
class GivenReason:
    """A category of `backend.policy.justification`, and words as somebody typed them."""

    justification: str
    words: str


@dataclass(frozen=True, slots=True)
class Went:
    """Somebody went on: the event that told of it, and the submission it is about."""

    event_id: UUID
    submission_id: UUID
    reason: GivenReason


class Justifications:
    """Writes reasons; what is written stays."""

    def __init__(self, database: Database, lookup: PolicyLookup, reasons: GivenReasons) -> None:
        self._database = database
        self._lookup = lookup
        self._reasons = reasons

    async def keep(self, principal: Principal, went: Sequence[Went]) -> None:
        """Keep reasons once each. The prompts are sent already, so findings in them are masked."""
        if not went:
            return
        client_id = principal.own_client()
        scope = principal.scope_for(client_id)
        policy = await self._lookup.effective(scope, client_id, principal.user_id)
        rows = [
            (
                client_id, one.event_id, principal.msp_id, one.submission_id, principal.user_id,
                one.reason.justification, self._reasons.masked(one.reason.words, policy),
            )
            for one in went
        ]  # fmt: skip
        async with self._database.scoped(scope) as connection:
            await connection.executemany(_KEEP, rows)


_KEEP: Final = """
INSERT INTO justifications
    (tenant_id, event_id, msp_id, submission_id, user_id, justification, words)
VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING
"""
