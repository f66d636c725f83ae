"""Takes what a browser decided by itself, or what became of a verdict, into the audit log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from backend.core.clock import Clock
from backend.core.errors import InvalidInput
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.audit_entries import AuditEntry, Receipt, RecordedFinding
from backend.services.audit_log import AuditLog
from backend.services.justifications import GivenReason, Justifications, Went
from backend.services.missing_events import MissingEvents
from backend.services.service_hosts import service_host

CONFIDENCE_DIGITS: Final = 6  # the column is a `real`, which has no place for 1e-50
LATE_AFTER: Final = timedelta(minutes=2)
BELIEVABLE: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class EventFinding:
    """A finding of the browser's own detector; there is no text and no digest."""

    rule: str
    type: str
    category: str
    severity: str
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class ExtensionEvent:
    """One entry of a browser's queue."""

    event_id: UUID
    submission_id: UUID
    entry_kind: Literal["verdict", "disposition"]
    service: str
    channel: str
    size: int
    action: str
    disposition: str
    findings: tuple[EventFinding, ...]
    policy_version: int
    rulebook_version: str
    occurred_at: datetime
    late: bool
    reason: GivenReason | None = None
    """Why somebody went on after a warning."""


class ExtensionEvents:
    """Records the queue of a browser."""

    def __init__(
        self, registry: AiServiceRegistry, audit_log: AuditLog, clock: Clock,
        justifications: Justifications, missing_events: MissingEvents,
    ) -> None:  # fmt: skip
        self._registry = registry
        self._audit_log = audit_log
        self._clock = clock
        self._justifications = justifications
        self._missing_events = missing_events

    async def record(
        self,
        principal: Principal,
        events: Sequence[ExtensionEvent],
        numbers: Sequence[int | None] = (),
    ) -> tuple[Receipt, ...]:
        """Return a receipt for each event, in order, once all are durable.

        `numbers` are the browser's own, one for each event, or none at all. Raise InvalidInput
        for another count of them.
        """
        if numbers and len(numbers) != len(events):
            raise InvalidInput("There is a number for each event, or none at all. Count them.")
        client_id = principal.own_client()
        services = await self._registry.of_client(
            principal.scope_for(client_id), client_id, principal.user_id
        )
        now = self._clock.now()
        entries = []
        for event in events:
            host = service_host(event.service)
            service = services.find(host)
            age = now - event.occurred_at
            # A clock a year off says nothing; the entry is kept, with our time.
            is_believable = abs(age) < BELIEVABLE
            entries.append(
                AuditEntry(
                    principal=principal, client_id=client_id, event_id=event.event_id,
                    submission_id=event.submission_id, entry_kind=event.entry_kind,
                    ai_service_id=service.id if service else None, service_host=host,
                    channel=event.channel, size=event.size, action=event.action,
                    disposition=event.disposition, findings=_recorded(event.findings),
                    policy_version=event.policy_version, rulebook_version=event.rulebook_version,
                    engine="extension", occurred_at=event.occurred_at if is_believable else now,
                    late=event.late or age > LATE_AFTER or not is_believable,
                    standing=service.standing if service else "unreviewed",
                )
            )  # fmt: skip
        receipts = await self._audit_log.record_all(entries)
        went = [
            Went(event.event_id, receipt.submission_id, event.reason)
            for event, receipt in zip(events, receipts, strict=True)
            if event.reason is not None
        ]
        await self._justifications.keep(principal, went)
        await self._missing_events.note(principal, numbers, receipts)
        return receipts


def _recorded(findings: Sequence[EventFinding]) -> tuple[RecordedFinding, ...]:
    return tuple(
        RecordedFinding(
            id=uuid7(), rule=f.rule, type=f.type, category=f.category, severity=f.severity,
            confidence=round(f.confidence, CONFIDENCE_DIGITS), start=f.start,
            length=f.end - f.start, mask=f"[{f.rule}]",
        )
        for f in findings
    )  # fmt: skip
