"""`quillgate model`: makes the models of names and of health, says what they are, measures them."""

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from backend.detection.digest import digest_of
from backend.detection.model.document import DEFAULT_PATH

_MEASURED: Final = 3000
_MISSING: Final = "Training needs packages that are not installed here: run `make model` instead."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what this verb takes."""
    verbs = parser.add_subparsers(dest="verb", required=True)
    train = verbs.add_parser("train", help="make the model anew, the same for the same sources")
    train.add_argument(
        "--corpora", type=Path, metavar="DIR",
        help="folder with real sentences in CoNLL columns; without it templates must do",
    )  # fmt: skip
    train.add_argument("--out", type=Path, default=DEFAULT_PATH, help="default: %(default)s")
    verbs.add_parser("health", help="make anew what words are worth that speak of health")
    verbs.add_parser("show", help="say what the model was made from")
    verbs.add_parser(
        "measure", help="measure it on prompts held out, with names on its lists and on none"
    )


def run(arguments: argparse.Namespace) -> int:
    """Return 0 when it is done, 1 when a package is missing."""
    if arguments.verb == "show":
        return _show()
    try:
        if arguments.verb == "health":
            return _learn_health()
        return _measure() if arguments.verb == "measure" else _train(arguments)
    except ImportError:
        print(_MISSING, file=sys.stderr)
        return 1


def _show() -> int:
    content = DEFAULT_PATH.read_bytes()
    print(f"digest {digest_of(content)}, {len(content):,} bytes")
    print(json.dumps(json.loads(content)["card"], indent=2, ensure_ascii=False))
    return 0


def _train(arguments: argparse.Namespace) -> int:
    from backend.training.making import made  # noqa: PLC0415 -- only who trains has the packages

    if arguments.corpora is not None and not arguments.corpora.is_dir():
        print(f"{arguments.corpora} is no folder; nothing was made.", file=sys.stderr)
        return 1
    content = made(arguments.corpora, print)
    arguments.out.write_bytes(content)
    print(f"{arguments.out}: digest {digest_of(content)}. Now run `quillgate rules compile`.")
    return 0


def _learn_health() -> int:
    from backend.training import topics  # noqa: PLC0415 -- the same

    topics.DEFAULT_OUT.write_bytes(topics.made(print))
    print(f"{topics.DEFAULT_OUT}: written. Now run `quillgate rules compile`.")
    return 0


def _measure() -> int:
    from backend.training.measuring import measured  # noqa: PLC0415 -- the same

    for line in measured(_MEASURED):
        print(line)
    return 0
