"""Reasons a person understands."""

import pytest

from backend.detection.explanation import passes_if, reason
from backend.detection.finding import Finding
from tests.rulebooks import rulebook


def found(rule: str, kind: str, context: str | None = None, check: str | None = None) -> Finding:
    return Finding(rule, kind, "pii", "other", "high", 0, 3, 0.9, context, check)


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (found("us-ssn", "US_SSN", "ssn", "us_ssn"),
         "Looks like a US SSN: passes the US SSN check, near the word “ssn”."),
        (found("email-address", "EMAIL_ADDRESS"), "Looks like an email address."),
        (found("us-npi", "NPI", None, "npi"), "Looks like an NPI: passes the NPI check."),
        (found("openai-key", "SECRET"), "Looks like an openai key."),
        (found("password-in-words", "SECRET"), "Looks like a password in words."),
        (found("iban", "IBAN", "account"), "Looks like an IBAN: near the word “account”."),
    ],
)  # fmt: skip
def test_a_reason_names_shape_check_and_context(finding: Finding, words: str) -> None:
    assert reason(finding) == words


RULES = {rule.id: rule for rule in rulebook().rules}


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (found("us-ssn-bare", "US_SSN", "ssn", "us_ssn"),
         "Passes as [us-ssn-bare], or without “ssn” beside it."),
        (found("credit-card", "CREDIT_CARD", None, "card"),
         "Passes as [credit-card]; a number that fails the card check passes too."),
        (found("openai-key", "SECRET"),
         "Passes as [openai-key], or once your administrator allows this value."),
        (found("custom-orders", "CUSTOM", "Orders"),
         "Passes redacted, or once “Orders” is changed or the value is allowed."),
    ],
)  # fmt: skip
def test_it_is_said_what_would_make_it_pass(finding: Finding, words: str) -> None:
    assert passes_if(finding, RULES.get(finding.rule)) == words
