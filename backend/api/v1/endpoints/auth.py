"""Signing in, renewing a sign-in, signing out, and where one is signed in."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from quart import Blueprint, request
from quart_schema import validate_response

from backend.api.authentication import proved_key, public, requires
from backend.api.context import caller_address, language, principal, services
from backend.api.documentation import answers
from backend.api.validation import validate_request
from backend.core.agents import agent_of
from backend.core.permissions import Reach
from backend.services.sessions import SignedIn

blueprint = Blueprint("auth", __name__)
Token = Annotated[str, msgspec.Meta(max_length=4096)]
Code = Annotated[str, msgspec.Meta(max_length=24)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=256)]


class Credentials(msgspec.Struct, forbid_unknown_fields=True):
    """What a person signs in with."""

    email: Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
    password: Password
    totp: Code | None = None
    """A code of the authenticator app, or a recovery code."""


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


class FactorWish(msgspec.Struct, forbid_unknown_fields=True):
    """The present password, and where a second factor is in force a code of it.

    A recovery code will do for a lost device.
    """

    password: Password
    code: Code = ""


class CodeOnly(msgspec.Struct, forbid_unknown_fields=True):
    """A code of the authenticator app; where one is in force, a recovery code will do."""

    code: Code


class PasswordAndCode(msgspec.Struct, forbid_unknown_fields=True):
    """Both factors."""

    password: Password
    code: Code


class PasswordChange(msgspec.Struct, forbid_unknown_fields=True):
    """The present password and the next; with `end_api_keys` the caller's keys end as well."""

    password: Password
    new_password: Password
    end_api_keys: bool = False


class OfferShape(msgspec.Struct):
    """A secret for an authenticator app: as text, as address, and as a QR code in SVG."""

    secret: str
    uri: str
    picture: str


class RecoveryCodes(msgspec.Struct):
    """Codes that stand in for a lost device, each once. They are shown this one time."""

    recovery_codes: list[str]


class FactorShown(msgspec.Struct, forbid_unknown_fields=True):
    """A code of the authenticator app or a recovery code; of a demonstration, the password."""

    code: Password


class SteppedUp(msgspec.Struct):
    """An access token that holds a second look, and for how many seconds that counts."""

    access_token: str
    expires_in: int


class SignInShape(msgspec.Struct):
    """One sign-in that still holds; `agent` is the program it was started in."""

    id: UUID
    started_at: datetime
    last_used_at: datetime
    expires_at: datetime
    agent: str
    is_current: bool


class SignInPage(msgspec.Struct):
    """Every sign-in that still holds, newest first; there is never a further page."""

    items: list[SignInShape]
    next: str | None = None


@blueprint.post("/auth/login")
@public
@validate_request(Credentials)
@validate_response(Tokens)
async def login(data: Credentials) -> Tokens:
    """Sign a person in."""
    return Tokens.of(
        await services().accounts.sign_in(
            data.email,
            data.password,
            data.totp,
            caller_address(),
            agent_of(request.headers.get("User-Agent", "")),
        )
    )


@blueprint.post("/auth/refresh")
@public
@validate_request(RefreshRequest)
@validate_response(Tokens)
async def refresh(data: RefreshRequest) -> Tokens:
    """Exchange a refresh token for the next pair; a token used twice ends the session.

    That of a browser with a key comes with a `DPoP` header (RFC 9449, section 5).
    """
    proved = await proved_key()
    return Tokens.of(await services().sessions.refresh(data.refresh_token, proved))


@blueprint.post("/auth/logout")
@public
@validate_request(RefreshRequest)
@answers(204, "The session has ended.")
async def logout(data: RefreshRequest) -> tuple[str, int]:
    """End the session of a refresh token."""
    await services().sessions.end(data.refresh_token)
    return "", 204


@blueprint.get("/auth/sessions")
@requires("session:read", Reach.SELF)
@validate_response(SignInPage)
async def list_sessions() -> SignInPage:
    """List where the caller is signed in."""
    found = await services().own_sessions.of(principal())
    return SignInPage([msgspec.convert(one, SignInShape, from_attributes=True) for one in found])


@blueprint.delete("/auth/sessions/<uuid:session_id>")
@requires("session:revoke", Reach.SELF)
@answers(204, "The sign-in has ended, and its open sockets are closed.")
async def end_session(session_id: UUID) -> tuple[str, int]:
    """End one of the caller's own sign-ins."""
    await services().own_sessions.end(principal(), session_id)
    return "", 204


@blueprint.post("/auth/logout-everywhere")
@requires("session:revoke", Reach.SELF)
@answers(204, "Every sign-in of the caller has ended, this one too.")
async def logout_everywhere() -> tuple[str, int]:
    """End all sign-ins of the caller, on every machine."""
    await services().own_sessions.end_all(principal())
    return "", 204


@blueprint.post("/auth/password")
@requires("account:write", Reach.SELF)
@validate_request(PasswordChange)
@validate_response(Tokens)
async def change_password(data: PasswordChange) -> Tokens:
    """Change the caller's password; every sign-in ends, and this place gets a new one."""
    agent = agent_of(request.headers.get("User-Agent", ""))
    return Tokens.of(
        await services().own_password.change(
            principal(),
            data.password,
            data.new_password,
            agent,
            language(),
            ends_keys=data.end_api_keys,
        )
    )


@blueprint.post("/auth/totp")
@requires("account:write", Reach.SELF)
@validate_request(FactorWish)
@validate_response(OfferShape)
async def offer_second_factor(data: FactorWish) -> OfferShape:
    """Ask for a secret to put into an authenticator app; it holds once it is confirmed."""
    offer = await services().second_factors.offer(principal(), data.password, data.code)
    return OfferShape(offer.secret, offer.uri, offer.picture)


@blueprint.post("/auth/totp/confirm")
@requires("account:write", Reach.SELF)
@validate_request(CodeOnly)
@validate_response(RecoveryCodes)
async def confirm_second_factor(data: CodeOnly) -> RecoveryCodes:
    """Put the secret in force with a code of it. Refresh the sign-in afterwards."""
    codes = await services().second_factors.confirm(principal(), data.code, language())
    return RecoveryCodes(list(codes))


@blueprint.post("/auth/totp/remove")
@requires("account:write", Reach.SELF)
@validate_request(PasswordAndCode)
@answers(204, "The password alone is enough from now on.")
async def remove_second_factor(data: PasswordAndCode) -> tuple[str, int]:
    """Take the second factor away; roles that need one keep it."""
    await services().second_factors.remove(principal(), data.password, data.code, language())
    return "", 204


@blueprint.post("/auth/recovery-codes")
@requires("account:write", Reach.SELF)
@validate_request(CodeOnly)
@validate_response(RecoveryCodes)
async def renew_recovery_codes(data: CodeOnly) -> RecoveryCodes:
    """Exchange all recovery codes for new ones."""
    return RecoveryCodes(list(await services().second_factors.renew_codes(principal(), data.code)))


@blueprint.post("/auth/step-up")
@requires("account:write", Reach.SELF)
@validate_request(FactorShown)
@validate_response(SteppedUp)
async def step_up(data: FactorShown) -> SteppedUp:
    """Show the second factor once more, for some minutes of what needs a second look."""
    token = await services().second_factors.step_up(principal(), data.code)
    return SteppedUp(token, services().fresh_factors.minutes * 60)
