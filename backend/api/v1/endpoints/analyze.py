"""Judging a prompt before it leaves, and which AI services a client approved."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from quart import Blueprint, Response
from quart_schema import document_response, validate_response

from backend.api.authentication import requires
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.etags import tagged
from backend.api.validation import validate_request
from backend.core.identifiers import uuid7
from backend.core.permissions import Reach
from backend.services.prompt_analysis import Judgement, Submission, finding_shape

blueprint = Blueprint("analyze", __name__)
PERMISSION = "analyze:run"
Channel = Literal["typed", "pasted", "dropped", "uploaded"]


class PromptSubmission(msgspec.Struct, forbid_unknown_fields=True):
    """A prompt somebody is about to send. The text is read in memory and kept nowhere."""

    text: Annotated[str, msgspec.Meta(max_length=200_000)]
    service: Annotated[str, msgspec.Meta(min_length=1, max_length=253)]
    channel: Channel
    event_id: UUID | None = None

    def to_submission(self) -> Submission:
        """Return the submission, with an id of ours where the caller has none."""
        return Submission(self.text, self.service, self.channel, self.event_id or uuid7())


class FindingShape(msgspec.Struct):
    """One finding; offsets are Unicode code points, half-open."""

    type: str
    rule: str
    category: str
    start: int
    end: int
    confidence: float
    mask: str
    reason: str
    passes_if: str


class Checkpoint(msgspec.Struct):
    """Where the audit log holds this verdict."""

    sequence: int
    recorded_at: str


class VerdictShape(msgspec.Struct):
    """The answer to one submission."""

    submission_id: str
    action: str
    findings: list[FindingShape]
    policy_version: int
    rulebook_version: str
    remedies: list[str]
    message: str
    provenance: list[dict[str, Any]]
    to_redact: list[int]
    checkpoint: Checkpoint

    @classmethod
    def of(cls, judgement: Judgement) -> "VerdictShape":
        """Shape a judgement."""
        verdict, receipt = judgement.verdict, judgement.receipt
        return cls(
            submission_id=str(judgement.submission_id),
            action=str(verdict.action),
            findings=[
                FindingShape(**finding_shape(finding, way))
                for finding, way in zip(verdict.findings, judgement.ways, strict=True)
            ],
            policy_version=verdict.policy_version,
            rulebook_version=verdict.rulebook_version,
            remedies=[str(remedy) for remedy in verdict.remedies],
            message=verdict.message,
            provenance=[
                {"field": r.field, "action": str(r.action), "findings": list(r.findings)}
                for r in verdict.provenance
            ],
            to_redact=list(verdict.to_redact),
            checkpoint=Checkpoint(receipt.sequence, receipt.recorded_at.isoformat()),
        )


class ServiceShape(msgspec.Struct):
    """An AI service and how it stands for the caller; `until` says when that ends by itself."""

    id: str
    name: str
    hosts: list[str]
    status: str
    until: datetime | None = None
    otherwise: str | None = None


class ServicePage(msgspec.Struct):
    """AI services; there is one page of them."""

    items: list[ServiceShape]
    next: str | None = None


@blueprint.post("/analyze/prompt")
@requires(PERMISSION, Reach.SELF)
@validate_request(PromptSubmission)
@validate_response(VerdictShape)
async def analyze_prompt(data: PromptSubmission) -> VerdictShape:
    """Judge one prompt before it leaves the browser."""
    return VerdictShape.of(
        await services().prompt_analysis.judge(principal(), data.to_submission())
    )


@blueprint.get("/analyze/ai-services")
@requires("ai_service:read")
@document_response(ServicePage)
@answers(304, "`If-None-Match` names the newest answer.")
async def list_usable_ai_services() -> Response:
    """List the AI services as they stand for the caller: by client, group and approved request."""
    caller = principal()
    found = await services().ai_service_registry.listed(caller, caller.own_client(), caller.user_id)
    return tagged(
        ServicePage(
            [msgspec.convert(one, ServiceShape, from_attributes=True) for one in found.services]
        )
    )
