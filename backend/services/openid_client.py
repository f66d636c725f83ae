"""Asks OpenID providers: their discovery document, their keys, and for an ID token."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import structlog

from backend.core.errors import Unavailable
from backend.core.openid import Claims, Flow, UnknownKey, Untrusted, claims_of
from backend.core.outside import Failed, Outside, Refused, web_address
from backend.core.recent import Recent

KEPT_SECONDS: Final = 600
KEYS_AGAIN_SECONDS: Final = 60
"""Keys may be replaced at any time; more often than this nobody makes us look."""
_MOST: Final = 1000
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Registration:
    """Who we are at a provider."""

    issuer: str
    client_id: str
    secret: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What a provider publishes, and when we looked."""

    document: Mapping[str, Any]
    keys: Mapping[str, Any]
    at: float


class OpenIdClient:
    """Speaks OpenID Connect with any provider; remembers what each publishes for ten minutes."""

    def __init__(self, outside: Outside, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._outside = outside
        self._monotonic = monotonic
        self._known: Recent[str, _Known] = Recent(_MOST)

    async def authorization_url(self, at: Registration, flow: Flow, redirect_uri: str) -> str:
        """Return where the browser is sent to sign in. Raise Unavailable."""
        try:
            document = (await self._published(at.issuer)).document
            endpoint = str(document["authorization_endpoint"])
            web_address(endpoint)
        except (Refused, Failed, KeyError) as error:
            raise _away(error) from None
        return flow.authorization_url(endpoint, at.client_id, redirect_uri)

    async def claims(
        self, at: Registration, flow: Flow, code: str, redirect_uri: str, now: datetime
    ) -> Claims:
        """Exchange a code for who somebody is. Raise Untrusted, Unavailable."""
        try:
            known = await self._published(at.issuer)
            token = await self._token(at, known.document, flow, code, redirect_uri)
            expected = at.issuer, at.client_id, flow.nonce
            try:
                return claims_of(token, known.keys, expected, now)
            except UnknownKey:
                keys = await self._keys_again(at.issuer, known)
                return claims_of(token, keys, expected, now)
        except (Refused, Failed, KeyError) as error:
            raise _away(error) from None

    async def _published(self, issuer: str) -> _Known:
        known = self._known.get(issuer)
        if known is not None and self._monotonic() < known.at + KEPT_SECONDS:
            return known
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        document = await self._outside.get_json(address)
        if document.get("issuer") != issuer:
            raise Failed("another issuer")
        return await self._remember(issuer, document)

    async def _keys_again(self, issuer: str, known: _Known) -> Mapping[str, Any]:
        if self._monotonic() < known.at + KEYS_AGAIN_SECONDS:
            return known.keys
        return (await self._remember(issuer, known.document)).keys

    async def _remember(self, issuer: str, document: Mapping[str, Any]) -> _Known:
        keys = await self._outside.get_json(str(document["jwks_uri"]))
        known = _Known(document, keys, self._monotonic())
        self._known.keep(issuer, known)
        return known

    async def _token(
        self,
        at: Registration,
        document: Mapping[str, Any],
        flow: Flow,
        code: str,
        redirect_uri: str,
    ) -> str:
        fields = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri,
            "code_verifier": flow.verifier,
        }  # fmt: skip
        methods = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        login = None
        if "client_secret_basic" in methods:  # RFC 6749, section 2.3.1: both are form-encoded
            login = quote(at.client_id, safe=""), quote(at.secret, safe="")
        else:
            fields |= {"client_id": at.client_id, "client_secret": at.secret}
        answer = await self._outside.post_form(str(document["token_endpoint"]), fields, login)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise Untrusted("no ID token")
        return token


def _away(error: Exception) -> Unavailable:
    _log.warning("identity_provider_failed", kind=type(error).__name__, what=str(error)[:40])
    return Unavailable(
        "Your organisation's sign-in did not answer as it should, so nobody was signed in. Try "
        "again in a minute, or sign in with your password; if it goes on, tell your administrator.",
        retry_after_seconds=30,
    )
