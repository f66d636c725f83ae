"""`quillgate rules`: checks and compiles the rule files, explains one rule."""

import argparse
import sys
from pathlib import Path
from typing import Final

from backend.detection import publication
from backend.detection.compilation import ROOT, Compilation, RuleFault, compile_rules
from backend.services import site_adapters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help="try every rule and see that the compiled files are current")
    verbs.add_parser("compile", help="write the rulebook and the vectors")
    why = verbs.add_parser("why", help="say what one rule looks for and why")
    why.add_argument("id", help="the rule's id, such as us-ssn")
    new = verbs.add_parser("new", help="write a rule file to fill in")
    new.add_argument("id", help="the rule's id, in kebab-case")
    new.add_argument("--category", choices=("phi", "pii", "secret"), required=True)
    new.add_argument("--type", help="the entity in findings, such as US_NPI", default="SECRET")


def run(arguments: argparse.Namespace) -> int:
    """Return 0 when the rules are in order, 1 when not."""
    if arguments.verb == "new":
        return _new(arguments.id, arguments.category, arguments.type)
    try:
        compilation = compile_rules()
    except RuleFault as fault:
        print(fault, file=sys.stderr)
        print("Nothing was written. Mend the rules named above and try again.", file=sys.stderr)
        return 1
    verb: str = arguments.verb
    if verb == "why":
        return _why(compilation, arguments.id)
    return _compile(compilation) if verb == "compile" else _check(compilation)


def _new(name: str, category: str, kind: str) -> int:
    path = ROOT / "rules" / category / f"{name}.toml"
    if path.exists():
        print(f"{path} is there already, so nothing was written.", file=sys.stderr)
        return 1
    path.write_text(_SKELETON.format(id=name, category=category, type=kind), encoding="utf-8")
    print(f"Fill in {path}, then run `quillgate rules check`. shared-rules/README.md says how.")
    return 0


_SKELETON: Final = """\
id = "{id}"
type = "{type}"
category = "{category}"
family = ""  # see shared-rules/schema/rule.schema.json
severity = "high"
status = "trial"
why = ""
source = ""
false_positives = ""
controls = []
pattern = ''
boundary = "word"
confidence = 0.3
confidence_with_context = 0.8

[context]
need = "word"
words = []

[[match]]
text = "«»"
why = ""

[[match]]
text = "«»"
why = ""

[[ignore]]
text = ""
why = ""

[[ignore]]
text = ""
why = ""
"""


def outputs(compilation: Compilation) -> dict[Path, bytes]:
    """Return every generated file: those of the rules, and those of the site adapters."""
    return publication.outputs(compilation) | site_adapters.generated(site_adapters.adapters())


def _compile(compilation: Compilation) -> int:
    for path, content in outputs(compilation).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    print(_summary(compilation))
    return 0


def _check(compilation: Compilation) -> int:
    stale = [
        path.name
        for path, content in outputs(compilation).items()
        if not path.exists() or path.read_bytes() != content
    ]
    if stale:
        print(
            f"{', '.join(stale)} does not hold what the rules say. "
            "Run `quillgate rules compile` and commit the result.",
            file=sys.stderr,
        )
        return 1
    print(_summary(compilation))
    return 0


def _summary(compilation: Compilation) -> str:
    rules = compilation.rulebook.rules
    secrets = sum(rule.category == "secret" for rule in rules)
    types = len({rule.type for rule in rules if rule.category != "secret"})
    return (
        f"rulebook {compilation.rulebook.version}: {len(rules)} rules "
        f"({types} entity types, {secrets} secret rules), "
        f"{len(compilation.examples)} examples hold"
    )


def _why(compilation: Compilation, name: str) -> int:
    rule = next((rule for rule in compilation.rulebook.rules if rule.id == name), None)
    if rule is None:
        print(f"There is no rule {name}. `quillgate rules check` counts them.", file=sys.stderr)
        return 1
    print(f"{rule.id} ({rule.type}, {rule.category}, {rule.severity}): {rule.why}")
    print(f"  shape    {rule.pattern or rule.recognizer}")
    print(f"  check    {rule.validator or 'none'}")
    print(f"  context  {rule.context.need}: {', '.join(rule.context.words) or '-'}")
    print(f"  score    {rule.confidence}, with context {rule.confidence_with_context}")
    return 0
