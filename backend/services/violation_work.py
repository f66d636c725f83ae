"""What an admin does about a violation: takes it up, gives it to somebody, closes it, says why."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from backend.core.principal import Principal
from backend.live.publisher import Publisher
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import refuse_stale

LONGEST_COMMENT: Final = 500
Keep = Literal["keep"]
KEEP: Final[Keep] = "keep"
NEXT: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "new": frozenset({"triaged", "resolved", "false_positive", "escalated"}),
        "triaged": frozenset({"resolved", "false_positive", "escalated"}),
        "escalated": frozenset({"triaged", "resolved", "false_positive"}),
        "resolved": frozenset({"triaged"}),
        "false_positive": frozenset({"triaged"}),
    }
)
"""What may follow what; what was closed is opened again as `triaged`."""
_VERBS: Final = {"triaged": "triage", "resolved": "resolve", "escalated": "escalate",
                 "false_positive": "accept"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WorkChange:
    """What to change, on top of the version that was read; `KEEP` leaves the owner as it is."""

    base_version: int
    status: str | None = None
    owner_id: UUID | Keep | None = KEEP
    comment: str = ""


@dataclass(frozen=True, slots=True)
class WorkStep:
    """One thing that was done about it."""

    at: datetime
    actor: str
    action: str
    comment: str


@dataclass(frozen=True, slots=True)
class ViolationCard:
    """How a violation stands, and what was done about it, newest first."""

    id: UUID
    client_id: UUID
    user_id: UUID
    status: str
    status_at: datetime | None
    owner_id: UUID | None
    owner: str
    comment: str
    disposition: str
    version: int
    action: str
    severity: str
    kinds: Mapping[str, int]
    service: str
    person: str
    recorded_at: datetime
    history: tuple[WorkStep, ...]


class ViolationWork:
    """Changes how violations stand; each step is in the trail and told to feeds."""

    def __init__(self, database: Database, publisher: Publisher, clock: Clock) -> None:
        self._database = database
        self._publisher = publisher
        self._clock = clock

    async def one(self, principal: Principal, violation_id: UUID) -> ViolationCard:
        """Return how a violation stands. Raise NotFound."""
        principal.require("violation:feed")
        async with self._database.scoped(principal.scope()) as connection:
            row = await connection.fetchrow(_CARD, violation_id)
            if row is None:
                raise no_such_violation()
            steps = await connection.fetch(_HISTORY, row["client_id"], str(violation_id))
        values = {name: row[name] for name in _PLAIN}
        owner = "" if row["owner_id"] is None else row["owner"] or "Your service provider"
        values["kinds"] = json.loads(row["kinds"])
        return ViolationCard(
            **values, owner=owner, history=tuple(WorkStep(**step) for step in steps)
        )

    async def change(
        self, principal: Principal, violation_id: UUID, change: WorkChange
    ) -> ViolationCard:
        """Take a step. Raise NotFound, Conflict, InvalidInput, PreconditionFailed when stale."""
        principal.require("violation:write")
        found = await self.one(principal, violation_id)
        async with self._database.scoped(principal.scope_for(found.client_id)) as connection:
            await write_step(connection, principal, violation_id, change, self._clock.now())
        await self.tell(principal, found.client_id, violation_id)
        return await self.one(principal, violation_id)

    async def tell(self, principal: Principal, client_id: UUID, violation_id: UUID) -> None:
        """Tell feeds that a violation stands differently."""
        await self._publisher.noted(
            client_id, principal.msp_id,
            {"about": "violation.changed", "submission_id": str(violation_id)},
        )  # fmt: skip


async def write_step(
    connection: Connection, principal: Principal, violation_id: UUID, change: WorkChange,
    now: datetime,
) -> None:  # fmt: skip
    """Write one step in the scope of the violation's client."""
    # Before the violation, as recording does: or each would wait for what the other holds.
    await connection.execute("SELECT qg_hold_counts()")
    row = await connection.fetchrow(_LOCK, violation_id)
    if row is None:
        raise no_such_violation()
    refuse_stale(change.base_version, row["version"], "violation")
    comment = _fit(change.comment)
    status = _next(row, change.status)
    owner = row["owner_id"] if change.owner_id == KEEP else change.owner_id
    is_assigned = owner != row["owner_id"]
    if status == row["status"] and not is_assigned and not comment:
        raise InvalidInput("Nothing would change. Say a status, an owner or a comment.")
    if is_assigned and owner is not None and owner != principal.user_id:
        await _refuse_strangers(connection, row["tenant_id"], owner)
    is_moved = status != row["status"]
    await connection.execute(
        _WRITE, row["tenant_id"], violation_id, status, owner, now if is_moved else None,
        comment or None,
    )  # fmt: skip
    await AdminTrail.record(
        connection, principal, f"violation.{_verb(row['status'], status, is_assigned=is_assigned)}",
        Subject("violation", violation_id), comment, status=status, owner=owner,
    )  # fmt: skip


def no_such_violation() -> NotFound:
    """Return the error for a violation that does not exist, or not for the caller."""
    return NotFound("There is no such violation. List the violations to find its id.")


def _next(row: Record, wanted: str | None) -> str:
    now: str = row["status"]
    if wanted is None or wanted == now:
        return now
    if wanted not in NEXT[now]:
        raise Conflict(
            f"From {_said(now)} a violation goes to {' or '.join(map(_said, sorted(NEXT[now])))}, "
            f"not to {_said(wanted)}.",
            code="violation-step",
        )
    return wanted


def _said(status: str) -> str:
    return status.replace("_", " ")


def _verb(before: str, after: str, *, is_assigned: bool) -> str:
    if after != before:
        return "reopen" if before in {"resolved", "false_positive"} else _VERBS[after]
    return "assign" if is_assigned else "comment"


def _fit(comment: str) -> str:
    words = " ".join(comment.split())
    if len(words) > LONGEST_COMMENT or "\0" in words:
        raise InvalidInput(f"A comment has at most {LONGEST_COMMENT} characters.")
    return words


async def _refuse_strangers(connection: Connection, client_id: UUID, owner_id: UUID) -> None:
    if not await connection.fetchval(_MAY_OWN, client_id, owner_id):
        raise Forbidden(
            "Violations are given to an administrator of the client, or taken by oneself. Choose "
            "one of them.",
            code="violation-owner",
        )


_PLAIN: Final = (
    "id", "client_id", "user_id", "status", "status_at", "owner_id", "comment", "disposition",
    "version", "action", "severity", "service", "person", "recorded_at",
)  # fmt: skip
# A client cannot see its MSP's staff, so their names stay with the MSP.
_CARD: Final = """
SELECT v.id, v.tenant_id AS client_id, v.user_id, v.status, v.status_at, v.owner_id,
    u.display_name AS owner, v.status_reason AS comment, v.disposition, v.version, v.action,
    v.severity, v.kinds::text AS kinds, v.recorded_at, coalesce(p.display_name, '') AS person,
    coalesce(v.ai_service_id, v.service_host) AS service
FROM client_policy_violations v
LEFT JOIN users u ON u.id = v.owner_id AND u.tenant_id IN (v.tenant_id, v.msp_id)
LEFT JOIN users p ON p.id = v.user_id AND p.tenant_id = v.tenant_id
WHERE v.id = $1
"""
_HISTORY: Final = """
SELECT e.at, coalesce(u.display_name, 'Your service provider') AS actor, e.action,
    e.reason AS comment
FROM admin_events e
LEFT JOIN users u ON u.id = e.actor_id AND u.tenant_id IN (e.tenant_id, e.msp_id)
WHERE e.tenant_id = $1 AND e.subject_kind = 'violation' AND e.subject_id = $2
ORDER BY e.at DESC, e.id DESC LIMIT 100
"""
_LOCK: Final = """
SELECT tenant_id, status, owner_id, version FROM client_policy_violations WHERE id = $1 FOR UPDATE
"""
_WRITE: Final = """
UPDATE client_policy_violations
SET status = $3, owner_id = $4, status_at = coalesce($5, status_at),
    status_reason = coalesce($6, status_reason), version = version + 1
WHERE tenant_id = $1 AND id = $2
"""
_MAY_OWN: Final = """
SELECT true FROM users
WHERE tenant_id = $1 AND id = $2 AND role = 'client_admin' AND status = 'active'
"""
