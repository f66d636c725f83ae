"""Second factors: one-time codes of an authenticator app (RFC 6238), and recovery codes."""

import base64
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

import segno

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Conflict, InvalidInput, Unauthenticated
from backend.core.identifiers import uuid7
from backend.core.passwords import Passwords, totp_step
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.core.sealing import opened, sealed
from backend.core.signing import KeyRing
from backend.core.throttle import Throttle
from backend.services.enrolment_codes import code_hash, new_code
from backend.services.mail_texts import DEFAULT
from backend.services.mails import Mails
from backend.services.sessions import STAFF, Sessions

SECRET_BYTES: Final = 20
"""As long as the hash function's output (RFC 4226, section 4, R6)."""
RECOVERY_CODES: Final = 10
ISSUER: Final = "Quillgate"


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret to put into an authenticator app; it holds once a code of it was confirmed."""

    secret: str
    uri: str
    picture: str
    """The address as a QR code, in SVG."""


@dataclass(frozen=True, slots=True)
class FactorState:
    """What somebody has, and whether they may be without."""

    is_in_force: bool
    is_needed: bool
    codes_left: int
    has_password: bool
    """Who came in through a provider may have none yet."""
    is_waived: bool
    """In a demonstration: the password stands in for a code."""


class SecondFactors:
    """Sets second factors up, checks them, and takes them away."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        sessions: Sessions,
        keys: KeyRing,
        clock: Clock,
        mails: Mails,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._sessions = sessions
        self._key = keys.sealing_key
        self._clock = clock
        self._mails = mails
        self._tries = Throttle(5, 60, monotonic)

    async def accepts(self, connection: Connection, user: Any, code: str) -> bool:
        """Return whether `code` is good for a row of `users`, and use it up.

        Either kind counts for one sign-in, whichever process sees it.
        """
        secret = opened(self._key, user["totp_secret"] or "", str(user["id"]))
        step = secret and totp_step(secret, code.replace(" ", ""), self._clock.now().timestamp())
        if step:
            return bool(await connection.fetchval(_USE_STEP, user["tenant_id"], user["id"], step))
        try:
            hashed = code_hash(code)
        except InvalidInput:
            return False
        used = await connection.fetchval(_USE_CODE, user["tenant_id"], user["id"], hashed)
        return used is not None

    async def state(self, principal: Principal) -> FactorState:
        """Return whether the caller has a second factor, needs one, and how many codes are left."""
        async with self._database.scoped(Scope.sign_in()) as connection:
            user = await _row(connection, principal)
            left = await connection.fetchval(_CODES_LEFT, principal.tenant_id, principal.user_id)
        return FactorState(
            user["totp_secret"] is not None, _needs(user), left, user["password_hash"] is not None,
            user["second_factor"] == "waived",
        )  # fmt: skip

    async def offer(self, principal: Principal, password: str, code: str = "") -> Offer:
        """Return a new secret to confirm. Raise Unauthenticated for a wrong password, or TooMany.

        One that is in force stays in force until then, and only who shows a `code` of it, or a
        recovery code, gets another: a stolen password and sign-in are not enough.
        """
        user = await self.checked(principal, password)
        secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
        async with self._replacing(principal, user, code) as connection:
            await connection.execute(
                _OFFER, principal.tenant_id, principal.user_id,
                sealed(self._key, secret, str(principal.user_id)), user["totp_secret"],
            )  # fmt: skip
        uri = _uri(secret, user["email"])
        return Offer(secret, uri, segno.make(uri, error="m").svg_inline(scale=4, border=4))

    async def confirm(
        self, principal: Principal, code: str, language: str = DEFAULT
    ) -> tuple[str, ...]:
        """Put the offered secret in force; return recovery codes, shown this once.

        Raise Conflict when nothing was offered, Unauthenticated for a wrong code.
        """
        self._count(principal)
        async with self._database.scoped(Scope.sign_in()) as connection:
            user = await _row(connection, principal)
            secret = opened(self._key, user["totp_pending"] or "", str(user["id"]))
            if secret is None:
                raise Conflict(
                    "There is no secret to confirm. Ask for one first, put it into your "
                    "authenticator app, and send a code of it."
                )
            step = totp_step(secret, code.replace(" ", ""), self._clock.now().timestamp())
            if step is None:
                raise _wrong_code()
            await connection.execute(_PUT_IN_FORCE, user["tenant_id"], user["id"], step)
            codes = await _new_codes(connection, principal)
            await self._mails.notify(connection, user, "second_factor_changed", language)
        self._tries.give_back(str(principal.user_id))
        return codes

    async def renew_codes(self, principal: Principal, code: str) -> tuple[str, ...]:
        """Return new recovery codes instead of all old ones. Raise Unauthenticated."""
        async with self._shown(principal, code) as connection:
            return await _new_codes(connection, principal)

    async def remove(
        self, principal: Principal, password: str, code: str, language: str = DEFAULT
    ) -> None:
        """Go back to a password alone. Raise Conflict for people whose role needs more."""
        user = await self.checked(principal, password)
        if _needs(user):
            raise Conflict(
                "Your role needs a second factor, so it cannot be taken away. To use another "
                "device, set up a new one: the old one then ends."
            )
        async with self._shown(principal, code) as connection:
            await connection.execute(_TAKE_AWAY, principal.tenant_id, principal.user_id)
            await connection.execute(_FORGET_CODES, principal.tenant_id, principal.user_id)
            await self._mails.notify(connection, user, "second_factor_changed", language)

    async def step_up(self, principal: Principal, code: str) -> str:
        """Return an access token with which the next minutes may do what needs a second look.

        Where the second factor is waived the password is the code. Raise Unauthenticated for a
        wrong one, Conflict without a second factor, TooMany.
        """
        state = await self.state(principal)
        if state.is_waived and not state.is_in_force:
            await self.checked(principal, code)
            async with self._database.scoped(Scope.sign_in()) as connection:
                return await self._sessions.stepped_up(connection, principal)
        async with self._shown(principal, code) as connection:
            return await self._sessions.stepped_up(connection, principal)

    def _replacing(
        self, principal: Principal, user: Any, code: str
    ) -> AbstractAsyncContextManager[Connection]:
        """Give a transaction to somebody who has no second factor, or shows the one they have."""
        if user["totp_secret"] is None:
            return self._database.scoped(Scope.sign_in())
        return self._shown(principal, code)

    @contextlib.asynccontextmanager
    async def _shown(self, principal: Principal, code: str) -> AsyncIterator[Connection]:
        """Give a transaction to somebody who shows a code that is right."""
        self._count(principal)
        async with self._database.scoped(Scope.sign_in()) as connection:
            user = await _row(connection, principal)
            if user["totp_secret"] is None:
                raise Conflict(
                    "You have no second factor yet. Set one up at /api/v1/auth/totp and try again.",
                    code="second-factor-missing",
                )
            if not await self.accepts(connection, user, code):
                raise _wrong_code()
            yield connection
        self._tries.give_back(str(principal.user_id))

    async def checked(self, principal: Principal, password: str) -> Any:
        """Return the caller's row of `users`. Raise Unauthenticated for a wrong password."""
        self._count(principal)
        async with self._database.scoped(Scope.sign_in()) as connection:
            user = await _row(connection, principal)
        if not await self._passwords.is_right(user["password_hash"], password):
            raise Unauthenticated(
                "The password is wrong. Check it and try again.", code="wrong-credentials"
            )
        self._tries.give_back(str(principal.user_id))
        return user

    def _count(self, principal: Principal) -> None:
        self._tries.take(str(principal.user_id), "Too many tries went wrong.")


async def _row(connection: Connection, principal: Principal) -> Any:
    row = await connection.fetchrow(
        "SELECT * FROM users WHERE tenant_id = $1 AND id = $2 AND status = 'active' FOR UPDATE",
        principal.tenant_id, principal.user_id,
    )  # fmt: skip
    if row is None:
        raise Unauthenticated("This account is no longer active. Ask your administrator.")
    return row


def _needs(user: Any) -> bool:
    return user["second_factor"] == "required" or (
        user["role"] in STAFF and user["second_factor"] != "waived"
    )


async def _new_codes(connection: Connection, principal: Principal) -> tuple[str, ...]:
    codes = tuple(new_code() for _ in range(RECOVERY_CODES))
    await connection.execute(_FORGET_CODES, principal.tenant_id, principal.user_id)
    await connection.executemany(
        "INSERT INTO recovery_codes (tenant_id, id, msp_id, user_id, code_hash)"
        " VALUES ($1, $2, $3, $4, $5)",
        [
            (principal.tenant_id, uuid7(), principal.msp_id, principal.user_id, code_hash(code))
            for code in codes
        ],
    )
    return codes


def _uri(secret: str, email: str) -> str:
    """Return the address authenticator apps read (Key Uri Format)."""
    label = quote(f"{ISSUER}:{email}")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"


def _wrong_code() -> Unauthenticated:
    return Unauthenticated(
        "The code is wrong or was used before. Wait for the next one and try again.",
        code="wrong-code",
    )


_USE_STEP: Final = """
UPDATE users SET totp_last_step = $3
WHERE tenant_id = $1 AND id = $2 AND coalesce(totp_last_step, -1) < $3 RETURNING true
"""
_USE_CODE: Final = """
UPDATE recovery_codes SET used_at = clock_timestamp()
WHERE tenant_id = $1 AND user_id = $2 AND code_hash = $3 AND used_at IS NULL RETURNING id
"""
_CODES_LEFT: Final = """
SELECT count(*) FROM recovery_codes WHERE tenant_id = $1 AND user_id = $2 AND used_at IS NULL
"""
# Not where a factor came into force meanwhile: nobody showed that one.
_OFFER: Final = """
UPDATE users SET totp_pending = $3
WHERE tenant_id = $1 AND id = $2 AND totp_secret IS NOT DISTINCT FROM $4
"""
_PUT_IN_FORCE: Final = """
UPDATE users SET totp_secret = totp_pending, totp_pending = NULL, totp_last_step = $3
WHERE tenant_id = $1 AND id = $2
"""
_TAKE_AWAY: Final = """
UPDATE users SET totp_secret = NULL, totp_pending = NULL, totp_last_step = NULL
WHERE tenant_id = $1 AND id = $2
"""
_FORGET_CODES: Final = """
UPDATE recovery_codes SET used_at = clock_timestamp()
WHERE tenant_id = $1 AND user_id = $2 AND used_at IS NULL
"""
