"""Sends to webhooks what waits for them: signed, in order, again when it failed, not for ever."""

import asyncio
import random
import time
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Connection, Database
from backend.core.outside import Failed, Outside, Refused
from backend.core.principal import Principal
from backend.core.scope import Scope
from backend.core.signing import KeyRing
from backend.services.mail_delivery import waiting_seconds
from backend.services.webhook_deliveries import Delivery, note_delivery
from backend.services.webhook_messages import TEST, VIOLATIONS, Message, next_message
from backend.services.webhook_signing import COLUMNS, live_secrets, signed_headers
from backend.services.webhooks import one_webhook

GIVEN_UP_AFTER: Final = timedelta(days=2)
AT_ONCE: Final = 16
LEASE: Final = timedelta(minutes=2)
"""Who has taken one and is not heard of for this long has died; somebody else goes on."""
_log = structlog.get_logger(__name__)


class WebhookDelivery:
    """Looks for webhooks something waits for. At least once, each kind in its order."""

    def __init__(self, database: Database, keys: KeyRing, outside: Outside, clock: Clock) -> None:
        self._database = database
        self._key = keys.sealing_key
        self._outside = outside
        self._clock = clock

    async def send_due(self) -> int:
        """Send what is due; return how many webhooks were tried. One in trouble stops no other.

        Several are sent at once: whoever never answers keeps no stranger waiting behind them.
        """
        async with self._database.scoped(Scope.relay()) as connection:
            due = await connection.fetch("SELECT * FROM qg_webhooks_due($1)", self._clock.now())
        room = asyncio.Semaphore(AT_ONCE)

        async def in_turn(tenant_id: UUID, msp_id: UUID, webhook_id: UUID) -> bool:
            async with room:
                return await self._try(Scope.tenant(tenant_id, msp_id), webhook_id)

        done = await asyncio.gather(*(in_turn(*one[:3]) for one in due), return_exceptions=True)
        return done.count(True)

    async def test(self, principal: Principal, client_id: UUID, webhook_id: UUID) -> Delivery:
        """Send a message without events now, whatever the webhook's state. Raise NotFound."""
        principal.require("webhook:write")
        scope = principal.scope_for(client_id)
        async with self._database.scoped(scope) as connection:
            await one_webhook(connection, webhook_id)
            (row,) = await connection.fetch(_SHOWN, webhook_id)
        message = Message(f"{webhook_id}-test-{int(self._clock.now().timestamp())}", TEST, ())
        error, took = await self._send(row, message)
        async with self._database.scoped(scope) as connection:
            await one_webhook(connection, webhook_id)
            return await note_delivery(
                connection, webhook_id, message, error, took, self._clock.now()
            )

    async def _try(self, scope: Scope, webhook_id: UUID) -> bool:
        now = self._clock.now()
        async with self._database.scoped(scope) as connection:
            row = await connection.fetchrow(_TAKE, webhook_id, now, now + LEASE)
            if row is None:
                return False
            newest = await connection.fetchval("SELECT last_sequence FROM tenant_counters")
            message = await next_message(connection, row)
            if message is None:  # what was recorded since is no violation
                await connection.execute(_SENT, webhook_id, newest or 0, now, row["last_sequence"])
                return False
        error, took = await self._send(row, message)
        async with self._database.scoped(scope) as connection:
            await note_delivery(connection, webhook_id, message, error, took, self._clock.now())
            if error:
                await self._later(connection, row, error)
            else:
                await self._done(connection, row, message)
        return True

    async def _send(self, row: Record, message: Message) -> tuple[str, float]:
        """Return why it did not work, nothing when it did, and how many seconds it took."""
        now = self._clock.now()
        secrets = live_secrets(self._key, row, now)
        if not secrets:
            return "secret unreadable", 0.0
        headers = signed_headers(secrets, message.id, int(now.timestamp()), message.body)
        start = time.monotonic()
        error = ""
        try:
            await self._outside.post_json(row["url"], message.body, headers)
        except Refused as refused:
            error = f"refused: {refused}"
        except Failed as failed:
            error = str(failed)
        return error[:200], time.monotonic() - start

    async def _done(self, connection: Connection, row: Record, message: Message) -> None:
        now = self._clock.now()
        last = message.last_sequence or row["last_sequence"]
        await connection.execute(_SENT, row["id"], last, now, row["last_sequence"])
        if message.kind != VIOLATIONS:
            await connection.execute(_TOLD, row["id"], list(message.changes))

    async def _later(self, connection: Connection, row: Record, error: str) -> None:
        now: datetime = self._clock.now()
        since = row["failing_since"] or now
        is_over = since + GIVEN_UP_AFTER <= now
        wait = timedelta(seconds=waiting_seconds(row["attempts"] + 1, random.random()))  # noqa: S311 -- spreads load
        _log.warning("webhook_not_sent", kind=error.partition(":")[0], tries=row["attempts"] + 1)
        await connection.execute(
            _LATER, row["id"], since, now + wait, error, now if is_over else None
        )


_READ: Final = f"id, url, kinds, last_sequence, attempts, failing_since, {COLUMNS}"
_SHOWN: Final = f"SELECT {_READ} FROM webhooks WHERE id = $1"  # noqa: S608 -- constants
_TAKE: Final = f"""
UPDATE webhooks SET next_try_at = $3
WHERE id = $1 AND next_try_at <= $2 AND given_up_at IS NULL AND paused_at IS NULL
RETURNING {_READ}
"""  # noqa: S608 -- constants
# Where somebody had it begin again from an earlier place meanwhile, it does.
_SENT: Final = """
UPDATE webhooks SET last_sequence = CASE last_sequence WHEN $4 THEN $2 ELSE last_sequence END,
    next_try_at = $3, attempts = 0, failing_since = NULL, last_error = ''
WHERE id = $1
"""
_TOLD: Final = "DELETE FROM webhook_changes WHERE webhook_id = $1 AND id = ANY ($2::uuid[])"
_LATER: Final = """
UPDATE webhooks SET attempts = attempts + 1, failing_since = $2, next_try_at = $3, last_error = $4,
    given_up_at = $5
WHERE id = $1
"""
