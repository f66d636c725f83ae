"""What all tenants share: AI services and compliance frameworks."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from backend.models.base import StrictModel


class AiService(StrictModel):
    """An AI service people may reach, as the registry knows it."""

    id = fields.CharField(max_length=64, primary_key=True)
    name = fields.TextField()
    vendor = fields.TextField()
    hosts = ArrayField(element_type="text")
    category = fields.TextField()
    trains_on_input = fields.BooleanField(null=True)
    baa_available = fields.BooleanField(null=True)
    home_url = fields.TextField()
    source = fields.TextField()
    checked_on = fields.DateField()
    dpa_available = fields.BooleanField(null=True)
    sso = fields.BooleanField(null=True)
    residency = ArrayField(element_type="text", null=True)
    retention_days = fields.IntField(null=True)

    class Meta:
        """The table's name."""

        table = "ai_services"


class ComplianceFramework(StrictModel):
    """A set of rules an organisation must show it keeps."""

    id = fields.CharField(max_length=64, primary_key=True)
    name = fields.TextField()
    version = fields.TextField()
    source = fields.TextField()

    class Meta:
        """The table's name."""

        table = "compliance_frameworks"
