"""Texts in, findings out, a JSON line each: the contract other programs rely on."""

import json
from collections.abc import Iterable
from typing import Any, TextIO

from backend.detection.engine import Detector
from backend.detection.finding import Finding
from backend.detection.rulebook import Rulebook


def scan_lines(lines: Iterable[bytes], out: TextIO, errors: TextIO) -> int:
    """Answer each line at once; a bad one is named by its number, never by its text.

    Return 1 when a line could not be read; all others are answered.
    """
    detector = Detector(Rulebook.load(), is_accelerated=True)
    is_clean = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        submission = _submission(line)
        if submission is None:
            is_clean = False
            errors.write(
                f'line {number}: not an object with "id" and "text" as strings; it was skipped\n'
            )
            continue
        identity, text = submission
        answer = {"id": identity, "findings": [shape(f) for f in detector.detect(text)]}
        out.write(json.dumps(answer) + "\n")
        out.flush()
    return 0 if is_clean else 1


def _submission(line: bytes) -> tuple[str, str] | None:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    identity, text = given.get("id"), given.get("text")
    return (identity, text) if isinstance(identity, str) and isinstance(text, str) else None


def shape(finding: Finding) -> dict[str, Any]:
    """Return a finding as the line format says: code points, half-open."""
    shown: dict[str, Any] = {
        "type": finding.type,
        "start": finding.start,
        "end": finding.end,
        "score": finding.confidence,
    }
    return shown | {"rule": finding.rule} if finding.category == "secret" else shown
