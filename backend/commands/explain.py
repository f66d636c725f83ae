"""`quillgate explain TEXT`: what is found in a text, where, and why."""

import argparse
import sys

from backend.detection.engine import Detector
from backend.detection.explanation import passes_if, reason
from backend.detection.finding import Finding
from backend.detection.rulebook import Rulebook

_MARKED = "\x1b[1;7m"
_PLAIN = "\x1b[0m"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    parser.add_argument("text", help="the text, or - to read it from standard input")


def run(arguments: argparse.Namespace) -> int:
    """Print the text with its findings marked, then one line for each."""
    text = sys.stdin.read() if arguments.text == "-" else str(arguments.text)
    rulebook = Rulebook.load()
    rules = {rule.id: rule for rule in rulebook.rules}
    detector = Detector(rulebook)
    findings = detector.detect(text)
    print(marked(text, findings, is_terminal=sys.stdout.isatty()))
    print()
    for finding in findings:
        print(
            f"  {finding.start:>5}-{finding.end:<5} {finding.type:<26} {finding.rule:<26} "
            f"{finding.confidence:.2f}"
        )
        print(f"  {'':>11} {reason(finding)} {passes_if(finding, rules[finding.rule])}")
    if others := detector.alternatives(text, findings):
        types = ", ".join(dict.fromkeys(other.type for other in others))
        print(f"  {'':>11} Nothing but its value is there, so it may as well be: {types}.")
    count = f"{len(findings)} finding{'s'[: len(findings) != 1]}" if findings else "Nothing found"
    print(f"{count}; rulebook {rulebook.version}, {len(rulebook.rules)} rules.")
    return 0


def marked(text: str, findings: tuple[Finding, ...], *, is_terminal: bool) -> str:
    """Return the text with findings in reverse video, or in «» where there is no terminal."""
    before, after = (_MARKED, _PLAIN) if is_terminal else ("«", "»")
    parts, position = [], 0
    for finding in findings:
        parts += [text[position : finding.start], before, text[finding.start : finding.end], after]
        position = finding.end
    return "".join([*parts, text[position:]])
