"""A client's keyword lists and patterns as rules like any other."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from backend.detection.custom.effort import MOST_STEPS, steps_of_one_attempt
from backend.detection.custom.lists import Custom, Keywords, Pattern, rule_id
from backend.detection.custom.syntax import Translation, escaped, translated
from backend.detection.gaps import widest_gap
from backend.detection.gates import MOST_ALTERNATIVES, least_digits, least_token, required_literals

TYPE: Final = "CUSTOM"
FAMILY: Final = "custom"
_SURE: Final = 0.9
_TOGETHER: Final = MOST_ALTERNATIVES // 2
_GAP: Final = "[ \\t\\n_-]{1,4}"

RuleDocument = dict[str, Any]


def rule_documents(custom: Custom, *, for_browsers: bool = False) -> list[RuleDocument]:
    """Return the rules, as a rulebook writes them; browsers get none that could keep them busy."""
    rules = [rule for key, one in custom.keywords.items() for rule in _of_keywords(key, one)]
    for key, pattern in custom.patterns.items():
        made = translated(pattern.pattern)
        if not for_browsers or is_for_browsers(made):
            rules.append(_of_pattern(key, pattern, made))
    return rules


@lru_cache(maxsize=4096)
def is_for_browsers(made: Translation) -> bool:
    """Return whether a backtracking engine is done with the pattern in bounded time."""
    return steps_of_one_attempt(made.pattern, ignore_case=made.ignore_case) <= MOST_STEPS


def asks_server(custom: Custom) -> bool:
    """Return whether some pattern is looked for by the server alone."""
    return not all(is_for_browsers(translated(one.pattern)) for one in custom.patterns.values())


def _of_keywords(key: str, one: Keywords) -> Iterator[RuleDocument]:
    """So many words make one rule that a gate still follows from its pattern."""
    every = sorted({word.lower() for word in one.words})
    for first in range(0, len(every), _TOGETHER):
        words = every[first : first + _TOGETHER]
        pattern = "|".join(_phrase(word) for word in words)
        made = Translation(f"(?:{pattern})", "word", ignore_case=True)
        yield _rule(key, one, made, ())


def _phrase(words: str) -> str:
    return _GAP.join(escaped(word) for word in words.split())


def _of_pattern(key: str, one: Pattern, made: Translation) -> RuleDocument:
    return _rule(key, one, made, one.near)


def _rule(
    key: str, one: Keywords | Pattern, made: Translation, near: Sequence[str]
) -> RuleDocument:
    return {
        "id": rule_id(key), "type": TYPE, "category": one.category, "family": FAMILY,
        "severity": one.severity, "recognizer": "pattern", "pattern": made.pattern,
        "ignore_case": made.ignore_case, "boundary": made.boundary, "keywords": [],
        "literals": list(required_literals(made.pattern)),
        "least_digits": least_digits(made.pattern),
        "least_token": least_token(made.pattern), "widest_gap": widest_gap(made.pattern),
        "validator": None, "entropy": None, "randomness": None,
        "stop_words": [], "confidence": 0.0 if near else _SURE, "confidence_with_context": _SURE,
        "context": {
            "need": "word" if near else "none", "words": sorted({word.lower() for word in near}),
            "within": 64, "edges": "whole",
        },
        "controls": [], "why": one.name,
    }  # fmt: skip
