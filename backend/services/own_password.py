"""Changing one's own password."""

from backend.core.database import Database
from backend.core.errors import InvalidInput, Unauthenticated
from backend.core.password_rules import refuse_weak
from backend.core.passwords import Passwords
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.services.api_keys import END_KEYS
from backend.services.mail_texts import DEFAULT
from backend.services.mails import Mails
from backend.services.second_factors import SecondFactors
from backend.services.sessions import Sessions, SignedIn


class OwnPassword:
    """Exchanges the password of whoever calls."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        sessions: Sessions,
        second_factors: SecondFactors,
        mails: Mails,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._sessions = sessions
        self._second_factors = second_factors
        self._mails = mails

    async def change(
        self,
        principal: Principal,
        present: str,
        wanted: str,
        agent: str,
        language: str = DEFAULT,
        *,
        ends_keys: bool = False,
    ) -> SignedIn:
        """Put `wanted` in force; every sign-in ends, and a new one is returned for this place.

        API keys work on unless `ends_keys`: programs of somebody who only changes it keep going.
        Raise Unauthenticated for a wrong present password, TooMany, InvalidInput for a weak one.
        """
        user = await self._second_factors.checked(principal, present)
        refuse_weak(wanted, user["email"])
        if wanted == present:
            raise InvalidInput("The new password is the present one. Choose another.")
        hashed = await self._passwords.hashed(wanted)
        async with self._database.scoped(Scope.sign_in()) as connection:
            changed = await connection.fetchrow(
                "UPDATE users SET password_hash = $3 WHERE tenant_id = $1 AND id = $2"
                " AND password_hash = $4 AND status = 'active' RETURNING *",
                principal.tenant_id, principal.user_id, hashed, user["password_hash"],
            )  # fmt: skip
            if changed is None:
                raise Unauthenticated(
                    "Your account was changed meanwhile. Sign in again, then try once more."
                )
            if ends_keys:
                await connection.execute(END_KEYS, principal.tenant_id, principal.user_id)
            await self._mails.notify(connection, changed, "password_changed", language)
            return await self._sessions.start(connection, changed, agent=agent)
