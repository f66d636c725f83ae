"""The operator's one door: `quillgate VERB`."""

import argparse
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final

from backend.core.errors import ConfigurationError

EX_CONFIG: Final = 78  # sysexits.h: something was found in an unconfigured or misconfigured state
_VERBS: Final = {
    "up": "start everything: database, demo tenants, server",
    "serve": "serve with your own PostgreSQL (DATABASE_URL)",
    "migrate": "bring the database to the newest shape",
    "scan": "find identifiers and secrets in texts",
    "explain": "show what is found in a text, and why",
    "rules": "check, compile or explain the detection rules",
    "model": "make, show or measure the model that marks names and addresses",
    "extension": "write the browser extension for a server",
}


def main(given: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    words = sys.argv[1:] if given is None else list(given)
    try:
        arguments = _parser(words).parse_args(words)
        code: int = arguments.run(arguments)
    except ConfigurationError as error:
        print(f"quillgate: {error}", file=sys.stderr)
        return EX_CONFIG
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    else:
        return code


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of all verbs, with the arguments of the one that is asked for."""
    parser = argparse.ArgumentParser(
        prog="quillgate",
        description="Lets people use AI chat sites without leaking what must not leave.",
    )
    verbs = parser.add_subparsers(dest="command", required=True, metavar="VERB")
    asked = next((word for word in words if not word.startswith("-")), None)
    for verb, what in _VERBS.items():
        arguments = verbs.add_parser(verb, help=what)
        if verb == asked:
            command = _command(verb)
            command.add_arguments(arguments)
            arguments.set_defaults(run=command.run)
    return parser


def _command(verb: str) -> ModuleType:  # noqa: PLR0911 -- one for each verb
    """Import one verb alone: all of them together cost seconds before the first does anything."""
    match verb:
        case "up":
            from backend.commands import up  # noqa: PLC0415

            return up
        case "serve":
            from backend.commands import serve  # noqa: PLC0415

            return serve
        case "migrate":
            from backend.commands import migrate  # noqa: PLC0415

            return migrate
        case "scan":
            from backend.commands import scan  # noqa: PLC0415

            return scan
        case "explain":
            from backend.commands import explain  # noqa: PLC0415

            return explain
        case "rules":
            from backend.commands import rules  # noqa: PLC0415

            return rules
        case "model":
            from backend.commands import model  # noqa: PLC0415

            return model
        case _:
            from backend.commands import extension  # noqa: PLC0415

            return extension


if __name__ == "__main__":
    sys.exit(main())
