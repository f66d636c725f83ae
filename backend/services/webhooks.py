"""Where what happens at a client is sent to: set by who administers it, signed, in its order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
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
from backend.services.admin_trail import AdminTrail, Detail, Subject
from backend.services.administering import absent_client
from backend.services.keyset import within_reason
from backend.services.webhook_messages import VIOLATIONS
from backend.services.webhook_signing import new_secret, owner_of

MOST: Final = 5
LONGEST_OVERLAP_HOURS: Final = 168
KINDS: Final = (VIOLATIONS, "policies", "exceptions", "services", "browsers")
"""What can be sent: violations, and changes of four kinds as the trail tells them."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address and how it fares; what waits for it begins behind `last_sequence`."""

    id: UUID
    client_id: UUID
    url: str
    kinds: Sequence[str]
    state: str
    last_sequence: int
    attempts: int
    failing_since: datetime | None
    last_error: str
    before_until: datetime | None
    """Until when the secret before this one signs too."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An address and its secret, which is shown this once."""

    webhook: Webhook
    secret: str


class Webhooks:
    """Makes, lists, changes, resumes and ends them."""

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

    async def create(
        self, principal: Principal, client_id: UUID, url: str, kinds: Sequence[str] = (VIOLATIONS,)
    ) -> NewWebhook:
        """Send what happens from now on somewhere. Raise RefusedField, Conflict, NotFound.

        The address is looked at here and once more each time something is sent: what a name leads
        to may change.
        """
        principal.require("webhook:write")
        self._refuse(url)
        wanted = _kinds(kinds)
        made, secret = uuid7(), new_secret()
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            msp_id = await connection.fetchval("SELECT msp_id FROM clients")
            if msp_id is None:
                raise absent_client()
            if await connection.fetchval("SELECT count(*) FROM webhooks") >= MOST:
                raise Conflict(f"There are {MOST} webhooks already. End one that nobody needs.")
            await connection.execute(
                _MAKE, client_id, made, msp_id, url, sealed(self._key, secret, owner_of(made)),
                self._clock.now(), wanted,
            )  # fmt: skip
            await AdminTrail.record(
                connection, principal, "webhook.create", Subject("webhook", made), url=url,
                kinds=wanted,
            )  # fmt: skip
            webhook = await one_webhook(connection, made)
        return NewWebhook(webhook, secret)

    async def choose(
        self, principal: Principal, client_id: UUID, webhook_id: UUID, kinds: Sequence[str]
    ) -> Webhook:
        """Send these kinds; what is new begins now, and what waits of others is forgotten.

        Raise RefusedField, NotFound.
        """
        wanted = _kinds(kinds)
        return await self._change(
            principal, client_id, webhook_id, "choose", (_CHOOSE, _LEAVE), wanted, kinds=wanted
        )

    async def pause(self, principal: Principal, client_id: UUID, webhook_id: UUID) -> Webhook:
        """Send nothing until it is resumed; what happens meanwhile waits. Raise NotFound."""
        return await self._change(
            principal, client_id, webhook_id, "pause", (_PAUSE,), self._clock.now()
        )

    async def resume(self, principal: Principal, client_id: UUID, webhook_id: UUID) -> Webhook:
        """Try again at once, from where it stopped. Raise NotFound."""
        return await self._change(
            principal, client_id, webhook_id, "resume", (_RESUME,), self._clock.now()
        )

    async def replay(
        self, principal: Principal, client_id: UUID, webhook_id: UUID, since: datetime
    ) -> Webhook:
        """Send every violation since a moment once more, with new ids.

        Raise NotFound, InvalidInput.
        """
        within_reason(since)
        return await self._change(
            principal, client_id, webhook_id, "replay", (_REPLAY,), since, since=since.isoformat()
        )

    async def rotate(
        self, principal: Principal, client_id: UUID, webhook_id: UUID, overlap: timedelta
    ) -> NewWebhook:
        """Sign with a new secret, and for a while with the one before too. Raise NotFound."""
        secret = new_secret()
        stored = sealed(self._key, secret, owner_of(webhook_id))
        webhook = await self._change(
            principal, client_id, webhook_id, "rotate", (_ROTATE,), stored,
            self._clock.now() + overlap,
        )  # fmt: skip
        return NewWebhook(webhook, secret)

    async def remove(self, principal: Principal, client_id: UUID, webhook_id: UUID) -> None:
        """End one and forget its secret. Raise NotFound."""
        principal.require("webhook:write")
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            await one_webhook(connection, webhook_id)
            await connection.execute("DELETE FROM webhooks WHERE id = $1", webhook_id)
            await AdminTrail.record(
                connection, principal, "webhook.remove", Subject("webhook", webhook_id)
            )

    async def _change(
        self, principal: Principal, client_id: UUID, webhook_id: UUID, verb: str,
        statements: Sequence[str], *values: object, **details: Detail,
    ) -> Webhook:  # fmt: skip
        principal.require("webhook:write")
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            await one_webhook(connection, webhook_id)
            for statement in statements:
                await connection.execute(statement, webhook_id, *values)
            await AdminTrail.record(
                connection, principal, f"webhook.{verb}", Subject("webhook", webhook_id), "",
                **details,
            )  # fmt: skip
            return await one_webhook(connection, webhook_id)

    def _refuse(self, url: str) -> None:
        try:
            parts = web_address(url)
        except Refused:
            raise _refused() from None
        if parts.scheme != "https" and not self._allows_http:
            raise _refused()


async def one_webhook(connection: Connection, webhook_id: UUID) -> Webhook:
    """Return one of the scope's client. Raise NotFound."""
    row = await connection.fetchrow(f"{_COLUMNS} WHERE id = $1", webhook_id)
    if row is None:
        raise NotFound("There is no such webhook. List the client's webhooks to find its id.")
    return _webhook(row)


def _webhook(row: Record) -> Webhook:
    return Webhook(**dict(row))


def _kinds(wanted: Sequence[str]) -> list[str]:
    found = [kind for kind in KINDS if kind in wanted]
    if not found or len(found) < len(set(wanted)):
        why = f"takes one or more of {', '.join(KINDS)}"
        raise RefusedField(f"Nothing was changed: kinds {why}.", "kinds", why)
    return found


def _refused() -> RefusedField:
    why = "takes an https address such as https://siem.example.org/quillgate, without a login in it"
    return RefusedField(f"Nothing was changed: url {why}.", "url", why)


_COLUMNS: Final = """
SELECT id, tenant_id AS client_id, url, kinds, CASE WHEN paused_at IS NOT NULL THEN 'paused'
        WHEN given_up_at IS NOT NULL THEN 'given_up'
        WHEN failing_since IS NOT NULL THEN 'failing' ELSE 'working' END AS state,
    last_sequence, attempts, failing_since, last_error, created_at,
    CASE WHEN before_until > now() THEN before_until END AS before_until
FROM webhooks"""
_MAKE: Final = """
INSERT INTO webhooks (tenant_id, id, msp_id, url, sealed_secret, last_sequence, next_try_at,
    created_at, kinds)
VALUES ($1, $2, $3, $4, $5,
    coalesce((SELECT last_sequence FROM tenant_counters WHERE tenant_id = $1), 0), $6, $6, $7)
"""
_RESUME: Final = """
UPDATE webhooks SET attempts = 0, next_try_at = $2, failing_since = NULL, given_up_at = NULL,
    paused_at = NULL, last_error = ''
WHERE id = $1
"""
_PAUSE: Final = "UPDATE webhooks SET paused_at = coalesce(paused_at, $2) WHERE id = $1"
_CHOOSE: Final = """
UPDATE webhooks SET kinds = $2, last_sequence = CASE WHEN 'violations' = ANY (kinds)
    THEN last_sequence ELSE coalesce((SELECT c.last_sequence FROM tenant_counters c), 0) END
WHERE id = $1
"""
_LEAVE: Final = "DELETE FROM webhook_changes WHERE webhook_id = $1 AND NOT kind = ANY ($2::text[])"
_REPLAY: Final = """
UPDATE webhooks SET next_try_at = least(next_try_at, now()), last_sequence = least(last_sequence,
    (SELECT min(v.sequence) - 1 FROM client_policy_violations v WHERE v.recorded_at >= $2))
WHERE id = $1
"""
_ROTATE: Final = """
UPDATE webhooks SET sealed_secret_before = sealed_secret, sealed_secret = $2, before_until = $3
WHERE id = $1
"""
