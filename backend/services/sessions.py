"""Sign-ins that stay: rotating refresh tokens with reuse detection, short access tokens."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from backend.core import proofs
from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Unauthenticated
from backend.core.identifiers import uuid7
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.core.signing import KeyRing
from backend.core.tokens import ACCESS_SECONDS, AccessTokens, RefreshToken
from backend.services.ended_sessions import EndedSessions

GRACE: Final = timedelta(seconds=10)
IDLE: Final = {"user": timedelta(hours=12), "device": timedelta(days=90)}
STAFF: Final = frozenset({Role.SUPER_ADMIN, Role.MSP_ADMIN, Role.MSP_TECHNICIAN})
LONGEST: Final = {"user": timedelta(days=7), "device": timedelta(days=3650)}
OPEN_ACCOUNT: Final = (
    "u.status = 'active'"
    " AND NOT EXISTS (SELECT FROM clients c WHERE c.tenant_id = u.client_id"
    " AND c.status IN ('archived', 'offboarded'))"
)
"""A suspended client or MSP reads on and its browsers go on; the database refuses every change."""
_OWNER: Final = f"SELECT u.* FROM users u WHERE u.tenant_id = $1 AND u.id = $2 AND {OPEN_ACCOUNT}"  # noqa: S608 -- constants


@dataclass(frozen=True, slots=True)
class Bound:
    """The browser a session belongs to, and the thumbprint of its key where it has one."""

    device_id: UUID
    key_thumbprint: str | None
    is_revoked: bool = False


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh pair of tokens and whom they speak for."""

    access_token: str
    refresh_token: str
    expires_in: int
    principal: Principal
    email: str
    display_name: str


class Sessions:
    """Starts, renews and ends sessions."""

    def __init__(self, database: Database, keys: KeyRing, clock: Clock) -> None:
        self._database = database
        self._keys = keys
        self._clock = clock
        self._access = AccessTokens(keys.access_tokens)
        self._ended = EndedSessions()

    def principal_of(self, access_token: str, proved: str | None = None) -> Principal:
        """Return who an access token speaks for. Raise Unauthenticated.

        `proved` is the thumbprint of the key the caller has proved to hold: the token of a browser
        that has one is worth nothing without it.
        """
        principal = self._access.verify(access_token, self._clock.now())
        if principal.key_thumbprint is not None and principal.key_thumbprint != proved:
            raise proofs.required()
        if principal.session_id in self._ended:
            raise _ended()
        return principal

    def forget(self, session_id: UUID) -> None:
        """Refuse a session's access tokens at once; other processes do so when they are told."""
        self._ended.add(session_id, self._clock.now())

    async def stepped_up(self, connection: Connection, principal: Principal) -> str:
        """Note that a second factor was shown just now; return an access token that says so."""
        now = self._clock.now()
        await connection.execute(
            "UPDATE sessions SET factor_shown_at = $3 WHERE tenant_id = $1 AND id = $2",
            principal.tenant_id, principal.session_id, now,
        )  # fmt: skip
        return self._access.issue(replace(principal, stepped_up_at=int(now.timestamp())), now)

    def is_ended(self, session_id: UUID) -> bool:
        """Return whether a session's access tokens are refused already."""
        return session_id in self._ended

    async def start(
        self,
        connection: Connection,
        user: Any,
        browser: Bound | None = None,
        agent: str = "",
        *,
        is_multi_factor: bool = False,
        is_shown: bool = False,
    ) -> SignedIn:
        """Write a session of a row of `users` inside the caller's scope; return its tokens.

        `agent` says in a few words where it was started, so that its owner knows it again;
        `is_multi_factor` that a second factor was shown to a provider that is trusted with it;
        `is_shown` that one of ours was shown just now.
        """
        now = self._clock.now()
        shown_at = now if is_shown else None
        principal = as_principal(
            user, uuid7(), browser, is_multi_factor=is_multi_factor, shown_at=shown_at
        )
        await connection.execute(
            "INSERT INTO sessions (tenant_id, id, msp_id, user_id, device_id, counter, rotated_at,"
            " last_used_at, expires_at, agent, is_multi_factor, factor_shown_at)"
            " VALUES ($1, $2, $3, $4, $5, 0, $6, $6, $7, $8, $9, $10)",
            principal.tenant_id, principal.session_id, principal.msp_id, principal.user_id,
            principal.device_id, now, now + LONGEST[principal.kind], agent,
            is_multi_factor, shown_at,
        )  # fmt: skip
        return self._signed_in(principal, user, 0)

    async def refresh(self, refresh_token: str, proved: str | None = None) -> SignedIn:
        """Exchange a refresh token for the next pair.

        A token used twice ends the whole session: somebody else holds it. The immediate parent is
        forgiven for ten seconds, because answers get lost on the way. Who cannot prove to hold the
        key of the browser it belongs to changes nothing by it.
        """
        given = RefreshToken.parse(refresh_token, self._keys.refresh_key)
        now = self._clock.now()
        async with self._database.scoped(Scope.sign_in()) as connection:
            session = await connection.fetchrow(
                "SELECT * FROM sessions WHERE tenant_id = $1 AND id = $2 FOR UPDATE",
                given.tenant_id, given.session_id,
            )  # fmt: skip
            browser = await _browser(connection, session)
            if browser is not None and browser.key_thumbprint not in {None, proved}:
                raise proofs.required()
            if browser is not None and await _is_archived(connection, given.tenant_id):
                raise _archived()  # its sign-in stays: the client may be made active again
            user = await self._owner(connection, session, browser, now)
            counter = self._next_counter(session, given.counter, now) if user else None
            if counter is not None:
                await connection.execute(
                    "UPDATE sessions SET counter = $3, last_used_at = $4, rotated_at = CASE WHEN"
                    " counter < $3 THEN $4 ELSE rotated_at END WHERE tenant_id = $1 AND id = $2",
                    given.tenant_id, given.session_id, counter, now,
                )  # fmt: skip
            elif session is not None:
                await _revoke(connection, given, "reused" if user else "expired")
        # Decided inside, raised outside: raising inside would roll the revocation back.
        if session is None or user is None or counter is None:
            self.forget(given.session_id)
            raise _revoked() if browser is not None and browser.is_revoked else _ended()
        principal = as_principal(
            user, given.session_id, browser, is_multi_factor=session["is_multi_factor"],
            shown_at=session["factor_shown_at"],
        )  # fmt: skip
        return self._signed_in(principal, user, counter)

    async def end(self, refresh_token: str) -> None:
        """Sign out; a token that means nothing changes nothing."""
        given = RefreshToken.parse(refresh_token, self._keys.refresh_key)
        async with self._database.scoped(Scope.sign_in()) as connection:
            await _revoke(connection, given, "signed out")
        self.forget(given.session_id)

    @staticmethod
    async def _owner(
        connection: Connection, session: Any, browser: Bound | None, now: datetime
    ) -> Any | None:
        """Return the row of who may still use the session."""
        if browser is not None and browser.is_revoked:
            return None
        if session is None or session["revoked_at"] is not None or session["expires_at"] <= now:
            return None
        idle = IDLE["device" if session["device_id"] else "user"]
        if session["last_used_at"] + idle <= now:
            return None
        return await connection.fetchrow(_OWNER, session["tenant_id"], session["user_id"])

    @staticmethod
    def _next_counter(session: Any, used: int, now: datetime) -> int | None:
        newest: int = session["counter"]
        if used == newest:
            return newest + 1
        is_forgiven = used == newest - 1 and session["rotated_at"] + GRACE > now
        return newest if is_forgiven else None

    def _signed_in(self, principal: Principal, user: Any, counter: int) -> SignedIn:
        refresh = RefreshToken(principal.tenant_id, principal.session_id, counter)
        return SignedIn(
            self._access.issue(principal, self._clock.now()),
            refresh.text(self._keys.refresh_key),
            ACCESS_SECONDS,
            principal,
            user["email"],
            user["display_name"],
        )


async def _browser(connection: Connection, session: Any) -> Bound | None:
    """Return whose session it is, where it is a browser's."""
    if session is None or session["device_id"] is None:
        return None
    row = await connection.fetchrow(
        "SELECT id AS device_id, key_thumbprint, revoked_at IS NOT NULL AS is_revoked"
        " FROM devices WHERE tenant_id = $1 AND id = $2",
        session["tenant_id"], session["device_id"],
    )  # fmt: skip
    return Bound(**dict(row)) if row is not None else None


async def _revoke(connection: Connection, token: RefreshToken, reason: str) -> None:
    """End a session, by the database's clock: every process watches for what ended lately."""
    await connection.execute(
        "UPDATE sessions SET revoked_at = clock_timestamp(), revoked_reason = $3"
        " WHERE tenant_id = $1 AND id = $2 AND revoked_at IS NULL",
        token.tenant_id, token.session_id, reason,
    )  # fmt: skip


async def _is_archived(connection: Connection, tenant_id: UUID) -> bool:
    return bool(
        await connection.fetchval(
            "SELECT true FROM clients WHERE tenant_id = $1"
            " AND status IN ('archived', 'offboarded')",
            tenant_id,
        )
    )


def _ended() -> Unauthenticated:
    return Unauthenticated("This sign-in has ended. Sign in again.", code="session-ended")


def _revoked() -> Unauthenticated:
    return Unauthenticated(
        "An administrator has ended the enrolment of this browser. Enrol it again with a new code.",
        code="browser-revoked",
    )


def _archived() -> Unauthenticated:
    return Unauthenticated(
        "This client is archived, so its browsers are no longer looked after. Ask the service "
        "provider.",
        code="client-archived",
    )


def as_principal(
    user: Any,
    session_id: UUID,
    browser: Bound | None = None,
    *,
    is_multi_factor: bool = False,
    shown_at: datetime | None = None,
) -> Principal:
    """Return the principal of a row of `users`; with a browser it is that which calls."""
    return Principal(
        kind="device" if browser else "user",
        user_id=user["id"],
        device_id=browser.device_id if browser else None,
        msp_id=user["msp_id"],
        tenant_id=user["tenant_id"],
        client_id=user["client_id"],
        role=Role.DEVICE if browser else Role(user["role"]),
        session_id=session_id,
        is_limited=browser is None and not is_multi_factor and _lacks_second_factor(user),
        stepped_up_at=int(shown_at.timestamp()) if shown_at else None,
        key_thumbprint=browser.key_thumbprint if browser else None,
    )


def _lacks_second_factor(user: Any) -> bool:
    """Return whether somebody needs a second factor, as staff of an MSP do, and has none."""
    if user["totp_secret"] is not None or user["second_factor"] == "waived":
        return False
    return user["second_factor"] == "required" or user["role"] in STAFF
