"""Forgotten passwords: the same answer to everybody, and a mail to whoever has an account."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog

from backend.core.database import Connection, Database
from backend.core.errors import Unavailable
from backend.core.password_rules import refuse_weak
from backend.core.passwords import Passwords
from backend.core.scope import Scope
from backend.core.throttle import Throttle, network_of
from backend.services.accounts import MOST_ACCOUNTS
from backend.services.api_keys import END_KEYS
from backend.services.mails import Mails, Recipient
from backend.services.one_use_links import (
    HOLDS,
    RESET,
    made_lately,
    new_link,
    owner_of,
    use,
    worthless,
)
from backend.services.sessions import OPEN_ACCOUNT

PAGE: Final = "new-password"
MOST_AN_HOUR: Final = 3
MOST_WAITING: Final = 200
_HOUR: Final = timedelta(hours=1)
_log = structlog.get_logger(__name__)


class PasswordResets:
    """Lets people choose a new password by mail."""

    def __init__(self, database: Database, passwords: Passwords, mails: Mails) -> None:
        self._database = database
        self._passwords = passwords
        self._mails = mails
        self._per_place = Throttle(10, 600)
        self._tries = Throttle(10, 60)
        self._preparing: set[asyncio.Task[None]] = set()

    def request(self, email: str, address: str, language: str) -> None:
        """See to a mail for whoever has an account with this address. Raise TooMany, Unavailable.

        Nobody waits for it, so neither the answer nor its time tells whether there is one.
        """
        self._per_place.take(network_of(address), "Too many new passwords were asked for here.")
        if len(self._preparing) >= MOST_WAITING:
            raise Unavailable("Too many people ask for a new password at this moment.")
        task = asyncio.create_task(self._prepare(email.strip().lower(), language))
        self._preparing.add(task)
        task.add_done_callback(self._preparing.discard)

    async def settle(self) -> None:
        """Wait until everything that was asked for is written."""
        await asyncio.gather(*self._preparing)

    async def confirm(self, token: str, password: str, address: str, language: str) -> str:
        """Put a new password in force, end every sign-in and API key; return whose it is.

        A second factor is asked for afterwards as ever. Raise InvalidInput, TooMany.
        """
        self._tries.take(network_of(address), "Too many links were tried.")
        user = await owner_of(self._database, token, RESET)
        refuse_weak(password, user["email"])
        hashed = await self._passwords.hashed(password)
        async with self._database.scoped(Scope.sign_in()) as connection:
            await use(connection, token, RESET)
            changed = await connection.fetchrow(_CHANGE, user["tenant_id"], user["id"], hashed)
            if changed is None:
                raise worthless()
            await connection.execute(END_KEYS, user["tenant_id"], user["id"])
            await self._mails.notify(connection, changed, "password_changed", language)
        email: str = changed["email"]
        return email

    async def _prepare(self, email: str, language: str) -> None:
        try:
            async with self._database.scoped(Scope.sign_in()) as connection:
                await self._write(connection, email, language)
        except Exception as error:  # noqa: BLE001 -- nobody waits for it; they may ask again
            _log.warning("password_reset_failed", kind=type(error).__name__)

    async def _write(self, connection: Connection, email: str, language: str) -> None:
        users = await connection.fetch(_ACCOUNTS, email, MOST_ACCOUNTS)
        for user in users:
            if await made_lately(connection, user, RESET, _HOUR) >= MOST_AN_HOUR:
                continue
            link = await new_link(connection, user, RESET)
            await self._mails.write(
                connection, Recipient.of(user), RESET, language,
                link.values(self._mails.page(PAGE)), HOLDS[RESET],
            )  # fmt: skip


# Locked, so that requests at the same moment count each other.
_ACCOUNTS: Final = (
    f"SELECT u.* FROM users u WHERE u.email = $1 AND {OPEN_ACCOUNT}"  # noqa: S608 -- constants
    " ORDER BY u.created_at, u.id LIMIT $2 FOR UPDATE OF u"
)
_CHANGE: Final = """
UPDATE users SET password_hash = $3
WHERE tenant_id = $1 AND id = $2 AND status = 'active' RETURNING *
"""
