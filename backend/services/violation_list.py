"""Violations as an admin reads them: with names, and repeats of one hour told once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from backend.core.database import Database
from backend.core.principal import Principal
from backend.services.audit_query import AuditFilter, AuditQuery
from backend.services.exception_cards import ANSWER_WITHIN
from backend.services.justifications import GivenReason

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation, or several alike; `id` is the oldest one's, so that it stays with repeats."""

    id: UUID
    client_id: UUID
    user_id: UUID
    person: str
    ai_service_id: str | None
    service_host: str
    channel: str
    action: str
    severity: str
    kinds: Mapping[str, int]
    disposition: str
    policy_version: int
    recorded_at: datetime
    first_at: datetime
    count: int
    status: str
    owner: str
    members: tuple[tuple[UUID, int], ...]
    """Every violation this stands for, with its version."""
    reason: GivenReason | None = None
    exception_id: UUID | None = None
    """What somebody asks for about it, while nobody has answered."""


@dataclass(frozen=True, slots=True)
class ViolationPage:
    """Violations, newest first, and where the next page starts."""

    items: tuple[Violation, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside violations, by their ids."""

    reasons: Mapping[UUID, GivenReason]
    asked: Mapping[UUID, UUID]


class ViolationList:
    """Reads violations with the names a principal may see."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._query = AuditQuery(database)

    async def page(self, principal: Principal, wanted: AuditFilter) -> ViolationPage:
        """Return one page. A repeat is only merged with others of the same page."""
        principal.require("violation:feed")
        page = await self._query.violations(principal, wanted)
        names = await self._names(principal, page.items)
        beside = await self._beside(principal, page.items)
        return ViolationPage(
            merged(_violation(row, names, beside) for row in page.items), page.next
        )

    async def _beside(self, principal: Principal, rows: Iterable[Row]) -> "Beside":
        """Return what people said about these, and what they ask for."""
        submissions = [row["submission_id"] for row in rows]
        async with self._database.scoped(principal.scope()) as connection:
            reasons = await connection.fetch(_REASONS, submissions)
            asked = await connection.fetch(_ASKED, submissions, ANSWER_WITHIN)
        return Beside(
            {row["submission_id"]: GivenReason(row["justification"], row["words"])
             for row in reasons},
            {row["submission_id"]: row["id"] for row in asked},
        )  # fmt: skip

    async def _names(self, principal: Principal, rows: Iterable[Row]) -> dict[UUID, str]:
        """Return the names of people, for those who may read them."""
        if not principal.may("user:read"):
            return {}
        people = list({row[name] for row in rows for name in ("user_id", "owner_id")} - {None})
        async with self._database.scoped(principal.scope()) as connection:
            found = await connection.fetch(_NAMES, people)
        return {row["id"]: row["display_name"] for row in found}


def merged(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """Return each group of identical violations of one clock hour as its newest, counted."""
    groups: dict[object, Violation] = {}
    for violation in violations:
        same = _sameness(violation)
        newest = groups.get(same)
        groups[same] = violation if newest is None else _and_older(newest, violation)
    return tuple(groups.values())


def _sameness(violation: Violation) -> object:
    hour = violation.recorded_at.replace(minute=0, second=0, microsecond=0)
    kinds = tuple(sorted(violation.kinds.items()))
    return (
        hour, violation.client_id, violation.user_id, violation.ai_service_id,
        violation.service_host, violation.action, violation.disposition, kinds, violation.status,
        violation.owner, violation.reason, violation.exception_id,
    )  # fmt: skip


def _and_older(newest: Violation, older: Violation) -> Violation:
    return replace(
        newest,
        id=older.id,
        first_at=older.recorded_at,
        count=newest.count + older.count,
        members=(*newest.members, *older.members),
    )


def _violation(row: Row, names: Mapping[UUID, str], beside: "Beside") -> Violation:
    return Violation(
        id=row["submission_id"],
        client_id=row["client_id"],
        user_id=row["user_id"],
        person=names.get(row["user_id"], ""),
        ai_service_id=row["ai_service_id"],
        service_host=row["service_host"],
        channel=row["channel"],
        action=row["action"],
        severity=row["severity"],
        kinds=msgspec.json.decode(row["kinds"], type=dict[str, int]),
        disposition=row["disposition"],
        policy_version=row["policy_version"],
        recorded_at=row["recorded_at"],
        first_at=row["recorded_at"],
        count=1,
        status=row["status"],
        owner=names.get(row["owner_id"], "somebody") if row["owner_id"] else "",
        members=((row["submission_id"], row["version"]),),
        reason=beside.reasons.get(row["submission_id"]),
        exception_id=beside.asked.get(row["submission_id"]),
    )


_NAMES = "SELECT id, display_name FROM users WHERE id = ANY($1::uuid[])"
_REASONS = """
SELECT DISTINCT ON (submission_id) submission_id, justification, words FROM justifications
WHERE submission_id = ANY($1::uuid[]) ORDER BY submission_id, created_at DESC
"""
_ASKED = """
SELECT submission_id, id FROM exceptions
WHERE submission_id = ANY($1::uuid[]) AND status = 'pending' AND created_at > now() - $2::interval
"""
