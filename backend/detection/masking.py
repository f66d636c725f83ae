"""Replaces findings by typed placeholders, the same value always by the same one."""

from collections.abc import Sequence

from backend.detection.finding import Finding


def mask(finding: Finding) -> str:
    """Return what a person sees instead of the value: `[us-ssn]`."""
    return f"[{finding.rule}]"


def redact(text: str, findings: Sequence[Finding]) -> str:
    """Return `text` with every finding replaced: `[US_SSN_1]`. Findings must not overlap."""
    numbers: dict[tuple[str, str], int] = {}
    counts: dict[str, int] = {}
    parts: list[str] = []
    position = 0
    for finding in sorted(findings, key=lambda f: f.start):
        value = text[finding.start : finding.end]
        if (finding.type, value) not in numbers:
            counts[finding.type] = counts.get(finding.type, 0) + 1
            numbers[finding.type, value] = counts[finding.type]
        placeholder = f"[{finding.type}_{numbers[finding.type, value]}]"
        parts += [text[position : finding.start], placeholder]
        position = finding.end
    return "".join([*parts, text[position:]])
