"""Why something was found, and what would make it pass, for the person who typed it."""

from typing import Final

from backend.detection.custom.rules import TYPE
from backend.detection.finding import Finding
from backend.detection.masking import mask
from backend.detection.rulebook import Rule
from backend.detection.verification import LEAST_CONFIDENCE

_LETTERS: Final = (
    "AHV API AU AWS BIC BR BSN CA CH CL CPF CURP CVV DE DEA DNI EIN ES FIN FR GCP IBAN ICD ID IE"
    " IMEI IN IP IPV6 IT ITIN JSON MAC MBI MX NHS NIE NIF NINO NIR NL NPI NPM NRIC PAN PGP PL PPS"
    " PT RUT SE SG SIN SSN SWIFT TFN UK URL US VIN XAI ZA ZIP"
)
_SAID_AS_LETTERS: Final = frozenset(_LETTERS.split())
_VOWELS_AS_LETTERS: Final = frozenset("AEFHILMNORSX")


def reason(finding: Finding) -> str:
    """Say what it looks like, which check it passes and which word of the rule stands near it."""
    if finding.type == TYPE:
        return f"Is found by your organisation's own rule “{finding.context}”."
    name = named(finding.rule if finding.type == "SECRET" else finding.type)
    whys = []
    if finding.validator:
        whys.append(f"passes the {named(finding.validator)} check")
    if finding.context:
        whys.append(f"near the word “{finding.context}”")
    return f"Looks like {_article(name)} {name}" + (f": {', '.join(whys)}." if whys else ".")


def passes_if(finding: Finding, rule: Rule | None) -> str:
    """Say what would make it pass. `rule` is the finding's; a client's own rules have none."""
    if rule is None or finding.type == TYPE:
        return f"Passes redacted, or once “{finding.context}” is changed or the value is allowed."
    redacted = f"Passes as {mask(finding)}"
    if finding.context and rule.confidence < LEAST_CONFIDENCE:
        return f"{redacted}, or without “{finding.context}” beside it."
    if finding.validator:
        return f"{redacted}; a number that fails the {named(finding.validator)} check passes too."
    return f"{redacted}, or once your administrator allows this value."


def named(code: str) -> str:
    """Return a type, rule or validator in words: `US_SSN` is US SSN, `PERSON` is person."""
    first, *others = code.replace("-", "_").upper().split("_")
    words = [first, *("in" if word == "IN" else word for word in others)]
    return " ".join(word if word in _SAID_AS_LETTERS else word.lower() for word in words)


def _article(name: str) -> str:
    first = name.split(maxsplit=1)[0]
    if first in {"US", "UK"}:
        return "a"
    if first.isupper() and first not in {"IBAN", "SWIFT", "SIN", "MAC", "VIN", "ZIP"}:
        return "an" if first[0] in _VOWELS_AS_LETTERS else "a"
    return "an" if first[0] in "aeioAEIO" else "a"
