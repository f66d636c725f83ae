"""Which of several overlapping findings stay."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

from backend.detection.finding import SEVERITIES, Finding

_MUCH_SURER: Final = 0.12
_NUMBERS: Final = frozenset(["#", "card", "code", "id", "no", "num", "number"])
"""What a label says of any number."""


def without_overlaps(*readings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep the surest, of the earlier reading, the longest, the first, the worst; in text order."""
    ranked = sorted(
        ((number, finding) for number, found in enumerate(readings) for finding in found),
        key=lambda one: _rank(*one),
    )
    starts: list[int] = []
    kept: list[Finding] = []
    for _, finding in ranked:
        place = bisect_left(starts, finding.start)
        is_free = (place == 0 or kept[place - 1].end <= finding.start) and (
            place == len(kept) or kept[place].start >= finding.end
        )
        if is_free:
            starts.insert(place, finding.start)
            kept.insert(place, finding)
    return tuple(kept)


def _rank(reading: int, f: Finding) -> tuple[float, int, int, int, int, str]:
    return -f.confidence, reading, -f.length, f.start, -SEVERITIES.index(f.severity), f.rule


def without_vaguer(found: Iterable[Finding]) -> list[Finding]:
    """Leave out what a label names that is but a part of another one of the same span.

    "Brazilian tax id" says more than "tax id", though what it names may have no check; and a label
    says more than a word that stands behind the value alone: "CVR-nr. 76203881, moms …".
    """
    spans: dict[tuple[int, int], list[Finding]] = {}
    for one in found:
        spans.setdefault((one.start, one.end), []).append(one)
    return [
        one
        for alike in spans.values()
        for one in alike
        if len(alike) == 1 or not any(_says_more(other, one) for other in alike)
    ]


def worst_of_each_span(findings: Iterable[Finding]) -> list[Finding]:
    """Keep one finding of each span, the worst: all of an encoded text share one span."""
    worst: dict[tuple[int, int], Finding] = {}
    for finding in findings:
        kept = worst.setdefault((finding.start, finding.end), finding)
        if _badness(finding) > _badness(kept):
            worst[finding.start, finding.end] = finding
    return list(worst.values())


def _badness(finding: Finding) -> tuple[int, float]:
    return SEVERITIES.index(finding.severity), finding.confidence


def _says_more(one: Finding, other: Finding) -> bool:
    if one.context is None or other.context is None or one.type == other.type:
        return False
    if other.confidence > one.confidence + _MUCH_SURER:
        return False
    return (one.tie == "label" and other.tie == "behind") or _told(other) < _told(one)


def _told(one: Finding) -> frozenset[str]:
    return frozenset((one.context or "").split()) - _NUMBERS
