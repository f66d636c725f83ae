"""Who may do what in the database, written down a second time and by hand.

A wrong grant in the migrations would pass any test that derives what it expects from them.
"""

from typing import Final

TENANT: Final = (
    "((tenant_id, msp_id) = ( SELECT s.tenant,\n    s.msp\n   FROM qg_scope() s(tenant, msp)))"
)
WRITTEN: Final = (
    "((tenant_id = ( SELECT qg_writing() AS qg_writing))"
    " AND (msp_id = ( SELECT qg_tenant_msp() AS qg_tenant_msp)))"
)
OF_MSP: Final = "(msp_id = ( SELECT qg_msp() AS qg_msp))"
MSP: Final = (
    f"({OF_MSP} AND (tenant_id <> ALL (( SELECT qg_msp_hidden() AS qg_msp_hidden)::uuid[])))"
)
LOCKED_TOO: Final = (
    f"({OF_MSP}"
    " AND (tenant_id <> ALL (( SELECT qg_msp_unassigned() AS qg_msp_unassigned)::uuid[])))"
)
ADMIN: Final = (
    "((tenant_id = ( SELECT qg_admin() AS qg_admin))"
    " AND (msp_id = ( SELECT qg_admin_msp() AS qg_admin_msp)))"
)
ADMIN_WRITTEN: Final = (
    "((tenant_id = ( SELECT qg_admin_writing() AS qg_admin_writing))"
    " AND (msp_id = ( SELECT qg_admin_msp() AS qg_admin_msp)))"
)
MSP_ADMIN: Final = (
    "((msp_id = ( SELECT qg_admin_msp() AS qg_admin_msp))"
    " AND (( SELECT qg_admin() AS qg_admin) = msp_id))"
)
MSP_ADMIN_WRITTEN: Final = (
    "((msp_id = ( SELECT qg_admin_msp() AS qg_admin_msp))"
    " AND (( SELECT qg_admin_writing() AS qg_admin_writing) = msp_id))"
)
PLATFORM: Final = "( SELECT qg_platform() AS qg_platform)"
SIGNING_IN: Final = "( SELECT qg_signing_in() AS qg_signing_in)"
RELAYING: Final = "( SELECT qg_relaying() AS qg_relaying)"
INGESTING: Final = "( SELECT qg_ingesting() AS qg_ingesting)"

Policy = tuple[str, str, str | None, str | None]
OWNER_ALL: Final[Policy] = ("qg_owner", "ALL", "true", "true")
OF_A_TENANT: Final[frozenset[Policy]] = frozenset(
    {OWNER_ALL, ("qg_tenant", "ALL", TENANT, WRITTEN), ("qg_msp", "SELECT", MSP, None)}
)
ADMINISTERED: Final[frozenset[Policy]] = OF_A_TENANT | {("qg_admin", "ALL", ADMIN, ADMIN_WRITTEN)}
BILLED: Final[frozenset[Policy]] = (ADMINISTERED - {("qg_msp", "SELECT", MSP, None)}) | {
    ("qg_msp", "SELECT", LOCKED_TOO, None)
}
READ_BY_PLATFORM: Final[Policy] = ("qg_platform", "SELECT", PLATFORM, None)
READ_BY_SIGN_IN: Final[Policy] = ("qg_sign_in", "SELECT", SIGNING_IN, None)
TURNED_BY_SIGN_IN: Final[Policy] = ("qg_sign_in", "ALL", SIGNING_IN, SIGNING_IN)
READ_BY_RELAY: Final[Policy] = ("qg_relay", "SELECT", RELAYING, None)
RECORDED: Final[Policy] = ("qg_recorder", "ALL", INGESTING, INGESTING)
SHARED: Final[frozenset[Policy]] = frozenset(
    {OWNER_ALL, ("qg_msp, qg_tenant", "SELECT", "true", None)}
)

POLICIES: Final[dict[str, frozenset[Policy]]] = {
    "ai_services": SHARED,
    "compliance_frameworks": SHARED,
    "msps": frozenset(
        {
            OWNER_ALL,
            ("qg_msp", "SELECT", OF_MSP, None),
            ("qg_admin", "ALL", MSP_ADMIN, MSP_ADMIN_WRITTEN),
            READ_BY_PLATFORM,
            ("qg_tenant", "SELECT", "(msp_id = ( SELECT qg_tenant_msp() AS qg_tenant_msp))", None),
            READ_BY_SIGN_IN,
        }
    ),
    "active_people": OF_A_TENANT,
    "admin_events": ADMINISTERED,
    "api_keys": OF_A_TENANT | {TURNED_BY_SIGN_IN},
    "approvals": OF_A_TENANT,
    "attestations": OF_A_TENANT,
    "audit_days": OF_A_TENANT,
    "client_days": OF_A_TENANT,
    "audit_hours": OF_A_TENANT,
    "exception_decisions": OF_A_TENANT,
    "exceptions": OF_A_TENANT,
    "justifications": OF_A_TENANT,
    "notices": OF_A_TENANT,
    "service_days": OF_A_TENANT,
    "service_requests": OF_A_TENANT,
    "service_sightings": OF_A_TENANT,
    "violation_days": OF_A_TENANT,
    "violation_states": OF_A_TENANT,
    "webhook_changes": OF_A_TENANT,
    "webhook_deliveries": OF_A_TENANT,
    "webhooks": OF_A_TENANT,
    "assignments": ADMINISTERED,
    "audit_event_ids": OF_A_TENANT | {RECORDED},
    "client_audit_logs": OF_A_TENANT | {RECORDED},
    "client_audit_logs_other": OF_A_TENANT,
    "client_policy_violations": OF_A_TENANT | {RECORDED},
    "clients": BILLED | {RECORDED, READ_BY_SIGN_IN, READ_BY_PLATFORM},
    "devices": ADMINISTERED | {READ_BY_SIGN_IN},
    "enrolment_codes": ADMINISTERED | {TURNED_BY_SIGN_IN},
    "group_members": ADMINISTERED,
    "groups": ADMINISTERED,
    "idempotency_keys": OF_A_TENANT,
    "identities": ADMINISTERED | {TURNED_BY_SIGN_IN},
    "identity_providers": ADMINISTERED | {READ_BY_SIGN_IN},
    "mails": ADMINISTERED
    | {TURNED_BY_SIGN_IN, READ_BY_RELAY, ("qg_relay", "UPDATE", RELAYING, RELAYING)},
    "one_use_links": ADMINISTERED | {TURNED_BY_SIGN_IN},
    "lockboxes": BILLED,
    "outbox": ADMINISTERED | {READ_BY_RELAY, ("qg_relay", "UPDATE", RELAYING, RELAYING)},
    "past_changes": OF_A_TENANT,
    "pattern_detections": OF_A_TENANT | {RECORDED},
    "policies": ADMINISTERED | {READ_BY_RELAY},
    "policy_changes": OF_A_TENANT,
    "policy_layer_versions": OF_A_TENANT,
    "policy_layers": OF_A_TENANT,
    "policy_versions": ADMINISTERED,
    "recovery_codes": OF_A_TENANT | {TURNED_BY_SIGN_IN},
    "seat_months": (BILLED - ADMINISTERED) | (BILLED & OF_A_TENANT),
    "sessions": ADMINISTERED | {TURNED_BY_SIGN_IN},
    "tenant_counters": OF_A_TENANT | {RECORDED},
    "tenant_keys": ADMINISTERED,
    "users": ADMINISTERED
    | {
        READ_BY_SIGN_IN,
        ("qg_sign_in", "UPDATE", SIGNING_IN, SIGNING_IN),
        ("qg_platform", "SELECT", f"({PLATFORM} AND (client_id IS NULL))", None),
    },
}

_CARD: Final = (
    "tenant_id id msp_id client_id email display_name role status permission_epoch created_at"
)
_EVENT: Final = (
    "tenant_id id msp_id actor_id actor_role action subject_kind subject_id reason details"
)
_PROVIDER: Final = (
    "SELECT(tenant_id msp_id issuer client_id domains trusts_mfa is_enabled version created_at)"
)
GRANTS: Final[dict[str, dict[str, str]]] = {
    "qg_tenant": {
        "ai_services": "SELECT",
        "compliance_frameworks": "SELECT",
        "msps": "SELECT",
        "admin_events": f"SELECT INSERT({_EVENT})",
        "active_people": "SELECT",
        "api_keys": "SELECT INSERT UPDATE(expires_at revoked_at)",
        "approvals": "SELECT INSERT",
        "attestations": "SELECT INSERT",
        "audit_days": "SELECT",
        "client_days": "SELECT",
        "audit_hours": "SELECT",
        "exception_decisions": "SELECT INSERT",
        "exceptions": "SELECT INSERT"
        " UPDATE(status approvers_needed most_minutes minutes starts_at ends_at version)",
        "justifications": "SELECT INSERT",
        "notices": "SELECT INSERT",
        "service_days": "SELECT",
        "service_requests": (
            "SELECT INSERT UPDATE(status decided_by decided_at decision ends_at version)"
        ),
        "service_sightings": "SELECT INSERT UPDATE(count last_at)",
        "violation_days": "SELECT",
        "violation_states": "SELECT",
        "assignments": "SELECT",
        "client_audit_logs": "SELECT",
        "client_policy_violations": (
            "SELECT UPDATE(status owner_id status_at status_reason version)"
        ),
        "clients": "SELECT UPDATE(seats timezone)",
        "devices": (
            "SELECT INSERT UPDATE(last_seen_at policy_version rulebook_version acknowledged_at"
            " adapter_health extension_version event_numbers)"
        ),
        "enrolment_codes": "SELECT INSERT UPDATE(uses_left)",
        "group_members": "SELECT",
        "groups": "SELECT",
        "idempotency_keys": "SELECT INSERT UPDATE(status answer) DELETE",
        "identity_providers": _PROVIDER,
        "lockboxes": "SELECT",
        "seat_months": "SELECT",
        "outbox": "SELECT INSERT",
        "past_changes": "SELECT",
        "pattern_detections": "SELECT",
        "policies": "SELECT INSERT UPDATE(current_version updated_at name parent_id)",
        "policy_changes": ("SELECT INSERT UPDATE(status decided_by decided_at decision version)"),
        "policy_layer_versions": "SELECT INSERT",
        "policy_layers": "SELECT INSERT UPDATE(current_version updated_at name)",
        "policy_versions": "SELECT INSERT",
        "sessions": "SELECT INSERT",
        "tenant_counters": "SELECT",
        "tenant_keys": "SELECT",
        "users": f"SELECT({_CARD}) INSERT",
        "webhooks": (
            "SELECT INSERT DELETE"
            " UPDATE(last_sequence attempts next_try_at failing_since given_up_at last_error"
            " kinds paused_at sealed_secret sealed_secret_before before_until)"
        ),
        "webhook_changes": "SELECT DELETE",
        "webhook_deliveries": "SELECT INSERT DELETE",
        "qg_heirs(uuid)": "EXECUTE",
        "qg_hold_counts()": "EXECUTE",
        "qg_pass_on(uuid,uuid,uuid,text,timestamp with time zone,jsonb)": "EXECUTE",
        "qg_tenant()": "EXECUTE",
        "qg_scope()": "EXECUTE",
        "qg_tenant_msp()": "EXECUTE",
        "qg_writing()": "EXECUTE",
        "schema public": "USAGE",
    },
    "qg_msp": {
        "webhooks": "SELECT",
        "webhook_changes": "SELECT",
        "webhook_deliveries": "SELECT",
        "active_people": "SELECT",
        "api_keys": "SELECT",
        "attestations": "SELECT",
        "audit_days": "SELECT",
        "client_days": "SELECT",
        "audit_hours": "SELECT",
        "exception_decisions": "SELECT",
        "exceptions": "SELECT",
        "justifications": "SELECT",
        "notices": "SELECT",
        "service_days": "SELECT",
        "service_requests": "SELECT",
        "service_sightings": "SELECT",
        "violation_days": "SELECT",
        "violation_states": "SELECT",
        "admin_events": "SELECT",
        "assignments": "SELECT",
        "group_members": "SELECT",
        "groups": "SELECT",
        "identity_providers": _PROVIDER,
        "lockboxes": "SELECT",
        "seat_months": "SELECT",
        "tenant_keys": "SELECT",
        "ai_services": "SELECT",
        "compliance_frameworks": "SELECT",
        "msps": "SELECT",
        "approvals": "SELECT",
        "client_audit_logs": "SELECT",
        "client_policy_violations": "SELECT",
        "clients": "SELECT",
        "devices": "SELECT",
        "enrolment_codes": "SELECT",
        "past_changes": "SELECT",
        "pattern_detections": "SELECT",
        "policies": "SELECT",
        "policy_changes": "SELECT",
        "policy_layer_versions": "SELECT",
        "policy_layers": "SELECT",
        "policy_versions": "SELECT",
        "users": f"SELECT({_CARD})",
        "qg_msp()": "EXECUTE",
        "qg_msp_hidden()": "EXECUTE",
        "qg_msp_unassigned()": "EXECUTE",
        "schema public": "USAGE",
    },
    "qg_sign_in": {
        "msps": "SELECT",
        "clients": "SELECT(tenant_id msp_id name status)",
        "devices": "SELECT(tenant_id msp_id id user_id revoked_at key_thumbprint)",
        "enrolment_codes": "SELECT UPDATE(uses_left failed_tries)",
        "sessions": (
            "SELECT INSERT"
            " UPDATE(counter rotated_at last_used_at expires_at revoked_at revoked_reason"
            " factor_shown_at)"
        ),
        "recovery_codes": "SELECT INSERT UPDATE(used_at)",
        "api_keys": "SELECT UPDATE(last_used_at revoked_at)",
        "identities": "SELECT INSERT",
        "identity_providers": "SELECT",
        "mails": "INSERT",
        "one_use_links": "SELECT INSERT UPDATE(used_at revoked_at)",
        "users": "SELECT UPDATE(password_hash totp_secret totp_pending totp_last_step status)",
        "qg_signing_in()": "EXECUTE",
        "schema public": "USAGE",
    },
    "qg_relay": {
        "mails": "SELECT UPDATE(sealed attempts next_try_at sent_at given_up_at)",
        "outbox": "SELECT UPDATE(published_at)",
        "policies": "SELECT(tenant_id msp_id id current_version)",
        "qg_clear_mail(integer)": "EXECUTE",
        "qg_with_ladders()": "EXECUTE",
        "qg_ending(timestamp with time zone)": "EXECUTE",
        "qg_webhooks_due(timestamp with time zone)": "EXECUTE",
        "qg_out_of_grace(timestamp with time zone)": "EXECUTE",
        "qg_relaying()": "EXECUTE",
        "schema public": "USAGE",
    },
    "qg_admin": {
        "admin_events": f"SELECT INSERT({_EVENT})",
        "assignments": "SELECT INSERT DELETE",
        "clients": (
            "SELECT INSERT UPDATE(name seats country timezone frameworks status version"
            " suspended_at grace_days)"
        ),
        "devices": "SELECT UPDATE(revoked_at)",
        "enrolment_codes": "SELECT UPDATE(revoked_at)",
        "group_members": "SELECT INSERT DELETE",
        "groups": "SELECT INSERT UPDATE(name description version) DELETE",
        "identities": "SELECT DELETE",
        "identity_providers": (
            f"{_PROVIDER} INSERT DELETE"
            " UPDATE(issuer client_id sealed_secret domains trusts_mfa is_enabled version)"
        ),
        "mails": "INSERT",
        "one_use_links": (
            "SELECT(tenant_id id msp_id user_id purpose expires_at used_at revoked_at created_at)"
            " INSERT UPDATE(revoked_at)"
        ),
        "lockboxes": "SELECT INSERT UPDATE(is_closed open_until reason set_by set_at)",
        "msps": "SELECT INSERT UPDATE(name slug status version suspended_at)",
        "outbox": "SELECT INSERT",
        "tenant_keys": "SELECT UPDATE(salt destroyed_at)",
        "policies": "SELECT INSERT",
        "policy_versions": "SELECT INSERT",
        "sessions": (
            "SELECT(tenant_id id msp_id user_id device_id revoked_at)"
            " UPDATE(revoked_at revoked_reason)"
        ),
        "users": f"SELECT({_CARD}) INSERT UPDATE(display_name role status permission_epoch)",
        "qg_admin()": "EXECUTE",
        "qg_admin_msp()": "EXECUTE",
        "qg_admin_writing()": "EXECUTE",
        "schema public": "USAGE",
    },
    "qg_platform": {
        "clients": (
            "SELECT(tenant_id msp_id name slug status seats country timezone frameworks version"
            " suspended_at grace_days created_at)"
        ),
        "msps": "SELECT(msp_id name slug status version suspended_at created_at)",
        "users": f"SELECT({_CARD})",
        "qg_platform()": "EXECUTE",
        "schema public": "USAGE",
    },
    "qg_ingest": {
        "qg_record(jsonb,bytea[])": "EXECUTE",
        "qg_ingesting()": "EXECUTE",
        "schema public": "USAGE",
    },
    "qg_recorder": {
        "audit_event_ids": "SELECT INSERT",
        "client_audit_logs": "INSERT",
        "client_policy_violations": "SELECT INSERT UPDATE(disposition)",
        "clients": "SELECT(tenant_id msp_id)",
        "pattern_detections": "INSERT",
        "tenant_counters": "SELECT INSERT UPDATE",
        "qg_ingesting()": "EXECUTE",
        "schema public": "USAGE",
        "schema qg_private": "USAGE",
    },
    "qg_app": {"schema public": "USAGE"},
    "qg_owner": {"schema public": "USAGE CREATE", "database": "CREATE"},
    "everybody": {
        "schema public": "USAGE",
        "database": "CONNECT",
        # Within a schema that nobody may use.
        "qg_private.ensure_partitions()": "EXECUTE",
        "qg_private.refuse_change()": "EXECUTE",
        "qg_private.keep_decided()": "EXECUTE",
    },
}

RELATIONS: Final = frozenset(
    {*POLICIES, "aerich", "aerich_id_seq", "qg_private.scope_key"}
)  # and the monthly partitions
FUNCTIONS: Final = {
    "qg_ingesting()": ("qg_owner", "stable", "definer"),
    "qg_msp()": ("qg_owner", "stable", "definer"),
    "qg_private.ensure_partitions()": ("qg_owner", "volatile", "invoker"),
    "qg_admin()": ("qg_owner", "stable", "definer"),
    "qg_admin_msp()": ("qg_owner", "stable", "definer"),
    "qg_admin_writing()": ("qg_owner", "stable", "definer"),
    "qg_msp_hidden()": ("qg_owner", "stable", "definer"),
    "qg_msp_unassigned()": ("qg_owner", "stable", "definer"),
    "qg_heirs(uuid)": ("qg_owner", "volatile", "definer"),
    "qg_pass_on(uuid,uuid,uuid,text,timestamp with time zone,jsonb)": (
        "qg_owner",
        "volatile",
        "definer",
    ),
    "qg_with_ladders()": ("qg_owner", "stable", "definer"),
    "qg_ending(timestamp with time zone)": ("qg_owner", "stable", "definer"),
    "qg_webhooks_due(timestamp with time zone)": ("qg_owner", "stable", "definer"),
    "qg_out_of_grace(timestamp with time zone)": ("qg_owner", "stable", "definer"),
    "qg_private.tell_webhooks()": ("qg_owner", "volatile", "definer"),
    "qg_private.end_keys()": ("qg_owner", "volatile", "definer"),
    "qg_private.refuse_loosening()": ("qg_owner", "volatile", "invoker"),
    "qg_private.keep_decided()": ("qg_owner", "volatile", "invoker"),
    "qg_private.only_accepts()": ("qg_owner", "volatile", "invoker"),
    "qg_platform()": ("qg_owner", "stable", "definer"),
    "qg_scope()": ("qg_owner", "stable", "definer"),
    "qg_writing()": ("qg_owner", "stable", "definer"),
    "qg_private.count_anew()": ("qg_owner", "volatile", "invoker"),
    "qg_private.count_entries()": ("qg_owner", "volatile", "definer"),
    "qg_private.count_violations()": ("qg_owner", "volatile", "definer"),
    "qg_private.qg_score_1(text,text,text)": ("qg_owner", "immutable", "invoker"),
    "qg_private.has_left(text)": ("qg_owner", "immutable", "invoker"),
    "qg_private.recount_violations()": ("qg_owner", "volatile", "definer"),
    "qg_private.keep_answered()": ("qg_owner", "volatile", "invoker"),
    "qg_private.refuse_unapproved()": ("qg_owner", "volatile", "invoker"),
    "qg_private.refuse_undecided()": ("qg_owner", "volatile", "invoker"),
    "qg_private.entered(text[])": ("qg_owner", "stable", "invoker"),
    "qg_private.guard(text[])": ("qg_owner", "volatile", "invoker"),
    "qg_private.guard_administered(text[])": ("qg_owner", "volatile", "invoker"),
    "qg_private.make_key()": ("qg_owner", "volatile", "definer"),
    "qg_private.out_of_reach(text[],boolean)": ("qg_owner", "stable", "invoker"),
    "qg_private.take_seat()": ("qg_owner", "volatile", "definer"),
    "qg_private.staff_may_enter(uuid,uuid,uuid)": ("qg_owner", "stable", "invoker"),
    "qg_private.writable(text[])": ("qg_owner", "stable", "invoker"),
    "qg_private.refuse_change()": ("qg_owner", "volatile", "invoker"),
    "qg_private.end_sessions_of_device()": ("qg_owner", "volatile", "definer"),
    "qg_private.end_sessions_of_user()": ("qg_owner", "volatile", "definer"),
    "qg_private.verified(text)": ("qg_owner", "stable", "invoker"),
    "qg_private.begin_past()": ("qg_owner", "volatile", "definer"),
    "qg_private.change_past()": ("qg_owner", "volatile", "definer"),
    "qg_private.complete_keys()": ("qg_owner", "volatile", "invoker"),
    "qg_hold_counts()": ("qg_owner", "volatile", "definer"),
    "qg_clear_mail(integer)": ("qg_owner", "volatile", "definer"),
    "qg_record(jsonb,bytea[])": ("qg_recorder", "volatile", "definer"),
    "qg_relaying()": ("qg_owner", "stable", "definer"),
    "qg_signing_in()": ("qg_owner", "stable", "definer"),
    "qg_tenant()": ("qg_owner", "stable", "definer"),
    "qg_tenant_msp()": ("qg_owner", "stable", "definer"),
}
CALLED_WITHIN: Final = frozenset(
    {
        "qg_private.verified(text)", "qg_private.entered(text[])", "qg_private.writable(text[])",
        "qg_private.out_of_reach(text[],boolean)", "qg_private.staff_may_enter(uuid,uuid,uuid)",
    }
)  # fmt: skip
FOREIGN_KEYS: Final = frozenset(
    {
        "active_people (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "attestations (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "client_days (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "audit_days (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "audit_hours (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "exceptions (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "justifications (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "webhooks (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "webhook_changes (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "webhook_changes (tenant_id, webhook_id) -> webhooks (tenant_id, id) ON DELETE CASCADE",
        "webhook_deliveries (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "webhook_deliveries (tenant_id, webhook_id) -> webhooks (tenant_id, id) ON DELETE CASCADE",
        "notices (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "service_days (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "service_requests (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "service_requests (ai_service_id) -> ai_services (id)",
        "service_sightings (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "violation_days (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "violation_states (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "exceptions (tenant_id, group_id) -> groups (tenant_id, id)",
        (
            "exception_decisions (tenant_id, exception_id, requested_by)"
            " -> exceptions (tenant_id, id, requested_by)"
        ),
        "approvals (ai_service_id) -> ai_services (id)",
        "approvals (framework_id) -> compliance_frameworks (id)",
        "assignments (msp_id, user_id) -> users (tenant_id, id)",
        "assignments (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "lockboxes (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "approvals (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "client_policy_violations (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "clients (msp_id) -> msps (msp_id)",
        "devices (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "devices (tenant_id, user_id) -> users (tenant_id, id)",
        "enrolment_codes (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "group_members (tenant_id, group_id) -> groups (tenant_id, id) ON DELETE CASCADE",
        "group_members (tenant_id, user_id) -> users (tenant_id, id)",
        "groups (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "outbox (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "pattern_detections (tenant_id, violation_id) -> client_policy_violations (tenant_id, id)",
        "policies (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "policy_changes (tenant_id, policy_id) -> policies (tenant_id, id)",
        "policy_layer_versions (tenant_id, layer_id) -> policy_layers (tenant_id, id)",
        "policy_versions (tenant_id, policy_id) -> policies (tenant_id, id)",
        "seat_months (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "sessions (tenant_id, device_id) -> devices (tenant_id, id)",
        "recovery_codes (tenant_id, user_id) -> users (tenant_id, id)",
        "api_keys (tenant_id, user_id) -> users (tenant_id, id)",
        "identities (tenant_id, user_id) -> users (tenant_id, id)",
        "mails (tenant_id, user_id) -> users (tenant_id, id)",
        "one_use_links (tenant_id, user_id) -> users (tenant_id, id)",
        "sessions (tenant_id, user_id) -> users (tenant_id, id)",
        "past_changes (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "tenant_counters (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "tenant_keys (tenant_id, msp_id) -> clients (tenant_id, msp_id)",
        "users (client_id, msp_id) -> clients (tenant_id, msp_id)",
    }
)
