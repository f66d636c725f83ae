"""The risk of an AI service: every point has a reason, and what nobody knows counts."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.services.service_risk import Question, RiskTable, service_risk
from backend.services.shared_data import FACTS, ai_services, risk_table

TABLE = risk_table()
TODAY = date(2026, 11, 20)
facts = st.fixed_dictionaries(
    {one.attribute: st.sampled_from(list(one.answers)) for one in TABLE.questions}
)


def score(known: dict[str, str], table: RiskTable = TABLE) -> int:
    return service_risk(known, table, TODAY, TODAY).score


def test_the_table_asks_about_every_fact_and_its_weights_add_up_to_a_hundred() -> None:
    assert {one.attribute for one in TABLE.questions} == set(FACTS)
    assert sum(one.weight for one in TABLE.questions) == 100
    for one in TABLE.questions:
        assert list(one.answers.values()) == sorted(one.answers.values()), one.attribute
        assert one.answers["unknown"] == max(one.answers.values()) == 100, one.attribute


def test_a_service_of_which_everything_good_is_known_is_no_risk() -> None:
    best = {one.attribute: next(iter(one.answers)) for one in TABLE.questions}
    assert score(best) == 0


@pytest.mark.parametrize("known", [{}, {"training": "nobody said so"}])
def test_what_nobody_found_out_counts_as_the_worst(known: dict[str, str]) -> None:
    found = service_risk(known, TABLE, TODAY, TODAY)
    assert (found.score, found.band, found.known) == (100, "high", 0)


@given(facts, st.data())
def test_a_better_answer_never_raises_the_risk(known: dict[str, str], data: st.DataObject) -> None:
    question: Question = data.draw(st.sampled_from(TABLE.questions))
    answers = list(question.answers)
    better = data.draw(st.sampled_from(answers[: answers.index(known[question.attribute]) + 1]))
    assert score({**known, question.attribute: better}) <= score(known)


@given(facts, st.sampled_from(FACTS))
def test_finding_out_never_raises_the_risk(known: dict[str, str], fact: str) -> None:
    assert score(known) <= score({name: said for name, said in known.items() if name != fact})


@given(facts)
def test_the_points_given_as_reasons_add_up_to_the_risk(known: dict[str, str]) -> None:
    found = service_risk(known, TABLE, TODAY, TODAY)
    assert round(sum(one.points for one in found.inputs)) == found.score
    assert all(0 <= one.points <= one.weight for one in found.inputs)


def test_after_ninety_days_it_has_to_be_checked_again() -> None:
    dues = [service_risk({}, TABLE, TODAY - timedelta(days=n), TODAY).is_due for n in (0, 90, 91)]
    assert dues == [False, False, True]


def test_no_service_of_the_registry_answers_what_the_table_does_not_ask() -> None:
    asked = {one.attribute: set(one.answers) for one in TABLE.questions}
    for service in ai_services():
        for fact in FACTS:
            assert getattr(service, fact) in asked[fact], service.id
