"""What every table of ours has in common, and a constructor that refuses a misspelt field."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from backend.core.identifiers import uuid7


class StrictModel(Model):
    """A model that raises on unknown fields; Tortoise itself drops them without a word."""

    def __init__(self, **values: Any) -> None:
        unknown = values.keys() - self._meta.fields
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        super().__init__(**values)

    class Meta:
        """Not a table by itself."""

        abstract = True


class TenantModel(StrictModel):
    """A row of one tenant. In the database `tenant_id` is the first part of its key."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """Not a table by itself."""

        abstract = True
