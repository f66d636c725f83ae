"""What holds for every policy, finding and context."""

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.detection.finding import Finding
from backend.policy.actions import Action, Remedy, ServiceStatus
from backend.policy.decide import decide
from backend.policy.reading import read_policy
from backend.policy.verdict import Context
from tests.unit.policy.worlds import contexts, documents, findings

Document = dict[str, Any]


@given(findings, documents, contexts)
def test_the_same_question_gets_the_same_answer(
    found: list[Finding], document: Document, context: Context
) -> None:
    policy = read_policy(document)
    assert decide(found, policy, context) == decide(found, read_policy(document), context)


@given(findings, documents, contexts, st.randoms(use_true_random=False))
def test_the_order_of_findings_does_not_matter(
    found: list[Finding], document: Document, context: Context, dice: random.Random
) -> None:
    policy = read_policy(document)
    before = decide(found, policy, context)
    dice.shuffle(found)
    after = decide(found, policy, context)
    assert (after.action, after.remedies, after.message) == (
        before.action, before.remedies, before.message,
    )  # fmt: skip
    assert [(r.field, r.action) for r in after.provenance] == [
        (r.field, r.action) for r in before.provenance
    ]


@given(findings, documents, contexts, st.randoms(use_true_random=False))
def test_a_stricter_policy_never_answers_more_mildly(
    found: list[Finding], document: Document, context: Context, dice: random.Random
) -> None:
    mild = decide(found, read_policy(document), context)
    strict = decide(found, read_policy(_stricter(document, dice)), context)
    assert strict.action >= mild.action


@given(findings, findings, documents, contexts)
def test_more_findings_never_get_a_milder_answer(
    found: list[Finding], more: list[Finding], document: Document, context: Context
) -> None:
    policy = read_policy(document)
    assert decide([*found, *more], policy, context).action >= decide(found, policy, context).action


@given(findings, documents, contexts)
def test_a_stopped_user_always_has_a_way_on(
    found: list[Finding], document: Document, context: Context
) -> None:
    verdict = decide(found, read_policy(document), context)
    assert bool(verdict.remedies) == verdict.action.stops
    assert bool(verdict.message) == verdict.action.stops


@given(findings, documents, contexts)
def test_a_block_never_offers_to_go_on_unchanged(
    found: list[Finding], document: Document, context: Context
) -> None:
    verdict = decide(found, read_policy(document), context)
    if verdict.action is Action.BLOCK:
        assert not {Remedy.JUSTIFY, Remedy.ACKNOWLEDGE} & set(verdict.remedies)


@given(findings, documents, contexts)
def test_what_is_left_after_redacting_may_be_sent(
    found: list[Finding], document: Document, context: Context
) -> None:
    policy = read_policy(document)
    verdict = decide(found, policy, context)
    left = [f for n, f in enumerate(verdict.findings) if n not in verdict.to_redact]
    assert decide(left, policy, context).action == decide((), policy, context).action
    if Remedy.REDACT in verdict.remedies:
        assert not decide(left, policy, context).action.stops


@given(documents)
def test_clean_text_to_an_approved_service_is_allowed(document: Document) -> None:
    verdict = decide((), read_policy(document), Context(ServiceStatus.APPROVED))
    assert verdict.action is Action.ALLOW
    assert verdict.provenance == ()


@given(findings, documents, contexts)
def test_every_action_has_a_reason_that_calls_for_it(
    found: list[Finding], document: Document, context: Context
) -> None:
    verdict = decide(found, read_policy(document), context)
    called_for = [reason.action for reason in verdict.provenance]
    assert called_for == sorted(called_for, reverse=True)
    assert verdict.action is max(called_for, default=Action.ALLOW)


def _stricter(document: Document, dice: random.Random) -> Document:
    """Return the document with each action raised or left, and doubtful findings counted more."""

    def raised(action: str) -> str:
        return dice.choice([other.value for other in Action if other >= action])

    def settings(key: str) -> Document:
        return {name: {"action": raised(it["action"])} for name, it in document[key].items()}

    unapproved = Action(raised(document["services"]["unapproved"]))
    prohibited = max(unapproved, Action(raised(document["services"]["prohibited"])))
    return document | {
        "default_action": raised(document["default_action"]),
        "minimum_confidence": dice.uniform(0, document["minimum_confidence"]),
        **{key: settings(key) for key in ("categories", "families", "entities", "rules")},
        "combinations": [it | {"action": raised(it["action"])} for it in document["combinations"]],
        "services": {"unapproved": unapproved.value, "prohibited": prohibited.value},
    }
