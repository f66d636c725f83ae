"""Which rules ordinary texts open for nothing: they are then looked for several at a time."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from backend.detection.custom.trial import ordinary_texts
from backend.detection.engine import Detector
from backend.detection.rulebook import Rulebook

_LENGTH: Final = 2048
_LEAST_SHARE: Final = 0.02
"""Of the texts: what fewer open costs less than it would to compile it with others."""
_MOST_MATCHES: Final = 0.25
"""Of the attempts: what matches oftener is better tried by itself."""


def opened_in_vain(rulebook: Rulebook) -> frozenset[str]:
    """Return the ids of the rules that ordinary texts open often and mostly do not match."""
    detector = Detector(rulebook)
    tried, matched = Counter[str](), Counter[str]()
    texts = list(_texts())
    for text in texts:
        for rule, is_match in detector.attempts(text):
            tried[rule.id] += 1
            matched[rule.id] += is_match
    return frozenset(
        rule
        for rule, times in tried.items()
        if times >= _LEAST_SHARE * len(texts) and matched[rule] < _MOST_MATCHES * times
    )


def _texts() -> Iterator[str]:
    """Yield ordinary texts, put together to the length of a prompt with something pasted in."""
    whole = "\n\n".join(ordinary_texts())
    for start in range(0, len(whole), _LENGTH):
        yield whole[start : start + _LENGTH]
