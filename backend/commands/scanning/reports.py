"""How findings in files are reported: lines for people, JSON, and SARIF for code hosts."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final, TextIO

from backend.commands.scanning.files import Found, Unread
from backend.detection.explanation import reason
from backend.detection.masking import mask
from backend.detection.rulebook import Rule, Rulebook

Report = Callable[[Rulebook, Sequence[Found], Sequence[Unread], TextIO], None]
_LEVELS: Final = {"low": "note", "medium": "warning", "high": "error", "critical": "error"}
_SCHEMA: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def as_text(_: Rulebook, found: Sequence[Found], unread: Sequence[Unread], out: TextIO) -> None:
    """Write one line a finding: where, how bad, what, why."""
    for one in found:
        place = f" ({one.place})" if one.place else ""
        column = f":{one.begin.column}" if one.begin.column else ""
        out.write(
            f"{one.path}:{one.begin.line}{column}{place}: {one.finding.severity} "
            f"{one.finding.type} {mask(one.finding)}: {reason(one.finding)}\n"
        )
    out.writelines(f"{other.path}: not read: {other.why}\n" for other in unread)


def as_json(
    rulebook: Rulebook, found: Sequence[Found], unread: Sequence[Unread], out: TextIO
) -> None:
    """Write one JSON document."""
    document = {
        "rulebook": rulebook.version,
        "findings": [_plain(one) for one in found],
        "not_read": [{"path": str(other.path), "why": other.why} for other in unread],
    }
    json.dump(document, out, indent=2)
    out.write("\n")


def _plain(one: Found) -> dict[str, Any]:
    finding = one.finding
    return {
        "path": str(one.path), "place": one.place, "line": one.begin.line,
        "column": one.begin.column or None, "end_line": one.end.line,
        "end_column": one.end.column or None, "type": finding.type,
        "rule": finding.rule, "category": finding.category, "severity": finding.severity,
        "confidence": finding.confidence, "mask": mask(finding), "reason": reason(finding),
    }  # fmt: skip


def as_sarif(
    rulebook: Rulebook, found: Sequence[Found], unread: Sequence[Unread], out: TextIO
) -> None:
    """Write SARIF 2.1.0 (OASIS), with the rules that found something."""
    used = sorted({one.finding.rule for one in found})
    rules = {rule.id: rule for rule in rulebook.rules if rule.id in used}
    driver = {
        "name": "Quillgate",
        "semanticVersion": "0.1.0",
        "properties": {"rulebook": rulebook.version},
        "rules": [_sarif_rule(rules[name]) for name in used],
    }
    notes = [
        {"level": "warning", "message": {"text": f"Not read: {other.why}."},
         "locations": [{"physicalLocation": {"artifactLocation": _artifact(other.path)}}]}
        for other in unread
    ]  # fmt: skip
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": notes}],
        "results": [_sarif_result(one, used.index(one.finding.rule)) for one in found],
    }
    json.dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, out, indent=2)
    out.write("\n")


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.why},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"type": rule.type, "category": rule.category},
    }


def _sarif_result(one: Found, index: int) -> dict[str, Any]:
    region = {"startLine": one.begin.line, "endLine": one.end.line}
    if one.begin.column:
        region |= {"startColumn": one.begin.column, "endColumn": one.end.column}
    location = {"artifactLocation": _artifact(one.path), "region": region}
    where = {"logicalLocations": [{"name": one.place}]} if one.place else {}
    return {
        "ruleId": one.finding.rule,
        "ruleIndex": index,
        "level": _LEVELS[one.finding.severity],
        "message": {"text": f"{one.finding.type}: {reason(one.finding)}"},
        "locations": [{"physicalLocation": location, **where}],
    }


def _artifact(path: PurePath) -> dict[str, str]:
    return {"uri": path.as_posix()}


REPORTS: Final[Mapping[str, Report]] = {"text": as_text, "json": as_json, "sarif": as_sarif}
