"""Every tenant table, written down by hand: a new table is refused until somebody adds it here."""

from typing import Final

TENANT_TABLES: Final = (
    "admin_events",
    "approvals",
    "assignments",
    "audit_event_ids",
    "client_audit_logs",
    "client_policy_violations",
    "clients",
    "devices",
    "enrolment_codes",
    "group_members",
    "groups",
    "idempotency_keys",
    "lockboxes",
    "outbox",
    "pattern_detections",
    "policies",
    "policy_versions",
    "seat_months",
    "sessions",
    "tenant_counters",
    "users",
)
READ_BY_SIGN_IN: Final = frozenset({"clients", "devices", "enrolment_codes", "sessions", "users"})
READ_BY_RELAY: Final = frozenset({"outbox", "policies"})
READ_BY_PLATFORM: Final = frozenset({"clients", "users"})  # of users, the staff of MSPs
