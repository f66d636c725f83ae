"""Why something was found, and what would make it pass, for the person who typed it."""

from typing import Final

from backend.detection.custom.rules import TYPE
from backend.detection.finding import Finding
from backend.detection.masking import mask
from backend.detection.rulebook import Rule
from backend.detection.verification import LEAST_CONFIDENCE

_SHORT_WORDS: Final = frozenset(
    "address age alien asmens bank birth blood card care carte case cedula cislo civil claim code"
    " court credit data date device donor driver email expiry fax fiscal health hull kodas kods"
    " member mental number of organ other permit person phone photo plate policy postal prior"
    " record rodne roll secret serial sexual social sort street tax term track type union unique"
    " use utente vitale voter key token words luhn coin ripple public titulo excise varied wallet"
    " bech32 cards".upper().split()
)
_LONGEST_LETTERS: Final = 6
"""What is longer is a word; what is not, and is no word above, is said letter by letter."""
_LETTERS_OF_RULES: Final = frozenset(
    {"API", "AWS", "CA", "DE", "GCP", "ID", "IP", "JSON", "JWT", "NPM", "PGP", "PHP", "SAS"}
    | {"SMTP", "SSH", "UK", "URL", "US", "XAI"}
)
_HEALTH: Final = "health-term"
_TOLD: Final = "health-told"
"""The rule that knows no word of health, but what all words of a text say together."""
_VOWELS_AS_LETTERS: Final = frozenset("AEFHILMNORSX")


def reason(finding: Finding) -> str:
    """Say what it looks like, which check it passes and which word of the rule stands near it."""
    if finding.type == TYPE:
        return f"Is found by your organisation's own rule “{finding.context}”."
    if finding.rule == _TOLD:
        return "Is a word by which the text speaks of health, beside somebody it may be about."
    name = named(finding.rule if finding.type == "SECRET" else finding.type)
    whys = []
    if finding.validator:
        whys.append(f"passes the {named(finding.validator)} check")
    if finding.context:
        whys.append(f"near the word “{finding.context}”")
    elif finding.family == _HEALTH:
        whys.append("beside somebody it may be about")
    return f"Looks like {_article(name)} {name}" + (f": {', '.join(whys)}." if whys else ".")


def passes_if(finding: Finding, rule: Rule | None) -> str:
    """Say what would make it pass. `rule` is the finding's; a client's own rules have none."""
    if rule is None or finding.type == TYPE:
        return f"Passes redacted, or once “{finding.context}” is changed or the value is allowed."
    redacted = f"Passes as {mask(finding)}"
    if finding.context and rule.confidence < LEAST_CONFIDENCE:
        return f"{redacted}, or without “{finding.context}” beside it."
    if rule.company and not finding.context:
        return f"{redacted}, or where nobody it could be about is found beside it."
    if finding.validator:
        return f"{redacted}; a number that fails the {named(finding.validator)} check passes too."
    return f"{redacted}, or once your administrator allows this value."


def named(code: str) -> str:
    """Return a type, rule or validator in words: `US_SSN` is US SSN, `PERSON` is person."""
    first, *others = code.replace("-", "_").upper().split("_")
    words = [first, *("in" if word == "IN" else word for word in others)]
    is_letters = _is_letters_of_rule if "-" in code else _is_letters
    return " ".join(word if is_letters(word) else word.lower() for word in words)


def _is_letters(word: str) -> bool:
    return word.isupper() and len(word) <= _LONGEST_LETTERS and word not in _SHORT_WORDS


def _is_letters_of_rule(word: str) -> bool:
    return word in _LETTERS_OF_RULES


def _article(name: str) -> str:
    first = name.split(maxsplit=1)[0]
    if first in {"US", "UK"}:
        return "a"
    if first.isupper() and first not in {"IBAN", "SWIFT", "SIN", "MAC", "VIN", "ZIP"}:
        return "an" if first[0] in _VOWELS_AS_LETTERS else "a"
    return "an" if first[0] in "aeioAEIO" else "a"
