"""The managed service providers."""

from tortoise import fields

from backend.models.base import StrictModel


class Msp(StrictModel):
    """A managed service provider, which looks after many clients."""

    id = fields.UUIDField(primary_key=True, source_field="msp_id")
    name = fields.TextField()
    slug = fields.TextField()
    status = fields.TextField(default="active")
    version = fields.IntField(default=1)
    suspended_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """The table's name."""

        table = "msps"
