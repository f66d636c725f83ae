"""Access tokens (JWT, EdDSA, five minutes) and refresh tokens (a signed counter)."""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import jwt

from backend.core.errors import Unauthenticated
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.recent import Recent
from backend.core.signing import SigningKey

ACCESS_SECONDS: Final = 300
LONGEST_TOKEN: Final = 4096
MOST_REMEMBERED: Final = 4096
ISSUER: Final = "quillgate"
AUDIENCE: Final = "quillgate-api"
_TYPE: Final = "at+jwt"
_SKEW_SECONDS: Final = 60
_REQUIRED: Final = ("exp", "iat", "iss", "aud", "sub", "sid", "jti", "tid", "mid", "role")
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class AccessTokens:
    """Makes and verifies the tokens every call carries (RFC 7519, RFC 9068)."""

    def __init__(self, key: SigningKey) -> None:
        self._key = key
        self._header = {"alg": "EdDSA", "typ": _TYPE, "kid": key.key_id}
        self._verified: Recent[str, _Verified] = Recent(MOST_REMEMBERED)

    def issue(self, principal: Principal, now: datetime) -> str:
        """Return a token for `principal`, good for five minutes from `now`."""
        issued = int(now.timestamp())
        claims: dict[str, Any] = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": str(principal.user_id), "iat": issued,
            "exp": issued + ACCESS_SECONDS, "jti": str(uuid7()), "sid": str(principal.session_id),
            "tid": str(principal.tenant_id), "mid": str(principal.msp_id),
            "role": str(principal.role),
            "cid": str(principal.client_id) if principal.client_id else None,
            "did": str(principal.device_id) if principal.device_id else None,
        }  # fmt: skip
        if principal.is_limited:
            claims["lim"] = True
        if principal.stepped_up_at is not None:
            claims["sup"] = principal.stepped_up_at
        if principal.key_thumbprint is not None:
            claims["cnf"] = {"jkt": principal.key_thumbprint}  # RFC 9449, section 6
        return jwt.encode(claims, self._key.private, algorithm="EdDSA", headers=self._header)

    def verify(self, token: str, now: datetime) -> Principal:
        """Return who the token speaks for. Raise Unauthenticated for anything but our own token.

        The signature of one token is checked once; its times are looked at every time.
        """
        known = self._verified.get(token)
        if known is None:
            known = self._checked(token)
            self._verified.keep(token, known)
        known.refuse_untimely(now)
        return known.principal

    def _checked(self, token: str) -> "_Verified":
        """Take a token apart. PyJWT leaves length, header, names that come twice and types open."""
        if len(token) > LONGEST_TOKEN or not _SHAPE.fullmatch(token):
            raise _refused()
        try:
            header, claims_part, _ = token.split(".")
            _only_once(claims_part)
            if _only_once(header) != self._header:
                raise _refused()
            claims = jwt.decode(
                token, self._key.public, algorithms=["EdDSA"], issuer=ISSUER, audience=AUDIENCE,
                options={"require": list(_REQUIRED), "verify_exp": False, "verify_iat": False,
                         "strict_aud": True},
            )  # fmt: skip
            return _Verified.of(claims)
        except (jwt.PyJWTError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise _refused() from None


@dataclass(frozen=True, slots=True)
class _Verified:
    """Who a token of ours speaks for, and when: whole seconds since 1970."""

    principal: Principal
    issued: int
    expires: int

    @classmethod
    def of(cls, claims: dict[str, Any]) -> "_Verified":
        """Read verified claims. Raise ValueError, KeyError or TypeError for what is not ours."""
        issued, expires = claims["iat"], claims["exp"]
        if type(issued) is not int or type(expires) is not int:
            raise TypeError("times are whole seconds")
        if expires - issued > ACCESS_SECONDS:
            raise ValueError("for too long")
        return cls(_principal(claims), issued, expires)

    def refuse_untimely(self, now: datetime) -> None:
        """Raise Unauthenticated before and after its time."""
        if self.issued > now.timestamp() + _SKEW_SECONDS:
            raise _refused()
        if self.expires <= now.timestamp():
            raise Unauthenticated(
                "The access token has expired. Refresh it and send the request again.",
                code="token-expired",
            )


def _principal(claims: dict[str, Any]) -> Principal:
    device_id, client_id = claims.get("did"), claims.get("cid")
    if device_id is not None and claims["role"] != Role.DEVICE:
        raise ValueError("a browser never has a person's role")
    return Principal(
        kind="device" if device_id else "user",
        user_id=UUID(claims["sub"]),
        device_id=UUID(device_id) if device_id else None,
        msp_id=UUID(claims["mid"]),
        tenant_id=UUID(claims["tid"]),
        client_id=UUID(client_id) if client_id else None,
        role=Role(claims["role"]),
        session_id=UUID(claims["sid"]),
        is_limited=claims.get("lim", False) is not False,
        stepped_up_at=_moment(claims.get("sup")),
        key_thumbprint=_thumbprint(claims.get("cnf")),
    )


def _moment(given: object) -> int | None:
    if given is not None and type(given) is not int:
        raise TypeError("times are whole seconds")
    return given


def _thumbprint(confirmation: Any) -> str | None:
    """Return the key a token is bound to. A claim we do not understand is never ignored."""
    if confirmation is None:
        return None
    if confirmation.keys() != {"jkt"} or not isinstance(confirmation["jkt"], str):
        raise ValueError("bound to something else")
    return str(confirmation["jkt"])


def _only_once(part: str) -> dict[str, Any]:
    """Decode a token part, refusing a name that comes twice: parsers disagree which one counts."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("duplicate name")
        return dict(pairs)

    decoded = json.loads(
        base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)), object_pairs_hook=unique
    )
    if not isinstance(decoded, dict):
        raise TypeError("not an object")
    return decoded


def _refused() -> Unauthenticated:
    return Unauthenticated("The access token is not valid here. Sign in again.")


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A session and how often it has been refreshed; signed, so no row per token is needed."""

    tenant_id: UUID
    session_id: UUID
    counter: int

    def text(self, key: bytes) -> str:
        """Return `session.tenant.counter.mac`."""
        body = f"{self.session_id.hex}.{self.tenant_id.hex}.{self.counter}"
        return f"{body}.{_mac(key, body)}"

    @classmethod
    def parse(cls, text: str, key: bytes) -> "RefreshToken":
        """Take a token apart. Raise Unauthenticated unless we signed it."""
        body, _, mac = text.rpartition(".")
        if len(text) > LONGEST_TOKEN or not hmac.compare_digest(
            _mac(key, body).encode(), mac.encode("utf-8", "replace")
        ):
            raise Unauthenticated("The refresh token is not valid here. Sign in again.")
        session, tenant, counter = body.split(".")
        return cls(UUID(tenant), UUID(session), int(counter))


def _mac(key: bytes, body: str) -> str:
    digest = hmac.new(key, body.encode("utf-8", "replace"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
