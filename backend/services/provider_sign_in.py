"""Signing in through an organisation's own OpenID provider: begun, answered, a code perhaps.

Nobody is made by it: the person must be there already, is found the first time by a verified
address of the organisation's domains, and from then on by the provider's own name for them alone.
"""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import NotFound, Unauthenticated
from backend.core.openid import Claims, Flow, Untrusted
from backend.core.scope import Scope
from backend.core.sealing import opened, sealed
from backend.core.signing import KeyRing
from backend.core.throttle import Throttle, network_of
from backend.services.identity_providers import owner_of_secret
from backend.services.one_use_links import INVITATION, withdraw
from backend.services.openid_client import OpenIdClient, Registration
from backend.services.second_factors import SecondFactors
from backend.services.sessions import OPEN_ACCOUNT, Sessions, SignedIn

CALLBACK: Final = "sign-in/callback"
FLOW_HOLDS: Final = timedelta(minutes=10)
CODE_HOLDS: Final = timedelta(minutes=5)
_FLOW: Final = "openid-flow"
_PENDING: Final = "openid-pending"


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and what it keeps meanwhile."""

    url: str
    kept: str


@dataclass(frozen=True, slots=True)
class CodeNeeded:
    """The provider vouches for somebody whose second factor is ours to ask for."""

    kept: str


class ProviderSignIn:
    """Signs people in whom a provider vouches for."""

    def __init__(
        self,
        database: Database,
        client: OpenIdClient,
        sessions: Sessions,
        second_factors: SecondFactors,
        keys: KeyRing,
        clock: Clock,
        public_url: str,
    ) -> None:
        self._database = database
        self._client = client
        self._sessions = sessions
        self._second_factors = second_factors
        self._key = keys.sealing_key
        self._clock = clock
        self._redirect_uri = f"{public_url}/console/{CALLBACK}"
        self._per_place = Throttle(30, 60)
        self._codes = Throttle(5, 60)

    async def host(self, tenant_id: UUID) -> str:
        """Return at which host an organisation's people sign in. Raise NotFound."""
        at, _ = await self._registration(tenant_id)
        return urlsplit(at.issuer).hostname or at.issuer

    async def begin(self, tenant_id: UUID, address: str) -> Begun:
        """Begin a sign-in. Raise NotFound without a provider, TooMany, Unavailable."""
        self._per_place.take(network_of(address), "Too many sign-ins were begun here.")
        at, _ = await self._registration(tenant_id)
        flow = Flow.new()
        url = await self._client.authorization_url(at, flow, self._redirect_uri)
        kept = self._kept(_FLOW, FLOW_HOLDS, {**asdict(flow), "tenant": str(tenant_id)})
        return Begun(url, kept)

    async def finish(
        self, kept: str, state: str, code: str, issuer: str | None, agent: str
    ) -> SignedIn | CodeNeeded:
        """Take the provider's answer. Raise Unauthenticated in one wording, Unavailable.

        `issuer` is what RFC 9207 adds to the answer, where the provider does.
        """
        found = self._read(_FLOW, kept)
        if found is None or not code or state != found["state"]:
            raise _refused()
        tenant_id = UUID(found.pop("tenant"))
        flow = Flow(**found)
        at, row = await self._registration(tenant_id)
        if issuer not in {None, at.issuer}:
            raise _refused()
        try:
            claims = await self._client.claims(
                at, flow, code, self._redirect_uri, self._clock.now()
            )
        except Untrusted:
            raise _refused() from None
        is_trusted = claims.is_multi_factor and row["trusts_mfa"]
        async with self._database.scoped(Scope.sign_in()) as connection:
            user = await self._person(connection, row, claims)
            if user["totp_secret"] is not None and not is_trusted:
                who = {"tenant": str(tenant_id), "user": str(user["id"])}
                return CodeNeeded(self._kept(_PENDING, CODE_HOLDS, who))
            return await self._sessions.start(
                connection, user, agent=agent, is_multi_factor=is_trusted
            )

    async def finish_with_code(self, kept: str, code: str, agent: str) -> SignedIn:
        """Sign in somebody a provider has vouched for, with their own code too."""
        found = self._read(_PENDING, kept)
        if found is None:
            raise _refused()
        self._codes.take(found["user"], "Too many codes were wrong.")
        async with self._database.scoped(Scope.sign_in()) as connection:
            user = await connection.fetchrow(
                f"SELECT u.* FROM users u WHERE u.tenant_id = $1 AND u.id = $2 AND {OPEN_ACCOUNT}",  # noqa: S608 -- constants
                UUID(found["tenant"]), UUID(found["user"]),
            )  # fmt: skip
            if user is None or not await self._second_factors.accepts(connection, user, code):
                raise Unauthenticated(
                    "The code is wrong or was used before. Wait for the next one and try again.",
                    code="wrong-code",
                )
            signed_in = await self._sessions.start(connection, user, agent=agent, is_shown=True)
        self._codes.give_back(found["user"])
        return signed_in

    async def _registration(self, tenant_id: UUID) -> tuple[Registration, Any]:
        async with self._database.scoped(Scope.sign_in()) as connection:
            row = await connection.fetchrow(
                "SELECT * FROM identity_providers WHERE tenant_id = $1 AND is_enabled", tenant_id
            )
        sealed_secret = row["sealed_secret"] if row else ""
        secret = opened(self._key, sealed_secret, owner_of_secret(tenant_id))
        if row is None or secret is None:
            raise NotFound(
                "No organisation signs in through this address. Check it, or sign in with your "
                "password."
            )
        return Registration(row["issuer"], row["client_id"], secret), row

    @staticmethod
    async def _person(connection: Connection, provider: Any, claims: Claims) -> Any:
        """Return the row of `users` a provider means; tie it to them the first time."""
        tenant_id, issuer = provider["tenant_id"], provider["issuer"]
        tied = await connection.fetchval(_TIED, tenant_id, issuer, claims.subject)
        if tied is None:
            tied = await _tie(connection, provider, claims)
        user = await connection.fetchrow(_OPEN, tenant_id, tied)
        if user is None:
            raise _refused()
        return user

    def _kept(self, what: str, holds: timedelta, content: dict[str, str]) -> str:
        until = int((self._clock.now() + holds).timestamp())
        return sealed(self._key, json.dumps({**content, "until": until}), what)

    def _read(self, what: str, kept: str) -> dict[str, str] | None:
        """Return what a browser kept; None for what is not ours, of another kind, or too old."""
        text = opened(self._key, kept[:4096], what)
        found: dict[str, Any] = json.loads(text) if text else {}
        if not found or found.pop("until") <= self._clock.now().timestamp():
            return None
        return found


async def _tie(connection: Connection, provider: Any, claims: Claims) -> UUID:
    """Tie a person to their name at the provider. Raise Unauthenticated when nobody fits.

    An invited person is accepted by it: whoever vouches for the address is whom the mail went to.
    """
    email = claims.email or ""
    if email.rpartition("@")[2] not in provider["domains"]:
        raise _refused()
    user = await connection.fetchrow(_BY_EMAIL, provider["tenant_id"], email)
    if user is None:
        raise _refused()
    tied: UUID | None = await connection.fetchval(
        _TIE, user["tenant_id"], user["id"], user["msp_id"], provider["issuer"], claims.subject
    )
    if tied is None:
        raise _refused()
    if user["status"] == "invited":
        await connection.execute(_ACCEPT, user["tenant_id"], user["id"])
        await withdraw(connection, user["tenant_id"], user["id"], INVITATION)
    return tied


def _refused() -> Unauthenticated:
    return Unauthenticated(
        "Your organisation's sign-in did not lead to an account here. Perhaps it took too long, "
        "your address there is not confirmed, or nobody has made an account for it. Try once more, "
        "or ask your administrator.",
        code="provider-refused",
    )


_TIED: Final = """
SELECT user_id FROM identities WHERE tenant_id = $1 AND issuer = $2 AND subject = $3
"""
_BY_EMAIL: Final = """
SELECT * FROM users WHERE tenant_id = $1 AND email = $2 AND status IN ('active', 'invited')
FOR UPDATE
"""
_TIE: Final = """
INSERT INTO identities (tenant_id, user_id, msp_id, issuer, subject) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING RETURNING user_id
"""
_ACCEPT: Final = """
UPDATE users SET status = 'active' WHERE tenant_id = $1 AND id = $2 AND status = 'invited'
"""
_OPEN: Final = f"SELECT u.* FROM users u WHERE u.tenant_id = $1 AND u.id = $2 AND {OPEN_ACCOUNT}"  # noqa: S608 -- constants
