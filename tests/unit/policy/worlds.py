"""Strategies and builders for policies and findings, for the tests of this room."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from backend.detection.finding import SEVERITIES, Finding
from backend.policy.actions import CATEGORIES, FAMILIES, Action, ServiceStatus
from backend.policy.verdict import Context

RULES = ("us-ssn", "us-npi", "email-address", "person-label", "aws-access-key-id")
TYPES = ("US_SSN", "US_NPI", "EMAIL_ADDRESS", "PERSON", "SECRET")


def a_finding(**values: Any) -> Finding:
    """Return a sure finding of a US social security number, except for what `values` say."""
    usual: dict[str, Any] = {
        "rule": "us-ssn",
        "type": "US_SSN",
        "category": "pii",
        "family": "government-id",
        "severity": "critical",
        "start": 0,
        "end": 11,
        "confidence": 0.9,
        "context": None,
        "validator": None,
    }
    return Finding(**{**usual, **values})


def a_document(**values: Any) -> dict[str, Any]:
    """Return the smallest policy document, plus `values`."""
    return {"format": 1, "name": "Test", **values}


findings = st.lists(
    st.builds(
        a_finding,
        rule=st.sampled_from(RULES),
        type=st.sampled_from(TYPES),
        category=st.sampled_from(CATEGORIES),
        family=st.sampled_from(FAMILIES),
        start=st.integers(0, 90),
        end=st.integers(91, 99),
        confidence=st.sampled_from((0.3, 0.5, 0.7, 1.0)),
    ),
    max_size=6,
)
contexts = st.builds(Context, service_status=st.sampled_from(ServiceStatus))
actions = st.sampled_from([action.value for action in Action])
_stricter = st.sampled_from(("flag", "warn", "block"))


def _settings(keys: tuple[str, ...]) -> st.SearchStrategy[dict[str, Mapping[str, str]]]:
    return st.dictionaries(st.sampled_from(keys), st.fixed_dictionaries({"action": actions}))


_names = st.lists(st.sampled_from(FAMILIES), min_size=2, max_size=5, unique=True)


@st.composite
def _combinations(draw: st.DrawFn) -> dict[str, object]:
    names = draw(_names)
    cut = draw(st.integers(1, len(names) - 1))
    return {"families": names[:cut], "with_families": names[cut:], "action": draw(_stricter)}


@st.composite
def _services(draw: st.DrawFn) -> dict[str, str]:
    mild, strict = sorted((Action(draw(actions)), Action(draw(actions))))
    return {"unapproved": mild.value, "prohibited": strict.value}


_offers = ["redact", "request_exception", "redirect", "report_false_positive"]
_remedies = st.fixed_dictionaries(
    {
        "warn": st.lists(
            st.sampled_from([*_offers, "justify", "acknowledge"]), min_size=1, unique=True
        ),
        "block": st.lists(st.sampled_from(_offers), min_size=1, unique=True),
    }
)
_name = st.sampled_from(("Projects", "Patients' numbers"))
_rule = {
    "name": _name,
    "category": st.sampled_from(CATEGORIES),
    "severity": st.sampled_from(SEVERITIES),
}
_digests = st.lists(st.sampled_from(("0" * 32, "f" * 32)), min_size=1, max_size=2)


def _custom_part(key: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.just(key), st.fixed_dictionaries(fields))


_words = st.lists(st.sampled_from(("falcon", "north star")), min_size=1)
_custom = st.fixed_dictionaries(
    {
        "keywords": _custom_part("projects", words=_words, **_rule),
        "patterns": _custom_part(
            "orders", pattern=st.just(r"\bORD-\d{5}\b"), near=st.just(["order"]), **_rule
        ),
        "values": _custom_part("known", digests=_digests, lengths=st.just([8]), **_rule),
        "allowed": _custom_part(
            "desk",
            name=_name,
            digests=_digests,
            type=st.sampled_from((None, "PHONE_NUMBER")),
            until=st.sampled_from((None, "2027-01-31")),
        ),
    }
)
documents = st.fixed_dictionaries(
    {
        "format": st.just(1),
        "name": st.just("Test"),
        "default_action": actions,
        "minimum_confidence": st.sampled_from((0.0, 0.5, 0.9)),
        "categories": _settings(CATEGORIES),
        "families": _settings(FAMILIES),
        "entities": _settings(TYPES),
        "rules": _settings(RULES),
        "combinations": st.lists(_combinations(), max_size=3),
        "services": _services(),
        "remedies": _remedies,
        "custom": _custom,
    }
)
