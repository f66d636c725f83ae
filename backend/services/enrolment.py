"""Tying an installed extension to a client and a user."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import InvalidInput, NotFound, TooMany
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.core.throttle import Throttle
from backend.services.enrolment_codes import code_hash, new_code
from backend.services.sessions import Sessions, SignedIn, as_principal


@dataclass(frozen=True, slots=True)
class EnrolmentCode:
    """A code as its maker sees it, once."""

    id: UUID
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Browser:
    """What an extension says of itself when it enrols."""

    name: str
    browser: str
    extension_version: str
    public_key: dict[str, Any] | None
    user_email: str | None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrolled browser: its tokens, and whose it is."""

    device_id: UUID
    client_id: UUID
    client_name: str
    user_id: UUID
    user_name: str
    signed_in: SignedIn


class Enrolment:
    """Makes and redeems enrolment codes."""

    def __init__(self, database: Database, sessions: Sessions, clock: Clock) -> None:
        self._database = database
        self._sessions = sessions
        self._clock = clock
        self._per_address = Throttle(60, 300)

    async def create_code(
        self, principal: Principal, client_id: UUID, uses: int, lifetime: timedelta
    ) -> EnrolmentCode:
        """Make a code for `uses` browsers of one client; it is shown once and kept as a hash."""
        made = EnrolmentCode(uuid7(), new_code(), self._clock.now() + lifetime)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            if not await connection.fetchval("SELECT EXISTS (SELECT FROM clients)"):
                raise NotFound("There is no such client. Check the address and try again.")
            await connection.execute(
                "INSERT INTO enrolment_codes (tenant_id, id, msp_id, code_hash, uses_left,"
                " max_uses, expires_at, created_by) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
                client_id, made.id, principal.msp_id, code_hash(made.code), uses, made.expires_at,
                principal.user_id,
            )  # fmt: skip
        return made

    async def redeem(self, code: str, browser: Browser, address: str) -> Enrolled:
        """Use a code once. Raise InvalidInput, in one wording for every reason, or TooMany."""
        if self._per_address.wait_seconds(address):
            raise TooMany("Too many enrolment codes were tried. Wait a minute and try again.")
        hashed = code_hash(code)
        async with self._database.scoped(Scope.sign_in()) as connection:
            found = await connection.fetchrow(
                "UPDATE enrolment_codes SET uses_left = uses_left - 1 WHERE code_hash = $1 AND"
                " uses_left > 0 AND expires_at > $2 AND revoked_at IS NULL"
                " RETURNING tenant_id, msp_id",
                hashed, self._clock.now(),
            )  # fmt: skip
        if found is None:
            raise InvalidInput(
                "This enrolment code is unknown, used up or expired. "
                "Ask your administrator for a new one.",
                code="wrong-code",
            )
        scope = Scope.tenant(found["tenant_id"], found["msp_id"])
        async with self._database.scoped(scope) as connection:
            return await self._enrol(connection, found, browser)

    async def _enrol(self, connection: Connection, code: Any, browser: Browser) -> Enrolled:
        device_id, now = uuid7(), self._clock.now()
        client_name = str(await connection.fetchval("SELECT name FROM clients"))
        user = await self._user(connection, code, browser, device_id)
        key = json.dumps(browser.public_key) if browser.public_key else None
        await connection.execute(
            "INSERT INTO devices (tenant_id, id, msp_id, user_id, name, browser, extension_version,"
            " public_key, enrolled_at, last_seen_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)",
            code["tenant_id"], device_id, code["msp_id"], user["id"], browser.name,
            browser.browser, browser.extension_version, key, now,
        )  # fmt: skip
        principal = as_principal(user, device_id=device_id)
        signed_in = await self._sessions.start(connection, principal)
        return Enrolled(
            device_id,
            code["tenant_id"],
            client_name,
            user["id"],
            user["display_name"],
            signed_in,
        )

    async def _user(
        self, connection: Connection, code: Any, browser: Browser, device_id: UUID
    ) -> Any:
        """Return the person the browser belongs to, made up from the browser when not named."""
        email = (browser.user_email or f"browser-{device_id.hex[-12:]}@unnamed.invalid").lower()
        known = await connection.fetchrow("SELECT * FROM users WHERE email = $1", email)
        if known is not None:
            return known
        name = browser.user_email or f"Browser {device_id.hex[-6:]}"
        return await connection.fetchrow(
            "INSERT INTO users (tenant_id, id, msp_id, client_id, email, display_name, role)"
            " VALUES ($1, $2, $3, $1, $4, $5, 'end_user') RETURNING *",
            code["tenant_id"], uuid7(), code["msp_id"], email, name,
        )  # fmt: skip
