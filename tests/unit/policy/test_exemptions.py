"""What a granted exception lets pass, and for how long."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.detection.finding import Finding
from backend.policy.actions import Action, ServiceStatus
from backend.policy.decide import decide
from backend.policy.exemptions import Exemption
from backend.policy.justification import is_low_effort
from backend.policy.reading import read_policy
from backend.policy.verdict import Context
from tests.unit.policy.worlds import TYPES, a_document, a_finding, documents, findings

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CARD = a_finding(rule="card", type="CREDIT_CARD", family="card", start=20, end=30)
NAME = a_finding(rule="person-label", type="PERSON", family="name", category="phi", severity="low")
BLOCKING = read_policy(a_document(default_action="block"))


def granted(*kinds: str, service: str = "chatgpt", with_service: bool = False) -> Exemption:
    return Exemption("e1", service, frozenset(kinds), with_service, NOW + timedelta(minutes=30))


def at(*exemptions: Exemption, moment: datetime | None = NOW, **values: Any) -> Context:
    usual = {"service_status": ServiceStatus.APPROVED, "service": "chatgpt"} | values
    return Context(moment=moment, exemptions=exemptions, **usual)


def test_what_it_covers_passes_and_is_noted_with_its_id() -> None:
    verdict = decide([a_finding()], BLOCKING, at(granted("US_SSN")))
    assert verdict.action is Action.FLAG
    assert verdict.exemptions == ("e1",)


@pytest.mark.parametrize(
    "context",
    [
        at(granted("US_SSN"), moment=NOW + timedelta(minutes=30)),
        at(granted("US_SSN"), moment=None),
        at(granted("US_SSN"), service="claude"),
        at(granted("CREDIT_CARD")),
        at(granted("US_SSN", service="*")),
    ],
    ids=["over", "without a clock", "elsewhere", "another kind", "no such service"],
)
def test_it_ends_by_itself_and_covers_nothing_else(context: Context) -> None:
    verdict = decide([a_finding()], BLOCKING, context)
    assert verdict.action is Action.BLOCK


def test_what_stands_beside_it_is_stopped_as_before() -> None:
    verdict = decide([a_finding(), CARD], BLOCKING, at(granted("US_SSN")))
    assert [(one.action, one.findings) for one in verdict.provenance] == [
        (Action.BLOCK, (1,)),
        (Action.FLAG, (0,)),
    ]


@pytest.mark.parametrize(
    ("kinds", "severity", "expected"),
    [
        (("PERSON", "HEALTH_TERM"), "high", "flag"),
        (("PERSON",), "high", "block"),
        (("PERSON",), "low", "flag"),
        (("HEALTH_TERM",), "high", "block"),
    ],
    ids=["both", "only the name", "the other is in no record", "only the illness"],
)
def test_a_combination_passes_only_where_all_of_it_that_counts_is_covered(
    kinds: tuple[str, ...], severity: str, expected: str
) -> None:
    policy = read_policy(
        a_document(
            combinations=[
                {"families": ["name"], "with_families": ["health-term"], "action": "block"}
            ]
        )
    )
    illness = a_finding(
        rule="health-term", type="HEALTH_TERM", family="health-term", category="phi",
        severity=severity, start=40, end=50,
    )  # fmt: skip
    assert decide([NAME, illness], policy, at(granted(*kinds))).action == expected


def test_an_ai_service_passes_only_where_the_exception_is_about_it() -> None:
    policy, prohibited = read_policy(a_document()), {"service_status": ServiceStatus.PROHIBITED}
    about_text, about_service = granted("US_SSN"), granted("US_SSN", with_service=True)
    assert decide([], policy, at(about_text, **prohibited)).action is Action.BLOCK
    assert decide([], policy, at(about_service, **prohibited)).action is Action.FLAG


def test_an_emergency_stop_is_stronger_than_any_exception() -> None:
    stop = {"effect": "block", "until": (NOW + timedelta(hours=1)).isoformat(), "reason": "r"}
    policy = read_policy(a_document(switches={"*": stop}))
    assert decide([], policy, at(granted("US_SSN", with_service=True))).action is Action.BLOCK


def test_one_that_was_not_needed_is_not_named() -> None:
    verdict = decide([a_finding()], read_policy(a_document()), at(granted("US_SSN")))
    assert (verdict.action, verdict.exemptions) == (Action.ALLOW, ())


@given(findings, documents, st.sets(st.sampled_from(TYPES)))
def test_an_exception_never_makes_stricter_and_never_lets_more_than_it_covers(
    found: list[Finding], document: dict[str, Any], kinds: set[str]
) -> None:
    policy = read_policy(document)
    before = decide(found, policy, at(service_status=ServiceStatus.UNKNOWN))
    after = decide(
        found, policy, at(granted(*kinds, with_service=True), service_status=ServiceStatus.UNKNOWN)
    )
    assert min(before.action, Action.FLAG) <= after.action <= before.action
    uncovered = [one for one in found if one.type not in kinds]
    assert after.action >= decide(uncovered, policy, at()).action


@pytest.mark.parametrize(
    "words",
    ["", "ok", "because", "asdf asdf asdf asdf", "please please please", "aaaaaaaaaaaaaaaaaaaa",
     "I need this!!!!!!!!", "n/a n/a n/a n/a", "1234567 890123 456789", "yes yes yes yes yes yes"],
)  # fmt: skip
def test_words_without_effort_are_recognised(words: str) -> None:
    assert is_low_effort(words)


@pytest.mark.parametrize(
    "words",
    ["The insurer asks for it today.", "La aseguradora lo pide hoy mismo.",
     "Der Kostenträger braucht die Nummer.", "保険会社が今日中に必要としています"],
)  # fmt: skip
def test_a_sentence_of_any_language_is_an_effort(words: str) -> None:
    assert not is_low_effort(words)
