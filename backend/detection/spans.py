"""Which of several overlapping findings stay."""

from bisect import bisect_left
from collections.abc import Iterable

from backend.detection.finding import Finding


def without_overlaps(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Keep the surest, then the longest, then the first; return them in text order."""
    ranked = sorted(findings, key=lambda f: (-f.confidence, -f.length, f.start, f.rule))
    starts: list[int] = []
    kept: list[Finding] = []
    for finding in ranked:
        place = bisect_left(starts, finding.start)
        is_free = (place == 0 or kept[place - 1].end <= finding.start) and (
            place == len(kept) or kept[place].start >= finding.end
        )
        if is_free:
            starts.insert(place, finding.start)
            kept.insert(place, finding)
    return tuple(kept)
