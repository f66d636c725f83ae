"""What a client decides and says: attestations, exceptions, sightings of AI services, notices."""

from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from backend.models.base import StrictModel, TenantModel


class Attestation(TenantModel):
    """What a client says about a control that no test can see."""

    control = fields.TextField()
    percent = fields.IntField()
    evidence = fields.TextField()
    attested_by = fields.UUIDField()
    expires_on = fields.DateField()

    class Meta:
        """The table's name."""

        table = "attestations"


class ServiceSighting(StrictModel):
    """A host that looks like an AI service and that nobody lists."""

    host = fields.CharField(max_length=253, primary_key=True)
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    count = fields.BigIntField()
    first_at = fields.DatetimeField()
    last_at = fields.DatetimeField()

    class Meta:
        """The table's name."""

        table = "service_sightings"


class ServiceRequest(TenantModel):
    """Somebody asks to use an AI service, for one person or one group, for a time."""

    service = fields.TextField()
    ai_service_id = fields.CharField(max_length=64, null=True)
    user_id = fields.UUIDField(null=True)
    group_id = fields.UUIDField(null=True)
    requested_by = fields.UUIDField()
    reason = fields.TextField()
    days = fields.IntField()
    status = fields.TextField(default="pending")
    decided_by = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)
    decision = fields.TextField(null=True)
    ends_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        """The table's name."""

        table = "service_requests"


class PolicyException(TenantModel):
    """Somebody may do for a time what the policy stops."""

    subject = fields.TextField()
    submission_id = fields.UUIDField(null=True)
    service = fields.TextField()
    kinds = ArrayField(element_type="text")
    user_id = fields.UUIDField(null=True)
    group_id = fields.UUIDField(null=True)
    requested_by = fields.UUIDField()
    justification = fields.TextField()
    words = fields.TextField()
    status = fields.TextField(default="pending")
    approvers_needed = fields.IntField()
    most_minutes = fields.IntField()
    minutes = fields.IntField(null=True)
    starts_at = fields.DatetimeField(null=True)
    ends_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)

    class Meta:
        """The table's name."""

        table = "exceptions"


class ExceptionDecision(StrictModel):
    """What one approver said; the database's key is (tenant, exception, approver)."""

    approver_id = fields.UUIDField(primary_key=True)
    tenant_id = fields.UUIDField()
    exception_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    requested_by = fields.UUIDField()
    decision = fields.TextField()
    minutes = fields.IntField(null=True)
    reason = fields.TextField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """The table's name."""

        table = "exception_decisions"


class Justification(StrictModel):
    """Why somebody went on after a warning; the database's key is (tenant, event)."""

    event_id = fields.UUIDField(primary_key=True)
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    submission_id = fields.UUIDField()
    user_id = fields.UUIDField()
    justification = fields.TextField()
    words = fields.TextField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """The table's name."""

        table = "justifications"


class Notice(TenantModel):
    """What an administrator should hear of, beside violations."""

    kind = fields.TextField()
    subject = fields.TextField()
    details: Any = fields.JSONField()

    class Meta:
        """The table's name."""

        table = "notices"
