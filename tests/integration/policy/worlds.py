"""Two MSPs with clients, policies and browsers, written as the owner, fresh for each test."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Connection

from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.policy.policy import document_etag, written
from backend.services.shared_data import template

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


class StandingClock:
    """Tells the time it was last given."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class Announcements:
    """Remembers what was announced; may be told to fail."""

    def __init__(self) -> None:
        self.heard: list[tuple[UUID, UUID, int, str]] = []
        self.is_away = False

    async def policy_changed(self, tenant_id: UUID, msp_id: UUID, version: int, etag: str) -> None:
        if self.is_away:
            raise ConnectionError("the bus is away")
        self.heard.append((tenant_id, msp_id, version, etag))


@dataclass(frozen=True)
class Client:
    """One client with a policy at version 1 and its people."""

    id: UUID
    msp_id: UUID
    name: str
    policy_id: UUID
    admin_id: UUID

    def principal(self, role: Role = Role.CLIENT_ADMIN) -> Principal:
        """Return somebody of this client."""
        return Principal("user", self.admin_id, None, self.msp_id, self.id, self.id, role, uuid7())

    def device(self, device_id: UUID) -> Principal:
        """Return one of its browsers."""
        return Principal(
            "device", self.admin_id, device_id, self.msp_id, self.id, self.id, Role.DEVICE, uuid7()
        )


@dataclass(frozen=True)
class Msp:
    """One MSP with its administrator."""

    id: UUID
    admin_id: UUID

    def principal(self, role: Role = Role.MSP_ADMIN) -> Principal:
        """Return somebody of this MSP's staff."""
        return Principal("user", self.admin_id, None, self.id, self.id, None, role, uuid7())


class World:
    """Writes rows as the owner; what a test does not name is usual."""

    def __init__(self, owner: "Connection[Any]") -> None:
        self.owner = owner

    async def msp(self) -> Msp:
        msp = Msp(uuid7(), uuid7())
        await self.owner.execute(
            "INSERT INTO msps (msp_id, name, slug) VALUES ($1, 'Harbor', $2)", msp.id, str(msp.id)
        )
        await self._user(msp.id, msp.admin_id, msp.id, None, "Mia Msp", "msp_admin")
        return msp

    async def client(self, msp: Msp, name: str = "Lakeside", **values: Any) -> Client:
        client = Client(uuid7(), msp.id, name, uuid7(), uuid7())
        await self.owner.execute(
            "INSERT INTO clients (tenant_id, msp_id, name, slug, seats)"
            " VALUES ($1, $2, $3, $4, 50)",
            client.id, msp.id, name, str(client.id),
        )  # fmt: skip
        await self._user(
            client.id, client.admin_id, msp.id, client.id, "Carl Client", "client_admin"
        )
        document = template("hipaa").policy.document() | values
        await self._policy(client, written(document))
        return client

    async def person(self, client: Client, role: Role) -> Principal:
        """Write one more person of a client."""
        made = uuid7()
        await self._user(client.id, made, client.msp_id, client.id, "Pat Person", str(role))
        return Principal("user", made, None, client.msp_id, client.id, client.id, role, uuid7())

    async def staff(self, msp: Msp, role: Role, *clients: Client) -> Principal:
        """Write one more of an MSP's staff; a technician is assigned to `clients`."""
        made = uuid7()
        await self._user(msp.id, made, msp.id, None, "Sam Staff", str(role))
        for client in clients:
            await self.owner.execute(
                "INSERT INTO assignments (tenant_id, user_id, msp_id) VALUES ($1, $2, $3)",
                client.id, made, msp.id,
            )  # fmt: skip
        return Principal("user", made, None, msp.id, msp.id, None, role, uuid7())

    async def device(
        self, client: Client, version: int | None = 1, seen: datetime = NOW, **values: Any
    ) -> UUID:
        device_id = uuid7()
        await self.owner.execute(
            "INSERT INTO devices (tenant_id, id, msp_id, user_id, name, browser, extension_version,"
            " enrolled_at, last_seen_at, policy_version, revoked_at, adapter_health)"
            " VALUES ($1, $2, $3, $4, 'Desk 1', 'Chromium', $10, $5, $6, $7, $8,"
            " $9::text::jsonb)",
            client.id, device_id, client.msp_id, client.admin_id, NOW - timedelta(days=1), seen,
            version, values.get("revoked_at"), json.dumps(values.get("adapter_health", {})),
            values.get("extension_version", "0.1.0"),
        )  # fmt: skip
        return device_id

    async def ai_service(self, hosts: list[str]) -> str:
        name = f"svc-{uuid7()}"
        await self.owner.execute(
            "INSERT INTO ai_services (id, name, vendor, hosts, category, home_url, source,"
            " checked_on) VALUES ($1, 'Example Chat', 'Example', $2, 'assistant',"
            " 'https://e.example', 'test', '2026-01-01')",
            name, hosts,
        )  # fmt: skip
        return name

    async def attestation(self, client: Client) -> None:
        await self.owner.execute(
            "INSERT INTO attestations (tenant_id, id, msp_id, control, percent, evidence,"
            " attested_by, expires_on)"
            " VALUES ($1, $2, $3, 'training', 60, 'test', $4, '2099-01-01')",
            client.id, uuid7(), client.msp_id, client.admin_id,
        )  # fmt: skip

    async def approval(self, client: Client, service: str, status: str, **values: Any) -> None:
        await self.owner.execute(
            "INSERT INTO approvals (tenant_id, id, msp_id, ai_service_id, framework_id, status,"
            " reason, review_due) VALUES ($1, $2, $3, $4, $5, $6, 'test', $7)",
            client.id, uuid7(), client.msp_id, service, values.get("framework"), status,
            values.get("review_due"),
        )  # fmt: skip

    async def service_work(self, client: Client) -> UUID:
        """Write a decision about ChatGPT, a request for it and a host; return the request's id."""
        made = uuid7()
        await self.approval(client, "chatgpt", "under_review")
        await self.owner.execute(
            "INSERT INTO service_requests (tenant_id, id, msp_id, service, ai_service_id, user_id,"
            " requested_by, reason, days) VALUES ($1, $2, $3, 'chatgpt', 'chatgpt', $4, $5,"
            " 'test', 30)",
            client.id, made, client.msp_id, client.admin_id, uuid7(),
        )  # fmt: skip
        await self.owner.execute(
            "INSERT INTO service_sightings (tenant_id, host, msp_id, count, first_at, last_at)"
            " VALUES ($1, 'poe.com', $2, 3, now(), now())",
            client.id, client.msp_id,
        )  # fmt: skip
        return made

    async def submission(
        self, client: Client, action: str, disposition: str, at: datetime = NOW, **values: Any
    ) -> UUID:
        """Write the audit entry of one submission and, unless it was allowed, its violation."""
        sequence = await self.owner.fetchval(
            "INSERT INTO tenant_counters (tenant_id, msp_id, last_sequence) VALUES ($1, $2, 1)"
            " ON CONFLICT (tenant_id) DO UPDATE"
            " SET last_sequence = tenant_counters.last_sequence + 1"
            " RETURNING last_sequence",
            client.id, client.msp_id,
        )  # fmt: skip
        submission = uuid7()
        service = values.get("service_id")
        kinds = json.dumps(values.get("kinds", {}))
        await self.owner.execute(
            "INSERT INTO client_audit_logs (tenant_id, recorded_at, sequence, msp_id, event_id,"
            " submission_id, entry_kind, user_id, service_host, channel, size, action, disposition,"
            " kinds, rule_ids, policy_version, rulebook_version, engine, occurred_at, late, header)"
            " VALUES ($1, $2, $3, $4, $5, $5, 'verdict', $6, 'chat.example', 'typed', 9, $7, $8,"
            " '{}', '{}', 1, 'v', 'server', $2, false, '')",
            client.id, at, sequence, client.msp_id, submission, client.admin_id, action,
            disposition,
        )  # fmt: skip
        if action != "allow":
            await self.owner.execute(
                "INSERT INTO client_policy_violations (tenant_id, id, msp_id, sequence, user_id,"
                " ai_service_id, service_host, channel, action, severity, kinds, disposition,"
                " policy_version, occurred_at, recorded_at, status)"
                " VALUES ($1, $2, $3, $4, $5, $6, 'chat.example', 'typed', $7, $8, $9, $10, 1,"
                " $11, $11, $12)",
                client.id, submission, client.msp_id, sequence, client.admin_id, service, action,
                values.get("severity", "high"), kinds, disposition, at, values.get("status", "new"),
            )  # fmt: skip
        if "rule" in values:
            await self.owner.execute(
                "INSERT INTO pattern_detections (tenant_id, id, msp_id, violation_id, rule_id,"
                " type, category, severity, confidence, span_start, span_length, mask,"
                " rulebook_version) VALUES ($1, $2, $3, $4, $5, 'X', 'pii', 'high', 1, 0, 1, 'm',"
                " 'v')",
                client.id, uuid7(), client.msp_id, submission, values["rule"],
            )  # fmt: skip
        return submission

    async def exception(self, client: Client, person: Principal, **values: Any) -> UUID:
        """Write what somebody asks for, about no submission that is there."""
        exception_id = uuid7()
        await self.owner.execute(
            "INSERT INTO exceptions (tenant_id, id, msp_id, subject, submission_id, service, kinds,"
            " user_id, requested_by, justification, words, approvers_needed, most_minutes)"
            " VALUES ($1, $2, $3, 'submission', $4, 'chat.example', '{US_SSN}', $5, $5,"
            " 'treatment', 'The insurer asks for it today.', $6, 60)",
            client.id, exception_id, client.msp_id, values.get("submission", uuid7()),
            person.user_id, values.get("approvers_needed", 1),
        )  # fmt: skip
        return exception_id

    async def admin_event(self, client: Client, action: str = "client.update") -> None:
        await self.owner.execute(
            "INSERT INTO admin_events (tenant_id, id, msp_id, actor_id, actor_role, action,"
            " subject_kind, subject_id) VALUES ($1, $2, $3, $4, 'client_admin', $5, 'client', $6)",
            client.id, uuid7(), client.msp_id, client.admin_id, action, str(client.id),
        )  # fmt: skip

    async def policy_template(self, msp: Msp) -> UUID:
        """Write a template of an MSP; return its id."""
        template_id = uuid7()
        await self._layer(msp.id, msp.id, template_id, "msp_template", template_id)
        return template_id

    async def policy_work(self, client: Client) -> None:
        """Write the layer of a group and a proposed change, both with the policy's id.

        And a proposed change of the layer.
        """
        await self._layer(client.id, client.msp_id, client.policy_id, "group", uuid7())
        await self.owner.execute(
            "INSERT INTO policy_changes (tenant_id, id, msp_id, policy_id, base_version, patch,"
            " revert, weakens, reason, author_id)"
            ' VALUES ($1, $2, $3, $2, 1, \'{"default_action": "flag"}\', \'{}\', \'{}\','
            " 'test', $4)",
            client.id, client.policy_id, client.msp_id, uuid7(),
        )  # fmt: skip
        await self.owner.execute(
            "INSERT INTO policy_changes (tenant_id, id, msp_id, layer_id, base_version, patch,"
            " revert, weakens, reason, author_id)"
            " VALUES ($1, $2, $3, $4, 1, '{}', '{}', '{}', 'test', $2)",
            client.id, uuid7(), client.msp_id, client.policy_id,
        )  # fmt: skip

    async def _layer(
        self, tenant: UUID, msp: UUID, layer_id: UUID, kind: str, owner_id: UUID
    ) -> None:
        await self.owner.execute(
            "INSERT INTO policy_layers (tenant_id, id, msp_id, owner_kind, owner_id, name,"
            " template, current_version, updated_at)"
            " VALUES ($1, $2, $3, $4, $5, 'Layer', 'hipaa', 1, $6)",
            tenant, layer_id, msp, kind, owner_id, NOW,
        )  # fmt: skip
        await self.owner.execute(
            "INSERT INTO policy_layer_versions (tenant_id, layer_id, version, msp_id, document,"
            " etag, reason) VALUES ($1, $2, 1, $3, $4, 'e', 'Start')",
            tenant, layer_id, msp, '{"format":1}',
        )  # fmt: skip

    async def pending(self, client: Client) -> list[dict[str, Any]]:
        """Return the payloads a client's outbox still has to announce."""
        rows = await self.owner.fetch(
            "SELECT payload FROM outbox WHERE tenant_id = $1 AND published_at IS NULL", client.id
        )
        return [json.loads(row["payload"]) for row in rows]

    async def _user(
        self, tenant: UUID, user: UUID, msp: UUID, client: UUID | None, name: str, role: str
    ) -> None:
        await self.owner.execute(
            "INSERT INTO users (tenant_id, id, msp_id, client_id, email, display_name, role)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            tenant, user, msp, client, f"{user}@example.org", name, role,
        )  # fmt: skip

    async def _policy(self, client: Client, document: str) -> None:
        await self.owner.execute(
            "INSERT INTO policies (tenant_id, id, msp_id, name, template, current_version,"
            " updated_at) VALUES ($1, $2, $3, 'HIPAA', 'hipaa', 1, $4)",
            client.id, client.policy_id, client.msp_id, NOW,
        )  # fmt: skip
        await self.owner.execute(
            "INSERT INTO policy_versions (tenant_id, policy_id, version, msp_id, document, etag,"
            " reason) VALUES ($1, $2, 1, $3, $4, $5, 'Start')",
            client.id, client.policy_id, client.msp_id, document, document_etag(document, 1),
        )  # fmt: skip
