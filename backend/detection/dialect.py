"""The pattern dialect: what means the same in google-re2, Python's `re` and JavaScript."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

# The standard parser has no public name.
constants: Any = vars(re)["_constants"]
parser: Any = vars(re)["_parser"]

LONGEST_REPEAT: Final = 256
MOST_NESTED: Final = 1000
"""So often google-re2 repeats something in all, one repeat inside the other."""
_REFUSED: Final = (
    (re.compile(r"\\[dDwWsSbBAZzpPuUxX0-9kKgGcCNQERXhHvV]"), "a letter escape or backreference"),
    (re.compile(r"\(\?(?!:)"), "a lookaround, flag or named group"),
    (re.compile(r"[*+]\+|\?\+|\}\+"), "a possessive repeat"),
)
_CLASS: Final = re.compile(r"\[(?:\\.|[^\]\\])*\]|\\.")
_LETTER_CLASSES: Final = ("\\p{L}", "\\p{Lu}", "\\p{Ll}")


def faults(pattern: str) -> Iterator[str]:
    """Yield what keeps `pattern` out of the dialect."""
    checked = _with_letters(pattern, _LETTER_CLASSES, "A-Za-z")
    for refused, why in _REFUSED:
        if found := refused.search(checked):
            yield f"{found[0]} is {why}"
    bare = _CLASS.sub("", checked)
    yield from (f"{sign} outside a class" for sign in ".^$*+" if sign in bare)
    if not checked.isascii():
        yield "a character that is not ASCII"
    try:
        tree = parser.parse(checked)
    except re.error as error:
        yield f"not a pattern: {error.msg}"
        return
    if tree.state.groups > 2:  # noqa: PLR2004 -- the whole match and one value
        yield "more than one capturing group"
    if any(most > LONGEST_REPEAT for most in _repeats(tree)):
        yield f"a repeat above {LONGEST_REPEAT}"
    if _nested(tree) > MOST_NESTED:
        yield f"repeats inside one another, above {MOST_NESTED} together"
    if tree.getwidth()[0] == 0:
        yield "it matches nothing at all"


# Letters people's names are written in here: Latin, Greek and Cyrillic. Spelled out because a
# repeated \\p{L} costs RE2 tens of megabytes and a quarter of a second for each rule.
LETTERS: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u04ff"


_PIECE: Final = re.compile(r"\\p\{L[ul]?\}|\\.|\[|\]|[^\\\[\]]+", re.DOTALL)


def spelled_out(pattern: str) -> str:
    """Return `pattern` with every class of letters as the ranges both engines then share."""
    return _with_letters(pattern, ("\\p{L}",), LETTERS)


@lru_cache(maxsize=8)  # what is asked about a pattern is asked at once
def parsed(pattern: str) -> Any:
    """Return the parse tree of a pattern of the dialect, its classes of letters spelled out."""
    return parser.parse(_with_letters(pattern, _LETTER_CLASSES, LETTERS))


def _with_letters(pattern: str, names: Sequence[str], letters: str) -> str:
    """Return `pattern` with `letters` for each of the classes `names`, in brackets where needed."""
    parts: list[str] = []
    is_inside = False
    for piece in _PIECE.findall(pattern):
        if piece in names:
            parts.append(letters if is_inside else f"[{letters}]")
            continue
        is_inside = piece == "[" or (is_inside and piece != "]")
        parts.append(piece)
    return "".join(parts)


def _repeats(tree: Any) -> Iterator[int]:
    for operation, argument in tree:
        if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
            yield argument[1]
            yield from _repeats(argument[2])
        elif operation is constants.SUBPATTERN:
            yield from _repeats(argument[3])
        elif operation is constants.BRANCH:
            for branch in argument[1]:
                yield from _repeats(branch)


def _nested(tree: Any) -> int:
    """Return how often anything is repeated at most, by all the repeats it is in."""
    most = 1
    for operation, argument in tree:
        if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
            most = max(most, argument[1] * _nested(argument[2]))
        elif operation is constants.SUBPATTERN:
            most = max(most, _nested(argument[3]))
        elif operation is constants.BRANCH:
            most = max(most, *map(_nested, argument[1]))
    return most
