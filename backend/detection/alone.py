"""A text that is nothing but values: a bare number has the form of several, and nobody can say."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from backend.detection.finding import Finding
from backend.detection.recognizers.base import Reading, Recognizer
from backend.detection.rulebook import LONGEST_ALONE

_AROUND: Final = " \t\n\"'`.,;:()[]{}<>*_~|!?#=-"
_MUCH_SURER: Final = 0.3
_BESIDE: Final = 0.5


def is_nothing_but(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """Return whether a short text is `spans`, in text order, and signs and space around them."""
    if len(text) > LONGEST_ALONE:
        return False
    position = 0
    for start, end in spans:
        if text[position:start].strip(_AROUND):
            return False
        position = end
    return not text[position:].strip(_AROUND)


def others(found: Sequence[Finding], possible: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return those of `possible` that give a value found another type, one a type, surest first."""
    known = {(one.start, one.end): one for one in found}
    kept: dict[tuple[int, str], Finding] = {}
    for one in possible:
        first = known.get((one.start, one.end))
        if first and first.type != one.type and first.confidence - one.confidence < _MUCH_SURER:
            kept.setdefault((one.start, one.type), one)
    return tuple(sorted(kept.values(), key=lambda one: (one.start, -one.confidence)))


def shaped_alike(recognizers: Iterable[Recognizer], reading: Reading) -> Iterator[Finding]:
    """Yield what has the shape of rules that have no check, and so find nothing by themselves."""
    for recognizer in recognizers:
        rule = recognizer.rule
        for candidate in recognizer.candidates(reading):
            start, end = reading.view.original(candidate.start, candidate.end)
            yield Finding(
                rule=rule.id, type=rule.type, category=rule.category, family=rule.family,
                severity=rule.severity, start=start, end=end, confidence=_BESIDE,
            )  # fmt: skip
