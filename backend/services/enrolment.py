"""Tying an installed extension to a client and a user."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from backend import models
from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import InvalidInput, Unavailable
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.core.proofs import thumbprint_of
from backend.core.scope import Scope
from backend.core.throttle import Throttle, network_of
from backend.services.clients import require_client
from backend.services.enrolment_codes import code_hash, new_code
from backend.services.seats import Seats, SeatsUsedUp, refuse_without_seat
from backend.services.sessions import Bound, Sessions, SignedIn

MOST_FAILED_TRIES: Final = 5


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

    @property
    def key_thumbprint(self) -> str | None:
        """How tokens name its key; the caller has proved to hold it."""
        return thumbprint_of(self.public_key) if self.public_key else None


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
        self._seats = Seats(database, clock)
        self._per_address = Throttle(60, 300)

    async def create_code(
        self, principal: Principal, client_id: UUID, uses: int, lifetime: timedelta
    ) -> EnrolmentCode:
        """Make a code for `uses` browsers of one client; it is shown once and kept as a hash."""
        made = EnrolmentCode(uuid7(), new_code(), self._clock.now() + lifetime)
        async with self._database.scoped(principal.scope_for(client_id)):
            await require_client()
            _ = await models.EnrolmentCode.create(
                tenant_id=client_id, id=made.id, msp_id=principal.msp_id,
                code_hash=code_hash(made.code), uses_left=uses, max_uses=uses,
                expires_at=made.expires_at, created_by=principal.user_id,
            )  # fmt: skip
        return made

    async def redeem(self, code: str, browser: Browser, address: str) -> Enrolled:
        """Use a code once. Raise InvalidInput, in one wording for every reason, or TooMany."""
        network = network_of(address)
        self._per_address.take(network, "Too many enrolment codes were wrong.")
        try:
            enrolled = await self._redeemed(code_hash(code), browser)
        except Unavailable:  # nobody looked at the code, so it was no guess
            self._per_address.give_back(network)
            raise
        self._per_address.give_back(network)
        return enrolled

    async def _redeemed(self, hashed: bytes, browser: Browser) -> Enrolled:
        found = await self._known(hashed)
        whose = Scope.tenant(found["tenant_id"], found["msp_id"])
        try:
            async with self._database.scoped(whose) as connection:
                return await self._enrol(connection, hashed, browser)
        except InvalidInput:
            await self._note_failure(hashed)
            raise
        except SeatsUsedUp:
            await self._seats.note_refusal(found["tenant_id"], found["msp_id"])
            raise

    async def _known(self, hashed: bytes) -> Any:
        async with self._database.scoped(Scope.sign_in()) as connection:
            found = await connection.fetchrow(
                "SELECT tenant_id, msp_id FROM enrolment_codes WHERE code_hash = $1", hashed
            )
        if found is None:
            raise _refused()
        return found

    async def _note_failure(self, hashed: bytes) -> None:
        async with self._database.scoped(Scope.sign_in()) as connection:
            await connection.execute(
                "UPDATE enrolment_codes SET failed_tries = failed_tries + 1"
                " WHERE code_hash = $1 AND failed_tries < $2",
                hashed, MOST_FAILED_TRIES,
            )  # fmt: skip

    async def _enrol(self, connection: Connection, hashed: bytes, browser: Browser) -> Enrolled:
        """Take one use and write the browser, or do neither."""
        code = await connection.fetchrow(
            "UPDATE enrolment_codes SET uses_left = uses_left - 1 WHERE code_hash = $1 AND"
            " uses_left > 0 AND expires_at > $2 AND revoked_at IS NULL AND failed_tries < $3"
            " RETURNING tenant_id, msp_id, CASE max_uses WHEN 1 THEN created_by END AS enrolled_by",
            hashed, self._clock.now(), MOST_FAILED_TRIES,
        )  # fmt: skip
        client = await connection.fetchrow("SELECT name FROM clients WHERE status = 'active'")
        if code is None or client is None:
            raise _refused()
        await refuse_without_seat(connection, self._clock.now())
        device_id = uuid7()
        user = await _person(connection, code, browser.user_email, device_id)
        await self._write_device(connection, user, device_id, browser, code["enrolled_by"])
        bound = Bound(device_id, browser.key_thumbprint)
        signed_in = await self._sessions.start(connection, user, bound)
        return Enrolled(
            device_id, code["tenant_id"], client["name"], user["id"], user["display_name"],
            signed_in,
        )  # fmt: skip

    async def _write_device(
        self,
        connection: Connection,
        user: Any,
        device_id: UUID,
        browser: Browser,
        enrolled_by: UUID | None,
    ) -> None:
        """Write a browser; `enrolled_by` made the code for it alone, and may have used it."""
        await connection.execute(
            "INSERT INTO devices (tenant_id, id, msp_id, user_id, name, browser, extension_version,"
            " public_key, key_thumbprint, enrolled_at, last_seen_at, enrolled_by)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)",
            user["tenant_id"], device_id, user["msp_id"], user["id"], browser.name,
            browser.browser, browser.extension_version,
            json.dumps(browser.public_key) if browser.public_key else None,
            browser.key_thumbprint, self._clock.now(), enrolled_by,
        )  # fmt: skip


async def _person(connection: Connection, code: Any, named: str | None, device_id: UUID) -> Any:
    """Return whose browser it is; who is not named gets a pseudonym made of the browser's id."""
    email = (named or f"browser-{device_id.hex[-12:]}@unnamed.invalid").lower()
    await connection.execute(
        "INSERT INTO users (tenant_id, id, msp_id, client_id, email, display_name, role)"
        " VALUES ($1, $2, $3, $1, $4, $5, 'end_user') ON CONFLICT (tenant_id, email) DO NOTHING",
        code["tenant_id"], uuid7(), code["msp_id"], email,
        named or f"Browser {device_id.hex[-6:]}",
    )  # fmt: skip
    person = await connection.fetchrow(
        "SELECT tenant_id, id, msp_id, client_id, email, display_name, role FROM users"
        " WHERE email = $1 AND status = 'active'",
        email,
    )
    if person is None:
        raise _refused()
    return person


def _refused() -> InvalidInput:
    return InvalidInput(
        "This enrolment code does not work here: it is unknown, used up, expired, or not meant for "
        "this person. Ask your administrator for a new one.",
        code="wrong-code",
    )
