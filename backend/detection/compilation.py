"""Turns rule files into one rulebook, refusing any rule whose own examples fail."""

import functools
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import jsonschema

from backend.detection import phone_table
from backend.detection.attempts import opened_in_vain
from backend.detection.dialect import faults, spelled_out
from backend.detection.digest import digest_of
from backend.detection.engine import Detector
from backend.detection.gaps import longest_word, widest_gap
from backend.detection.gates import (
    holds_one_of,
    least_digits,
    least_token,
    least_unbroken,
    required_literals,
)
from backend.detection.normalise import normalise
from backend.detection.recognizers.phone import LEAST_DIGITS as LEAST_PHONE_DIGITS
from backend.detection.rulebook import (
    FORMAT,
    Rule,
    Rulebook,
    WrittenTopic,
    canonical,
    content_version,
)
from backend.detection.validators import VALIDATORS

ROOT: Final = Path(__file__).parents[2] / "shared-rules"
_CONTEXT: Final = {"need": "none", "words": [], "within": 60, "edges": "whole"}
_LONG: Final = 12
"""Nearly every text has so long a word."""
_MARKS: Final = re.compile("«([^»]*)»")
_DEFAULTS: Final[dict[str, Any]] = {
    "recognizer": "pattern", "pattern": "", "ignore_case": False, "boundary": "none",
    "keywords": [], "validator": None, "entropy": None, "randomness": None, "stop_words": [],
    "controls": [],
}  # fmt: skip


class RuleFault(ValueError):
    """A rule that must not ship, with every reason, one a line."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text of a rule file and the value spans its rule must find in it."""

    rule: str
    text: str
    spans: tuple[tuple[int, int], ...]
    why: str

    @classmethod
    def parse(cls, rule: str, marked: str, why: str) -> "Example":
        """Take the «» marks out of a text."""
        spans, parts, last, length = [], [], 0, 0
        for found in _MARKS.finditer(marked):
            parts += [marked[last : found.start()], found[1]]
            length += found.start() - last
            spans.append((length, length + len(found[1])))
            length += len(found[1])
            last = found.end()
        return cls(rule, "".join([*parts, marked[last:]]), tuple(spans), why)


@dataclass(frozen=True, slots=True)
class Compilation:
    """A finished rulebook and the examples it was tried with."""

    rulebook: Rulebook
    content: bytes
    examples: tuple[Example, ...]


def read_rules(root: Path = ROOT) -> tuple[list[dict[str, Any]], list[Example]]:
    """Read every rule below `root`, and examples. Raise RuleFault listing all that is wrong."""
    schema = json.loads((root / "schema" / "rule.schema.json").read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator(schema)
    problems: list[str] = []
    rules, examples = [], []
    for path in sorted((root / "rules").rglob("*.toml")):
        try:
            source = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            problems.append(f"{path.stem}: not TOML: {error}")
            continue
        problems += [f"{path.stem}: {fault}" for fault in _source_faults(path, source, checker)]
        if not any(problem.startswith(f"{path.stem}:") for problem in problems):
            rules.append(_compiled(source))
            examples += list(_examples(source))
    if problems:
        raise RuleFault("\n".join(problems))
    rules.sort(key=lambda rule: str(rule["id"]))
    return rules, examples


def compile_rules(root: Path = ROOT) -> Compilation:
    """Compile every rule file below `root`. Raise RuleFault listing all that is wrong."""
    rules, examples = read_rules(root)
    _mark_in_vain(rules)
    document = {"format": FORMAT, "version": content_version(rules), "rules": rules}
    content = canonical(document)
    rulebook = Rulebook.parse(content)
    problems = list(_example_faults(rulebook, examples))
    if problems:
        raise RuleFault("\n".join(problems))
    return Compilation(rulebook, content, tuple(examples))


def _source_faults(
    path: Path, source: dict[str, Any], checker: jsonschema.Draft202012Validator
) -> Iterator[str]:
    for error in sorted(checker.iter_errors(source), key=str):
        yield f"{'.'.join(map(str, error.absolute_path)) or 'rule'}: {error.message[:200]}"
        return
    if source["id"] != path.stem:
        yield f"its id is {source['id']}, its file {path.name}"
    if source["category"] != path.parent.name:
        yield f"its category is {source['category']}, its folder {path.parent.name}"
    if (validator := source.get("validator")) is not None and validator not in VALIDATORS:
        yield f"there is no validator {validator}"
    if source.get("recognizer", "pattern") == "pattern":
        yield from faults(source.get("pattern", ""))


def _compiled(source: dict[str, Any]) -> dict[str, Any]:
    rule = {**_DEFAULTS, **source}
    context = _CONTEXT | rule.get("context", {})
    for name in ("match", "ignore", "source", "context", "false_positives"):
        rule.pop(name, None)
    if "topic" in rule:
        rule["topic"] = _topic(rule["topic"])
    return {
        **rule,
        "pattern": spelled_out(rule["pattern"]),
        "keywords": [word.lower() for word in rule["keywords"]],
        "stop_words": [word.lower() for word in rule["stop_words"]],
        "context": {**context, "words": sorted({_as_read(word) for word in context["words"]})},
        "confidence_with_context": rule.get("confidence_with_context", rule["confidence"]),
        **_gate(rule, context["need"]),
    }


def _mark_in_vain(rules: Sequence[dict[str, Any]]) -> None:
    unmarked = Rulebook("unmarked", tuple(map(Rule.from_json, rules)))
    in_vain = opened_in_vain(unmarked)
    for rule in rules:
        if rule["id"] in in_vain:
            rule["in_vain"] = True


def _as_read(word: str) -> str:
    """Return a word as it stands in a text that has been read: some Thai letters are two then."""
    return normalise(word).text.lower()


def _gate(rule: dict[str, Any], need: str) -> dict[str, Any]:
    if rule["recognizer"] == "model":
        return {
            "literals": [], "least_digits": 0, "least_token": 0, "widest_gap": None,
            "model": _model_digest(),
        }  # fmt: skip
    if rule["recognizer"] in {"topic", "words"}:
        return {"literals": [], "least_digits": 0, "least_token": 0, "widest_gap": None}
    if rule["recognizer"] == "phone":
        return {
            "literals": [], "least_digits": LEAST_PHONE_DIGITS, "least_token": 0,
            "widest_gap": None, "plans": digest_of(phone_table.content()),
        }  # fmt: skip
    pattern = rule["pattern"]
    keywords = [word.lower() for word in rule["keywords"]]
    # For browsers, which try a rule near its keyword then; google-re2 is as quick on all of a text.
    more: dict[str, Any] = {}
    if keywords and holds_one_of(pattern, keywords):
        more["keywords_inside"] = True
    if _may_be_all_of_a_text(rule, need):
        more["longest_word"] = longest_word(pattern)
    token, unbroken = least_token(pattern), least_unbroken(pattern)
    if unbroken > max(token, _LONG):
        more["least_unbroken"] = unbroken
    return more | {
        "literals": list(required_literals(pattern)),
        "least_digits": least_digits(pattern),
        "least_token": token,
        "widest_gap": widest_gap(pattern),
    }


def _may_be_all_of_a_text(rule: dict[str, Any], need: str) -> bool:
    """Return whether a rule may stand alone, and then only where no word is longer than a match's.

    Without a boundary a word might be two matches, and what has company counts in any text.
    """
    may_stand_alone = rule["validator"] is not None and need != "none"
    return may_stand_alone and rule["boundary"] != "none" and "company" not in rule


def _topic(name: str) -> dict[str, Any]:
    said = json.loads((ROOT / "topics" / f"{name}.json").read_bytes())
    return {field: said[field] for field in WrittenTopic._fields}


@functools.cache
def _model_digest() -> str:
    return digest_of((ROOT / "model.json").read_bytes())


def _examples(source: dict[str, Any]) -> Iterator[Example]:
    for kind in ("match", "ignore"):
        for example in source.get(kind, ()):
            parsed = Example.parse(source["id"], example["text"], example["why"])
            if bool(parsed.spans) is not (kind == "match"):
                raise RuleFault(f"{source['id']}: a {kind} example has its «» marks wrong")
            yield parsed


def _example_faults(rulebook: Rulebook, examples: Sequence[Example]) -> Iterator[str]:
    """Try each rule alone with its own examples, so that no neighbour hides a mistake.

    What counts only beside something is tried as if that were there.
    """
    of_rule: defaultdict[str, list[Example]] = defaultdict(list)
    for example in examples:
        of_rule[example.rule].append(example)
    for rule in rulebook.rules:
        in_company = replace(rule, company=frozenset())
        detector = Detector(Rulebook(rulebook.version, (in_company,)))
        for example in of_rule[rule.id]:
            spans = tuple((f.start, f.end) for f in detector.detect(example.text))
            if spans != example.spans:
                yield f"{rule.id}: {example.why}: found {spans}, expected {example.spans}"
