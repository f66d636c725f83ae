"""Detection in Python: milliseconds for distinct texts of 2 KB, megabytes a second, and lines."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from random import Random

from backend.detection.engine import Detector
from backend.detection.rulebook import Rulebook
from tests.performance.texts import SIZE, texts_by_kind

AGAIN = 3
LINES = 3000


def main() -> None:
    """Print one line a kind of text, by the rules alone and with the model too, then lines."""
    whole = Rulebook.load()
    print("rules only:")
    measured = _measure(whole.rules_only)
    print("with names and addresses by the model:")
    _measure(whole)
    for option in ("--rules-only", None):
        _print_lines("prose", measured["prose"], option)
        _print_lines("mixed", list(chain(*measured.values())), option)


def _measure(rulebook: Rulebook) -> Mapping[str, list[str]]:
    """Print a table, and return the texts measured."""
    detector = Detector(rulebook)
    training, measured = texts_by_kind(1), texts_by_kind(2)
    begun = time.process_time()
    for text in chain(*training.values()):
        detector.detect(text)
    count = sum(map(len, training.values()))
    spent = (time.process_time() - begun) * 1000 / count
    print(
        f"{len(rulebook.rules)} rules, {SIZE} characters; processor time, in a process that has "
        f"seen {count} other texts ({spent:.2f} ms each, its very first among them)\n"
        "targets: prose 20 MB/s; mixed p50 <= 0.5 ms, p99 <= 3 ms\n"
        "  kind                          seen first: p50     p99  |  again: p50     p99   MB/s"
    )
    every = {kind: _both(detector.detect, texts) for kind, texts in measured.items()}
    for kind, (first, again) in every.items():
        _print(kind, first, again)
    _print("mixed", *(list(chain(*(both[n] for both in every.values()))) for n in (0, 1)))
    _print_one_by_one(rulebook, measured["prose"][:5], every["prose"][1])
    return measured


def _both(work: Callable[[str], object], texts: Iterable[str]) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each text seen first, and the fewest of some times more."""
    first, again = [], []
    for text in texts:
        first.append(_milliseconds(work, text))
        again.append(min(_milliseconds(work, text) for _ in range(AGAIN)))
    return first, again


def _milliseconds(work: Callable[[str], object], text: str) -> float:
    begun = time.thread_time()
    work(text)
    return (time.thread_time() - begun) * 1000


def _print(kind: str, first: Sequence[float], again: Sequence[float]) -> None:
    one, two = sorted(first), sorted(again)
    speed = SIZE * len(two) / sum(two) / 1000
    print(
        f"  {kind:22} {len(one):4} texts        {_at(one, 0.5):7.3f} {_at(one, 0.99):7.3f}  |"
        f"       {_at(two, 0.5):7.3f} {_at(two, 0.99):7.3f} {speed:6.2f}"
    )


def _at(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _print_one_by_one(rulebook: Rulebook, texts: Sequence[str], ours: Sequence[float]) -> None:
    patterns = [
        re.compile(rule.pattern, re.ASCII | (re.IGNORECASE if rule.ignore_case else 0))
        for rule in rulebook.rules
        if rule.recognizer == "pattern" and "\\p" not in rule.pattern
    ]
    slow, _ = _both(lambda text: [list(pattern.finditer(text)) for pattern in patterns], texts)
    times = sum(slow) / len(slow) / (sum(ours) / len(ours))
    print(f"  prose: {times:.0f} times as fast as `re`, rule by rule")


def _print_lines(kind: str, texts: Sequence[str], option: str | None) -> None:
    """Print what `quillgate scan --jsonl` takes for lines that wait, its start included."""
    chance = Random(3)  # noqa: S311 -- the same lines every time
    lines = [{"id": str(n), "text": chance.choice(texts)} for n in range(LINES)]
    content = "".join(json.dumps(line) + "\n" for line in lines).encode()
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "backend", "scan", "--jsonl", *([option] if option else [])],
        input=content, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    speed = LINES * SIZE / (time.perf_counter() - begun) / 1e6
    how = f"scan --jsonl {option or ''}".strip()
    print(f"  {how}, {LINES} lines of {kind}: {speed:.2f} MB/s (target 5, all cores)")


if __name__ == "__main__":
    main()
