"""Counts that follow what is recorded, kept by the database itself."""

from tortoise import fields

from backend.models.base import StrictModel


class AuditDay(StrictModel):
    """Submissions of one day with findings of one kind; the empty kind counts all of them."""

    kind = fields.TextField()
    tenant_id = fields.UUIDField(primary_key=True)
    day = fields.DateField()
    action = fields.TextField()
    msp_id = fields.UUIDField()
    count = fields.BigIntField()
    last_at = fields.DatetimeField()

    class Meta:
        """The table's name."""

        table = "audit_days"


class AuditHour(StrictModel):
    """Submissions of one hour."""

    hour = fields.DatetimeField()
    tenant_id = fields.UUIDField(primary_key=True)
    msp_id = fields.UUIDField()
    count = fields.BigIntField()

    class Meta:
        """The table's name."""

        table = "audit_hours"


class ServiceDay(StrictModel):
    """Submissions of one day to one AI service; empty for one that nobody lists."""

    service = fields.TextField()
    tenant_id = fields.UUIDField(primary_key=True)
    day = fields.DateField()
    msp_id = fields.UUIDField()
    count = fields.BigIntField()

    class Meta:
        """The table's name."""

        table = "service_days"


class ActivePerson(StrictModel):
    """The last day on which somebody asked an AI service anything."""

    user_id = fields.UUIDField()
    tenant_id = fields.UUIDField(primary_key=True)
    msp_id = fields.UUIDField()
    last_day = fields.DateField()

    class Meta:
        """The table's name."""

        table = "active_people"


class ViolationDay(StrictModel):
    """Violations alike of one day; confidences are summed in millionths."""

    day = fields.DateField()
    tenant_id = fields.UUIDField(primary_key=True)
    severity = fields.TextField()
    action = fields.TextField()
    disposition = fields.TextField()
    standing = fields.TextField()
    msp_id = fields.UUIDField()
    count = fields.BigIntField()
    confidence_ppm = fields.BigIntField()

    class Meta:
        """The table's name."""

        table = "violation_days"


class ViolationState(StrictModel):
    """How many violations stand where in their life right now."""

    status = fields.TextField()
    tenant_id = fields.UUIDField(primary_key=True)
    severity = fields.TextField()
    has_left = fields.BooleanField()
    msp_id = fields.UUIDField()
    count = fields.BigIntField()

    class Meta:
        """The table's name."""

        table = "violation_states"
