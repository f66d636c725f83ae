"""A document is read whole or refused with the place and the reason."""

import json
from typing import Any

import pytest
from hypothesis import given

from backend.policy.reading import read_policy
from backend.policy.validation import PolicyError
from tests.unit.policy.worlds import a_document, documents


@given(documents)
def test_a_written_policy_reads_back_the_same(document: dict[str, Any]) -> None:
    policy = read_policy(document)
    assert read_policy(policy.document()) == policy
    assert read_policy(json.loads(json.dumps(policy.document()))) == policy


def test_the_smallest_document_gets_every_default() -> None:
    assert read_policy(a_document()).document() == {
        "format": 1,
        "name": "Test",
        "default_action": "allow",
        "minimum_confidence": 0.5,
        "categories": {},
        "families": {},
        "entities": {},
        "rules": {},
        "combinations": [],
        "files": {"unreadable": "warn"},
        "services": {"unapproved": "flag", "prohibited": "block"},
        "remedies": {
            "warn": ["redact", "justify", "report_false_positive"],
            "block": ["redact", "request_exception", "report_false_positive"],
        },
        "messages": {
            "warn": "Your organisation asks you to look at this again before it is sent.",
            "block": "Your organisation does not allow this to be sent to an AI service.",
        },
        "server_verdict": "on_finding",
        "on_unavailable": "enforce_cached",
        "custom": {"allowed": {}, "keywords": {}, "patterns": {}, "values": {}},
        "translations": {},
        "contact": "",
        "acceptable_use_page": "",
        "second_approval": "never",
        "switches": {},
        "exception_minutes": 480,
        "exception_approvers": "two_if_locked",
    }


def added(part: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Return a document's `custom` with one entry."""
    return {"custom": {part: {"one": entry}}}


BLOCK = {"action": "block"}
COMBINED = {"families": ["name"], "with_families": ["health-term"], "action": "block"}
MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"format": 2}, "format"),
    ({"format": True}, "format"),
    ({"name": ""}, "name"),
    ({"name": "a\x00b"}, "name"),
    ({"name": "\ud800"}, "name"),
    ({"name": "n" * 201}, "name"),
    ({"colour": "red"}, "colour"),
    ({"default_action": "deny"}, "default_action"),
    ({"default_action": ["block"]}, "default_action"),
    ({"minimum_confidence": 1.5}, "minimum_confidence"),
    ({"minimum_confidence": True}, "minimum_confidence"),
    ({"minimum_confidence": float("nan")}, "minimum_confidence"),
    ({"categories": []}, "categories"),
    ({"categories": {"phy": BLOCK}}, "categories.phy"),
    ({"categories": {"phi": "block"}}, "categories.phi"),
    ({"categories": {"phi": {}}}, "categories.phi.action"),
    ({"categories": {"phi": {"action": "Block"}}}, "categories.phi.action"),
    ({"categories": {"phi": {"action": "block", "also": 1}}}, "categories.phi.also"),
    ({"categories": {"phi": {**BLOCK, "mode": "watch"}}}, "categories.phi.mode"),
    ({"families": {"card": {**BLOCK, "on_unavailable": "no"}}}, "families.card.on_unavailable"),
    ({"families": {"card": {**BLOCK, "promote": [{"to": "warn"}]}}}, "families.card.promote.0.on"),
    (
        {"families": {"card": {**BLOCK, "promote": [{"to": "allow", "on": "2027-01-01"}]}}},
        "families.card.promote.0.to",
    ),
    ({"translations": {"Spanish": {"warn": "No."}}}, "translations.Spanish"),
    ({"translations": {"es": {"flag": "No."}}}, "translations.es.flag"),
    ({"contact": "c" * 201}, "contact"),
    ({"second_approval": True}, "second_approval"),
    ({"acceptable_use_page": "http://intranet"}, "acceptable_use_page"),
    ({"exception_minutes": 10_081}, "exception_minutes"),
    ({"exception_minutes": True}, "exception_minutes"),
    ({"exception_approvers": "one"}, "exception_approvers"),
    ({"switches": {"ChatGPT": {}}}, "switches.ChatGPT"),
    (
        {"switches": {"*": {"effect": "off", "until": "2027-01-01T00:00:00Z", "reason": "r"}}},
        "switches.*.effect",
    ),
    ({"families": {"contacts": BLOCK}}, "families.contacts"),
    ({"entities": {"us-ssn": BLOCK}}, "entities.us-ssn"),
    ({"rules": {"US_SSN": BLOCK}}, "rules.US_SSN"),
    ({"rules": {f"r{n}": BLOCK for n in range(501)}}, "rules"),
    ({"combinations": {}}, "combinations"),
    ({"combinations": "name"}, "combinations"),
    ({"combinations": [COMBINED, {**COMBINED, "families": []}]}, "combinations.1.families"),
    ({"combinations": [{**COMBINED, "families": ["health-term"]}]}, "combinations.0"),
    ({"combinations": [{**COMBINED, "families": ["nmae"]}]}, "combinations.0.families.0"),
    ({"combinations": [{**COMBINED, "action": "allow"}]}, "combinations.0.action"),
    ({"services": {"approved": "allow"}}, "services.approved"),
    ({"services": {"unapproved": "block", "prohibited": "flag"}}, "services.prohibited"),
    ({"remedies": {"flag": ["redact"]}}, "remedies.flag"),
    ({"remedies": {"block": []}}, "remedies.block"),
    ({"remedies": {"block": ["justify"]}}, "remedies.block"),
    ({"remedies": {"warn": ["redact", "redact"]}}, "remedies.warn"),
    ({"remedies": {"warn": ["ignore"]}}, "remedies.warn.0"),
    ({"messages": {"warn": ""}}, "messages.warn"),
    ({"messages": {"warn": "w" * 1001}}, "messages.warn"),
    ({"messages": {"warn": "\u202ereversed"}}, "messages.warn"),
    ({"server_verdict": "sometimes"}, "server_verdict"),
    ({"custom": {"words": {}}}, "custom.words"),
    (added("keywords", {"name": "Projects", "words": []}), "custom.keywords.one.words"),
    (added("keywords", {"name": "Projects", "words": ["ab"]}), "custom.keywords.one.words.0"),
    (added("keywords", {"name": "", "words": ["abc"]}), "custom.keywords.one.name"),
    (added("keywords", {"words": ["abc"]}), "custom.keywords.one.name"),
    (
        added("keywords", {"name": "P", "words": ["abc"], "severity": "worst"}),
        "custom.keywords.one.severity",
    ),
    ({"custom": {"keywords": {"Not An Id": {}}}}, "custom.keywords.…"),
    (added("patterns", {"name": "Order", "pattern": "(?=a)b"}), "custom.patterns.one.pattern"),
    (added("patterns", {"name": "Order", "pattern": "x*"}), "custom.patterns.one.pattern"),
    (added("patterns", {"name": "Order", "pattern": "a" * 501}), "custom.patterns.one.pattern"),
    (
        added("values", {"name": "V", "digests": ["f" * 31], "lengths": [8]}),
        "custom.values.one.digests.0",
    ),
    (
        added("values", {"name": "V", "digests": ["f" * 32], "lengths": [3]}),
        "custom.values.one.lengths.0",
    ),
    (
        added("values", {"name": "V", "digests": ["f" * 32], "lengths": []}),
        "custom.values.one.lengths",
    ),
    (
        added("allowed", {"name": "A", "digests": ["f" * 32], "until": "2027-02-30"}),
        "custom.allowed.one.until",
    ),
    (
        added("allowed", {"name": "A", "digests": ["f" * 32], "type": "us-ssn"}),
        "custom.allowed.one.type",
    ),
    (
        {
            "custom": {
                "keywords": {"one": {"name": "K", "words": ["abc"]}},
                "patterns": {"one": {"name": "P", "pattern": "abc"}},
            }
        },
        "custom.patterns.one",
    ),
    ({"on_unavailable": "allow"}, "on_unavailable"),
]


@pytest.mark.parametrize(("values", "field"), MISTAKES)
def test_a_mistake_is_refused_by_name(values: dict[str, Any], field: str) -> None:
    with pytest.raises(PolicyError) as refused:
        read_policy(a_document(**values))
    assert refused.value.field == field
    assert str(refused.value).startswith(f"{field}: ")


@pytest.mark.parametrize("document", [None, [], "{}", 1, {"format": 1}, {"name": "Test"}])
def test_what_is_no_document_is_refused(document: object) -> None:
    with pytest.raises(PolicyError):
        read_policy(document)
