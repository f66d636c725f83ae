"""A violation touches exactly the controls of what it is about, in frameworks that are on."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.services.control_mapping import Recorded, control_mapping
from backend.services.frameworks import CONCERNS, frameworks

DAY = date(2026, 11, 20)
TYPES = ("US_SSN", "EMAIL_ADDRESS", "CREDIT_CARD", "SECRET", "MEDICAL_RECORD_NUMBER", "CUSTOM")
WHOLE = tuple(frameworks())
recorded = some.builds(
    Recorded,
    some.lists(some.sampled_from(TYPES), unique=True).map(tuple),
    some.booleans(),
    some.sampled_from(["prevented", "overridden_sent", "sent_unflagged"]),
    some.just(DAY),
)


def _ids(framework: str, **said: Any) -> set[str]:
    usual = {"kinds": (), "is_service_known": True, "disposition": "prevented", "day": DAY}
    found = control_mapping().controls(Recorded(**{**usual, **said}), [framework])
    return {control.id for control in found}


@pytest.mark.parametrize(
    ("kinds", "about"),
    [
        (("EMAIL_ADDRESS",), {"pii"}),
        (("MEDICAL_RECORD_NUMBER",), {"phi"}),
        (("US_SSN",), {"pii", "national-id"}),
        (("CREDIT_CARD",), {"card"}),
        (("SECRET",), {"credential"}),
        (("CUSTOM",), {"confidential"}),
        ((), {"unapproved-service"}),
    ],
)
def test_each_kind_is_about_its_family(kinds: tuple[str, ...], about: set[str]) -> None:
    assert control_mapping().concerns(Recorded(kinds, True, "prevented", DAY)) == about


def test_a_lone_e_mail_address_is_no_protected_health_information() -> None:
    assert _ids("hipaa", kinds=("EMAIL_ADDRESS",)) == set()
    assert "5(1)(c)" in _ids("gdpr", kinds=("EMAIL_ADDRESS",))


def test_a_safe_harbor_letter_comes_with_health_only() -> None:
    assert "164.514(b)(2)(i)(G)" not in _ids("hipaa", kinds=("US_SSN",))
    together = _ids("hipaa", kinds=("US_SSN", "MEDICAL_RECORD_NUMBER"))
    assert {"164.514(b)(2)(i)(G)", "164.514(b)(2)(i)(H)", "164.502(b)"} <= together


def test_an_override_and_an_unknown_service_are_about_themselves() -> None:
    said = {"kinds": ("SECRET",), "is_service_known": False, "disposition": "overridden_sent"}
    assert {"CC6.1", "CC9.2", "CC5.3", "CC8.1"} <= _ids("soc2", **said)


def test_a_control_counts_from_the_day_it_was_in_force() -> None:
    assert "8.6.2" not in _ids("pci", kinds=("SECRET",), day=date(2025, 3, 30))
    assert "8.6.2" in _ids("pci", kinds=("SECRET",), day=date(2025, 3, 31))


@given(recorded)
def test_what_is_only_proposed_is_never_touched(one: Recorded) -> None:
    found = control_mapping().controls(one, WHOLE)
    assert all(control.status == "in_force" and control.holds_on(DAY) for control in found)


@given(recorded, some.lists(some.sampled_from(WHOLE), unique=True))
def test_only_frameworks_that_are_on_are_named_and_each_by_itself(
    one: Recorded, switched_on: list[str]
) -> None:
    mapping = control_mapping()
    together = mapping.controls(one, switched_on)
    apart = [control for name in switched_on for control in mapping.controls(one, [name])]
    assert list(together) == apart
    assert {control.framework for control in together} <= set(switched_on)


@given(recorded)
def test_no_control_is_shown_without_its_title(one: Recorded) -> None:
    shapes = control_mapping().shapes(one, [*WHOLE, "nobody-knows-it"])
    assert all(len(shape["title"]) >= 5 for shape in shapes)
    assert len({(shape["framework"], shape["id"]) for shape in shapes}) == len(shapes)


def test_every_concern_of_the_mapping_leads_to_a_control_somewhere() -> None:
    mapped = {name for one in frameworks().values() for name, ids in one.concerns.items() if ids}
    assert mapped == set(CONCERNS)
