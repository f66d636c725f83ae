"""What differs between two documents, in words, and which version set a field."""

from datetime import UTC, datetime
from typing import Any

import pytest

from backend.console.policy_changes import differences
from backend.console.policy_form import fields_of, overlaid, patch_of
from backend.console.policy_origins import setter
from backend.console.shapes import percent
from backend.core.errors import InvalidInput
from backend.services.policy_history import PolicyVersion
from backend.services.shared_data import template

HIPAA: dict[str, Any] = template("hipaa").policy.document()


def changed(**groups: Any) -> dict[str, Any]:
    """Return the template with some entries of its groups replaced."""
    return {
        key: value | groups.get(key, {}) if key in groups else value for key, value in HIPAA.items()
    }


def version(number: int, document: dict[str, Any]) -> PolicyVersion:
    return PolicyVersion(
        number, "", document, f"A{number}", "", datetime(2026, 1, number, tzinfo=UTC)
    )


def test_equal_documents_differ_in_nothing() -> None:
    assert differences(HIPAA, HIPAA) == ()


def test_a_difference_is_said_in_words_with_its_direction() -> None:
    after = changed(families={"name": {"action": "block"}, "contact": {"action": "allow"}})
    said = [(d.label, d.before, d.after, d.direction) for d in differences(HIPAA, after)]
    assert said == [
        ("Contact details", "warn", "allow", "milder"),
        ("Names of people", "flag", "block", "stricter"),
    ]


def test_what_is_added_or_taken_away_is_said_without_a_direction() -> None:
    after = {**changed(entities={"US_SSN": {"action": "warn"}})}
    del after["entities"]["DATE_OF_BIRTH"]
    said = [(d.label, d.before, d.after, d.direction) for d in differences(HIPAA, after)]
    assert said == [
        ("Date of birth", "block", "by group", ""),
        ("US SSN", "by group", "warn", ""),
    ]


def test_texts_and_lists_are_differences_too() -> None:
    after = changed(messages={"warn": "Look again."}, remedies={"warn": ["redact"]})
    said = {d.label: d.after for d in differences(HIPAA, after)}
    assert said == {
        "When a prompt is warned about": "Look again.",
        "Ways out of a warning": "clean and send",
    }


def test_a_field_set_and_set_back_counts_as_the_later_versions() -> None:
    strict = changed(families={"name": {"action": "block"}})
    history = [version(3, HIPAA), version(2, strict), version(1, HIPAA)]
    since = setter("families.name", history)
    assert since is not None
    assert since.version == 3
    first = setter("families.contact", history)
    assert first is not None
    assert first.version == 1


def test_a_field_older_than_the_versions_at_hand_has_no_known_author() -> None:
    assert setter("families.contact", [version(9, HIPAA), version(8, HIPAA)]) is None


def test_a_patch_survives_its_way_through_a_form() -> None:
    form = {"family-name": "block", "entity-DATE_OF_BIRTH": "", "service-unapproved": "warn",
            "message-warn": "Look\r\nagain.", "category-pii": "warn", "new-entity": "us ssn",
            "new-entity-action": "block", "setting-exception_minutes": "0",
            "setting-second_approval": "weakening"}  # fmt: skip
    patch = patch_of(form, HIPAA)
    assert patch["entities"] == {"DATE_OF_BIRTH": None, "US_SSN": {"action": "block"}}
    assert patch["exception_minutes"] == 0
    assert patch_of(dict(fields_of(patch)), HIPAA) == patch
    assert "DATE_OF_BIRTH" not in overlaid(HIPAA, patch)["entities"]


def test_what_a_setting_says_beside_its_action_is_seen_and_stays() -> None:
    cards = {"card": {"action": "block", "on_unavailable": "block"}}
    base = changed(families=cards)
    assert patch_of({"family-card": "block"}, base) == {}
    found = differences(HIPAA, base)
    assert [(one.label, one.after) for one in found] == [
        ("Payment cards: when the server does not answer", "nothing is sent")
    ]
    watched = patch_of({"family-card": "shadow:warn"}, base)
    assert watched == {
        "families": {"card": {"action": "warn", "mode": "shadow", "on_unavailable": "block"}}
    }
    assert patch_of(dict(fields_of(watched)), base) == watched
    (milder, *_) = differences(base, overlaid(base, watched))
    assert (milder.after, milder.direction) == ("warn, only watched", "milder")


def test_a_setting_takes_no_value_that_is_not_offered() -> None:
    with pytest.raises(InvalidInput, match="An exception lasts at most"):
        patch_of({"setting-exception_minutes": "481"}, HIPAA)


def test_longer_exceptions_and_fewer_approvers_are_called_milder() -> None:
    found = differences(HIPAA, {**HIPAA, "exception_minutes": 1440, "second_approval": "weakening"})
    assert [(one.label, one.after, one.direction) for one in found] == [
        ("What protects less is published by", "two people", "stricter"),
        ("An exception lasts at most", "1 day", "milder"),
    ]


def test_all_but_one_is_never_all() -> None:
    assert (percent(999, 1000), percent(1000, 1000), percent(0, 0)) == (99, 100, 0)
