"""Finding out who somebody is: e-mail, password, and a one-time code where the account has one."""

import hashlib
import math
from typing import Any, Final

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import TooMany, Unauthenticated
from backend.core.passwords import Passwords, totp_step
from backend.core.scope import Scope
from backend.core.throttle import Throttle
from backend.services.sessions import Sessions, SignedIn, as_principal

_MOST_ACCOUNTS: Final = 3


class Accounts:
    """Signs people in, no faster for a guesser than for the owner."""

    def __init__(
        self, database: Database, passwords: Passwords, sessions: Sessions, clock: Clock
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._sessions = sessions
        self._clock = clock
        self._per_account = Throttle(5, 60)
        self._per_address = Throttle(30, 300)
        self._used_steps: dict[str, int] = {}

    async def sign_in(self, email: str, password: str, totp: str | None, address: str) -> SignedIn:
        """Return tokens. Raise Unauthenticated, in one wording for every reason, or TooMany."""
        account = email.strip().lower()
        self._slow_down(account, address)
        user = await self._matching(account, password)
        if user is None or not self._is_second_factor(user, totp):
            raise Unauthenticated(
                "E-mail address, password or code is wrong. Check them and try again.",
                code="wrong-credentials",
            )
        async with self._database.scoped(Scope.sign_in()) as connection:
            return await self._sessions.start(connection, as_principal(user))

    async def _matching(self, account: str, password: str) -> Any | None:
        async with self._database.scoped(Scope.sign_in()) as connection:
            rows = await connection.fetch(
                "SELECT * FROM users WHERE email = $1 AND status = 'active' AND"
                " password_hash IS NOT NULL LIMIT $2",
                account, _MOST_ACCOUNTS,
            )  # fmt: skip
        for row in rows:
            if await self._passwords.is_right(row["password_hash"], password):
                return row
        if not rows:
            await self._passwords.is_right(None, password)
        return None

    def _is_second_factor(self, user: Any, code: str | None) -> bool:
        if user["totp_secret"] is None:
            return True
        step = totp_step(user["totp_secret"], code or "", self._clock.now().timestamp())
        name = str(user["id"])
        if step is None or step <= self._used_steps.get(name, -1):
            return False
        self._used_steps[name] = step
        return True

    def _slow_down(self, account: str, address: str) -> None:
        hashed = hashlib.sha256(account.encode("utf-8", "replace")).hexdigest()
        wait = max(self._per_account.wait_seconds(hashed), self._per_address.wait_seconds(address))
        if wait:
            seconds = math.ceil(wait)
            raise TooMany(
                f"Too many sign-ins were tried. Wait {seconds} seconds and try again.",
                retry_after_seconds=seconds,
            )
