"""What administrators make and change: groups of people, and the trail of every change."""

from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from backend.models.base import StrictModel, TenantModel


class Group(TenantModel):
    """Some people of one client, to whom a policy may say something of its own."""

    name = fields.TextField()
    description = fields.TextField(default="")
    version = fields.IntField(default=1)

    class Meta:
        """The table's name."""

        table = "groups"


class GroupMember(StrictModel):
    """One person in one group; the database's key is (tenant, group, user)."""

    user_id = fields.UUIDField(primary_key=True)
    group_id = fields.UUIDField()
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """The table's name."""

        table = "group_members"


class Assignment(StrictModel):
    """One technician who looks after one client; the database's key is (tenant, user)."""

    user_id = fields.UUIDField(primary_key=True)
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    assigned_by = fields.UUIDField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """The table's name."""

        table = "assignments"


class Lockbox(StrictModel):
    """Whether a client lets its MSP in, and until when it does although it is closed."""

    tenant_id = fields.UUIDField(primary_key=True)
    msp_id = fields.UUIDField()
    is_closed = fields.BooleanField()
    open_until = fields.DatetimeField(null=True)
    reason = fields.TextField()
    set_by = fields.UUIDField()
    set_at = fields.DatetimeField()

    class Meta:
        """The table's name."""

        table = "lockboxes"


class SeatMonth(StrictModel):
    """One browser heard of in one month; the key is (tenant, month, device)."""

    device_id = fields.UUIDField(primary_key=True)
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    month = fields.DateField()

    class Meta:
        """The table's name."""

        table = "seat_months"


class IdempotencyKey(StrictModel):
    """One request that makes something, its answer sealed; the key is (tenant, id)."""

    id = fields.BinaryField(primary_key=True)
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    body_digest = fields.BinaryField()
    status = fields.IntField(null=True)
    answer = fields.BinaryField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """The table's name."""

        table = "idempotency_keys"


class TenantKey(StrictModel):
    """The random half of a client's keys, or when it was destroyed."""

    tenant_id = fields.UUIDField(primary_key=True)
    msp_id = fields.UUIDField()
    salt = fields.BinaryField(null=True)
    destroyed_at = fields.DatetimeField(null=True)

    class Meta:
        """The table's name."""

        table = "tenant_keys"


class Webhook(TenantModel):
    """Where what happens at a client is sent to, and how far that has come."""

    url = fields.TextField()
    kinds = ArrayField(element_type="text", default=["violations"])
    sealed_secret = fields.TextField()
    sealed_secret_before = fields.TextField(null=True)
    before_until = fields.DatetimeField(null=True)
    paused_at = fields.DatetimeField(null=True)
    last_sequence = fields.BigIntField()
    attempts = fields.IntField(default=0)
    next_try_at = fields.DatetimeField()
    failing_since = fields.DatetimeField(null=True)
    given_up_at = fields.DatetimeField(null=True)
    last_error = fields.TextField(default="")

    class Meta:
        """The table's name."""

        table = "webhooks"


class WebhookChange(TenantModel):
    """A change of the trail that a webhook has not been sent yet; the row has the change's id."""

    webhook_id = fields.UUIDField()
    kind = fields.TextField()

    class Meta:
        """The table's name."""

        table = "webhook_changes"


class WebhookDelivery(TenantModel):
    """What became of one sending."""

    webhook_id = fields.UUIDField()
    kind = fields.TextField()
    message_id = fields.TextField()
    events = fields.IntField()
    error = fields.TextField()
    milliseconds = fields.IntField()

    class Meta:
        """The table's name."""

        table = "webhook_deliveries"


class AdminEvent(StrictModel):
    """The append-only record of one administrative change."""

    id = fields.UUIDField(primary_key=True)
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    at = fields.DatetimeField()
    actor_id = fields.UUIDField(null=True)
    actor_role = fields.TextField()
    action = fields.TextField()
    subject_kind = fields.TextField()
    subject_id = fields.TextField()
    reason = fields.TextField(default="")
    details: Any = fields.JSONField()

    class Meta:
        """The table's name."""

        table = "admin_events"
