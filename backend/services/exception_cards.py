"""Exceptions as people read them: who asked for what, what was said, and how it stands now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Connection

ANSWER_WITHIN: Final = timedelta(hours=24)
"""A request nobody has answered by then lapses: the moment it was about has gone."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one approver said."""

    approver_id: UUID
    approver: str
    decision: str
    minutes: int | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ExceptionCard:
    """One exception; `state` is how it stands at the moment it was read."""

    id: UUID
    client_id: UUID
    msp_id: UUID
    submission_id: UUID | None
    requested_by: UUID
    person: str
    group_id: UUID | None
    group: str
    subject: str
    service: str
    kinds: tuple[str, ...]
    justification: str
    words: str
    state: str
    approvers_needed: int
    most_minutes: int
    minutes: int | None
    created_at: datetime
    answer_until: datetime
    starts_at: datetime | None
    ends_at: datetime | None
    version: int
    said: tuple[Said, ...]

    @property
    def approvals(self) -> int:
        """How many people have approved it."""
        return sum(one.decision == "approve" for one in self.said)


def state_of(
    status: str, created_at: datetime, minutes: int | None, ends_at: datetime | None, now: datetime
) -> str:
    """Return how an exception stands: nothing rewrites a row because time went by."""
    if status == "pending":
        return "lapsed" if now >= created_at + ANSWER_WITHIN else "pending"
    if status == "approved":
        return "active" if ends_at is not None and now < ends_at else "expired"
    if status == "ended":
        return "withdrawn" if minutes is None else "ended"
    return status


def card(row: Record, said: Sequence[Said], now: datetime) -> ExceptionCard:
    """Return one exception, with what was said to it."""
    given = {name: row[name] for name in _PLAIN}
    return ExceptionCard(
        **given,
        kinds=tuple(row["kinds"]),
        state=state_of(row["status"], row["created_at"], row["minutes"], row["ends_at"], now),
        answer_until=row["created_at"] + ANSWER_WITHIN,
        said=tuple(said),
    )


async def cards(
    connection: Connection, rows: Sequence[Record], now: datetime
) -> tuple[ExceptionCard, ...]:
    """Return exceptions with what was said to them."""
    found = await connection.fetch(_SAID, [row["id"] for row in rows])
    said: dict[UUID, list[Said]] = {}
    for one in found:
        values: dict[str, Any] = dict(one)
        said.setdefault(values.pop("exception_id"), []).append(Said(**values))
    return tuple(card(row, said.get(row["id"], ()), now) for row in rows)


_PLAIN: Final = (
    "id", "client_id", "msp_id", "submission_id", "requested_by", "person",
    "group_id", "group", "subject", "service",
    "justification", "words", "approvers_needed", "most_minutes", "minutes", "created_at",
    "starts_at", "ends_at", "version",
)  # fmt: skip
COLUMNS: Final = """e.id, e.tenant_id AS client_id, e.msp_id, e.submission_id, e.requested_by,
    coalesce(u.display_name, '') AS person, e.group_id,
    coalesce(g.name, '') AS "group", e.subject, e.service, e.kinds, e.justification, e.words,
    e.status, e.approvers_needed, e.most_minutes, e.minutes, e.created_at, e.starts_at, e.ends_at,
    e.version
FROM exceptions e LEFT JOIN users u ON u.tenant_id = e.tenant_id AND u.id = e.requested_by
LEFT JOIN groups g ON g.tenant_id = e.tenant_id AND g.id = e.group_id"""
# A client cannot see its MSP's staff, so their names stay with the MSP.
_SAID: Final = """
SELECT d.exception_id, d.approver_id, coalesce(u.display_name, 'Your service provider') AS approver,
    d.decision, d.minutes, d.reason, d.created_at AS at
FROM exception_decisions d
LEFT JOIN users u ON u.id = d.approver_id AND u.tenant_id IN (d.tenant_id, d.msp_id)
WHERE d.exception_id = ANY($1::uuid[])
ORDER BY d.created_at, d.approver_id
"""
