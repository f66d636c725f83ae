"""Finding out who somebody is: e-mail, password, and a one-time code where the account has one."""

import hashlib
import math
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.errors import TooMany, Unauthenticated, Unavailable
from backend.core.passwords import Passwords, totp_step
from backend.core.scope import Scope
from backend.core.throttle import Throttle, network_of
from backend.services.sessions import OPEN_ACCOUNT, Sessions, SignedIn

_MOST_ACCOUNTS: Final = 3
_MOST_STEPS: Final = 10_000


class Accounts:
    """Signs people in, no faster for a guesser than for the owner."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        sessions: Sessions,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._sessions = sessions
        self._clock = clock
        self._per_account = Throttle(5, 60, monotonic)
        self._per_address = Throttle(30, 300, monotonic)
        self._used_steps: dict[str, int] = {}

    async def sign_in(
        self, email: str, password: str, totp: str | None, address: str, agent: str = ""
    ) -> SignedIn:
        """Return tokens. Raise Unauthenticated, in one wording for every reason, or TooMany.

        A sign-in counts before its password is looked at, so that a burst cannot slip through; the
        right password gives the try back, and so does one that could not be looked at.
        """
        account = email.strip().lower()
        tries = (
            (self._per_address, network_of(address)),
            (self._per_account, hashlib.sha256(account.encode("utf-8", "replace")).hexdigest()),
        )
        for throttle, key in tries:
            _refuse_waiting(throttle.wait_seconds(key))
        try:
            signed_in = await self._signed_in(account, password, totp, agent)
        except Unavailable:
            _give_back(tries)
            raise
        _give_back(tries)
        return signed_in

    async def _signed_in(
        self, account: str, password: str, totp: str | None, agent: str
    ) -> SignedIn:
        user = await self._matching(account, password)
        if user is None or not self._is_second_factor(user, totp):
            raise Unauthenticated(
                "E-mail address, password or code is wrong. Check them and try again.",
                code="wrong-credentials",
            )
        async with self._database.scoped(Scope.sign_in()) as connection:
            return await self._sessions.start(connection, user, agent=agent)

    async def _matching(self, account: str, password: str) -> Any | None:
        async with self._database.scoped(Scope.sign_in()) as connection:
            rows = await connection.fetch(
                f"SELECT u.* FROM users u WHERE u.email = $1 AND u.password_hash IS NOT NULL"  # noqa: S608 -- constants
                f" AND {OPEN_ACCOUNT} ORDER BY u.created_at, u.id LIMIT $2",
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
        now = self._clock.now().timestamp()
        step = totp_step(user["totp_secret"], (code or "").replace(" ", ""), now)
        name = str(user["id"])
        if step is None or step <= self._used_steps.get(name, -1):
            return False
        if len(self._used_steps) >= _MOST_STEPS:
            self._used_steps = {n: s for n, s in self._used_steps.items() if s >= step - 2}
        self._used_steps[name] = step
        return True


def _give_back(tries: Sequence[tuple[Throttle, str]]) -> None:
    for throttle, key in tries:
        throttle.give_back(key)


def _refuse_waiting(wait: float) -> None:
    if wait:
        seconds = math.ceil(wait)
        raise TooMany(
            "Too many sign-ins went wrong, so this one was not looked at. "
            f"Wait {seconds} seconds and try again.",
            retry_after_seconds=seconds,
        )
