"""Where a client's violations are sent to: set by who administers it, signed, in their order."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.errors import Conflict, NotFound, RefusedField
from backend.core.identifiers import uuid7
from backend.core.outside import Refused, web_address
from backend.core.principal import Principal
from backend.core.sealing import sealed
from backend.core.signing import KeyRing
from backend.services.admin_trail import AdminTrail, Subject
from backend.services.administering import absent_client

MOST: Final = 5
SECRET_START: Final = "whsec_"  # noqa: S105 -- what secrets begin with


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address and how it fares; what waits for it begins behind `last_sequence`."""

    id: UUID
    client_id: UUID
    url: str
    state: str
    last_sequence: int
    attempts: int
    failing_since: datetime | None
    last_error: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An address and its secret, which is shown this once."""

    webhook: Webhook
    secret: str


class Webhooks:
    """Makes, lists, resumes and ends them."""

    def __init__(
        self, database: Database, keys: KeyRing, clock: Clock, *, allows_http: bool
    ) -> None:
        self._database = database
        self._key = keys.sealing_key
        self._clock = clock
        self._allows_http = allows_http

    async def of(self, principal: Principal, client_id: UUID) -> Sequence[Webhook]:
        """Return a client's, oldest first."""
        principal.require("webhook:write")
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            rows = await connection.fetch(f"{_COLUMNS} ORDER BY id")
        return [_webhook(row) for row in rows]

    async def create(self, principal: Principal, client_id: UUID, url: str) -> NewWebhook:
        """Send a client's violations somewhere from now on. Raise RefusedField, Conflict, NotFound.

        The address is looked at here and once more each time something is sent: what a name leads
        to may change.
        """
        principal.require("webhook:write")
        self._refuse(url)
        made, secret = uuid7(), SECRET_START + secrets.token_urlsafe(32)
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            msp_id = await connection.fetchval("SELECT msp_id FROM clients")
            if msp_id is None:
                raise absent_client()
            if await connection.fetchval("SELECT count(*) FROM webhooks") >= MOST:
                raise Conflict(f"There are {MOST} webhooks already. End one that nobody needs.")
            await connection.execute(
                _MAKE, client_id, made, msp_id, url, sealed(self._key, secret, owner_of(made)),
                self._clock.now(),
            )  # fmt: skip
            await AdminTrail.record(
                connection, principal, "webhook.create", Subject("webhook", made), url=url
            )
            webhook = await _one(connection, made)
        return NewWebhook(webhook, secret)

    async def resume(self, principal: Principal, client_id: UUID, webhook_id: UUID) -> Webhook:
        """Try again at once, from where it stopped. Raise NotFound."""
        principal.require("webhook:write")
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            await _one(connection, webhook_id)
            await connection.execute(_RESUME, webhook_id, self._clock.now())
            await AdminTrail.record(
                connection, principal, "webhook.resume", Subject("webhook", webhook_id)
            )
            return await _one(connection, webhook_id)

    async def remove(self, principal: Principal, client_id: UUID, webhook_id: UUID) -> None:
        """End one and forget its secret. Raise NotFound."""
        principal.require("webhook:write")
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            await _one(connection, webhook_id)
            await connection.execute("DELETE FROM webhooks WHERE id = $1", webhook_id)
            await AdminTrail.record(
                connection, principal, "webhook.remove", Subject("webhook", webhook_id)
            )

    def _refuse(self, url: str) -> None:
        try:
            parts = web_address(url)
        except Refused:
            raise _refused() from None
        if parts.scheme != "https" and not self._allows_http:
            raise _refused()


def owner_of(webhook_id: UUID) -> str:
    """Return what a webhook's secret is bound to."""
    return f"webhook:{webhook_id}"


async def _one(connection: Connection, webhook_id: UUID) -> Webhook:
    row = await connection.fetchrow(f"{_COLUMNS} WHERE id = $1", webhook_id)
    if row is None:
        raise NotFound("There is no such webhook. List the client's webhooks to find its id.")
    return _webhook(row)


def _webhook(row: Record) -> Webhook:
    return Webhook(**dict(row))


def _refused() -> RefusedField:
    why = "takes an https address such as https://siem.example.org/quillgate, without a login in it"
    return RefusedField(f"Nothing was changed: url {why}.", "url", why)


_COLUMNS: Final = """
SELECT id, tenant_id AS client_id, url, CASE WHEN given_up_at IS NOT NULL THEN 'given_up'
    WHEN failing_since IS NOT NULL THEN 'failing' ELSE 'working' END AS state,
    last_sequence, attempts, failing_since, last_error, created_at
FROM webhooks"""
_MAKE: Final = """
INSERT INTO webhooks (tenant_id, id, msp_id, url, sealed_secret, last_sequence, next_try_at,
    created_at)
VALUES ($1, $2, $3, $4, $5,
    coalesce((SELECT last_sequence FROM tenant_counters WHERE tenant_id = $1), 0), $6, $6)
"""
_RESUME: Final = """
UPDATE webhooks SET attempts = 0, next_try_at = $2, failing_since = NULL, given_up_at = NULL,
    last_error = ''
WHERE id = $1
"""
