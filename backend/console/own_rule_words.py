"""What a client's own rules are called on a page, with help for who writes them."""

from dataclasses import dataclass
from typing import Final

from backend.console.policy_words import CATEGORIES

KEYWORDS: Final = "keywords"
PATTERNS: Final = "patterns"
VALUES: Final = "values"
ALLOWED: Final = "allowed"


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the four parts of `custom`, in words."""

    part: str
    title: str
    one: str
    about: str
    empty: str


KINDS: Final = {
    kind.part: kind
    for kind in (
        Kind(
            KEYWORDS,
            "Keyword lists",
            "Keyword list",
            "Words and phrases to look for, such as the names of projects.",
            "No keyword list yet.",
        ),
        Kind(
            PATTERNS,
            "Patterns",
            "Pattern",
            "How your own numbers are written, such as orders, cases or contracts.",
            "No pattern yet.",
        ),
        Kind(
            VALUES,
            "Known values",
            "Known values",
            "Real values, such as the record numbers of your patients. Only keyed digests are kept "
            "of them: nobody can read the values here again, not even you.",
            "No known values yet.",
        ),
        Kind(
            ALLOWED,
            "Allowed values",
            "Allowed values",
            "Harmless values that would be found, such as the phone number of your own reception. "
            "They are kept as keyed digests too.",
            "Nothing is allowed yet.",
        ),
    )
}
SEVERITIES: Final = {"low": "low", "medium": "medium", "high": "high", "critical": "critical"}
KINDS_OF_DATA: Final = {name: said[0] for name, said in CATEGORIES.items()}
EXAMPLES: Final = (
    (r"\bORD-\d{5}\b", "ORD-12345", "an order number: ORD, a hyphen and five digits, as a word"),
    (r"(?i)\bcase [a-z]{2}\d{4,6}\b", "Case qx20417", "two letters and 4 to 6 digits, in any case"),
    (r"contract no\. (\d{3}/\d{3})", "contract no. 104/882", "only what is in ( ) is the value"),
)


def category_in_words(category: str) -> str:
    """Return a category within a sentence."""
    return KINDS_OF_DATA.get(category, category).lower()
