"""What is shown to auditors: the frameworks' controls, compliance over time, and the score."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from quart import Blueprint, Response
from quart_schema import document_response, validate_response

from backend.api.authentication import requires, requires_step_up_when
from backend.api.context import principal, services
from backend.api.documentation import answers
from backend.api.spreadsheets import csv_lines
from backend.api.validation import validate_querystring, validate_request
from backend.services.client_score import ClientScore
from backend.services.compliance_reporter import ComplianceReport, Period
from backend.services.frameworks import Framework, frameworks

blueprint = Blueprint("reports", __name__)
_BEFORE = timedelta(days=29)
FrameworkId = Annotated[
    str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[a-z0-9-]+$(?!\n)")
]


class ControlShape(msgspec.Struct):
    """One control; `in_force_from` is null for what is only proposed."""

    id: str
    title: str
    status: str
    in_force_from: date | None
    source: str
    note: str


class FrameworkShape(msgspec.Struct):
    """One framework; `concerns` says which controls something recorded touches, by its subject."""

    id: str
    name: str
    version: str
    source: str
    checked_on: date
    note: str
    concerns: dict[str, list[str]]
    controls: list[ControlShape]

    @classmethod
    def of(cls, one: Framework) -> "FrameworkShape":
        """Shape a framework."""
        controls = [
            msgspec.convert(control, ControlShape, from_attributes=True)
            for control in one.controls.values()
        ]
        return cls(
            one.id, one.name, one.version, one.source, one.checked_on, one.note,
            {name: list(ids) for name, ids in one.concerns.items()}, controls,
        )  # fmt: skip


class FrameworkPage(msgspec.Struct):
    """Frameworks; there is one page of them."""

    items: list[FrameworkShape]
    next: str | None = None


class FrameworkQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Which framework; all when it is left out."""

    framework: FrameworkId | None = None


@blueprint.get("/reports/frameworks")
@requires("report:read")
@validate_querystring(FrameworkQuery)
@validate_response(FrameworkPage)
async def list_frameworks(query_args: FrameworkQuery) -> FrameworkPage:
    """List the control catalogue: every framework, dated, with its sources."""
    wanted = query_args.framework
    return FrameworkPage(
        [FrameworkShape.of(one) for one in frameworks().values() if wanted in {None, one.id}]
    )


class ReportQuery(
    msgspec.Struct, forbid_unknown_fields=True, rename={"since": "from", "until": "to"}
):
    """Whose report, of which framework and days (UTC, both included); the last 30 by default."""

    client_id: UUID | None = None
    framework: FrameworkId | None = None
    since: date | None = None
    until: date | None = None
    format: Literal["json", "csv"] = "json"


class DenominatorShape(msgspec.Struct):
    """What the counts are shares of; `people` is null below five."""

    prompts: int
    people: int | None
    seats: int
    seats_healthy: int
    coverage: float


class ReportDayShape(msgspec.Struct):
    """One day; `left` are violations in which something did leave."""

    day: date
    prompts: int
    flag: int
    warn: int
    block: int
    left: int


class CountedShape(msgspec.Struct):
    """A count; `people` is null below five, or where people are not counted."""

    name: str
    title: str
    count: int
    people: int | None


class PeriodShape(msgspec.Struct):
    """Days in UTC, both included."""

    since: date
    until: date


class ReportShape(msgspec.Struct):
    """What happened in a period; groups with fewer than five active people are withheld."""

    client_id: UUID
    client: str
    framework: str | None
    edition: str
    period: PeriodShape
    made_at: datetime
    denominators: DenominatorShape
    days: list[ReportDayShape]
    severities: list[CountedShape]
    dispositions: list[CountedShape]
    kinds: list[CountedShape]
    controls: list[CountedShape]
    services: list[CountedShape]
    cohorts: list[CountedShape]
    cohorts_withheld: int


def _is_file(query_args: ReportQuery) -> bool:
    return query_args.format == "csv"


@blueprint.get("/reports/compliance")
@requires("report:read")
@validate_querystring(ReportQuery)
@document_response(ReportShape)
@answers(200, "With `format=csv` the same, line by line.", "text/csv")
@requires_step_up_when(_is_file, "report:export")
async def report_compliance(query_args: ReportQuery) -> Any:
    """Report a client's violations over time, with what they are a share of."""
    caller = principal()
    today = services().clock.now().date()
    until = query_args.until or today
    # The first days there are have no thirty before them.
    since = query_args.since or max(until, date.min + _BEFORE) - _BEFORE
    report = await services().compliance_reporter.report(
        caller, query_args.client_id or caller.own_client(), query_args.framework,
        Period(since, until),
    )  # fmt: skip
    if query_args.format == "csv":
        return _as_csv(report)
    shape = msgspec.convert(report, ReportShape, from_attributes=True)
    return Response(msgspec.json.encode(shape), content_type="application/json")


def _as_csv(report: ComplianceReport) -> Response:
    name = f"compliance-{report.period.since}-{report.period.until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    lines = csv_lines(("section", "name", "title", "value"), report.rows())
    return Response(lines, content_type="text/csv; charset=utf-8; header=present", headers=headers)


class ScoreQuery(msgspec.Struct, forbid_unknown_fields=True):
    """Whose score; of one framework only what concerns it."""

    client_id: UUID | None = None
    framework: FrameworkId | None = None


class PartsShape(msgspec.Struct):
    """The score and its parts, unrounded; without enough data there is no grade."""

    score: float
    posture: float
    exposure: float
    coverage: float
    cap: float
    rate: float
    points: float
    is_enough: bool
    grade: str | None


class PostureControlShape(msgspec.Struct):
    """One control of the posture, fulfilled from 0 to 1 by a test or an attestation."""

    id: str
    title: str
    weight: int
    fulfilment: float
    basis: str


class ExposedShape(msgspec.Struct):
    """Violations alike; `confidence` is the sum of theirs."""

    severity: str
    disposition: str
    standing: str
    confidence: float
    age_days: float


class InputsShape(msgspec.Struct):
    """All that is needed to work the score out again."""

    controls: list[PostureControlShape]
    exposed: list[ExposedShape]
    prompts: int
    people: int
    seats_healthy: int
    seats_licensed: int
    open_disclosures: int


class GainShape(msgspec.Struct):
    """What fulfilling a control would add to the score."""

    control: str
    title: str
    gain: float


class ClientScoreShape(msgspec.Struct):
    """A client's score today, its inputs, and what to fix first."""

    client_id: UUID
    formula: str
    framework: str | None
    day: date
    score: PartsShape
    inputs: InputsShape
    fix_first: list[GainShape]

    @classmethod
    def of(cls, found: ClientScore) -> "ClientScoreShape":
        """Shape a score."""
        return msgspec.convert(found, cls, from_attributes=True)


@blueprint.get("/reports/score")
@requires("report:read")
@validate_querystring(ScoreQuery)
@validate_response(ClientScoreShape)
async def report_score(query_args: ScoreQuery) -> ClientScoreShape:
    """Return a client's score with its parts, its inputs and what to fix first."""
    caller = principal()
    found = await services().client_scores.of(
        caller, query_args.client_id or caller.own_client(), query_args.framework
    )
    return ClientScoreShape.of(found)


class NewAttestation(msgspec.Struct, forbid_unknown_fields=True):
    """What a client says of a control: how far, on what evidence, until when."""

    client_id: UUID
    control: Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[a-z0-9-]+$(?!\n)")]
    percent: Annotated[int, msgspec.Meta(ge=0, le=100)]
    evidence: Annotated[
        str, msgspec.Meta(min_length=1, max_length=500, pattern=r"^[^\u0000]*$(?!\n)")
    ]
    expires_on: date


class AttestationShape(msgspec.Struct):
    """One attestation; the newest of a control counts until it expires."""

    id: UUID
    client_id: UUID
    control: str
    percent: int
    evidence: str
    attested_by: UUID
    expires_on: date
    created_at: datetime
    is_current: bool


class AttestationPage(msgspec.Struct):
    """Attestations, newest first; at most 500."""

    items: list[AttestationShape]
    next: str | None = None


class Made(msgspec.Struct):
    """The id of what was made."""

    id: UUID


@blueprint.get("/reports/attestations")
@requires("report:read")
@validate_querystring(ScoreQuery)
@validate_response(AttestationPage)
async def list_attestations(query_args: ScoreQuery) -> AttestationPage:
    """List what a client has attested."""
    caller = principal()
    found = await services().attestations.listed(
        caller, query_args.client_id or caller.own_client()
    )
    return AttestationPage(
        [msgspec.convert(one, AttestationShape, from_attributes=True) for one in found]
    )


@blueprint.post("/reports/attestations")
@requires("framework:write")
@validate_request(NewAttestation)
@validate_response(Made, 201)
async def record_attestation(data: NewAttestation) -> tuple[Made, int]:
    """Record what a client says of a control; an earlier word stays and no longer counts."""
    made = await services().attestations.record(
        principal(), data.client_id, data.control, data.percent, data.evidence, data.expires_on
    )
    return Made(made), 201
