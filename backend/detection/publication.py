"""Writes the rulebook and the vectors both engines run; the same rules give the same bytes."""

import json
from pathlib import Path
from typing import Any

from backend.detection import phone_table
from backend.detection.compilation import Compilation
from backend.detection.engine import Detector
from backend.detection.finding import Finding

REPOSITORY = Path(__file__).parents[2]


def outputs(compilation: Compilation) -> dict[Path, bytes]:
    """Return every generated file with its content."""
    return {
        REPOSITORY / "shared-rules" / "rulebook.json": compilation.content,
        REPOSITORY / "extension" / "bundled" / "rulebook.json": compilation.content,
        REPOSITORY / "shared-rules" / "phones.json": phone_table.content(),
        REPOSITORY / "shared-rules" / "vectors" / "detection" / "examples.json": _vectors(
            compilation
        ),
    }


def _vectors(compilation: Compilation) -> bytes:
    examples = compilation.examples
    found = Detector(compilation.rulebook).detect_all([example.text for example in examples])
    vectors = [
        {
            "name": f"{example.rule}: {example.why}",
            "text": example.text,
            "findings": [shape(finding) for finding in findings],
        }
        for example, findings in zip(examples, found, strict=True)
    ]
    return (json.dumps(vectors, indent=1, ensure_ascii=False) + "\n").encode()


def shape(finding: Finding) -> dict[str, Any]:
    """Return what a vector says of a finding."""
    return {
        "rule": finding.rule,
        "type": finding.type,
        "start": finding.start,
        "end": finding.end,
        "confidence": finding.confidence,
        "context": finding.context,
    }
