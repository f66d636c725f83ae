"""A patch changes what it names and nothing else."""

from typing import Any

import pytest
from hypothesis import given

from backend.policy.patch import RuleNames, patched
from backend.policy.reading import read_policy
from backend.policy.validation import PolicyError
from tests.unit.policy.worlds import a_document, documents

NAMES = RuleNames(rules=frozenset({"us-ssn"}), entities=frozenset({"US_SSN"}))
BEFORE = read_policy(
    a_document(
        categories={"phi": {"action": "block"}, "pii": {"action": "flag"}},
        entities={"US_SSN": {"action": "block"}},
    )
)


def test_one_category_changes_and_the_others_stay() -> None:
    after = patched(BEFORE, {"categories": {"pii": {"action": "warn"}}})
    expected = BEFORE.document()
    expected["categories"] = {"phi": {"action": "block"}, "pii": {"action": "warn"}}
    assert after.document() == expected


def test_null_takes_an_entry_out() -> None:
    after = patched(BEFORE, {"entities": {"US_SSN": None}})
    assert after.document()["entities"] == {}


def test_one_message_changes_and_the_other_stays() -> None:
    before: Any = BEFORE.document()["messages"]
    after = patched(BEFORE, {"messages": {"block": "Stay here."}})
    assert after.document()["messages"] == {"warn": before["warn"], "block": "Stay here."}


def test_a_list_is_replaced_whole() -> None:
    after = patched(BEFORE, {"remedies": {"warn": ["acknowledge"]}})
    assert after.document()["remedies"] == {
        "warn": ["acknowledge"],
        "block": ["redact", "request_exception", "report_false_positive"],
    }


def test_patching_leaves_the_former_policy_as_it_was() -> None:
    document = BEFORE.document()
    patched(BEFORE, {"default_action": "block"})
    assert BEFORE.document() == document


@given(documents, documents)
def test_a_whole_document_as_patch_gives_its_fields(
    before: dict[str, Any], wanted: dict[str, Any]
) -> None:
    patch = {key: value for key, value in wanted.items() if key != "format"}
    after = patched(read_policy(before), patch)
    for key in ("categories", "families", "entities", "rules"):
        for name, setting in wanted[key].items():
            assert getattr(after, key)[name].value == setting["action"]
    assert after.combinations == read_policy(wanted).combinations


WRONG: list[tuple[object, str]] = [
    ({}, ""),
    ([], ""),
    (None, ""),
    ({"colour": "red"}, "colour"),
    ({"format": 1}, "format"),
    ({"categories": {"phy": {"action": "block"}}}, "categories.phy"),
    ({"categories": None}, "categories"),
    ({"categories": {"secret": None}}, "categories.secret"),
    ({"services": {"prohibited": None}}, "services.prohibited"),
    ({"services": {"blocked": "block"}}, "services.blocked"),
    ({"messages": {"block": None}}, "messages.block"),
    ({"default_action": None}, "default_action"),
    ({"rules": {"us-snn": {"action": "block"}}}, "rules.us-snn"),
    ({"entities": {"US_SNN": {"action": "block"}}}, "entities.US_SNN"),
]


@pytest.mark.parametrize(("patch", "field"), WRONG)
def test_a_wrong_patch_is_refused_by_name(patch: object, field: str) -> None:
    with pytest.raises(PolicyError) as refused:
        patched(BEFORE, patch, NAMES)
    assert refused.value.field == field


def test_a_rule_that_no_longer_exists_can_be_taken_out() -> None:
    before = read_policy(a_document(rules={"old-rule": {"action": "block"}}))
    assert patched(before, {"rules": {"old-rule": None}}, NAMES).document()["rules"] == {}
