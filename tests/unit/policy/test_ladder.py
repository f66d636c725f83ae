"""Steps that are due, and what settings in shadow would have done."""

from datetime import date
from typing import Any

from backend.policy.actions import Action
from backend.policy.ladder import due
from backend.policy.patch import patched
from backend.policy.policy import Policy
from backend.policy.reading import read_policy
from backend.policy.shadow import Watched, watched
from backend.services.shared_data import template

TODAY = date(2026, 11, 20)
KINDS = {
    "email-address": ("email-address", "EMAIL_ADDRESS", "contact", "pii"),
    "us-ssn": ("us-ssn", "US_SSN", "government-id", "pii"),
}


def with_setting(**setting: Any) -> Policy:
    document = template("hipaa").policy.document()
    families = {"contact": {"action": "flag", **setting}, "government-id": {"action": "warn"}}
    return read_policy({**document, "families": families})


def steps(*days: tuple[str, str]) -> list[dict[str, str]]:
    return [{"to": to, "on": on} for to, on in days]


def test_a_step_is_taken_on_its_day_and_not_before() -> None:
    policy = with_setting(promote=steps(("warn", "2026-11-20"), ("block", "2026-12-20")))
    assert due(policy, date(2026, 11, 19)) == ()
    (climb,) = due(policy, TODAY)
    assert (climb.field, climb.held, climb.step.to) == ("families.contact", "flag", Action.WARN)
    raised = patched(policy, climb.patch())
    assert raised.families["contact"] is Action.WARN
    assert due(raised, TODAY) == ()
    (later,) = due(raised, date(2026, 12, 20))
    assert patched(raised, later.patch()).families["contact"] is Action.BLOCK


def test_of_steps_that_were_missed_the_latest_is_taken() -> None:
    policy = with_setting(promote=steps(("warn", "2026-10-01"), ("block", "2026-11-01")))
    (climb,) = due(policy, TODAY)
    raised = patched(policy, climb.patch())
    assert raised.families["contact"] is Action.BLOCK
    assert raised.attributes.promotions == {}


def test_what_is_stricter_already_does_not_come_down() -> None:
    assert due(with_setting(action="block", promote=steps(("warn", "2026-11-01"))), TODAY) == ()


def test_a_setting_in_shadow_acts_once_its_day_has_come() -> None:
    policy = with_setting(action="block", mode="shadow", promote=steps(("warn", "2026-11-01")))
    (climb,) = due(policy, TODAY)
    raised = patched(policy, climb.patch())
    assert raised.families["contact"] is Action.WARN
    assert raised.attributes.shadow == {}


def test_shadow_counts_what_it_found_and_what_it_alone_would_have_stopped() -> None:
    policy = with_setting(action="block", mode="shadow")
    mail, both = ("email-address",), ("email-address", "us-ssn")
    events = [
        ((mail, "approved"), "ann", 3),
        ((both, "approved"), "ann", 1),
        ((both, "approved"), "bob", 2),
        ((("us-ssn",), "approved"), "eve", 5),
    ]
    assert watched(events, policy, KINDS) == (
        Watched("families.contact", Action.BLOCK, events=6, stricter=6, people=2),
    )
    milder = with_setting(action="flag", mode="shadow")
    (found,) = watched(events, milder, KINDS)
    assert (found.events, found.stricter) == (6, 3)


def test_a_setting_in_shadow_that_found_nothing_says_so() -> None:
    (found,) = watched([], with_setting(action="block", mode="shadow"), KINDS)
    assert (found.field, found.events, found.people) == ("families.contact", 0, 0)
