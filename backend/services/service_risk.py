"""How much of a risk an AI service is: a table of weights in, a figure with its reasons out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to know about a service; `answers` gives the percent of its weight each costs."""

    attribute: str
    question: str
    weight: int
    answers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RiskTable:
    """All questions, whose weights add up to 100, and from where on a figure is how bad."""

    version: str
    questions: tuple[Question, ...]
    medium_from: int
    high_from: int
    check_again_after_days: int


@dataclass(frozen=True, slots=True)
class RiskInput:
    """What one answer costs, of what it could cost."""

    attribute: str
    question: str
    answer: str
    points: float
    weight: int


@dataclass(frozen=True, slots=True)
class ServiceRisk:
    """A figure from 0 (best) to 100, how bad that is, and everything it was made of."""

    score: int
    band: str
    version: str
    inputs: tuple[RiskInput, ...]
    known: int
    """How many of the questions are answered."""
    is_due: bool
    """Whether what is known is so old that it has to be checked again."""


def service_risk(
    facts: Mapping[str, str], table: RiskTable, checked_on: date, today: date
) -> ServiceRisk:
    """Return the risk; what is unknown, or no answer of the table, costs what the worst does."""
    inputs = tuple(_input(one, facts.get(one.attribute, UNKNOWN)) for one in table.questions)
    score = round(sum(one.points for one in inputs))
    return ServiceRisk(
        score=score,
        band=_band(score, table),
        version=table.version,
        inputs=inputs,
        known=sum(one.answer != UNKNOWN for one in inputs),
        is_due=(today - checked_on).days > table.check_again_after_days,
    )


def _input(question: Question, given: str) -> RiskInput:
    answer = given if given in question.answers else UNKNOWN
    points = question.weight * question.answers[answer] / 100
    return RiskInput(question.attribute, question.question, answer, points, question.weight)


def _band(score: int, table: RiskTable) -> str:
    if score >= table.high_from:
        return "high"
    return "medium" if score >= table.medium_from else "low"
