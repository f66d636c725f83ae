"""The pattern dialect: what means the same in google-re2, hyperscan, `regex` and JavaScript."""

import re
from collections.abc import Iterator
from typing import Any, Final

constants: Any = re._constants  # type: ignore[attr-defined]  # noqa: SLF001 -- the standard parser
parser: Any = re._parser  # type: ignore[attr-defined]  # noqa: SLF001 -- has no public name

LONGEST_REPEAT: Final = 256
LEAST_LITERAL: Final = 3
_REFUSED: Final = (
    (re.compile(r"\\[dDwWsSbBAZzpPuUxX0-9kKgGcCNQERXhHvV]"), "a letter escape or backreference"),
    (re.compile(r"\(\?(?!:)"), "a lookaround, flag or named group"),
    (re.compile(r"[*+]\+|\?\+|\}\+"), "a possessive repeat"),
)
_CLASS: Final = re.compile(r"\[(?:\\.|[^\]\\])*\]|\\.")
_LETTER_CLASSES: Final = ("\\p{L}", "\\p{Lu}", "\\p{Ll}")


def faults(pattern: str) -> Iterator[str]:
    """Yield what keeps `pattern` out of the dialect."""
    checked = pattern
    for name in _LETTER_CLASSES:
        checked = checked.replace(name, "A-Za-z" if _is_in_class(checked, name) else "[A-Za-z]")
    for refused, why in _REFUSED:
        if found := refused.search(checked):
            yield f"{found[0]} is {why}"
    bare = _CLASS.sub("", checked)
    yield from (f"{sign} outside a class" for sign in ".^$*+" if sign in bare)
    if not checked.isascii():
        yield "a character that is not ASCII"
    try:
        parsed = parser.parse(checked)
    except re.error as error:
        yield f"not a pattern: {error.msg}"
        return
    if parsed.state.groups > 2:  # noqa: PLR2004 -- the whole match and one value
        yield "more than one capturing group"
    if any(most > LONGEST_REPEAT for most in _repeats(parsed)):
        yield f"a repeat above {LONGEST_REPEAT}"
    if parsed.getwidth()[0] == 0:
        yield "it matches nothing at all"


# Letters people's names are written in here: Latin, Greek and Cyrillic. Spelled out because a
# repeated \\p{L} costs RE2 tens of megabytes and a quarter of a second for each rule.
LETTERS: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0370-\u03ff\u0400-\u04ff"


_PIECE: Final = re.compile(r"\\p\{L\}|\\.|\[|\]|[^\\\[\]]+", re.DOTALL)


def spelled_out(pattern: str) -> str:
    """Return `pattern` with every class of letters as the ranges both engines then share."""
    parts: list[str] = []
    is_inside = False
    for piece in _PIECE.findall(pattern):
        if piece == "\\p{L}":
            parts.append(LETTERS if is_inside else f"[{LETTERS}]")
            continue
        is_inside = piece == "[" or (is_inside and piece != "]")
        parts.append(piece)
    return "".join(parts)


def _is_in_class(pattern: str, name: str) -> bool:
    return re.search(r"\[[^\]]*" + re.escape(name), pattern) is not None


def _repeats(parsed: Any) -> Iterator[int]:
    for operation, argument in parsed:
        if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT}:
            yield argument[1]
            yield from _repeats(argument[2])
        elif operation is constants.SUBPATTERN:
            yield from _repeats(argument[3])
        elif operation is constants.BRANCH:
            for branch in argument[1]:
                yield from _repeats(branch)


def required_literals(pattern: str) -> tuple[str, ...]:
    """Return literals in lower case, one of which is in every match; empty when there is none."""
    for name in _LETTER_CLASSES:
        pattern = pattern.replace(name, "A-Za-z" if _is_in_class(pattern, name) else "[A-Za-z]")
    best = _literals(parser.parse(pattern))
    return tuple(sorted(best)) if best else ()


def _literals(parsed: Any) -> frozenset[str]:
    """Return the alternative literals of the best place in a sequence."""
    options: list[frozenset[str]] = []
    run: list[str] = []

    def end_run() -> None:
        text = "".join(run).lower()
        if len(text) >= LEAST_LITERAL:
            options.append(frozenset({text}))
        run.clear()

    for operation, argument in parsed:
        if operation is constants.LITERAL:
            run.append(chr(argument))
            continue
        if operation is constants.IN and (letter := _one_letter(argument)):
            run.append(letter)
            continue
        end_run()
        options.append(_inside(operation, argument))
    end_run()
    usable = [option for option in options if option]
    return max(
        usable, key=lambda option: (min(map(len, option)), -len(option)), default=frozenset()
    )


def _one_letter(members: Any) -> str | None:
    """Return the letter of a class such as [Aa], else None."""
    letters = {chr(value).lower() for kind, value in members if kind is constants.LITERAL}
    return letters.pop() if len(letters) == 1 and all(
        kind is constants.LITERAL for kind, _ in members
    ) else None  # fmt: skip


def _inside(operation: Any, argument: Any) -> frozenset[str]:
    if operation is constants.SUBPATTERN:
        return _literals(argument[3])
    if operation is constants.BRANCH:
        branches = [_literals(branch) for branch in argument[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    if operation in {constants.MAX_REPEAT, constants.MIN_REPEAT} and argument[0] > 0:
        return _literals(argument[2])
    return frozenset()
