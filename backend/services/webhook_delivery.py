"""Sends violations to webhooks: signed, in order, again when it did not work, and not for ever."""

import base64
import hashlib
import hmac
import json
import random
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from asyncpg import Record

from backend.core.clock import Clock
from backend.core.database import Database
from backend.core.outside import Failed, Outside, Refused
from backend.core.scope import Scope
from backend.core.sealing import opened
from backend.core.signing import KeyRing
from backend.services.mail_delivery import waiting_seconds
from backend.services.webhooks import SECRET_START, owner_of

AT_ONCE: Final = 100
GIVEN_UP_AFTER: Final = timedelta(days=2)
LEASE: Final = timedelta(minutes=2)
"""Who has taken one and is not heard of for this long has died; somebody else goes on."""
_log = structlog.get_logger(__name__)


class WebhookDelivery:
    """Looks for webhooks something waits for. At least once, each in the order of the log."""

    def __init__(self, database: Database, keys: KeyRing, outside: Outside, clock: Clock) -> None:
        self._database = database
        self._key = keys.sealing_key
        self._outside = outside
        self._clock = clock

    async def send_due(self) -> int:
        """Send what is due; return how many webhooks were tried."""
        async with self._database.scoped(Scope.relay()) as connection:
            due = await connection.fetch("SELECT * FROM qg_webhooks_due($1)", self._clock.now())
        return sum([await self._try(Scope.tenant(one[0], one[1]), one[2]) for one in due])

    async def _try(self, scope: Scope, webhook_id: UUID) -> bool:
        now = self._clock.now()
        async with self._database.scoped(scope) as connection:
            row = await connection.fetchrow(_TAKE, webhook_id, now, now + LEASE)
            if row is None:
                return False
            newest = await connection.fetchval("SELECT last_sequence FROM tenant_counters")
            found = await connection.fetch(_WAITING, row["last_sequence"], newest, AT_ONCE)
            if not found:  # what was recorded since is no violation
                await connection.execute(_SENT, webhook_id, newest, now)
                return False
        error = await self._send(row, found)
        async with self._database.scoped(scope) as connection:
            if error is None:
                await connection.execute(
                    _SENT, webhook_id, found[-1]["sequence"], self._clock.now()
                )
            else:
                await self._later(connection, row, error)
        return True

    async def _send(self, row: Record, found: list[Record]) -> str | None:
        """Return why it did not work; None when it did."""
        secret = opened(self._key, row["sealed_secret"], owner_of(row["id"]))
        if secret is None:
            return "secret unreadable"
        message_id = f"{row['id']}-{found[-1]['sequence']}"
        body = json.dumps({"type": "violations", "data": [_event(one) for one in found]})
        moment = int(self._clock.now().timestamp())
        headers = signed_headers(secret, message_id, moment, body)
        try:
            await self._outside.post_json(row["url"], body, headers)
        except Refused as refused:
            return f"refused: {refused}"
        except Failed as failed:
            return str(failed)
        return None

    async def _later(self, connection: Any, row: Record, error: str) -> None:
        now: datetime = self._clock.now()
        since = row["failing_since"] or now
        is_over = since + GIVEN_UP_AFTER <= now
        wait = timedelta(seconds=waiting_seconds(row["attempts"] + 1, random.random()))  # noqa: S311 -- spreads load
        _log.warning("webhook_not_sent", kind=error.partition(":")[0], tries=row["attempts"] + 1)
        await connection.execute(
            _LATER, row["id"], since, now + wait, error[:200], now if is_over else None
        )


def signed_headers(secret: str, message_id: str, moment: int, body: str) -> dict[str, str]:
    """Return what a receiver checks (Standard Webhooks 1.0: HMAC-SHA256 over id.timestamp.body)."""
    key = base64.urlsafe_b64decode(secret.removeprefix(SECRET_START) + "=")
    signature = hmac.digest(key, f"{message_id}.{moment}.{body}".encode(), hashlib.sha256)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
        "Content-Type": "application/json",
    }


def _event(row: Record) -> dict[str, Any]:
    """Return ids, kinds and counts; there is no text in it."""
    return {
        **{name: row[name] for name in _PLAIN},
        "submission_id": str(row["id"]), "client_id": str(row["tenant_id"]),
        "kinds": json.loads(row["kinds"]), "recorded_at": row["recorded_at"].isoformat(),
    }  # fmt: skip


_PLAIN: Final = (
    "sequence", "service_host", "ai_service_id", "channel", "action", "severity", "disposition",
    "policy_version",
)  # fmt: skip
_TAKE: Final = """
UPDATE webhooks SET next_try_at = $3
WHERE id = $1 AND next_try_at <= $2 AND given_up_at IS NULL
RETURNING id, url, sealed_secret, last_sequence, attempts, failing_since
"""
_WAITING: Final = """
SELECT tenant_id, id, sequence, service_host, ai_service_id, channel, action, severity,
    disposition, policy_version, kinds::text AS kinds, recorded_at
FROM client_policy_violations WHERE sequence > $1 AND sequence <= $2
ORDER BY sequence LIMIT $3
"""
_SENT: Final = """
UPDATE webhooks SET last_sequence = $2, next_try_at = $3, attempts = 0, failing_since = NULL,
    last_error = ''
WHERE id = $1
"""
_LATER: Final = """
UPDATE webhooks SET attempts = attempts + 1, failing_since = $2, next_try_at = $3, last_error = $4,
    given_up_at = $5
WHERE id = $1
"""
