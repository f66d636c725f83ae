"""JavaScript of ours in, the same without comments and indentation out."""

import re
from collections.abc import Iterator
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<space>(?:\s|//[^\n]*|/\*.*?\*/)+)
    |(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<regex>/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*)
    |(?P<name>[\w$\#]+)
    |(?P<sign>=>|\.\.\.|\?\.(?!\d)|.)""",
    re.DOTALL | re.VERBOSE,
)
_TEMPLATE: Final = re.compile(r"[`}](?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{)", re.DOTALL)
_BEFORE_A_REGEX: Final = {"return", "typeof", "case", "in", "of", "do", "else", "void", "await"}
_NO_BREAK_BEHIND: Final = frozenset(",;{([=?:&|")
_NO_BREAK_BEFORE: Final = frozenset("})].,;?:&|=")
_DOUBLED: Final = frozenset("+-/")
_HEADED: Final = frozenset({"for", "if", "while"})

Token = tuple[str, str]
START: Final[Token] = ("sign", ";")


def tokens(source: str) -> Iterator[Token]:
    """Yield kind and text of all there is: space, string, template, regex, name or sign.

    A template with something put in comes in parts, and what is put in between them.
    """
    place, before = 0, START
    open_braces: list[int] = []  # within each template that is not finished
    while place < len(source):
        token = _next(source, place, before, open_braces)
        yield token
        place += len(token[1])
        if token[0] != "space":
            before = token


def stripped(source: str) -> str:
    """Return code that means the same with no more space than it needs."""
    made: list[str] = []
    before, between = START, ""
    for token in tokens(source):
        if token[0] == "space":
            between = "\n" if "\n" in token[1] else " "
            continue
        made += (_kept(before, between, token), token[1])
        before, between = token, ""
    return "".join(made)


def tightened(source: str) -> str:
    """Return stripped code without what a brace says too: that a statement ends.

    Ours has a semicolon behind every statement that ends with a brace and is no block.
    """
    made: list[str] = []
    opened: list[bool] = []  # whether each bracket that is open belongs to a `for`, `if` or `while`
    before, is_header = START, False
    for token in tokens(source):
        kind, text = token
        if kind == "space" and before in {START, ("sign", "}")}:
            continue
        if token == ("sign", "}") and before == START and made and not is_header:
            made.pop()
        if token == ("sign", "("):
            opened.append(before[1] in _HEADED)
        is_header = opened.pop() if token == ("sign", ")") else is_header and token == START
        made.append(text)
        before = token
    return "".join(made)


def _next(source: str, place: int, before: Token, open_braces: list[int]) -> Token:
    sign = source[place]
    goes_on = sign == "}" and open_braces and not open_braces[-1]
    if sign == "`" or goes_on:
        found = _TEMPLATE.match(source, place)
        assert found is not None  # noqa: S101 -- our own code is well formed
        if goes_on:
            open_braces.pop()
        if found[0].endswith("{"):
            open_braces.append(0)
        return "template", found[0]
    if sign in "{}" and open_braces:
        open_braces[-1] += 1 if sign == "{" else -1
    found = _TOKEN.match(source, place)
    assert found is not None  # noqa: S101 -- the last alternative takes anything
    if found.lastgroup == "regex" and _ends_a_value(before):
        return "sign", sign
    return str(found.lastgroup), found[0]


def _ends_a_value(token: Token) -> bool:
    kind, text = token
    if kind == "sign":
        return text in ")]}"
    return text not in _BEFORE_A_REGEX and not (kind == "template" and text.endswith("{"))


def _kept(before: Token, between: str, token: Token) -> str:
    """Return the space that must stay between two tokens."""
    if not between:
        return ""
    last, first = before[1][-1], token[1][0]
    if between == "\n":
        is_open = before[0] == "sign" and last in _NO_BREAK_BEHIND
        goes_on = token[0] == "sign" and first in _NO_BREAK_BEFORE
        return "" if is_open or goes_on else "\n"
    are_words = _is_word(last) and _is_word(first)
    return " " if are_words or (last == first and last in _DOUBLED) else ""


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign in "_$#"
