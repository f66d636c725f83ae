"""Judges one submission: text in, verdict recorded and answered. The text ends here."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from backend.core.clock import Clock
from backend.core.errors import InvalidInput
from backend.core.identifiers import uuid7
from backend.core.principal import Principal
from backend.core.signing import KeyRing
from backend.detection.custom.detection import CustomDetection
from backend.detection.engine import Detector
from backend.detection.explanation import passes_if, reason
from backend.detection.finding import Finding
from backend.detection.masking import mask
from backend.policy.actions import ServiceStatus
from backend.policy.decide import decide
from backend.policy.messages import filled
from backend.policy.policy import Policy
from backend.policy.verdict import Context, Verdict
from backend.services.ai_service_registry import AiServiceRegistry
from backend.services.audit_entries import (
    AuditEntry,
    Receipt,
    RecordedFinding,
    first_disposition,
)
from backend.services.audit_log import AuditLog
from backend.services.custom_detections import CustomDetections
from backend.services.policy_lookup import PolicyLookup, PublishedPolicy
from backend.services.service_hosts import service_host
from backend.services.suspensions import refuse_lapsed
from backend.services.value_digests import ValueDigests

LONGEST_TEXT: Final = 200_000
_IN_LINE: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Submission:
    """One attempt to send; `service` is an AI service's id, host or address.

    `event_id` names the submission too: a browser whose answer is late decides by itself, and what
    it tells of that is then about the same submission.
    """

    text: str
    service: str
    channel: str
    event_id: UUID
    occurred_at: datetime | None = None

    def __repr__(self) -> str:
        """Never show the text."""
        return f"Submission({self.event_id}, {len(self.text)} characters)"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its receipt."""

    submission_id: UUID
    verdict: Verdict
    receipt: Receipt
    ways: tuple[str, ...]
    """What would make each finding pass."""


class PromptAnalysis:
    """Detection, policy and audit, one behind the other."""

    def __init__(
        self,
        detector: Detector,
        lookup: PolicyLookup,
        registry: AiServiceRegistry,
        audit_log: AuditLog,
        keys: KeyRing,
        clock: Clock,
        custom: CustomDetections,
    ) -> None:
        self._detector = detector
        self._rules = {rule.id: rule for rule in detector.rulebook.rules}
        self._lookup = lookup
        self._registry = registry
        self._audit_log = audit_log
        self._custom = custom
        self._digests = ValueDigests(keys)
        self._clock = clock

    async def judge(self, principal: Principal, submission: Submission) -> Judgement:
        """Answer once the verdict is durable. Raise InvalidInput for a text over 200,000."""
        _refuse_too_long(submission.text)
        host = service_host(submission.service)
        client_id = principal.own_client()
        scope = principal.scope_for(client_id)
        policy = await self._lookup.effective(scope, client_id, principal.user_id)
        services = await self._registry.of_client(scope, client_id, principal.user_id)
        service = services.find(host)
        now = self._clock.now()
        refuse_lapsed(policy.suspension, now)
        findings = await self._findings(submission.text, self._custom.of(policy))
        context = Context(
            services.status_of(host), submission.channel, self._detector.version,
            service=service.id if service else host, moment=now,
            exemptions=policy.exemptions_of(principal.user_id, now),
        )  # fmt: skip
        verdict = _worded(
            decide(findings, policy.policy, context), policy, service.name if service else host
        )
        entry = AuditEntry(
            principal=principal,
            client_id=client_id,
            event_id=submission.event_id,
            submission_id=submission.event_id,
            entry_kind="verdict",
            ai_service_id=service.id if service else None,
            service_host=host,
            channel=submission.channel,
            size=len(submission.text),
            action=str(verdict.action),
            disposition=first_disposition(verdict.action, is_exempted=bool(verdict.exemptions)),
            findings=self._recorded(policy, submission.text, _noted(verdict, policy.policy)),
            policy_version=policy.version,
            rulebook_version=self._detector.version,
            engine="server",
            occurred_at=submission.occurred_at or now,
            standing=services.standing_of(host),
        )
        receipt = await self._audit_log.record(entry)
        ways = tuple(passes_if(f, self._rules.get(f.rule)) for f in verdict.findings)
        return Judgement(receipt.submission_id, verdict, receipt, ways)

    async def try_out(
        self, principal: Principal, client_id: UUID, policy: Policy, text: str
    ) -> Verdict:
        """Return what a policy would say, published or not; nothing is recorded.

        Only for who publishes: who tries texts could ask whether a value is on a list. Raise
        InvalidInput for a text over 200,000.
        """
        principal.require("policy:publish")
        principal.scope_for(client_id)
        _refuse_too_long(text)
        salt = await self._lookup.salt(principal, client_id)
        findings = await self._findings(text, self._custom.of_draft(client_id, policy.custom, salt))
        context = Context(ServiceStatus.APPROVED, "typed", self._detector.version)
        return decide(findings, policy, context)

    async def _findings(self, text: str, custom: CustomDetection) -> tuple[Finding, ...]:
        if len(text) <= _IN_LINE:
            return self._found(text, custom)
        return await asyncio.to_thread(self._found, text, custom)

    def _found(self, text: str, custom: CustomDetection) -> tuple[Finding, ...]:
        return custom.added_to(text, self._detector.detect(text))

    def _recorded(
        self, policy: PublishedPolicy, text: str, findings: tuple[Finding, ...]
    ) -> tuple[RecordedFinding, ...]:
        digests = self._digests.of(policy.client_id, text, findings, policy.salt)
        return tuple(
            RecordedFinding(
                id=uuid7(), rule=f.rule, type=f.type, category=f.category, severity=f.severity,
                confidence=f.confidence, start=f.start, length=f.length, mask=mask(f),
                digest=digest,
            )
            for f, digest in zip(findings, digests, strict=True)
        )  # fmt: skip


def _worded(verdict: Verdict, policy: PublishedPolicy, service: str) -> Verdict:
    """Return a verdict whose message is filled in; kinds are names of types, never text."""
    if "{" not in verdict.message:
        return verdict
    kinds = dict.fromkeys(one.type.lower().replace("_", " ") for one in verdict.findings)
    values = {
        "organisation": policy.client_name, "service": service, "kinds": ", ".join(kinds),
        "contact": policy.policy.contact,
    }  # fmt: skip
    return replace(verdict, message=filled(verdict.message, values))


def _noted(verdict: Verdict, policy: Policy) -> tuple[Finding, ...]:
    """Return what is worth a record."""
    return tuple(finding for finding in verdict.findings if not policy.is_ordinary(finding))


def _refuse_too_long(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            f"The text is longer than {LONGEST_TEXT:,} characters. Send it in parts.",
            code="text-too-long",
        )


def finding_shape(finding: Finding, way: str) -> dict[str, Any]:
    """Return a finding as the API shows it."""
    return {
        "type": finding.type,
        "rule": finding.rule,
        "category": finding.category,
        "start": finding.start,
        "end": finding.end,
        "confidence": finding.confidence,
        "mask": mask(finding),
        "reason": reason(finding),
        "passes_if": way,
    }
