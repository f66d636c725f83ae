"""OpenID Connect Core 1.0, the relying party's part: what is sent, and what an ID token must be."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

ALGORITHMS: Final = ("RS256", "PS256", "ES256", "EdDSA")
LONGEST_TOKEN: Final = 16 * 1024
LONGEST_SUBJECT: Final = 255
LEEWAY_SECONDS: Final = 60
OLDEST_SECONDS: Final = 600
_SMALLEST_RSA_BITS: Final = 2048


class Untrusted(Exception):
    """An ID token that is not good for us; the message says what, never its content."""


class UnknownKey(Untrusted):
    """Signed with a key the provider has not published, or not when we last looked."""


@dataclass(frozen=True, slots=True)
class Flow:
    """The secrets of one sign-in, kept by the browser that began it, sealed."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Flow":
        """Make them: 256 random bits each."""
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    @property
    def challenge(self) -> str:
        """What is sent of the verifier (RFC 7636, S256)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def authorization_url(self, endpoint: str, client_id: str, redirect_uri: str) -> str:
        """Return where the browser is sent."""
        asked = {
            "response_type": "code", "client_id": client_id, "redirect_uri": redirect_uri,
            "scope": "openid email", "state": self.state, "nonce": self.nonce,
            "code_challenge": self.challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"


@dataclass(frozen=True, slots=True)
class Claims:
    """Who somebody is at the provider. An address that is not verified is left out."""

    subject: str
    email: str | None
    is_multi_factor: bool


def claims_of(
    token: str,
    keys: Mapping[str, Any],
    expected: tuple[str, str, str],
    now: datetime,
) -> Claims:
    """Return what an ID token says. Raise Untrusted, or UnknownKey when keys may be out of date.

    `expected` is issuer, client id and nonce.
    """
    issuer, client_id, nonce = expected
    if len(token) > LONGEST_TOKEN:
        raise Untrusted("too long")
    try:
        header = jwt.get_unverified_header(token)
        algorithm = header.get("alg")
        if algorithm not in ALGORITHMS or "crit" in header:
            raise Untrusted("algorithm")
        key = _key_for(keys, header)
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=[algorithm],
            options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"], "verify_aud": False,
                     "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )  # fmt: skip
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError):
        raise Untrusted("signature") from None
    _refuse_foreign(claims, issuer, client_id, nonce)
    _refuse_untimely(claims, now.timestamp())
    return _claims(claims)


def _key_for(keys: Mapping[str, Any], header: Mapping[str, Any]) -> Any:
    """Return the one published key a token names. Raise UnknownKey."""
    published = keys.get("keys")
    fitting = [
        one for one in published if isinstance(one, dict) and _fits(one, header)
    ] if isinstance(published, list) else []  # fmt: skip
    if len(fitting) != 1:
        raise UnknownKey("key")
    key = jwt.PyJWK(fitting[0], algorithm=header["alg"]).key
    if isinstance(key, RSAPublicKey) and key.key_size < _SMALLEST_RSA_BITS:
        raise Untrusted("key too small")
    return key


def _fits(key: Mapping[str, Any], header: Mapping[str, Any]) -> bool:
    kinds = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
    return (
        key.get("kty") == kinds[header["alg"]]
        and key.get("use", "sig") == "sig"
        and "verify" in key.get("key_ops", ["verify"])
        and key.get("alg", header["alg"]) == header["alg"]
        and ("kid" not in header or key.get("kid") == header["kid"])
    )


def _refuse_foreign(claims: Mapping[str, Any], issuer: str, client_id: str, nonce: str) -> None:
    if claims["iss"] != issuer:
        raise Untrusted("issuer")
    if claims["aud"] not in (client_id, [client_id]) or claims.get("azp", client_id) != client_id:
        raise Untrusted("audience")
    given = claims["nonce"]
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise Untrusted("nonce")


def _refuse_untimely(claims: Mapping[str, Any], now: float) -> None:
    issued, expires = claims["iat"], claims["exp"]
    begins = claims.get("nbf", issued)
    if any(type(one) not in {int, float} for one in (issued, expires, begins)):
        raise Untrusted("times")
    if expires <= now - LEEWAY_SECONDS or issued < now - OLDEST_SECONDS:
        raise Untrusted("too old")
    if max(issued, begins) > now + LEEWAY_SECONDS:
        raise Untrusted("too early")


def _claims(claims: Mapping[str, Any]) -> Claims:
    subject, email, methods = claims["sub"], claims.get("email"), claims.get("amr", [])
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or "\0" in subject:
        raise Untrusted("subject")
    is_verified = claims.get("email_verified") is True and isinstance(email, str)
    return Claims(
        subject,
        str(email).strip().lower() if is_verified else None,
        isinstance(methods, list) and "mfa" in methods,  # RFC 8176
    )
