"""Reasons a person understands."""

import pytest

from backend.detection.finding import Finding
from backend.services.finding_reasons import reason


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
