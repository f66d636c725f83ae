"""A client and everything that is its own: people, browsers, policy and audit."""

from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from backend.models.base import StrictModel, TenantModel


class Client(StrictModel):
    """A customer organisation: the tenant. Its id is the tenant id of all its rows."""

    id = fields.UUIDField(primary_key=True, source_field="tenant_id")
    msp_id = fields.UUIDField()
    name = fields.TextField()
    slug = fields.TextField()
    status = fields.TextField(default="active")
    seats = fields.IntField(default=0)
    country = fields.TextField(default="US")
    timezone = fields.TextField(default="UTC")
    version = fields.IntField(default=1)
    frameworks = ArrayField(element_type="text", default=list)
    suspended_at = fields.DatetimeField(null=True)
    grace_days = fields.IntField(default=30)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """The table's name."""

        table = "clients"


class User(TenantModel):
    """A person, of a client or of an MSP's staff."""

    client_id = fields.UUIDField(null=True)
    email = fields.TextField()
    display_name = fields.TextField()
    role = fields.TextField()
    password_hash = fields.TextField(null=True)
    totp_secret = fields.TextField(null=True)
    status = fields.TextField(default="active")
    permission_epoch = fields.IntField(default=0)
    totp_pending = fields.TextField(null=True)
    totp_last_step = fields.BigIntField(null=True)
    second_factor = fields.TextField(default="by_role")

    class Meta:
        """The table's name."""

        table = "users"


class Session(TenantModel):
    """One sign-in of a person or a browser; refresh tokens count up in it."""

    user_id = fields.UUIDField()
    device_id = fields.UUIDField(null=True)
    counter = fields.IntField(default=0)
    rotated_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    revoked_reason = fields.TextField(null=True)
    agent = fields.TextField(default="")
    is_multi_factor = fields.BooleanField(default=False)
    factor_shown_at = fields.DatetimeField(null=True)

    class Meta:
        """The table's name."""

        table = "sessions"


class RecoveryCode(TenantModel):
    """A code that stands in for a lost second factor, once; only its hash is kept."""

    user_id = fields.UUIDField()
    code_hash = fields.BinaryField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        """The table's name."""

        table = "recovery_codes"


class Device(TenantModel):
    """One enrolled browser."""

    user_id = fields.UUIDField()
    name = fields.TextField()
    browser = fields.TextField()
    extension_version = fields.TextField()
    public_key: Any = fields.JSONField(null=True)
    key_thumbprint = fields.TextField(null=True)
    enrolled_by = fields.UUIDField(null=True)
    enrolled_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)
    policy_version = fields.IntField(null=True)
    rulebook_version = fields.TextField(null=True)
    acknowledged_at = fields.DatetimeField(null=True)
    adapter_health: Any = fields.JSONField(null=True)
    event_numbers: Any = fields.JSONField(null=True)

    class Meta:
        """The table's name."""

        table = "devices"


class EnrolmentCode(TenantModel):
    """A code that ties browsers to a client; only its hash is kept."""

    code_hash = fields.BinaryField()
    uses_left = fields.IntField()
    max_uses = fields.IntField()
    failed_tries = fields.IntField(default=0)
    expires_at = fields.DatetimeField()
    created_by = fields.UUIDField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        """The table's name."""

        table = "enrolment_codes"


class Policy(TenantModel):
    """What a client wants done about findings; its versions hold the documents."""

    name = fields.TextField()
    template = fields.TextField()
    current_version = fields.IntField()
    updated_at = fields.DatetimeField()
    parent_id = fields.UUIDField(null=True)

    class Meta:
        """The table's name."""

        table = "policies"


class PolicyLayer(TenantModel):
    """What an MSP, a group or a person wants of a policy; its versions hold partial documents."""

    owner_kind = fields.TextField()
    owner_id = fields.UUIDField()
    name = fields.TextField()
    template = fields.TextField()
    current_version = fields.IntField()
    updated_at = fields.DatetimeField()

    class Meta:
        """The table's name."""

        table = "policy_layers"


class PolicyLayerVersion(StrictModel):
    """One version of a layer, never edited; the key is (tenant, layer, version)."""

    etag = fields.CharField(max_length=64, primary_key=True)
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    layer_id = fields.UUIDField()
    version = fields.IntField()
    document = fields.TextField()
    author_id = fields.UUIDField(null=True)
    reason = fields.TextField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """The table's name."""

        table = "policy_layer_versions"


class PolicyVersion(StrictModel):
    """One published document, never edited; the database's key is (tenant, policy, version)."""

    etag = fields.CharField(max_length=64, primary_key=True)
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    policy_id = fields.UUIDField()
    version = fields.IntField()
    document = fields.TextField()
    author_id = fields.UUIDField(null=True)
    reason = fields.TextField()
    created_at = fields.DatetimeField(auto_now_add=True)
    chain = fields.TextField(null=True)
    approver_id = fields.UUIDField(null=True)
    needs_approval = fields.BooleanField(default=False)

    class Meta:
        """The table's name."""

        table = "policy_versions"


class PolicyChange(TenantModel):
    """A change that weakens a policy, until a second person has decided."""

    policy_id = fields.UUIDField(null=True)
    layer_id = fields.UUIDField(null=True)
    restores = fields.IntField(null=True)
    base_version = fields.IntField()
    patch = fields.TextField()
    revert = ArrayField(element_type="text")
    weakens = ArrayField(element_type="text")
    reason = fields.TextField()
    status = fields.TextField(default="pending")
    author_id = fields.UUIDField()
    decided_by = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)
    decision = fields.TextField(null=True)
    version = fields.IntField(null=True)

    class Meta:
        """The table's name."""

        table = "policy_changes"


class OutboxEvent(TenantModel):
    """A message to announce, written in the transaction it announces."""

    kind = fields.TextField()
    payload: Any = fields.JSONField()
    published_at = fields.DatetimeField(null=True)

    class Meta:
        """The table's name."""

        table = "outbox"


class Approval(TenantModel):
    """One decision about an AI service, under one framework or all; the newest counts.

    With a group it is about the people of that group alone.
    """

    ai_service_id = fields.CharField(max_length=64)
    framework_id = fields.CharField(max_length=64, null=True)
    group_id = fields.UUIDField(null=True)
    status = fields.TextField()
    decided_by = fields.UUIDField(null=True)
    reason = fields.TextField()
    review_due = fields.DateField(null=True)
    owner_id = fields.UUIDField(null=True)
    evidence = fields.TextField(default="")
    agreement = fields.TextField(default="none")

    class Meta:
        """The table's name."""

        table = "approvals"


class TenantCounter(StrictModel):
    """The last audit sequence given to a tenant."""

    tenant_id = fields.UUIDField(primary_key=True)
    msp_id = fields.UUIDField()
    last_sequence = fields.BigIntField(default=0)

    class Meta:
        """The table's name."""

        table = "tenant_counters"


class AuditEventId(StrictModel):
    """An event id already recorded, so that an event sent twice counts once."""

    event_id = fields.UUIDField(primary_key=True)
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    submission_id = fields.UUIDField()
    sequence = fields.BigIntField()
    recorded_at = fields.DatetimeField()

    class Meta:
        """The table's name."""

        table = "audit_event_ids"


class AuditEntry(StrictModel):
    """The append-only record of one verdict or disposition, without the text."""

    event_id = fields.UUIDField(primary_key=True)
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    recorded_at = fields.DatetimeField()
    sequence = fields.BigIntField()
    submission_id = fields.UUIDField()
    entry_kind = fields.TextField()
    user_id = fields.UUIDField()
    device_id = fields.UUIDField(null=True)
    ai_service_id = fields.TextField(null=True)
    service_host = fields.TextField()
    channel = fields.TextField()
    size = fields.IntField()
    action = fields.TextField()
    disposition = fields.TextField()
    kinds: Any = fields.JSONField()
    rule_ids = ArrayField(element_type="text")
    policy_version = fields.IntField()
    rulebook_version = fields.TextField()
    engine = fields.TextField()
    occurred_at = fields.DatetimeField()
    late = fields.BooleanField()
    header = fields.BinaryField()

    class Meta:
        """The table's name."""

        table = "client_audit_logs"


class PolicyViolation(TenantModel):
    """A verdict other than allow, as an admin sees it; its id is the submission's."""

    sequence = fields.BigIntField()
    user_id = fields.UUIDField()
    device_id = fields.UUIDField(null=True)
    ai_service_id = fields.TextField(null=True)
    service_host = fields.TextField()
    channel = fields.TextField()
    action = fields.TextField()
    severity = fields.TextField()
    kinds: Any = fields.JSONField()
    disposition = fields.TextField()
    policy_version = fields.IntField()
    status = fields.TextField(default="new")
    occurred_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    confidence_ppm = fields.IntField(default=1_000_000)
    standing = fields.TextField(default="unreviewed")
    owner_id = fields.UUIDField(null=True)
    status_at = fields.DatetimeField(null=True)
    status_reason = fields.TextField(default="")
    version = fields.IntField(default=1)

    class Meta:
        """The table's name."""

        table = "client_policy_violations"


class PatternDetection(TenantModel):
    """One finding of a violation: where and what, never the text."""

    violation_id = fields.UUIDField()
    rule_id = fields.TextField()
    type = fields.TextField()
    category = fields.TextField()
    severity = fields.TextField()
    confidence = fields.FloatField()
    span_start = fields.IntField()
    span_length = fields.IntField()
    mask = fields.TextField()
    value_digest = fields.BinaryField(null=True)
    rulebook_version = fields.TextField()

    class Meta:
        """The table's name."""

        table = "pattern_detections"


class ApiKey(TenantModel):
    """A key for programs that acts as a person; only a hash of its secret is kept."""

    user_id = fields.UUIDField()
    name = fields.TextField()
    prefix = fields.TextField()
    secret_hash = fields.BinaryField()
    scopes = ArrayField(element_type="text")
    expires_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        """The table's name."""

        table = "api_keys"
