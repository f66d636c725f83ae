"""Invitations: sent with the account, sent again, withdrawn, and accepted with a password."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from backend.core.database import Connection, Database
from backend.core.errors import Conflict, TooMany
from backend.core.password_rules import refuse_weak
from backend.core.passwords import Passwords
from backend.core.permissions import Role
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.core.throttle import Throttle, network_of
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import Administering
from backend.services.granting import refuse_outranked
from backend.services.mail_texts import language_of_country
from backend.services.mails import Mails, Recipient
from backend.services.one_use_links import (
    HOLDS,
    INVITATION,
    made_lately,
    new_link,
    owner_of,
    use,
    withdraw,
)
from backend.services.whose import administered, locked_user

PAGE: Final = "invitation"
MOST_A_DAY: Final = 5
_DAY: Final = timedelta(days=1)


class Invitations:
    """Lets invited people in."""

    def __init__(self, database: Database, passwords: Passwords, mails: Mails) -> None:
        self._database = database
        self._passwords = passwords
        self._mails = mails
        self._administering = Administering(database)
        self._tries = Throttle(10, 60)

    async def invite(self, connection: Connection, user: Any) -> None:
        """Write the invitation of a row of `users`, in the transaction that wrote the person."""
        link = await new_link(connection, user, INVITATION)
        country = await connection.fetchval(
            "SELECT country FROM clients WHERE tenant_id = $1", user["tenant_id"]
        )
        await self._mails.write(
            connection, Recipient.of(user), INVITATION, language_of_country(country),
            link.values(self._mails.page(PAGE)), HOLDS[INVITATION],
        )  # fmt: skip

    async def send_again(self, principal: Principal, user_id: UUID) -> None:
        """Send a new invitation; the links of earlier ones end. Raise Conflict, TooMany."""
        principal.require("user:write")
        scope = await administered(self._database, self._administering, principal, user_id)
        async with self._database.scoped(scope) as connection:
            user = await _invited(connection, principal, user_id)
            if await made_lately(connection, user, INVITATION, _DAY) >= MOST_A_DAY:
                raise TooMany(
                    f"This person was sent {MOST_A_DAY} invitations within a day, so no other one "
                    "was sent. Check the address, or try again tomorrow.",
                    retry_after_seconds=3600,
                )
            await self.invite(connection, user)
            await _record(connection, principal, "user.invite_again", user_id)

    async def withdraw(self, principal: Principal, user_id: UUID) -> None:
        """Make the invitation worthless; the person stays as invited. Raise Conflict."""
        principal.require("user:write")
        scope = await administered(self._database, self._administering, principal, user_id)
        async with self._database.scoped(scope) as connection:
            user = await _invited(connection, principal, user_id)
            if await withdraw(connection, user["tenant_id"], user_id, INVITATION):
                await _record(connection, principal, "user.withdraw_invitation", user_id)

    async def accept(self, token: str, password: str, address: str) -> str:
        """Make an invited person active, with a password of their own; return their address.

        Raise InvalidInput for a link that does not hold or a weak password, TooMany.
        """
        self._tries.take(network_of(address), "Too many links were tried.")
        user = await owner_of(self._database, token, INVITATION)
        refuse_weak(password, user["email"])
        hashed = await self._passwords.hashed(password)
        async with self._database.scoped(Scope.sign_in()) as connection:
            await use(connection, token, INVITATION)
            accepted = await connection.fetchval(_ACCEPT, user["tenant_id"], user["id"], hashed)
            if accepted is None:
                raise Conflict(
                    "This account was changed meanwhile, so the invitation no longer fits it. Ask "
                    "your administrator.",
                    code="user-state",
                )
        email: str = user["email"]
        return email


async def _invited(connection: Connection, principal: Principal, user_id: UUID) -> Any:
    user = await locked_user(connection, user_id)
    refuse_outranked(principal, Role(user["role"]))
    if user["status"] != "invited":
        raise Conflict(
            f"This person is {user['status']} and not waiting for an invitation.",
            code="user-state",
        )
    return user


async def _record(connection: Connection, principal: Principal, action: str, user_id: UUID) -> None:
    await AdminTrail.record(connection, principal, action, Subject("user", user_id))


_ACCEPT: Final = """
UPDATE users SET status = 'active', password_hash = $3
WHERE tenant_id = $1 AND id = $2 AND status = 'invited' RETURNING id
"""
