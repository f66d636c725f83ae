"""The head of a column: a table names its values rows above them."""

from typing import Final

REACH: Final = 4096
"""How far above a value, in code points, its head may stand, and how long a row may be."""
_BETWEEN_CELLS: Final = "|\t;,"


def head_of_column(text: str, start: int) -> tuple[int, int] | None:
    """Return where the first row of a table names the column in which a value starts."""
    line = text.rfind("\n", max(0, start - REACH), start) + 1
    end = _end_of_line(text, start)
    for sign in _BETWEEN_CELLS if line else "":
        before = text.count(sign, line, start)
        signs = before + text.count(sign, start, end)
        first = _first_row(text, line, start - REACH, sign, signs) if signs else line
        if first < line:
            return _cell(text, first, sign, before)
    return None


def _first_row(text: str, line: int, least: int, sign: str, signs: int) -> int:
    """Return where the rows above begin that have as many signs."""
    while line > max(0, least):
        above = text.rfind("\n", max(0, least), line - 1) + 1
        if not above and least > 0:
            break
        if text.count(sign, above, line - 1) != signs:
            break
        line = above
    return line


def _cell(text: str, start: int, sign: str, before: int) -> tuple[int, int]:
    end = _end_of_line(text, start)
    for _ in range(before):
        start = text.index(sign, start) + 1
    stop = text.find(sign, start, end)
    return start, end if stop < 0 else stop


def _end_of_line(text: str, start: int) -> int:
    last = min(len(text), start + REACH)
    end = text.find("\n", start, last)
    return last if end < 0 else end
