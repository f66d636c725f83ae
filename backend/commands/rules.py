"""`quillgate rules`: checks and compiles the rule files, explains one rule."""

import argparse
import sys

from backend.detection.compilation import Compilation, RuleFault, compile_rules
from backend.detection.publication import outputs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("check", help="try every rule and see that the compiled files are current")
    verbs.add_parser("compile", help="write the rulebook and the vectors")
    why = verbs.add_parser("why", help="say what one rule looks for and why")
    why.add_argument("id", help="the rule's id, such as us-ssn")


def run(arguments: argparse.Namespace) -> int:
    """Return 0 when the rules are in order, 1 when not."""
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
