"""Writes the demonstration into a database, as its owner; a second run changes nothing."""

import json
import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg

from backend.core.identifiers import uuid7
from backend.core.passwords import hash_password
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.private_files import write_private_json
from backend.core.urls import DatabaseUrl
from backend.policy.policy import document_etag, written
from backend.services.audit_entries import AuditEntry, RecordedFinding, header_bytes
from backend.services.demonstration.history import DAYS, PastSubmission, past
from backend.services.demonstration.world import (
    CLIENTS,
    MSPS,
    DemoClient,
    DemoUser,
    made_id,
    users,
)
from backend.services.enrolment_codes import code_hash, new_code
from backend.services.shared_data import template

CODE_USES: Final = 50
CODE_DAYS: Final = 30
TEMPLATE: Final = "hipaa"
FRAMEWORKS: Final = ["hipaa", "soc2"]
_APPROVALS: Final = (
    ("chatgpt", "tolerated", "In use before Quillgate came; reviewed each quarter.", "none"),
    ("claude", "approved", "An agreement with the vendor is on file.", "both"),
    ("deepseek", "prohibited", "No agreement with the vendor.", "none"),
)
_COUNTING: Final = (
    "ALTER TABLE client_audit_logs {0} TRIGGER counted;"
    " ALTER TABLE client_policy_violations {0} TRIGGER counted"
)
_SIGHTINGS: Final = (("poe.com", 41, 12), ("perplexity.ai", 17, 5), ("notes-gpt.example", 3, 1))
_REQUEST: Final = "To find published guidelines with their sources, without any patient data."
Rows = list[tuple[Any, ...]]


class Demonstration:
    """The demonstration of one database."""

    def __init__(self, owner: DatabaseUrl, rulebook_version: str) -> None:
        self._owner = owner
        self._rulebook_version = rulebook_version

    async def is_present(self) -> bool:
        """Return whether it has been written before."""
        connection = await asyncpg.connect(self._owner.text())
        try:
            await connection.execute("SET ROLE qg_owner")
            found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM msps)")
            return found
        finally:
            await connection.close()

    async def write(self, credentials: Path) -> None:
        """Write everything in one transaction, and the sign-ins into a private file."""
        now = datetime.now(UTC)
        people = users()
        passwords = {user.id: secrets.token_urlsafe(12) for user in people if user.signs_in}
        codes = {client.slug: new_code() for client in CLIENTS}
        connection = await asyncpg.connect(self._owner.text())
        try:
            async with connection.transaction():
                await connection.execute("SET LOCAL ROLE qg_owner")
                for table, rows in self._tables(people, passwords, codes, now):
                    await _insert(connection, table, rows)
                # Nobody has an authenticator app for people that do not exist.
                await connection.execute("UPDATE users SET second_factor = 'waived'")
                # One count of everything is cheaper than one for each of the rows.
                await connection.execute(_COUNTING.format("DISABLE"))
                for client in CLIENTS:
                    await self._write_history(connection, client, people, now)
                await connection.execute(_COUNTING.format("ENABLE"))
                await connection.execute("SELECT qg_private.count_anew()")
                # Before the commit: sign-ins nobody knows would be worse than none.
                write_private_json(credentials, _credentials(people, passwords, codes))
        finally:
            await connection.close()

    def _tables(
        self,
        people: Sequence[DemoUser],
        passwords: dict[UUID, str],
        codes: dict[str, str],
        now: datetime,
    ) -> list[tuple[str, Rows]]:
        document = template(TEMPLATE).policy.document()
        text = written(document)
        begun = now - timedelta(days=DAYS)
        policies = {client.slug: made_id("policy", client.slug) for client in CLIENTS}
        return [
            ("msps", [(m.id, m.name, m.slug, "active", begun) for m in MSPS]),
            ("clients", [
                (c.id, c.msp_id, c.name, c.slug, "active", c.seats, c.country, c.timezone, begun, 1,
                 FRAMEWORKS)
                for c in CLIENTS
            ]),
            ("users", [
                (u.tenant_id, u.id, u.msp_id, u.client_id, u.email, u.display_name, u.role,
                 hash_password(passwords[u.id]) if u.signs_in else None, None, "active", 0, begun)
                for u in people
            ]),
            ("assignments", [
                (c.id, u.id, c.msp_id, None, begun)
                for c in CLIENTS for u in people
                if u.role == "msp_technician" and u.msp_id == c.msp_id
            ]),
            ("enrolment_codes", [
                (c.id, uuid7(), c.msp_id, code_hash(codes[c.slug]), CODE_USES, CODE_USES, 0,
                 now + timedelta(days=CODE_DAYS), None, None, now)
                for c in CLIENTS
            ]),
            ("policies", [
                (c.id, policies[c.slug], c.msp_id, "HIPAA", TEMPLATE, 1, begun, begun)
                for c in CLIENTS
            ]),
            ("policy_versions", [
                (c.id, policies[c.slug], 1, c.msp_id, text, document_etag(text, 1), None,
                 "Started from the HIPAA template.", begun)
                for c in CLIENTS
            ]),
            ("approvals", [
                (c.id, uuid7(), c.msp_id, service, None, status, None, reason,
                 date.fromordinal(now.date().toordinal() + 90), begun, None, "", agreement)
                for c in CLIENTS for service, status, reason, agreement in _APPROVALS
            ]),
            ("service_sightings", [
                (c.id, host, c.msp_id, count, now - timedelta(days=days), now - timedelta(hours=3))
                for c in CLIENTS[::3] for host, count, days in _SIGHTINGS
            ]),
            ("service_requests", [
                (c.id, made_id("request", c.slug), c.msp_id, "perplexity", "perplexity", asker.id,
                 None, asker.id, _REQUEST, 30, "pending", None, None, None, None, 1,
                 now - timedelta(hours=2))
                for c in CLIENTS[::3] for asker in (_somebody_of(c, people),)
            ]),
        ]  # fmt: skip

    async def _write_history(
        self, connection: Any, client: DemoClient, people: Sequence[DemoUser], now: datetime
    ) -> None:
        """Write one client's past. Unlike `qg_record` this sets the server's time into the past."""
        mine = [u for u in people if u.client_id == client.id and u.role == "end_user"]
        entries = [self._entry(submission) for submission in past(client, mine, now)]
        tables: dict[str, Rows] = {
            "tenant_counters": [(client.id, client.msp_id, len(entries))],
            "audit_event_ids": [],
            "client_policy_violations": [],
            "pattern_detections": [],
        }
        logs: Rows = []
        for sequence, entry in enumerate(entries, start=1):
            at = entry.occurred_at
            kinds = json.dumps(entry.kinds)
            where = (client.id, entry.event_id, client.msp_id, entry.submission_id, sequence, at)
            tables["audit_event_ids"].append(where)
            logs.append((
                client.id, at, sequence, client.msp_id, entry.event_id, entry.submission_id,
                "verdict", entry.principal.user_id, None, entry.ai_service_id, entry.service_host,
                entry.channel, entry.size, entry.action, entry.disposition, kinds,
                [f.rule for f in entry.findings], 1, self._rulebook_version, "server", at, False,
                header_bytes(entry.header()),
            ))  # fmt: skip
            if entry.action != "allow":
                tables["client_policy_violations"].append((
                    client.id, entry.submission_id, client.msp_id, sequence,
                    entry.principal.user_id, None, entry.ai_service_id, entry.service_host,
                    entry.channel, entry.action, entry.severity, kinds, entry.disposition, 1,
                    "new", at, at, at,
                ))  # fmt: skip
                tables["pattern_detections"] += [
                    (client.id, f.id, client.msp_id, entry.submission_id, f.rule, f.type,
                     f.category, f.severity, f.confidence, f.start, f.length, f.mask, None,
                     self._rulebook_version, at)
                    for f in entry.findings
                ]  # fmt: skip
        for table, rows in tables.items():
            await _insert(connection, table, rows)
        await _insert(connection, "client_audit_logs", logs)

    def _entry(self, submission: PastSubmission) -> AuditEntry:
        kind = submission.kind
        user = submission.user
        findings = () if kind is None else (
            RecordedFinding(
                id=made_id("finding", str(submission.event_id)), rule=kind.rule, type=kind.type,
                category=kind.category, severity=kind.severity, confidence=0.9,
                start=min(12, submission.size), length=kind.length, mask=f"[{kind.rule}]",
            ),
        )  # fmt: skip
        return AuditEntry(
            principal=Principal(
                "user", user.id, None, user.msp_id, user.tenant_id, user.client_id,
                Role.END_USER, submission.event_id,
            ),
            client_id=submission.client.id,
            event_id=submission.event_id,
            submission_id=made_id("submission", str(submission.event_id)),
            entry_kind="verdict",
            ai_service_id=submission.service_id,
            service_host=submission.service_host,
            channel=submission.channel,
            size=submission.size,
            action=submission.action,
            disposition=submission.disposition,
            findings=findings,
            policy_version=1,
            rulebook_version=self._rulebook_version,
            engine="server",
            occurred_at=submission.occurred_at,
        )  # fmt: skip


def _somebody_of(client: DemoClient, people: Sequence[DemoUser]) -> DemoUser:
    """Return the last of a client's people: nobody who signs in."""
    return [one for one in people if one.client_id == client.id][-1]


async def _insert(connection: Any, table: str, rows: Rows) -> None:
    """Insert whole rows from the left; COPY is refused where row-level security holds."""
    if rows:
        places = ", ".join(f"${number}" for number in range(1, len(rows[0]) + 1))
        await connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 -- our own table names


def _credentials(
    people: Sequence[DemoUser], passwords: dict[UUID, str], codes: dict[str, str]
) -> dict[str, Any]:
    msps = {msp.id: msp.name for msp in MSPS}
    clients = {client.id: client.name for client in CLIENTS}
    return {
        "users": [
            {
                "role": user.role,
                "email": user.email,
                "password": passwords[user.id],
                "totp_secret": None,
                "msp": msps.get(user.msp_id),
                "client": clients.get(user.client_id) if user.client_id else None,
            }
            for user in people
            if user.signs_in
        ],
        "enrolment_codes": [
            {"client": client.name, "code": codes[client.slug]} for client in CLIENTS
        ],
    }
