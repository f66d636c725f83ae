"""Settings that only watch, emergency stops, and how findings fail."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.policy.actions import Action, OnUnavailable, ServiceStatus
from backend.policy.decide import decide
from backend.policy.messages import chosen, filled
from backend.policy.policy import Policy
from backend.policy.reading import read_policy
from backend.policy.verdict import Context
from tests.unit.policy.worlds import a_document, a_finding

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
LATER = (NOW + timedelta(hours=1)).isoformat()


def at(moment: datetime | None, service: str = "chatgpt") -> Context:
    return Context(ServiceStatus.APPROVED, service=service, moment=moment)


def switched(effect: str, name: str = "chatgpt", **values: Any) -> Policy:
    stop = {"effect": effect, "until": LATER, "reason": "outage"}
    return read_policy(a_document(switches={name: stop}, **values))


def test_what_a_setting_in_shadow_would_have_done_is_told() -> None:
    shadow = {"families": {"government-id": {"action": "block", "mode": "shadow"}}}
    verdict = decide([a_finding()], read_policy(a_document(**shadow)), at(NOW))
    assert verdict.action is Action.ALLOW
    assert verdict.to_redact == ()
    assert [(one.field, one.action, one.findings) for one in verdict.shadow] == [
        ("families.government-id", Action.BLOCK, (0,))
    ]


@pytest.mark.parametrize(
    ("name", "service", "expected"),
    [("chatgpt", "chatgpt", "block"), ("*", "claude", "block"), ("chatgpt", "claude", "allow")],
)
def test_an_emergency_stop_blocks_its_service_even_without_a_finding(
    name: str, service: str, expected: str
) -> None:
    assert decide([], switched("block", name), at(NOW, service)).action == expected


def test_an_emergency_stop_ends_by_itself() -> None:
    assert decide([], switched("block"), at(NOW + timedelta(hours=1))).action is Action.ALLOW


def test_observing_only_stops_nothing_and_still_says_what_it_saw() -> None:
    verdict = decide([a_finding()], switched("observe", default_action="block"), at(NOW))
    assert verdict.action is Action.FLAG
    assert verdict.provenance[0].action is Action.BLOCK


def test_a_block_beats_observing() -> None:
    stops = {
        "*": {"effect": "observe", "until": LATER, "reason": "r"},
        "chatgpt": {"effect": "block", "until": LATER, "reason": "r"},
    }
    assert decide([], read_policy(a_document(switches=stops)), at(NOW)).action is Action.BLOCK


def test_a_finding_fails_as_its_most_specific_setting_says() -> None:
    policy = read_policy(
        a_document(
            on_unavailable="allow_and_queue",
            families={"government-id": {"action": "block", "on_unavailable": "block"}},
            entities={"US_SSN": {"action": "block"}},
        )
    )
    assert policy.fails_as(a_finding()) is OnUnavailable.BLOCK
    assert policy.fails_as(a_finding(family="name")) is OnUnavailable.ALLOW_AND_QUEUE


def test_a_message_is_chosen_by_language_and_filled_in() -> None:
    policy = read_policy(
        a_document(translations={"es": {"warn": "{organisation} pide: {kinds}. {contact}"}})
    )
    words = chosen(policy.messages, policy.translations, ("pt", "es-MX", "en"))
    said = filled(words[Action.WARN], {"organisation": "{kinds}", "kinds": "ssn"})
    assert said == "{kinds} pide: ssn. "
    assert chosen(policy.messages, policy.translations, ("en", "es")) == policy.messages


@pytest.mark.parametrize("words", ["<b>No</b>", "Ask {name}.", "x" * 1001])
def test_markup_unknown_variables_and_long_messages_are_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"messages\.warn"):
        read_policy(a_document(messages={"warn": words}))
