"""A valid world: two MSPs with two clients each, and a row of everything in every client."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from asyncpg import Connection

from backend.core.identifiers import uuid7
from backend.core.scope import Scope

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
AI_SERVICE = "example-chat"
Owner = Connection


@dataclass(frozen=True)
class Tenant:
    """One client, with the ids of its rows."""

    id: UUID
    msp_id: UUID
    user_id: UUID
    device_id: UUID
    policy_id: UUID
    violation_id: UUID
    staff_id: UUID
    """A technician of the MSP who is assigned to this client alone."""

    def scope(self) -> Scope:
        """Return the scope that sees this client."""
        return Scope.tenant(self.id, self.msp_id)


@dataclass(frozen=True)
class World:
    """Two MSPs, each with two clients: `first` and `sibling` share one, `stranger` does not."""

    first: Tenant
    sibling: Tenant
    stranger: Tenant
    other: Tenant

    @property
    def tenants(self) -> tuple[Tenant, ...]:
        """All four clients."""
        return self.first, self.sibling, self.stranger, self.other


async def insert(owner: "Owner[Any]", table: str, **values: Any) -> None:
    """Write one row as the owner; dictionaries become JSON."""
    names = ", ".join(values)
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    given = [json.dumps(value) if isinstance(value, dict) else value for value in values.values()]
    await owner.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", *given)


async def make_world(owner: "Owner[Any]") -> World:
    """Write the world and return it."""
    await owner.execute(
        "INSERT INTO ai_services (id, name, vendor, hosts, category, home_url, source, checked_on)"
        " VALUES ($1, 'Example Chat', 'Example', '{chat.example}', 'assistant',"
        " 'https://chat.example', 'test', '2026-01-01') ON CONFLICT DO NOTHING",
        AI_SERVICE,
    )
    harbor, valley = await make_msp(owner, "Harbor"), await make_msp(owner, "Valley")
    return World(
        first=await make_tenant(owner, harbor, "Lakeside"),
        sibling=await make_tenant(owner, harbor, "Hillside"),
        stranger=await make_tenant(owner, valley, "Riverside"),
        other=await make_tenant(owner, valley, "Seaside"),
    )


async def make_msp(owner: "Owner[Any]", name: str) -> UUID:
    """Write an MSP; return its id."""
    msp_id = uuid7()
    await insert(owner, "msps", msp_id=msp_id, name=name, slug=str(msp_id))
    return msp_id


async def make_tenant(owner: "Owner[Any]", msp_id: UUID, name: str) -> Tenant:
    """Write a client of an MSP with one row in each of its tables."""
    tenant = Tenant(uuid7(), msp_id, uuid7(), uuid7(), uuid7(), uuid7(), uuid7())
    async with owner.transaction():
        await insert(
            owner, "clients", tenant_id=tenant.id, msp_id=msp_id, name=name, slug=str(tenant.id)
        )
        await _write_people(owner, tenant)
        await _write_policy(owner, tenant)
        await _write_audit(owner, tenant)
        await _write_decisions(owner, tenant)
    return tenant


async def _write_people(owner: "Owner[Any]", tenant: Tenant) -> None:
    whose: dict[str, Any] = {"tenant_id": tenant.id, "msp_id": tenant.msp_id}
    await insert(
        owner, "users", **whose, id=tenant.user_id, client_id=tenant.id, role="end_user",
        email=f"{tenant.user_id}@example.org", display_name="Una User",
    )  # fmt: skip
    await insert(
        owner, "devices", **whose, id=tenant.device_id, user_id=tenant.user_id, name="Desk 1",
        browser="Chromium", extension_version="0.1.0", enrolled_at=NOW, last_seen_at=NOW,
    )  # fmt: skip
    await insert(
        owner, "sessions", **whose, id=uuid7(), user_id=tenant.user_id, device_id=tenant.device_id,
        rotated_at=NOW, last_used_at=NOW, expires_at=NOW + timedelta(days=7),
    )  # fmt: skip
    await insert(
        owner, "idempotency_keys", **whose, id=tenant.id.bytes * 2, body_digest=tenant.id.bytes * 2
    )
    await insert(owner, "groups", **whose, id=tenant.policy_id, name="Billing")
    await insert(owner, "group_members", **whose, group_id=tenant.policy_id, user_id=tenant.user_id)
    await insert(
        owner, "lockboxes", **whose, is_closed=False, reason="test", set_by=uuid7(), set_at=NOW
    )
    await insert(
        owner, "users", tenant_id=tenant.msp_id, msp_id=tenant.msp_id, id=tenant.staff_id,
        role="msp_technician", email=f"{tenant.staff_id}@example.org", display_name="Tom Tech",
    )  # fmt: skip
    await insert(owner, "assignments", **whose, user_id=tenant.staff_id)
    await insert(
        owner, "admin_events", **whose, id=uuid7(), actor_role="client_admin",
        action="group.create", subject_kind="group", subject_id=str(tenant.policy_id),
    )  # fmt: skip
    await insert(
        owner, "recovery_codes", **whose, id=uuid7(), user_id=tenant.user_id,
        code_hash=uuid7().bytes,
    )  # fmt: skip
    await insert(
        owner, "mails", **whose, id=uuid7(), user_id=tenant.user_id, kind="invitation",
        sealed="x", expires_at=NOW,
    )  # fmt: skip
    await insert(
        owner, "one_use_links", **whose, id=uuid7(), user_id=tenant.user_id,
        purpose="invitation", token_hash=tenant.id.bytes * 2, expires_at=NOW,
    )  # fmt: skip
    await insert(
        owner, "identity_providers", **whose, issuer="https://id.example.org", client_id="q",
        sealed_secret="x", domains=["example.org"],
    )  # fmt: skip
    await insert(
        owner, "identities", **whose, user_id=tenant.user_id, issuer="https://id.example.org",
        subject=str(tenant.user_id),
    )  # fmt: skip
    await insert(
        owner, "enrolment_codes", **whose, id=uuid7(), code_hash=uuid7().bytes, uses_left=1,
        max_uses=1, expires_at=NOW,
    )  # fmt: skip


async def _write_policy(owner: "Owner[Any]", tenant: Tenant) -> None:
    whose: dict[str, Any] = {"tenant_id": tenant.id, "msp_id": tenant.msp_id}
    await insert(
        owner, "policies", **whose, id=tenant.policy_id, name="HIPAA", template="hipaa",
        current_version=1, updated_at=NOW,
    )  # fmt: skip
    await insert(
        owner, "policy_versions", **whose, policy_id=tenant.policy_id, version=1, document="{}",
        etag="e", reason="Start",
    )  # fmt: skip
    await insert(
        owner, "api_keys", **whose, id=uuid7(), user_id=tenant.user_id, name="Nightly",
        prefix=tenant.id.hex[-12:], secret_hash=b"k" * 32, scopes=["client:read"],
        expires_at=NOW + timedelta(days=30),
    )  # fmt: skip
    await insert(
        owner, "policy_layers", **whose, id=tenant.policy_id, owner_kind="group",
        owner_id=tenant.policy_id, name="Billing", template="hipaa", current_version=1,
        updated_at=NOW,
    )  # fmt: skip
    await insert(
        owner, "policy_layer_versions", **whose, layer_id=tenant.policy_id, version=1,
        document='{"format": 1}', etag="e", reason="Start",
    )  # fmt: skip
    await insert(
        owner, "policy_changes", **whose, id=uuid7(), policy_id=tenant.policy_id, base_version=1,
        patch="{}", revert=[], weakens=[], reason="test", author_id=tenant.user_id,
    )  # fmt: skip
    await insert(owner, "outbox", **whose, id=uuid7(), kind="test", payload={})
    webhook = uuid7()
    await insert(
        owner, "webhooks", **whose, id=webhook, url="https://siem.example.org", sealed_secret="x",
        last_sequence=0, next_try_at=NOW,
    )  # fmt: skip
    await insert(owner, "webhook_changes", **whose, id=uuid7(), webhook_id=webhook, kind="policies")
    await insert(
        owner, "webhook_deliveries", **whose, id=uuid7(), webhook_id=webhook, kind="policies",
        message_id="m", events=1, error="", milliseconds=9, created_at=NOW,
    )  # fmt: skip
    await insert(
        owner, "approvals", **whose, id=uuid7(), ai_service_id=AI_SERVICE, status="approved",
        reason="test",
    )  # fmt: skip


async def _write_decisions(owner: "Owner[Any]", tenant: Tenant) -> None:
    whose: dict[str, Any] = {"tenant_id": tenant.id, "msp_id": tenant.msp_id}
    await insert(
        owner, "attestations", **whose, id=uuid7(), control="training", percent=60,
        evidence="Register of May", attested_by=tenant.user_id, expires_on=NOW.date(),
    )  # fmt: skip
    await insert(
        owner, "service_sightings", **whose, host="ai.example", count=1, first_at=NOW, last_at=NOW
    )
    await insert(
        owner, "service_requests", **whose, id=uuid7(), service="chat.example",
        user_id=tenant.user_id, requested_by=tenant.user_id, reason="test", days=30,
    )  # fmt: skip
    await insert(
        owner, "exceptions", **whose, id=tenant.policy_id, subject="submission",
        submission_id=tenant.violation_id, service="chat.example", kinds=["US_SSN"],
        user_id=tenant.user_id, requested_by=tenant.user_id, justification="treatment",
        words="The insurer asks for it today.", approvers_needed=1, most_minutes=60,
    )  # fmt: skip
    await insert(
        owner, "exception_decisions", **whose, exception_id=tenant.policy_id,
        approver_id=tenant.staff_id, requested_by=tenant.user_id, decision="reject",
        reason="Redact it.",
    )  # fmt: skip
    await insert(
        owner, "justifications", **whose, event_id=uuid7(), submission_id=tenant.violation_id,
        user_id=tenant.user_id, justification="treatment", words="The insurer asks for it today.",
    )  # fmt: skip
    await insert(
        owner, "notices", **whose, id=uuid7(), kind="service.discovered", subject="ai.example"
    )


async def _write_audit(owner: "Owner[Any]", tenant: Tenant) -> None:
    whose: dict[str, Any] = {"tenant_id": tenant.id, "msp_id": tenant.msp_id}
    what: dict[str, Any] = {
        "user_id": tenant.user_id, "device_id": tenant.device_id, "service_host": "chat.example",
        "channel": "typed", "action": "block", "kinds": {"US_SSN": 1}, "disposition": "prevented",
        "policy_version": 1, "occurred_at": NOW, "recorded_at": NOW, "sequence": 1,
    }  # fmt: skip
    event_id = uuid7()
    await insert(owner, "tenant_counters", **whose, last_sequence=1)
    await insert(
        owner, "audit_event_ids", **whose, event_id=event_id, submission_id=tenant.violation_id,
        sequence=1, recorded_at=NOW,
    )  # fmt: skip
    await insert(
        owner, "client_audit_logs", **whose, **what, event_id=event_id, size=9, late=False,
        submission_id=tenant.violation_id, entry_kind="verdict", rule_ids=["us-ssn"],
        rulebook_version="v", engine="server", header=b"{}",
    )  # fmt: skip
    await insert(
        owner, "client_policy_violations", **whose, **what, id=tenant.violation_id, severity="high"
    )
    await insert(
        owner, "pattern_detections", **whose, id=uuid7(), violation_id=tenant.violation_id,
        rule_id="us-ssn", type="US_SSN", category="pii", severity="high", confidence=0.9,
        span_start=0, span_length=9, mask="[us-ssn]", rulebook_version="v",
    )  # fmt: skip
