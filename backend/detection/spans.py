"""Which of several overlapping findings stay."""

from bisect import bisect_left
from collections.abc import Iterable

from backend.detection.finding import SEVERITIES, Finding


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
