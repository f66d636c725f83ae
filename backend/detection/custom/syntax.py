"""A pattern as people write it, turned into the dialect that every engine here reads alike."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import re2

from backend.detection.dialect import LONGEST_REPEAT, constants, parser

LONGEST_PATTERN: Final = 500
MOST_BYTES: Final = 1 << 20
_FLAGS: Final = "(?i)"
_EDGE: Final = "\\b"
_META: Final = frozenset("\\^$.|?*+()[]{}")
_IN_CLASS: Final = frozenset("\\]^-[")
_SINGLE: Final = frozenset({constants.LITERAL, constants.NOT_LITERAL, constants.ANY, constants.IN})
_CLASSES: Final = {
    constants.CATEGORY_DIGIT: "0-9",
    constants.CATEGORY_WORD: "A-Za-z0-9_",
    constants.CATEGORY_SPACE: " \\t\\n\\r",
}
_NEGATED: Final = {
    constants.CATEGORY_NOT_DIGIT: "0-9",
    constants.CATEGORY_NOT_WORD: "A-Za-z0-9_",
    constants.CATEGORY_NOT_SPACE: " \\t\\n\\r",
}
_CONTROLS: Final = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_REFUSED: Final = {
    constants.AT: "is looked for anywhere in a text; leave ^ and $ out, and put \\b at both ends"
    " or nowhere",
    constants.GROUPREF: "refers back to what it matched, which cannot be done in linear time",
    constants.ASSERT: "looks ahead or behind, which cannot be done in linear time",
    constants.ASSERT_NOT: "looks ahead or behind, which cannot be done in linear time",
}


class PatternFault(ValueError):
    """A pattern that is not taken, and why, as the end of a sentence about it."""


@dataclass(frozen=True, slots=True)
class Translation:
    """A pattern of the dialect, and what its rule says beside it."""

    pattern: str
    boundary: str
    ignore_case: bool


@lru_cache(maxsize=4096)
def translated(source: str) -> Translation:
    r"""Return a pattern written in RE2's syntax as one of the dialect. Raise PatternFault.

    `\d \w \s .` become classes of ASCII, `*` and `+` end after 256 times, `\b` at both ends becomes
    the rule's boundary and `(?i)` in front its `ignore_case`. One group may mark the value.
    """
    if not 1 <= len(source) <= LONGEST_PATTERN:
        raise PatternFault(f"has to have 1 to {LONGEST_PATTERN} characters")
    _refuse_what_re2_refuses(source)
    ignore_case = source.startswith(_FLAGS)
    inside = source.removeprefix(_FLAGS)
    is_word = inside.startswith(_EDGE) and inside.endswith(_EDGE) and len(inside) > 2 * len(_EDGE)
    inside = inside[len(_EDGE) : -len(_EDGE)] if is_word else inside
    try:
        tree = parser.parse(inside)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternFault(f"is no regular expression: {error}") from None
    if tree.state.groups > 2:  # noqa: PLR2004 -- the whole match and one value
        raise PatternFault("marks more than one group; write (?:...) for the others")
    pattern = _sequence(tree)
    if parser.parse(pattern).getwidth()[0] == 0:
        raise PatternFault("matches nothing at all, so it would match everywhere")
    _refuse_what_re2_refuses(pattern)
    return Translation(pattern, "word" if is_word else "none", ignore_case)


def escaped(text: str) -> str:
    """Return a pattern that matches exactly `text`."""
    return "".join(_literal(ord(letter)) for letter in text)


def _refuse_what_re2_refuses(pattern: str) -> None:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MOST_BYTES
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        said = error.args[0] if error.args else "it cannot be compiled"
        said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        reason = said.partition(":")[0]  # what follows is a piece of the pattern
        raise PatternFault(f"is refused by RE2 within 1 MiB: {reason}") from None


def _sequence(items: Any) -> str:
    return "".join(_one(operation, argument) for operation, argument in items)


def _one(operation: Any, argument: Any) -> str:
    if operation in _SINGLE:
        return _single(operation, argument)
    if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
        return _repeat(operation, *argument)
    if operation is constants.SUBPATTERN:
        return _group(*argument)
    if operation is constants.BRANCH:
        return f"(?:{'|'.join(_sequence(branch) for branch in argument[1])})"
    raise PatternFault(_REFUSED.get(operation, "uses something this dialect has not"))


def _single(operation: Any, argument: Any) -> str:
    if operation is constants.IN:
        return _class(argument)
    if operation is constants.LITERAL:
        return _literal(argument)
    return "[^\\n]" if operation is constants.ANY else f"[^{_member(argument)}]"


def _literal(code: int) -> str:
    letter = chr(code)
    return f"\\{letter}" if letter in _META else _CONTROLS.get(letter, letter)


def _member(code: int) -> str:
    letter = chr(code)
    return f"\\{letter}" if letter in _IN_CLASS else _CONTROLS.get(letter, letter)


def _class(members: Any) -> str:
    if members == [(constants.CATEGORY, members[0][1])] and members[0][1] in _NEGATED:
        return f"[^{_NEGATED[members[0][1]]}]"
    is_negated = members[0][0] is constants.NEGATE
    parts = [_part(kind, value) for kind, value in members[is_negated:]]
    return f"[{'^' if is_negated else ''}{''.join(parts)}]"


def _part(kind: Any, value: Any) -> str:
    if kind is constants.LITERAL:
        return _member(value)
    if kind is constants.RANGE:
        return f"{_member(value[0])}-{_member(value[1])}"
    if value in _CLASSES:
        return _CLASSES[value]
    raise PatternFault("has \\D, \\W or \\S inside a class; write the characters out")


def _repeat(operation: Any, least: int, most: Any, inside: Any) -> str:
    most = LONGEST_REPEAT if most is constants.MAXREPEAT else most
    if most > LONGEST_REPEAT:
        raise PatternFault(f"repeats something more than {LONGEST_REPEAT} times")
    is_single = len(inside) == 1 and inside[0][0] in _SINGLE
    what = _sequence(inside) if is_single else f"(?:{_sequence(inside)})"
    lazy = "?" if operation is constants.MIN_REPEAT else ""
    if (least, most) == (0, 1):
        return f"{what}?{lazy}"
    return f"{what}{{{least},{most}}}{lazy}" if least != most else f"{what}{{{least}}}"


def _group(number: int | None, added: int, removed: int, inside: Any) -> str:
    if added or removed:
        raise PatternFault("switches a flag inside; (?i) may only stand in front of everything")
    return f"({'' if number else '?:'}{_sequence(inside)})"
