"""The head of a column: a table names its values rows above them."""

from typing import Final

REACH: Final = 4096
"""How far above a value, in code points, its head may stand."""
_BETWEEN_CELLS: Final = "|\t;,"


def head_of_column(text: str, start: int) -> tuple[int, int] | None:
    """Return where the first row of a table names the column in which a value starts."""
    line = text.rfind("\n", 0, start) + 1
    end = text.find("\n", start)
    for sign in _BETWEEN_CELLS if line else "":
        before = text.count(sign, line, start)
        signs = before + text.count(sign, start, len(text) if end < 0 else end)
        first = _first_row(text, line, start - REACH, sign, signs) if signs else line
        if first < line:
            return _cell(text, first, sign, before)
    return None


def _first_row(text: str, line: int, least: int, sign: str, signs: int) -> int:
    """Return where the rows above begin that have as many signs."""
    while line > max(0, least):
        above = text.rfind("\n", 0, line - 1) + 1
        if text.count(sign, above, line - 1) != signs:
            break
        line = above
    return line


def _cell(text: str, start: int, sign: str, before: int) -> tuple[int, int]:
    end = text.find("\n", start)
    for _ in range(before):
        start = text.index(sign, start) + 1
    stop = text.find(sign, start, end)
    return start, end if stop < 0 else stop
