"""Enrolment codes, and the browsers that use them."""

from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import proved_key, public, requires
from backend.api.context import caller_address, principal, services
from backend.api.idempotency import idempotent
from backend.api.validation import validate_request
from backend.core.errors import Unauthenticated
from backend.core.text import base64url
from backend.services.enrolment import Browser

blueprint = Blueprint("enrolment", __name__)
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Coordinate = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)")]


class CodeRequest(msgspec.Struct, forbid_unknown_fields=True):
    """For whom a code is, how often and how long it works."""

    client_id: UUID
    uses: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    expires_in_hours: Annotated[int, msgspec.Meta(ge=1, le=24 * 90)] = 24


class Code(msgspec.Struct):
    """A code, shown this once."""

    id: str
    code: str
    expires_at: str


class PublicKey(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """A public P-256 JWK (RFC 7517); a private one has more fields and is refused."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Coordinate
    y: Coordinate
    alg: Literal["ES256"] | None = None
    ext: bool | None = None
    key_ops: list[Literal["verify"]] | None = None


class DeviceRequest(msgspec.Struct, forbid_unknown_fields=True):
    """What an extension sends with a code."""

    code: Annotated[str, msgspec.Meta(max_length=64)]
    name: Short
    browser: Short
    extension_version: Annotated[str, msgspec.Meta(max_length=32)]
    public_key: PublicKey | None = None
    user_email: (
        Annotated[str, msgspec.Meta(max_length=254, pattern=r"^[^@\s]+@[^@\s]+$(?!\n)")] | None
    ) = None


class Named(msgspec.Struct):
    """An id and a name."""

    id: str
    name: str


class BundleKey(msgspec.Struct):
    """A key bundles are signed with: 32 raw bytes, base64url."""

    key_id: str
    public_key: str


class EnrolledDevice(msgspec.Struct):
    """An enrolled browser, its tokens and the keys it shall trust."""

    device_id: str
    client: Named
    user: Named
    access_token: str
    refresh_token: str
    expires_in: int
    bundle_keys: list[BundleKey]


@blueprint.post("/enrolment/codes")
@requires("device:enrol-code")
@idempotent
@validate_request(CodeRequest)
@validate_response(Code, 201)
async def create_code(data: CodeRequest) -> tuple[Code, int]:
    """Make an enrolment code for one client."""
    made = await services().enrolment.create_code(
        principal(), data.client_id, data.uses, timedelta(hours=data.expires_in_hours)
    )
    return Code(str(made.id), made.code, made.expires_at.isoformat()), 201


@blueprint.post("/enrolment/devices")
@public
@validate_request(DeviceRequest)
@validate_response(EnrolledDevice, 201)
async def enrol_device(data: DeviceRequest) -> tuple[EnrolledDevice, int]:
    """Tie an installed extension to the client of a code.

    With `public_key` comes a `DPoP` header made with that key (RFC 9449); every later call of this
    browser then needs one, and its tokens are worth nothing without the key.
    """
    browser = Browser(
        data.name,
        data.browser,
        data.extension_version,
        msgspec.to_builtins(data.public_key) if data.public_key else None,
        data.user_email,
    )
    if browser.key_thumbprint is not None and await proved_key() != browser.key_thumbprint:
        raise Unauthenticated(
            "The key of this browser came without a proof that it holds it. Send a `DPoP` header "
            "made with the same key (RFC 9449).",
            code="proof-required",
        )
    enrolled = await services().enrolment.redeem(data.code, browser, caller_address())
    key = services().keys.bundles
    return EnrolledDevice(
        device_id=str(enrolled.device_id),
        client=Named(str(enrolled.client_id), enrolled.client_name),
        user=Named(str(enrolled.user_id), enrolled.user_name),
        access_token=enrolled.signed_in.access_token,
        refresh_token=enrolled.signed_in.refresh_token,
        expires_in=enrolled.signed_in.expires_in,
        bundle_keys=[BundleKey(key.key_id, base64url(key.public_bytes))],
    ), 201
