"""What waits for a webhook, as the message it is sent: ids, kinds and counts, never text."""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from asyncpg import Record

from backend.core.database import Connection

AT_ONCE: Final = 100
VIOLATIONS: Final = "violations"
TEST: Final = "test"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. A message that comes again has the same id."""

    id: str
    kind: str
    events: tuple[dict[str, Any], ...]
    last_sequence: int | None = None
    changes: tuple[UUID, ...] = ()

    @property
    def body(self) -> str:
        """What is signed and sent."""
        return json.dumps({"type": self.kind, "data": list(self.events)})


async def next_message(connection: Connection, webhook: Record) -> Message | None:
    """Return what waits longest: a batch of violations, else the oldest changes of one kind."""
    if VIOLATIONS in webhook["kinds"]:
        found = await connection.fetch(_VIOLATIONS, webhook["last_sequence"], AT_ONCE)
        if found:
            last = found[-1]["sequence"]
            events = tuple(_violation(row) for row in found)
            return Message(f"{webhook['id']}-{last}", VIOLATIONS, events, last_sequence=last)
    found = await connection.fetch(_CHANGES, webhook["id"], AT_ONCE)
    if not found:
        return None
    events = tuple(_change(row) for row in found)
    name = f"{webhook['id']}-{found[-1]['id']}"
    return Message(name, found[0]["kind"], events, changes=tuple(row["id"] for row in found))


def _violation(row: Record) -> dict[str, Any]:
    return {
        **{name: row[name] for name in _PLAIN},
        "submission_id": str(row["id"]), "client_id": str(row["tenant_id"]),
        "kinds": json.loads(row["kinds"]), "recorded_at": row["recorded_at"].isoformat(),
    }  # fmt: skip


def _change(row: Record) -> dict[str, Any]:
    return {
        "id": str(row["id"]), "client_id": str(row["tenant_id"]), "action": row["action"],
        "subject": {"kind": row["subject_kind"], "id": row["subject_id"]},
        "numbers": json.loads(row["numbers"]), "at": row["at"].isoformat(),
    }  # fmt: skip


_PLAIN: Final = (
    "sequence", "service_host", "ai_service_id", "channel", "action", "severity", "disposition",
    "policy_version",
)  # fmt: skip
_VIOLATIONS: Final = """
SELECT tenant_id, id, sequence, service_host, ai_service_id, channel, action, severity,
    disposition, policy_version, kinds::text AS kinds, recorded_at
FROM client_policy_violations
WHERE sequence > $1 AND sequence <= (SELECT last_sequence FROM tenant_counters)
ORDER BY sequence LIMIT $2
"""
# The oldest, and those of its kind: a message is of one kind. Words of people are left out.
_CHANGES: Final = """
SELECT c.tenant_id, c.id, c.kind, e.action, e.subject_kind, e.subject_id, e.at,
    coalesce((SELECT jsonb_object_agg(d.key, d.value) FROM jsonb_each(e.details) d
        WHERE jsonb_typeof(d.value) = 'number'), '{}')::text AS numbers
FROM webhook_changes c JOIN admin_events e ON e.tenant_id = c.tenant_id AND e.id = c.id
WHERE c.webhook_id = $1 AND c.kind = (
    SELECT o.kind FROM webhook_changes o WHERE o.webhook_id = $1 ORDER BY o.id LIMIT 1)
ORDER BY c.id LIMIT $2
"""
