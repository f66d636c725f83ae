"""Asks the extension's detector, run by node."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NODE = Path(sys.executable).with_name("node")


def answers_of_javascript(
    texts: Sequence[str], packed: Path | None = None
) -> list[list[dict[str, Any]]]:
    """Return what the extension's detector finds in each text, or that of a packed extension."""
    program = ["detect_packed.mjs", str(packed)] if packed else ["detect_lines.mjs"]
    return answered(program, texts)


def answered(program: Sequence[str], texts: Sequence[str]) -> list[Any]:
    """Return what a program beside this file answers to each of some texts."""
    ran = subprocess.run(
        [str(NODE), str(HERE / program[0]), *program[1:]],
        input="".join(json.dumps(text) + "\n" for text in texts),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in ran.stdout.splitlines()]
