"""Tries a new pattern before anybody depends on it: on ordinary texts, and on a hostile one."""

import json
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from backend.detection.custom.detection import CustomDetection
from backend.detection.custom.lists import Custom, Pattern
from backend.detection.custom.syntax import PatternFault, translated
from backend.detection.dialect import constants, parsed

CORPUS: Final = Path(__file__).parents[3] / "shared-rules" / "corpus" / "ordinary.jsonl"
MOST_HITS: Final = 0.01
HOSTILE_LENGTH: Final = 64 * 1024
MOST_SECONDS: Final = 0.05
_TRIES: Final = 3
"""Once may fall together with a garbage collection, which refused a harmless pattern."""
_LONGEST: Final = 4096
_ANY: Final = "a0 -_.,;:~"


@cache
def ordinary_texts() -> tuple[str, ...]:
    """Return texts of people at work in which there is nothing to protect."""
    lines = CORPUS.read_text("utf-8").splitlines()
    return tuple(str(json.loads(line)["text"]) for line in lines)


def refuse_careless(pattern: Pattern) -> None:
    """Raise PatternFault when a pattern is found in ordinary texts, or takes long on a hostile one.

    More than one ordinary text in a hundred is too many; 50 ms of a processor for 64 KiB too long.
    """
    alone = CustomDetection(Custom(patterns={"tried": pattern}), b"")
    texts = ordinary_texts()
    hits = sum(1 for text in texts if alone.added_to(text, ()))
    if hits > MOST_HITS * len(texts):
        raise PatternFault(
            f"is found in {hits} of {len(texts):,} ordinary texts, so it would stop people who do "
            "nothing wrong; make it narrower, or name words that stand near it"
        )
    for text in _hostile(pattern):
        if all(_seconds(alone, text) > MOST_SECONDS for _ in range(_TRIES)):
            raise PatternFault(
                "takes longer than 50 ms for a text of 64 KiB made against it; give its repeats "
                "smaller limits"
            )


def _seconds(detection: CustomDetection, text: str) -> float:
    begun = time.thread_time()
    _ = detection.added_to(text, ())
    return time.thread_time() - begun


def _hostile(pattern: Pattern) -> Iterator[str]:
    """Yield texts that nearly match everywhere: what the pattern begins with, again and again."""
    almost = _longest(parsed(translated(pattern.pattern).pattern))[:-1]
    for piece in {almost, almost[: len(almost) // 2], almost[:1]} - {""}:
        words = " ".join(pattern.near)
        text = f"{words} {piece * (HOSTILE_LENGTH // len(piece))}"
        yield text[:HOSTILE_LENGTH]


def _longest(items: Any) -> str:
    return "".join(_one(operation, argument) for operation, argument in items)[:_LONGEST]


def _one(operation: Any, argument: Any) -> str:
    if operation is constants.SUBPATTERN:
        return _longest(argument[3])
    if operation is constants.BRANCH:
        return str(max(map(_longest, argument[1]), key=len))
    if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
        _, most, inside = argument
        return (_longest(inside) * int(most))[:_LONGEST]
    members = argument if operation is constants.IN else [(operation, argument)]
    kind, value = members[0]
    if kind in {constants.LITERAL, constants.RANGE}:
        return chr(value if kind is constants.LITERAL else value[0])
    refused = {value} if kind is constants.NOT_LITERAL else {one for _, one in members[1:]}
    return str(next(letter for letter in _ANY if ord(letter) not in refused))
