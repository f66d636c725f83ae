"""Counts that follow what is recorded, kept by the database itself."""

from tortoise import fields

from backend.models.base import StrictModel


class ClientDay(StrictModel):
    """One client's day; `qg_score_1` is what its violations weigh before ageing."""

    day = fields.DateField()
    tenant_id = fields.UUIDField(primary_key=True)
    msp_id = fields.UUIDField()
    prompts = fields.IntField(default=0)
    flag = fields.IntField(default=0)
    warn = fields.IntField(default=0)
    block = fields.IntField(default=0)
    prevented = fields.IntField(default=0)
    redacted_sent = fields.IntField(default=0)
    abandoned = fields.IntField(default=0)
    false_positive = fields.IntField(default=0)
    justified_sent = fields.IntField(default=0)
    overridden_sent = fields.IntField(default=0)
    sent_unflagged = fields.IntField(default=0)
    qg_score_1 = fields.BigIntField(default=0)
    last_at = fields.DatetimeField(null=True)

    class Meta:
        """The table's name."""

        table = "client_days"


class AuditDay(StrictModel):
    """Submissions of one day with findings of one kind."""

    kind = fields.TextField()
    tenant_id = fields.UUIDField(primary_key=True)
    day = fields.DateField()
    action = fields.TextField()
    msp_id = fields.UUIDField()
    count = fields.BigIntField()

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


class PastChange(StrictModel):
    """How often the days of a client before today have changed."""

    tenant_id = fields.UUIDField(primary_key=True)
    msp_id = fields.UUIDField()
    changes = fields.BigIntField(default=0)

    class Meta:
        """The table's name."""

        table = "past_changes"
