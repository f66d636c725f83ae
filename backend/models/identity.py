"""How people come in: mail that waits, links that hold once, providers of identities."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField

from backend.models.base import StrictModel, TenantModel


class Mail(TenantModel):
    """One mail to one person; what it says is sealed, and gone once it is sent."""

    user_id = fields.UUIDField()
    kind = fields.TextField()
    sealed = fields.TextField(null=True)
    attempts = fields.IntField(default=0)
    next_try_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)
    given_up_at = fields.DatetimeField(null=True)

    class Meta:
        """The table's name."""

        table = "mails"


class OneUseLink(TenantModel):
    """A link that somebody got by mail; only its hash is kept."""

    user_id = fields.UUIDField()
    purpose = fields.TextField()
    token_hash = fields.BinaryField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        """The table's name."""

        table = "one_use_links"


class IdentityProvider(StrictModel):
    """Where the people of one client or MSP sign in; the key is the tenant."""

    tenant_id = fields.UUIDField(primary_key=True)
    msp_id = fields.UUIDField()
    issuer = fields.TextField()
    client_id = fields.TextField()
    sealed_secret = fields.TextField()
    domains = ArrayField(element_type="text")
    trusts_mfa = fields.BooleanField(default=False)
    is_enabled = fields.BooleanField(default=True)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """The table's name."""

        table = "identity_providers"


class Identity(StrictModel):
    """Who a person is at the provider; the database's key is (tenant, user)."""

    user_id = fields.UUIDField(primary_key=True)
    tenant_id = fields.UUIDField()
    msp_id = fields.UUIDField()
    issuer = fields.TextField()
    subject = fields.TextField()
    created_at = fields.DatetimeField(auto_now_add=True)

    class Meta:
        """The table's name."""

        table = "identities"
