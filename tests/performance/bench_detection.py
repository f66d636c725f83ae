"""Detection in Python: milliseconds for 2 KB, megabytes a second, beside rule-by-rule matching."""

import re
import statistics
import time
from collections.abc import Callable

from backend.detection.custom.trial import ordinary_texts
from backend.detection.engine import Detector
from backend.detection.rulebook import Rulebook

NOTE = (
    "Patient: Maria Gonzalez, DOB 03/14/1962, MRN 00482913, phone (415) 555-0132, type 2 diabetes. "
)
PROSE = (
    "Please summarise the meeting: we discussed the roadmap for version 2.3.1, a budget of 12,500 "
    "dollars and the launch on 2024-05-06. The team will mend issue #4312 in parser.py. "
)
SIZE = 2048
RUNS = 400


def milliseconds(work: Callable[[str], object], text: str, runs: int = RUNS) -> tuple[float, float]:
    """Return median and 99th percentile of one call."""
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work(text)
        times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    return statistics.median(times), times[int(len(times) * 0.99) - 1]


def main() -> None:
    """Print one line a kind of text."""
    rulebook = Rulebook.load()
    detector = Detector(rulebook)
    one_by_one = [
        re.compile(rule.pattern, re.ASCII | (re.IGNORECASE if rule.ignore_case else 0))
        for rule in rulebook.rules
        if rule.recognizer == "pattern" and "\\p" not in rule.pattern
    ]

    def rule_by_rule(text: str) -> object:
        return [list(pattern.finditer(text)) for pattern in one_by_one]

    mixed = "\n\n".join(ordinary_texts())
    print(f"{len(rulebook.rules)} rules, {SIZE} characters; target p50 <= 0.5 ms")
    pieces = [mixed[start : start + SIZE] for start in range(0, len(mixed), SIZE)]
    each = sorted(milliseconds(detector.detect, piece, 5)[0] for piece in pieces)
    print(
        f"  {len(pieces)} pieces of ordinary prompts, code, logs and tables in seven languages: "
        f"p50 {each[len(each) // 2]:.3f} ms  p99 {each[int(len(each) * 0.99) - 1]:.3f} ms"
    )
    for name, text in {
        "ordinary prose": (PROSE * 20)[:SIZE],
        "one note in prose": (NOTE + PROSE * 20)[:SIZE],
        "nothing but notes": (NOTE * 30)[:SIZE],
    }.items():
        p50, p99 = milliseconds(detector.detect, text)
        slow, _ = milliseconds(rule_by_rule, text, 20)
        print(
            f"  {name:<20} p50 {p50:6.3f} ms  p99 {p99:6.3f} ms  {SIZE / p50 / 1000:6.2f} MB/s"
            f"  {slow / p50:6.1f} times as fast as `re`, rule by rule"
        )


if __name__ == "__main__":
    main()
