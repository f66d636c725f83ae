"""Where a client's people, or an MSP's staff, sign in: an OpenID provider of their own."""

from typing import Annotated
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import requires, requires_step_up
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.validation import validate_querystring, validate_request
from backend.services.identity_providers import Provider, WantedProvider

blueprint = Blueprint("identity_providers", __name__)
Issuer = Annotated[str, msgspec.Meta(min_length=8, max_length=500)]
ClientId = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Secret = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Domains = Annotated[
    list[Annotated[str, msgspec.Meta(min_length=3, max_length=253)]],
    msgspec.Meta(min_length=1, max_length=20),
]
BaseVersion = Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class WhoseProvider(msgspec.Struct, forbid_unknown_fields=True):
    """Of which client; without one, of the caller's own organisation."""

    client_id: UUID | None = None


class ProviderShape(msgspec.Struct):
    """A provider; its secret is never shown. People begin to sign in at `sign_in_url`."""

    tenant_id: UUID
    issuer: str
    openid_client_id: str
    domains: list[str]
    trusts_mfa: bool
    is_enabled: bool
    version: int
    sign_in_url: str


class WantedProviderShape(msgspec.Struct, forbid_unknown_fields=True):
    """What to set on top of `base_version`, 0 for the first; without `secret` that stays.

    With `trusts_mfa`, a sign-in that the provider says was made with several factors (RFC 8176,
    `mfa`) needs none of ours.
    """

    issuer: Issuer
    openid_client_id: ClientId
    domains: Domains
    base_version: BaseVersion
    secret: Secret | None = None
    trusts_mfa: bool = False
    is_enabled: bool = True
    client_id: UUID | None = None


@blueprint.get("/identity-provider")
@requires("client:read")
@validate_querystring(WhoseProvider)
@validate_response(ProviderShape)
async def show_provider(query_args: WhoseProvider) -> ProviderShape:
    """Show where people sign in."""
    return _shape(await services().identity_providers.of(principal(), query_args.client_id))


@blueprint.put("/identity-provider")
@requires("client:write")
@requires_step_up
@validate_request(WantedProviderShape)
@validate_response(ProviderShape)
async def set_provider(data: WantedProviderShape) -> ProviderShape:
    """Set where people sign in; passwords go on working beside it.

    Whoever says that may become anybody: it asks for a fresh second factor, and takes no API key.
    """
    wanted = WantedProvider(
        data.issuer, data.openid_client_id, data.secret, tuple(data.domains), data.trusts_mfa,
        data.is_enabled, data.base_version,
    )  # fmt: skip
    return _shape(await services().identity_providers.set(principal(), data.client_id, wanted))


@blueprint.delete("/identity-provider")
@requires("client:write")
@validate_querystring(WhoseProvider)
@answers(204, "Nobody signs in through a provider there any more.")
async def remove_provider(query_args: WhoseProvider) -> tuple[str, int]:
    """Forget a provider and its secret."""
    await services().identity_providers.remove(principal(), query_args.client_id)
    return "", 204


@blueprint.delete("/users/<uuid:user_id>/identity")
@requires("user:write")
@answers(204, "The person's next sign-in at the provider ties them anew.")
async def untie_user(user_id: UUID) -> tuple[str, int]:
    """Forget who somebody is at the provider, as when an address was given to somebody else."""
    await services().identity_providers.untie(principal(), user_id)
    return "", 204


def _shape(provider: Provider) -> ProviderShape:
    public_url = services().settings.public_url
    return ProviderShape(
        provider.tenant_id, provider.issuer, provider.client_id, list(provider.domains),
        provider.trusts_mfa, provider.is_enabled, provider.version,
        f"{public_url}/console/sign-in/through/{provider.tenant_id}",
    )  # fmt: skip
