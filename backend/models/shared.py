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
    home_url = fields.TextField()
    source = fields.TextField()
    checked_on = fields.DateField()
    training = fields.TextField(default="unknown")
    baa = fields.TextField(default="unknown")
    dpa = fields.TextField(default="unknown")
    sso = fields.TextField(default="unknown")
    residency = fields.TextField(default="unknown")
    retention = fields.TextField(default="unknown")
    regions = ArrayField(element_type="text", default=list)
    plan = fields.TextField(default="")
    shared_hosts = ArrayField(element_type="text", default=list)

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
