"""What became of each sending to a webhook; the newest are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from backend.core.database import Connection, Database
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.services.webhook_messages import Message
from backend.services.webhooks import one_webhook

KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class Delivery:
    """One sending; `error` is empty where it arrived."""

    id: UUID
    kind: str
    message_id: str
    events: int
    error: str
    milliseconds: int
    created_at: datetime


class WebhookDeliveries:
    """Shows them to whoever looks after the webhook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(
        self, principal: Principal, client_id: UUID, webhook_id: UUID
    ) -> Sequence[Delivery]:
        """Return the newest, newest first. Raise NotFound."""
        principal.require("webhook:write")
        async with self._database.scoped(principal.scope_for(client_id)) as connection:
            await one_webhook(connection, webhook_id)
            rows = await connection.fetch(_NEWEST, webhook_id, KEPT)
        return [Delivery(**dict(row)) for row in rows]


async def note_delivery(
    connection: Connection, webhook_id: UUID, message: Message, error: str, took: float,
    now: datetime,
) -> Delivery:  # fmt: skip
    """Write down a sending that took some seconds, and forget the oldest."""
    made = Delivery(
        uuid7(), message.kind, message.id, len(message.events), error, int(took * 1000), now
    )
    await connection.execute(
        _NOTE, webhook_id, made.id, made.kind, made.message_id, made.events, error,
        made.milliseconds, now,
    )  # fmt: skip
    await connection.execute(_FORGET, webhook_id, KEPT)
    return made


_NEWEST: Final = """
SELECT id, kind, message_id, events, error, milliseconds, created_at
FROM webhook_deliveries WHERE webhook_id = $1 ORDER BY id DESC LIMIT $2
"""
_NOTE: Final = """
INSERT INTO webhook_deliveries (tenant_id, webhook_id, id, msp_id, kind, message_id, events, error,
    milliseconds, created_at)
SELECT w.tenant_id, w.id, $2, w.msp_id, $3, $4, $5, $6, $7, $8 FROM webhooks w WHERE w.id = $1
"""
_FORGET: Final = """
DELETE FROM webhook_deliveries WHERE webhook_id = $1 AND id < (
    SELECT d.id FROM webhook_deliveries d WHERE d.webhook_id = $1
    ORDER BY d.id DESC OFFSET $2 - 1 LIMIT 1)
"""
