"""Finding out who somebody is: e-mail, password, and a one-time code where the account has one."""

import hashlib
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from backend.core.database import Database
from backend.core.errors import Unauthenticated, Unavailable
from backend.core.passwords import Passwords
from backend.core.recent import Recent
from backend.core.scope import Scope
from backend.core.throttle import Throttle, network_of
from backend.services.second_factors import SecondFactors
from backend.services.sessions import OPEN_ACCOUNT, Sessions, SignedIn

MOST_ACCOUNTS: Final = 3
MOST_PLACES: Final = 50_000


class Accounts:
    """Signs people in, no faster for a guesser than for the owner."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        sessions: Sessions,
        second_factors: SecondFactors,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._sessions = sessions
        self._second_factors = second_factors
        self._per_place = Throttle(5, 60, monotonic)
        self._per_account = Throttle(100, 900, monotonic)
        self._per_address = Throttle(30, 300, monotonic)
        self._known_places: Recent[str, bool] = Recent(MOST_PLACES)

    async def sign_in(
        self, email: str, password: str, totp: str | None, address: str, agent: str = ""
    ) -> SignedIn:
        """Return tokens. Raise Unauthenticated, in one wording for every reason, or TooMany.

        A sign-in counts before its password is looked at, so that a burst cannot slip through; the
        right password gives the try back, and so does one that could not be looked at. Guesses of
        others never lock somebody out of a place they have signed in from: what is counted for the
        whole account does not count there.
        """
        account = email.strip().lower()
        network = network_of(address)
        place = _hashed(f"{account}\n{network}")
        tries = [(self._per_address, network), (self._per_place, place)]
        if not self._known_places.get(place):
            tries.append((self._per_account, _hashed(account)))
        for throttle, key in tries:
            throttle.take(key, "Too many sign-ins went wrong, so this one was not looked at.")
        try:
            signed_in = await self._signed_in(account, password, totp, agent)
        except Unavailable:
            _give_back(tries)
            raise
        _give_back(tries)
        self._known_places.keep(place, value=True)
        return signed_in

    async def _signed_in(
        self, account: str, password: str, totp: str | None, agent: str
    ) -> SignedIn:
        user = await self._matching(account, password)
        if user is None:
            raise _wrong()
        async with self._database.scoped(Scope.sign_in()) as connection:
            if user["totp_secret"] is not None and not await self._second_factors.accepts(
                connection, user, totp or ""
            ):
                raise _wrong()
            is_shown = user["totp_secret"] is not None
            return await self._sessions.start(connection, user, agent=agent, is_shown=is_shown)

    async def _matching(self, account: str, password: str) -> Any | None:
        async with self._database.scoped(Scope.sign_in()) as connection:
            rows = await connection.fetch(
                f"SELECT u.* FROM users u WHERE u.email = $1 AND u.password_hash IS NOT NULL"  # noqa: S608 -- constants
                f" AND {OPEN_ACCOUNT} ORDER BY u.created_at, u.id LIMIT $2",
                account, MOST_ACCOUNTS,
            )  # fmt: skip
        for row in rows:
            if await self._passwords.is_right(row["password_hash"], password):
                return row
        if not rows:
            await self._passwords.is_right(None, password)
        return None


def _wrong() -> Unauthenticated:
    return Unauthenticated(
        "E-mail address, password or code is wrong. Check them and try again.",
        code="wrong-credentials",
    )


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _give_back(tries: Sequence[tuple[Throttle, str]]) -> None:
    for throttle, key in tries:
        throttle.give_back(key)
