"""What happened at a client in a period, and its score: read, and taken along as a file."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import msgspec
from quart import Response, redirect, request
from quart.typing import ResponseReturnValue

from backend.console import failures
from backend.console.layer_pages import client_href
from backend.console.report_view import chart_of, counted_rows, figures_of, score_view
from backend.console.room import blueprint, services
from backend.console.screens import screen
from backend.console.shapes import Choice, Notice
from backend.console.visitors import page, visitor
from backend.core.errors import InvalidInput, QuillgateError
from backend.services.client_score import ClientScore
from backend.services.compliance_reporter import ComplianceReport, Period
from backend.services.csv_text import csv_text
from backend.services.frameworks import frameworks
from backend.services.posture import wanted_controls

USUAL_DAYS: Final = 30
_LONGEST: Final = 500
_HEADER: Final = ("section", "name", "title", "value")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    framework: str | None
    period: Period

    def values(self) -> dict[str, str]:
        """Return it as parameters of an address."""
        said = {"from": str(self.period.since), "to": str(self.period.until)}
        return {**said, "framework": self.framework} if self.framework else said


@blueprint.get("/clients/<uuid:client_id>/report")
@page("report:read")
async def report(client_id: UUID) -> ResponseReturnValue:
    """Show a client's score and its report."""
    try:
        return await _shown(client_id, _asked())
    except InvalidInput as error:
        usual = Asked(None, _last(USUAL_DAYS))
        shown = await _shown(client_id, usual, problem=failures.words(error))
        return shown, failures.status(error)


@blueprint.get("/clients/<uuid:client_id>/report.csv", endpoint="report_csv")
@page("report:export", needs_step_up=True)
async def report_csv(client_id: UUID) -> ResponseReturnValue:
    """Hand out the report line by line."""
    found = await _report(client_id, _asked())
    return _file(csv_text(_HEADER, found.rows()), "csv", "text/csv; charset=utf-8", found.period)


@blueprint.get("/clients/<uuid:client_id>/report.json", endpoint="report_json")
@page("report:export", needs_step_up=True)
async def report_json(client_id: UUID) -> ResponseReturnValue:
    """Hand out the report and the score with all its inputs."""
    asked = _asked()
    found = await _report(client_id, asked)
    whole = {"report": found, "score": await _score(client_id, asked)}
    text = msgspec.json.format(msgspec.json.encode(whole)).decode()
    return _file(text, "json", "application/json", found.period)


@blueprint.post("/clients/<uuid:client_id>/report", endpoint="attested")
@page("framework:write")
async def attested(client_id: UUID) -> ResponseReturnValue:
    """Record what a client says of a control that no test can see."""
    form = await request.form
    try:
        await services().attestations.record(
            visitor(), client_id, form.get("control", "")[:_LONGEST],
            _percent(form.get("percent", "")), _evidence(form.get("evidence", "")),
            _day(form.get("expires_on", ""), "until when it holds"),
        )  # fmt: skip
    except QuillgateError as error:
        usual = Asked(None, _last(USUAL_DAYS))
        shown = await _shown(client_id, usual, problem=failures.words(error))
        return shown, failures.status(error)
    return redirect(client_href("report", client_id, done="attested") + "#score", 303)


async def _shown(client_id: UUID, asked: Asked, problem: Notice | None = None) -> str:
    found, score = await _report(client_id, asked), await _score(client_id, asked)
    client = await services().clients.one(visitor(), client_id)
    known = frameworks().values()
    today = services().clock.now().date()
    return await screen(
        "report.html",
        "Report",
        client=client,
        here=client_href("report", client_id),
        report=found,
        figures=figures_of(found),
        chart=chart_of(found.days),
        score=score_view(score),
        tables=counted_rows(found),
        frameworks=[
            Choice(one.id, one.name, is_chosen=one.id == asked.framework) for one in known
        ],
        framework_name=next((one.name for one in known if one.id == asked.framework), ""),
        quick=[
            (f"{days} days", _href(client_id, Asked(asked.framework, _last(days))))
            for days in (7, 30, 90, 365)
        ],
        downloads=[
            (name, _href(client_id, asked, f"report_{name.lower()}"))
            for name in ("CSV", "JSON")
            if visitor().may("report:export")
        ],
        attestable=[one for one in wanted_controls() if one.test is None],
        attestations=[
            one
            for one in await services().attestations.listed(visitor(), client_id)
            if one.is_current
        ],
        titles={one.id: one.title for one in wanted_controls()},
        may_attest=visitor().may("framework:write"),
        today=today,
        latest=today + timedelta(days=400),
        usual=today + timedelta(days=365),
        problem=problem,
        done=Notice("It is recorded", "The score counts it from now on, until it ends.")
        if request.args.get("done") == "attested"
        else None,
    )  # fmt: skip


def _href(client_id: UUID, asked: Asked, endpoint: str = "report") -> str:
    return client_href(endpoint, client_id, **asked.values())


async def _report(client_id: UUID, asked: Asked) -> ComplianceReport:
    return await services().compliance_reporter.report(
        visitor(), client_id, asked.framework, asked.period
    )


async def _score(client_id: UUID, asked: Asked) -> ClientScore:
    return await services().client_scores.of(visitor(), client_id, asked.framework)


def _asked() -> Asked:
    """Return what the address asks for. Raise InvalidInput."""
    usual = _last(USUAL_DAYS)
    since, until = request.args.get("from", ""), request.args.get("to", "")
    period = Period(
        _day(since, "the first day") if since else usual.since,
        _day(until, "the last day") if until else usual.until,
    )
    return Asked(request.args.get("framework") or None, period)


def _last(days: int) -> Period:
    today = services().clock.now().date()
    return Period(today - timedelta(days=days - 1), today)


def _day(text: str, what: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"Write {what} as a date, such as 2026-03-31.") from None


def _percent(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > len("100") or int(text) > 100:  # noqa: PLR2004 -- per cent
        raise InvalidInput("Say how far it is fulfilled with a whole number from 0 to 100.")
    return int(text)


def _evidence(text: str) -> str:
    words = " ".join(text.split())
    if not words or len(words) > _LONGEST or "\0" in words:
        raise InvalidInput(f"Say in 1 to {_LONGEST} characters what shows it: a file, a ticket.")
    return words


def _file(text: str, ending: str, kind: str, period: Period) -> Response:
    name = f"compliance-{period.since}-{period.until}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, content_type=kind, headers=headers)
