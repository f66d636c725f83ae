"""What the registry of AI services says, in the words of the console."""

from collections.abc import Mapping
from typing import Final

from backend.console.shapes import capitalised

STATUSES: Final[Mapping[str, tuple[str, str]]] = {
    "approved": ("approved", "allow"),
    "tolerated": ("tolerated", "flag"),
    "under_review": ("under review", "warn"),
    "prohibited": ("prohibited", "block"),
    "unknown": ("not decided", ""),
}
"""Each status in words, and the colour it shares with an action."""
CHOICES: Final[Mapping[str, str]] = {
    "approved": "Approved",
    "tolerated": "Tolerated for now",
    "under_review": "Under review",
    "prohibited": "Prohibited",
    "withdrawn": "Take an earlier decision back",
}
AGREEMENTS: Final[Mapping[str, str]] = {
    "none": "none",
    "baa": "business associate agreement (HIPAA)",
    "dpa": "data processing agreement (GDPR)",
    "both": "both",
}
BANDS: Final[Mapping[str, str]] = {"low": "allow", "medium": "warn", "high": "block"}
_OFFERED: Final = {"yes": "yes", "on_plan": "on some plans", "no": "no"}
_ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "training": {
        "no": "no",
        "not_on_business_plans": "not on business plans",
        "by_default": "yes, by default",
    },
    "baa": _OFFERED,
    "dpa": _OFFERED,
    "sso": _OFFERED,
    "residency": {"choice": "yes, the customer chooses", "stated": "yes, the vendor says where"},
    "retention": {
        "none": "not at all",
        "choice": "as long as the customer chooses",
        "days_30": "up to 30 days",
        "until_deleted": "until somebody deletes them",
        "unlimited": "without an end",
    },
}
_REGIONS: Final[Mapping[str, str]] = {
    "us": "USA", "eu": "EU", "uk": "United Kingdom", "ch": "Switzerland", "ca": "Canada",
    "au": "Australia", "jp": "Japan", "kr": "South Korea", "in": "India", "sg": "Singapore",
    "cn": "China", "ru": "Russia",
}  # fmt: skip


def answer_in_words(attribute: str, answer: str, regions: tuple[str, ...] = ()) -> str:
    """Return an answer as people say it."""
    words = _ANSWERS[attribute].get(answer, "unknown")
    where = ", ".join(_REGIONS.get(one, one) for one in regions)
    return f"{words} ({where})" if attribute == "residency" and where else words


def category_in_words(category: str) -> str:
    """Return a category as a label."""
    return capitalised(category)
