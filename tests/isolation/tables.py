"""Every tenant table, written down by hand: a new table is refused until somebody adds it here."""

from typing import Final

TENANT_TABLES: Final = (
    "active_people",
    "admin_events",
    "api_keys",
    "approvals",
    "assignments",
    "attestations",
    "audit_days",
    "audit_event_ids",
    "audit_hours",
    "client_audit_logs",
    "client_days",
    "client_policy_violations",
    "clients",
    "devices",
    "enrolment_codes",
    "exception_decisions",
    "exceptions",
    "group_members",
    "groups",
    "idempotency_keys",
    "identities",
    "identity_providers",
    "justifications",
    "lockboxes",
    "mails",
    "notices",
    "one_use_links",
    "outbox",
    "past_changes",
    "pattern_detections",
    "policies",
    "policy_changes",
    "policy_layer_versions",
    "policy_layers",
    "policy_versions",
    "recovery_codes",
    "seat_months",
    "service_days",
    "service_requests",
    "service_sightings",
    "sessions",
    "tenant_counters",
    "tenant_keys",
    "users",
    "violation_days",
    "violation_states",
    "webhook_changes",
    "webhook_deliveries",
    "webhooks",
)
READ_BY_SIGN_IN: Final = frozenset(
    {
        "api_keys", "clients", "devices", "enrolment_codes", "identities", "identity_providers",
        "one_use_links", "recovery_codes", "sessions", "users",
    }
)  # fmt: skip
# What only its own function or sign-in reads.
UNREAD: Final = frozenset(
    {"audit_event_ids", "identities", "mails", "one_use_links", "recovery_codes"}
)
READ_BY_RELAY: Final = frozenset({"mails", "outbox", "policies"})
READ_BY_PLATFORM: Final = frozenset({"clients", "users"})  # of users, the staff of MSPs
