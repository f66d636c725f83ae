"""A report and a score as their page shows them: a chart, figures, tables, what to fix first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from backend.console.feed_view import OUTCOMES
from backend.console.policy_words import titled
from backend.console.shapes import DASH, Figure, counted
from backend.services.client_score import ClientScore
from backend.services.compliance_reporter import ComplianceReport, Counted, ReportDay
from backend.services.scoring import LEAST_PEOPLE, LEAST_PROMPTS

HEIGHT: Final = 120
_STEP: Final = 10
_GAP: Final = 2
MOST_ROWS: Final = 12
_ACTIONS: Final = ("block", "warn", "flag")


@dataclass(frozen=True, slots=True)
class Bar:
    """One rectangle of the chart."""

    x: int
    y: float
    height: float
    look: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Violations of each day, stacked by action, in a drawing without scripts."""

    width: int
    height: int
    most: int
    bars: tuple[Bar, ...]
    summary: str


@dataclass(frozen=True, slots=True)
class Table:
    """Names with counts under one heading."""

    title: str
    rows: tuple[tuple[str, str, int, str], ...]
    """Name, a second line, the count, and of how many people."""
    rest: int
    empty: str


@dataclass(frozen=True, slots=True)
class ControlRow:
    """One control of the posture, and what fulfilling it would add."""

    title: str
    percent: int
    weight: int
    basis: str
    gain: str


@dataclass(frozen=True, slots=True)
class ScoreView:
    """The score in words, with everything it is made of."""

    value: str
    grade: str
    is_enough: bool
    why_not: str
    figures: tuple[Figure, ...]
    controls: tuple[ControlRow, ...]
    fix_first: tuple[tuple[str, str], ...]
    formula: str
    cap_note: str


def chart_of(days: Sequence[ReportDay]) -> Chart:
    """Return the chart of a period."""
    most = max((day.block + day.warn + day.flag for day in days), default=0)
    bars = tuple(bar for place, day in enumerate(days) for bar in _bars(place, day, most))
    total = sum(day.block + day.warn + day.flag for day in days)
    busiest = max(days, key=lambda day: day.block + day.warn + day.flag, default=None)
    summary = (
        f"{counted(total, 'violation')} in {counted(len(days), 'day')}; "
        f"the most on {busiest.day}: {most:,}"
        if busiest and total
        else "No violations in these days"
    )
    return Chart(max(1, len(days)) * _STEP, HEIGHT, most, bars, summary)


def _bars(place: int, day: ReportDay, most: int) -> list[Bar]:
    found, at = [], float(HEIGHT)
    for look in _ACTIONS:
        height = round(HEIGHT * getattr(day, look) / most, 2) if most else 0.0
        if height:
            at -= height
            found.append(Bar(place * _STEP + _GAP // 2, round(at, 2), height, look))
    return found


def figures_of(report: ComplianceReport) -> tuple[Figure, ...]:
    """Return the counts of a period beside what they are shares of."""
    prompts = report.denominators.prompts
    violations = sum(day.block + day.warn + day.flag for day in report.days)
    left = sum(day.left for day in report.days)
    per_thousand = f"{1000 * violations / prompts:.1f} per 1,000 prompts" if prompts else ""
    people = report.denominators.people
    known = "fewer than 5" if people is None else f"{people:,}"
    seats = report.denominators
    return (
        Figure(f"{prompts:,}", "prompts checked", f"by {known} people"),
        Figure(f"{violations:,}", "violations", per_thousand),
        Figure(f"{left:,}", "in which something left", _share(left, violations),
               "bad" if left else ""),
        Figure(_share_of(seats.coverage), "of seats reported in 24 h",
               f"{seats.seats_healthy:,} of {seats.seats:,}"),
    )  # fmt: skip


def _share(part: int, whole: int) -> str:
    return f"{_share_of(part / whole)} of the violations" if whole else ""


def _share_of(part: float) -> str:
    return f"{round(100 * part)} %"


def counted_rows(report: ComplianceReport) -> tuple[Table, ...]:
    """Return the tables of a report."""
    return (
        _table("What was found", report.kinds, "Nothing was found."),
        _table("What became of it", report.dispositions, "Nothing to tell."),
        _table("How bad", report.severities, "Nothing to tell."),
        _table("Use of AI services, in prompts", report.services, "No AI service was used."),
        _table("Controls concerned", report.controls, "No control was concerned.", is_code=True),
        _table(
            "Groups", report.cohorts,
            "No group with five or more active people."
            if not report.cohorts_withheld
            else f"{counted(report.cohorts_withheld, 'group')} withheld: fewer than five people.",
        ),
    )  # fmt: skip


_WORDS: Final = {
    **{name: said for name, (said, _) in OUTCOMES.items()},
    **{name: name for name in ("critical", "high", "medium", "low")},
    "abandoned": "given up, not sent",
    "unlisted": "not in the registry",
}


def _table(title: str, rows: Sequence[Counted], empty: str, *, is_code: bool = False) -> Table:
    shown = tuple(
        (
            _WORDS.get(one.name) or one.title or titled(one.name),
            one.name.partition(":")[0].upper() + " " + one.name.partition(":")[2]
            if is_code
            else "",
            one.count,
            "" if one.people is None else counted(one.people, "person", "people"),
        )
        for one in rows[:MOST_ROWS]
    )
    return Table(title, shown, max(0, len(rows) - MOST_ROWS), empty)


def score_view(found: ClientScore) -> ScoreView:
    """Return a score in words."""
    score, gains = found.score, {one.control: one.gain for one in found.fix_first}
    return ScoreView(
        f"{score.score:.1f}",
        score.grade or DASH,
        score.is_enough,
        f"A grade needs {LEAST_PROMPTS} prompts and {LEAST_PEOPLE} people in 30 days; there were "
        f"{found.inputs.prompts:,} and {found.inputs.people:,}.",
        _parts(found),
        tuple(
            ControlRow(
                one.title,
                round(100 * one.fulfilment),
                one.weight,
                "tested" if one.basis == "test" else "attested",
                f"+{gains[one.id]:.1f}" if gains.get(one.id) else "",
            )
            for one in sorted(found.inputs.controls, key=lambda one: (-one.weight, one.title))
        ),
        tuple((one.title, f"+{one.gain:.1f}") for one in found.fix_first if round(one.gain, 1) > 0),
        found.formula,
        _cap_note(score.cap, found.inputs.open_disclosures),
    )


def _parts(found: ClientScore) -> tuple[Figure, ...]:
    score, open_disclosures = found.score, found.inputs.open_disclosures
    return (
        Figure(f"{score.posture:.1f}", "posture", "what is in place; counts 60 %"),
        Figure(f"{score.exposure:.1f}", "exposure", "what left and how bad; counts 40 %"),
        Figure(_share_of(score.coverage), "coverage", f"caps the score at {score.cap:.1f}"),
        Figure(f"{open_disclosures:,}", "open disclosures", "critical data left, not assessed"),
    )


def _cap_note(cap: float, open_disclosures: int) -> str:
    if cap >= _WHOLE:
        return ""
    before = "the open disclosures are assessed" if open_disclosures else "more seats report"
    return f"It cannot exceed {cap:.1f} before {before}."


_WHOLE: Final = 100
