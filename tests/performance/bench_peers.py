"""Megabytes a second of the rules, as command and library, beside Presidio and rule by rule."""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from backend.detection.custom.trial import ordinary_texts
from backend.detection.engine import Detector
from backend.detection.rulebook import Rulebook

HERE: Final = Path(__file__).parent
UV: Final = HERE.parents[1] / ".uv" / "bin" / "uv"
PRESIDIO: Final = "presidio-analyzer==2.2.362"
SIZE: Final = 2048
OURS: Final = 4_000_000
THEIRS: Final = 60_000


def prompts(total: int) -> list[str]:
    """Return ordinary texts put together to prompts of 2 KB, `total` characters in all."""
    joined = "\n\n".join(ordinary_texts())
    pieces = [joined[first : first + SIZE] for first in range(0, len(joined) - SIZE, SIZE)]
    return (pieces * (total // (len(pieces) * SIZE) + 1))[: total // SIZE]


def lines(texts: Sequence[str]) -> str:
    """Return texts as the command reads them."""
    return "".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts))


def size(texts: Sequence[str]) -> float:
    """Return megabytes of UTF-8."""
    return sum(len(text.encode()) for text in texts) / 1e6


def library(texts: Sequence[str]) -> float:
    """Return megabytes a second of calls of the detector."""
    detector = Detector(Rulebook.load().rules_only)
    for text in texts[:200]:
        detector.detect(text)
    begun = time.process_time()
    for text in texts:
        detector.detect(text)
    return size(texts) / (time.process_time() - begun)


def command(texts: Sequence[str]) -> float:
    """Return megabytes a second of `quillgate scan --jsonl`, its start included."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "backend", "scan", "--jsonl", "--rules-only"],
        input=lines(texts), text=True, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return size(texts) / (time.perf_counter() - begun)


def rule_by_rule(texts: Sequence[str]) -> float:
    """Return megabytes a second of every rule's pattern tried on every text, as scanners do."""
    patterns = [
        re.compile(rule.pattern, re.IGNORECASE if rule.ignore_case else 0)
        for rule in Rulebook.load().rules
        if rule.recognizer == "pattern" and "\\p" not in rule.pattern
    ]
    begun = time.process_time()
    for text in texts:
        for pattern in patterns:
            _ = list(pattern.finditer(text))
    return size(texts) / (time.process_time() - begun)


def presidio(texts: Sequence[str]) -> float | None:
    """Return megabytes a second of Presidio, None where it cannot be installed."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder, "bin", "python")
        made = subprocess.run(
            [str(UV), "venv", "--quiet", "--python", sys.executable, folder], check=False
        )
        installed = subprocess.run(
            [str(UV), "pip", "install", "--quiet", "--python", str(python), PRESIDIO], check=False
        )
        if made.returncode or installed.returncode:
            return None
        ran = subprocess.run(
            [str(python), str(HERE / "peer.py")],
            input=lines(texts), capture_output=True, text=True, check=True,
        )  # fmt: skip
    seconds, found, recognizers = ran.stdout.split()
    print(f"  {PRESIDIO}: {recognizers} recognizers, no language model, {found} findings")
    return size(texts) / float(seconds)


def main() -> None:
    """Print megabytes a second and the ratios."""
    texts, few = prompts(OURS), prompts(THEIRS)
    print(f"{len(texts):,} prompts of {SIZE} characters; targets: command >= 5, library >= 20 MB/s")
    speeds = {
        "as a command": command(texts),
        "as a library": library(texts),
    }
    yardsticks = {"rule by rule": rule_by_rule(few[:10]), "Presidio": presidio(few)}
    for name, speed in speeds.items():
        ratios = ", ".join(
            f"{speed / other:,.0f} times {peer}" for peer, other in yardsticks.items() if other
        )
        print(f"  {name:<28} {speed:6.2f} MB/s  {ratios}")
    for peer, other in yardsticks.items():
        print(f"  {peer:<28} {f'{other:6.3f} MB/s' if other else 'not installed here'}")


if __name__ == "__main__":
    main()
