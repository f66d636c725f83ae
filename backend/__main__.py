"""The operator's one door: `quillgate VERB`."""

import argparse
import os
import sys
from collections.abc import Sequence

from backend.commands import explain, extension, migrate, rules, scan, serve, up
from backend.core.errors import ConfigurationError

EX_CONFIG = 78  # sysexits.h: something was found in an unconfigured or misconfigured state


def main(given: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="quillgate",
        description="Lets people use AI chat sites without leaking what must not leave.",
    )
    verbs = parser.add_subparsers(dest="command", required=True, metavar="VERB")
    for command in (up, serve, migrate, scan, explain, rules, extension):
        command.register(verbs)
    arguments = parser.parse_args(given)
    try:
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


if __name__ == "__main__":
    sys.exit(main())
