"""The head of a column: a table names its values rows above them."""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

LONGEST_ROW: Final = 4096
"""How long a row may be, in code points."""
_BETWEEN_CELLS: Final = "|\t;,"


class Columns:
    """The tables of one text: rows of as many cells, one below the other, the first is the head.

    Each row is looked at once for each sign that may part its cells, however many values it has.
    """

    __slots__ = ("_firsts", "_parted", "_rows", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._firsts: dict[int, tuple[str, int] | None] = {}
        self._rows: dict[tuple[str, int], tuple[int, int]] = {}
        self._parted: dict[tuple[str, int], list[int]] = {}

    def head(self, start: int) -> tuple[int, int] | None:
        """Return where the first row of a table names the column in which a value starts."""
        line = self._text.rfind("\n", max(0, start - LONGEST_ROW), start) + 1
        if line not in self._firsts:
            self._firsts[line] = self._first(line) if line else None
        first = self._firsts[line]
        if first is None:
            return None
        sign, row = first
        return self._cell(row, sign, bisect_left(self._apart(sign, line), start))

    def _first(self, line: int) -> tuple[str, int] | None:
        """Return the sign that parts the cells of a row of a table, and where its head begins."""
        for sign in _BETWEEN_CELLS:
            if signs := self._signs(sign, line):
                first = self._first_row(sign, line, signs)
                if first < line:
                    return sign, first
        return None

    def _signs(self, sign: str, line: int) -> int:
        known = self._rows.get((sign, line))
        if known:
            return known[0]
        end = _end_of_line(self._text, line)
        if self._text.find('"', line, end) < 0:
            return self._text.count(sign, line, end)
        return len(self._apart(sign, line))

    def _apart(self, sign: str, line: int) -> list[int]:
        """Return where cells of a row are parted: not within quotation marks (RFC 4180, 2.6)."""
        places = self._parted.get((sign, line))
        if places is None:
            row = self._text[line : _end_of_line(self._text, line)]
            is_quoting = '"' in row and row.count('"') % 2 == 0
            places = list(_quoted(row, sign, line) if is_quoting else _places(row, sign, line))
            self._parted[sign, line] = places
        return places

    def _first_row(self, sign: str, line: int, signs: int) -> int:
        """Return where the rows above begin that have as many signs."""
        rows, text, row, first = self._rows, self._text, line, line
        below = []
        while True:
            known = rows.get((sign, row))
            if known:
                first = known[1]
                break
            below.append(row)
            first = row
            above = text.rfind("\n", max(0, row - 1 - LONGEST_ROW), max(0, row - 1)) + 1
            is_too_long = not above and row - 1 > LONGEST_ROW
            if not row or is_too_long or self._signs(sign, above) != signs:
                break
            row = above
        rows.update(((sign, one), (signs, first)) for one in below)
        return first

    def _cell(self, start: int, sign: str, before: int) -> tuple[int, int]:
        places = self._apart(sign, start)
        first = places[before - 1] + 1 if before else start
        return first, places[before] if before < len(places) else _end_of_line(self._text, start)


def _places(row: str, sign: str, line: int) -> Iterator[int]:
    place = row.find(sign)
    while place >= 0:
        yield line + place
        place = row.find(sign, place + 1)


def _quoted(row: str, sign: str, line: int) -> Iterator[int]:
    """Yield what `_places` does, but for what stands within quotation marks."""
    is_outside = True
    for place, one in enumerate(row, line):
        if one == '"':
            is_outside = not is_outside
        elif one == sign and is_outside:
            yield place


def _end_of_line(text: str, start: int) -> int:
    last = min(len(text), start + LONGEST_ROW)
    end = text.find("\n", start, last)
    return last if end < 0 else end
