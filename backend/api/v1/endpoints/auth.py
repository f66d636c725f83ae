"""Signing in, renewing a sign-in, signing out."""

from typing import Annotated

import msgspec
from quart import Blueprint
from quart_schema import validate_response

from backend.api.authentication import public
from backend.api.context import caller_address, services
from backend.api.documentation import answers
from backend.api.validation import validate_request
from backend.services.sessions import SignedIn

blueprint = Blueprint("auth", __name__)
Token = Annotated[str, msgspec.Meta(max_length=4096)]


class Credentials(msgspec.Struct, forbid_unknown_fields=True):
    """What a person signs in with."""

    email: Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=256)]
    totp: Annotated[str, msgspec.Meta(max_length=8)] | None = None


class RefreshRequest(msgspec.Struct, forbid_unknown_fields=True):
    """A refresh token to exchange or to end."""

    refresh_token: Token


class Identity(msgspec.Struct):
    """Who signed in."""

    id: str
    email: str
    display_name: str
    role: str
    msp_id: str
    client_id: str | None


class Tokens(msgspec.Struct):
    """A pair of tokens; `expires_in` is in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    user: Identity
    token_type: str = "Bearer"  # noqa: S105 -- the scheme's name (RFC 6750)

    @classmethod
    def of(cls, signed_in: SignedIn) -> "Tokens":
        """Shape a sign-in."""
        who = signed_in.principal
        return cls(
            access_token=signed_in.access_token,
            refresh_token=signed_in.refresh_token,
            expires_in=signed_in.expires_in,
            user=Identity(
                id=str(who.user_id),
                email=signed_in.email,
                display_name=signed_in.display_name,
                role=str(who.role),
                msp_id=str(who.msp_id),
                client_id=str(who.client_id) if who.client_id else None,
            ),
        )


@blueprint.post("/auth/login")
@public
@validate_request(Credentials)
@validate_response(Tokens)
async def login(data: Credentials) -> Tokens:
    """Sign a person in."""
    return Tokens.of(
        await services().accounts.sign_in(data.email, data.password, data.totp, caller_address())
    )


@blueprint.post("/auth/refresh")
@public
@validate_request(RefreshRequest)
@validate_response(Tokens)
async def refresh(data: RefreshRequest) -> Tokens:
    """Exchange a refresh token for the next pair; a token used twice ends the session."""
    return Tokens.of(await services().sessions.refresh(data.refresh_token))


@blueprint.post("/auth/logout")
@public
@validate_request(RefreshRequest)
@answers(204, "The session has ended.")
async def logout(data: RefreshRequest) -> tuple[str, int]:
    """End the session of a refresh token."""
    await services().sessions.end(data.refresh_token)
    return "", 204
